/** Another payment method. Nobody types a number: one chooses how the card behaves. */
import { newCard } from '../portal-change.ts'
import { paymentMethodOf } from '../collection.ts'
import type { PageRoute } from '../route.ts'
import { idOf, type Subscription } from '../subscription-object.ts'
import type { Tx } from '../wire.ts'
import { button, choices, escape, page } from './layout.ts'
import { afterwards, side, visitOf, type Visit } from './portal-view.ts'

export const cardRoutes: PageRoute[] = [
  {
    method: 'GET',
    path: '/portal/:id/card',
    handle: async (tx, { ids }) => cardPage(await visitOf(tx, ids.id ?? '')),
  },
  {
    method: 'POST',
    path: '/portal/:id/card',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      const kind = params.choice('card', ['good_card', 'declining_card']) ?? 'good_card'
      await newCard(tx, visit.customer.id, kind)
      return afterwards(visit, 'card')
    },
  },
]

function cardPage(visit: Visit): string {
  return page({
    title: 'Update your payment method',
    aside: side(visit, 'Update your payment method', true),
    body: `<form class="stack" method="post" action="${escape(visit.url)}/card">
${choices('card', 'New payment method', [
  { value: 'good_card', label: 'Card that pays', hint: 'Visa •••• 4242', checked: true },
  {
    value: 'declining_card',
    label: 'Card that is declined',
    hint: 'Visa •••• 0341: it can be saved, every charge fails',
  },
])}
<div class="row">${button('Save')}<a class="button quiet" href="${escape(visit.url)}?home=1">Go back</a></div></form>`,
  })
}

/** Visa •••• 4242, what pays now. */
export async function cardText(tx: Tx, { customer }: Visit, subscription: Subscription | undefined): Promise<string> {
  const byDefault = customer.invoice_settings.default_payment_method
  const id = subscription === undefined ? byDefault && idOf(byDefault) : await paymentMethodOf(tx, subscription)
  const method = id === null ? undefined : await tx.get('payment_method', id)
  if (method?.card) return `Visa •••• ${method.card.last4}`
  if (method?.us_bank_account) return `Bank account •••• ${method.us_bank_account.last4 ?? ''}`
  return 'None'
}
