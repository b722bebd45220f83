/** What `receipt_url` leads to. */
import { noSuch } from '../fault.ts'
import { dayText } from '../months.ts'
import type { PageRoute } from '../route.ts'
import type { Kinds } from '../wire.ts'
import { escape, money, page } from './layout.ts'

export const receiptPageRoutes: PageRoute[] = [
  {
    method: 'GET',
    path: '/receipts/:id',
    async handle(tx, { ids }) {
      const charge = await tx.get('charge', ids.id ?? '')
      if (charge?.paid !== true) throw noSuch('receipt', ids.id ?? '')
      return page({ title: `Receipt ${charge.receipt_number}`, aside: aside(charge), body: body(charge) })
    },
  },
]

const aside = (charge: Kinds['charge']): string =>
  `<div class="stack tight"><h1 class="shop" style="font-size:1rem">Receipt ${escape(charge.receipt_number ?? '')}</h1><p class="total">${money(charge.amount, charge.currency)}</p></div>`

function body(charge: Kinds['charge']): string {
  const { amount, amount_refunded: refunded, currency } = charge
  const method = charge.payment_method_details
  const last4 = method?.card?.last4 ?? method?.us_bank_account?.last4 ?? ''
  const rows = [
    ['Paid on', dayText(charge.created)],
    ['Paid with', `${method?.card ? 'Visa' : 'Bank account'} ending in ${last4}`],
    ...(charge.description === null ? [] : [['For', charge.description]]),
    ['Amount', money(amount, currency)],
    ...(refunded === 0 ? [] : [['Given back', money(-refunded, currency)]]),
  ]
  const lines = rows.map(
    ([name = '', text = '']) => `<li><span class="soft">${name}</span><span class="amount">${escape(text)}</span></li>`,
  )
  return `<section><h2>Paid</h2><ul class="lines">${lines.join('')}</ul></section>`
}
