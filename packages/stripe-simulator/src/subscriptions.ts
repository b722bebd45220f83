/** Subscriptions as the API offers them. How one is started, changed, billed and renewed stands in files of its own. */
import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { listOf, listParams, type List } from './lists.ts'
import { metadataOf } from './metadata.ts'
import type { SimRoute } from './route.ts'
import { cancelNow, pauseNow, resumeNow } from './subscription-end.ts'
import type { Subscription } from './subscription-object.ts'
import { couponsFrom, startSubscription } from './subscription-start.ts'
import { itemsFrom, updateSubscription, updateTakes } from './subscription-update.ts'
import type { Kinds, Tx } from './wire.ts'

export { startSubscription } from './subscription-start.ts'

export const subscriptionRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/subscriptions',
    takes: [
      'customer',
      'items',
      'default_payment_method',
      'description',
      'discounts',
      'metadata',
      'trial_period_days',
      'trial_end',
      'collection_method',
      'payment_behavior',
      'payment_settings',
      'billing_mode',
      'currency',
      'off_session',
      'proration_behavior',
    ],
    handle: createSubscription,
  },
  {
    method: 'GET',
    path: '/v1/subscriptions',
    takes: [...listParams, 'customer', 'status', 'collection_method'],
    handle: (tx, { params }) => listSubscriptions(tx, params),
  },
  {
    method: 'GET',
    path: '/v1/subscriptions/:id',
    takes: [],
    handle: (tx, { ids }) => subscriptionById(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/subscriptions/:id',
    takes: updateTakes,
    async handle(tx, { ids, params }) {
      return updateSubscription(tx, await subscriptionById(tx, ids.id ?? ''), params)
    },
  },
  {
    method: 'DELETE',
    path: '/v1/subscriptions/:id',
    takes: ['invoice_now', 'prorate', 'cancellation_details'],
    async handle(tx, { ids, params }) {
      return cancelNow(tx, await subscriptionById(tx, ids.id ?? ''), {
        prorate: params.flag('prorate') ?? false,
        invoiceNow: params.flag('invoice_now') ?? false,
        comment: params.sub('cancellation_details')?.optionalText('comment') ?? null,
      })
    },
  },
  {
    method: 'POST',
    path: '/v1/subscriptions/:id/pause',
    takes: ['bill_for', 'invoicing_behavior', 'type'],
    async handle(tx, { ids }) {
      return pauseNow(tx, await subscriptionById(tx, ids.id ?? ''))
    },
  },
  {
    method: 'POST',
    path: '/v1/subscriptions/:id/resume',
    takes: ['billing_cycle_anchor', 'payment_behavior', 'proration_behavior', 'proration_date'],
    async handle(tx, { ids, params }) {
      const anchor = params.sub('billing_cycle_anchor')?.choice('type', ['now', 'unchanged'])
      return resumeNow(tx, await subscriptionById(tx, ids.id ?? ''), anchor ?? 'now')
    },
  },
]

/** Throws what Stripe answers for one that is not there; `param` names where it was asked for, if not in the path. */
export async function subscriptionById(tx: Tx, id: string, param?: string): Promise<Subscription> {
  const subscription = await tx.get('subscription', id)
  if (subscription === undefined) throw noSuch('subscription', id, param)
  return subscription
}

async function createSubscription(tx: Tx, { params }: { params: Params }): Promise<Subscription> {
  const customer = params.text('customer')
  if ((await tx.get('customer', customer)) === undefined) throw noSuch('customer', customer, 'customer')
  const items = await itemsFrom(tx, params)
  const paymentMethod = params.optionalText('default_payment_method')
  if (paymentMethod !== undefined && (await tx.get('payment_method', paymentMethod)) === undefined) {
    throw noSuch('PaymentMethod', paymentMethod, 'default_payment_method')
  }
  const trialEnd = params.optionalText('trial_end') === 'now' ? undefined : params.whole('trial_end')
  if (trialEnd !== undefined && trialEnd <= tx.now) {
    throw badParameter('trial_end', 'Invalid timestamp: must be an integer Unix timestamp in the future.')
  }
  const trialDays = params.whole('trial_period_days')
  const { subscription } = await startSubscription(tx, {
    customer,
    items: items.map(({ price, quantity, metadata, param }) => {
      if (price === undefined) {
        throw badParameter(`${param}[price]`, `Missing required param: ${param}[price].`, 'parameter_missing')
      }
      return { price, ...(quantity !== undefined && { quantity }), ...(metadata && { metadata }) }
    }),
    paymentMethod: paymentMethod ?? null,
    metadata: metadataOf(params),
    description: params.optionalText('description') ?? null,
    coupons: couponsFrom(params),
    ...(trialDays !== undefined && { trialDays }),
    ...(trialEnd !== undefined && { trialEnd }),
  })
  return subscription
}

const statuses = [
  'active',
  'canceled',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const

/** Without a status: all that have not ended. `all` and `ended` are Stripe's words for groups. */
async function listSubscriptions(tx: Tx, params: Params): Promise<List<Kinds['subscription']>> {
  const asked = params.choice('status', [...statuses, 'all', 'ended'])
  const wanted =
    asked === undefined
      ? statuses.filter((status) => status !== 'canceled' && status !== 'incomplete_expired')
      : asked === 'all'
        ? statuses
        : asked === 'ended'
          ? ['canceled', 'incomplete_expired']
          : [asked]
  return listOf(tx, 'subscription', '/v1/subscriptions', params, ['customer', 'collection_method'], {
    status: [...wanted],
  })
}
