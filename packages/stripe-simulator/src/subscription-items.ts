/** The items of a subscription on their own: the same changes as through the subscription. */
import { agendaOf } from './agenda.ts'
import { noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { listParams } from './lists.ts'
import { metadataOf } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { ItemChange, ProrationBehavior } from './subscription-change.ts'
import type { Item, Subscription } from './subscription-object.ts'
import { applyChange, recurringPrice } from './subscription-update.ts'
import { subscriptionById } from './subscriptions.ts'
import type { Tx } from './wire.ts'

const changeTakes = ['price', 'quantity', 'metadata', 'proration_behavior', 'proration_date', 'payment_behavior']

export const subscriptionItemRoutes: SimRoute[] = [
  {
    method: 'GET',
    path: '/v1/subscription_items',
    takes: [...listParams, 'subscription'],
    async handle(tx, { params }) {
      return (await subscriptionById(tx, params.text('subscription'), 'subscription')).items
    },
  },
  {
    method: 'POST',
    path: '/v1/subscription_items',
    takes: [...changeTakes, 'subscription'],
    async handle(tx, { params }) {
      const subscription = await subscriptionById(tx, params.text('subscription'), 'subscription')
      const price = await recurringPrice(tx, params.text('price'), 'price')
      const { items } = await change(tx, subscription, params, { ...(await changeFrom(tx, params)), price })
      return items.data.at(-1) ?? items
    },
  },
  {
    method: 'GET',
    path: '/v1/subscription_items/:id',
    takes: [],
    handle: async (tx, { ids }) => (await ownerOf(tx, ids.id ?? '')).item,
  },
  {
    method: 'POST',
    path: '/v1/subscription_items/:id',
    takes: changeTakes,
    async handle(tx, { ids, params }) {
      const id = ids.id ?? ''
      const { subscription } = await ownerOf(tx, id)
      const { items } = await change(tx, subscription, params, { ...(await changeFrom(tx, params)), id })
      return items.data.find((item) => item.id === id) ?? items
    },
  },
  {
    method: 'DELETE',
    path: '/v1/subscription_items/:id',
    takes: ['proration_behavior', 'proration_date', 'payment_behavior', 'clear_usage'],
    async handle(tx, { ids, params }) {
      const id = ids.id ?? ''
      const { subscription } = await ownerOf(tx, id)
      await change(tx, subscription, params, { id, deleted: true, param: 'item' })
      return { id, object: 'subscription_item', deleted: true }
    },
  },
]

async function changeFrom(tx: Tx, params: Params): Promise<ItemChange> {
  const price = params.optionalText('price')
  const quantity = params.whole('quantity')
  return {
    param: 'item',
    ...(price !== undefined && { price: await recurringPrice(tx, price, 'price') }),
    ...(quantity !== undefined && { quantity }),
    ...(params.has('metadata') && { metadata: metadataOf(params) }),
  }
}

async function change(tx: Tx, subscription: Subscription, params: Params, item: ItemChange): Promise<Subscription> {
  const behaviors = ['always_invoice', 'create_prorations', 'none'] as const
  const proration: ProrationBehavior = params.choice('proration_behavior', behaviors) ?? 'create_prorations'
  const at = params.whole('proration_date') ?? tx.now
  const request = { items: [item], proration, at, restart: false }
  const agenda = await agendaOf(tx, subscription.id)
  return applyChange(tx, subscription, subscription, agenda, request, params.optionalText('payment_behavior'))
}

/** Items are kept in their subscriptions; asking for one alone is rare enough to look through them. */
async function ownerOf(tx: Tx, id: string): Promise<{ subscription: Subscription; item: Item }> {
  for (const subscription of await tx.list('subscription')) {
    const item = subscription.items.data.find((each) => each.id === id)
    if (item !== undefined) return { subscription, item }
  }
  throw noSuch('subscription_item', id)
}
