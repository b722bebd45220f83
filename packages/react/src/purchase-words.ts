/** What is said about a purchase. */
import type { CatalogWire, PurchaseWire } from '@headroom/sdk'
import { exactMoney } from './money.ts'
import { counted } from './numbers.ts'
import { billedWords, contactsText, planName } from './plan-words.ts'

/** "3,000 leads + 12,000 email sends"; "Starter plan, 1,000 contacts, monthly". */
export function whatText(
  { addOn, brings, plan, contacts, interval }: PurchaseWire,
  catalog: CatalogWire | null,
): string {
  if (plan !== null) {
    const name = catalog?.plans.find(({ id }) => id === plan)?.name ?? planName(plan, catalog)
    const parts = [name]
    if (contacts !== null) parts.push(contactsText(contacts))
    if (interval !== null) parts.push(billedWords[interval])
    return parts.join(', ')
  }
  const lines = brings.map(({ meter, quantity }) => {
    const words = catalog?.meters.find(({ id }) => id === meter)
    return counted(quantity, { one: words?.unit ?? meter, many: words?.units ?? meter })
  })
  return lines.join(' + ') || (addOn ?? '')
}

/** The checkout was gone through, and the payment takes its time: there is nothing more to do for the person. */
export const isConfirming = ({ state, checkoutUrl, receipt }: PurchaseWire): boolean =>
  state === 'pending' && checkoutUrl === null && receipt !== null

export interface StateWords {
  text: string
  tone: 'neutral' | 'good' | 'warn' | 'danger'
  /** What it means or what to do, where the word alone does not say it. */
  hint: string | null
}

/** The state of a purchase in words. What was paid back of it in part is said beside what is left. */
export function stateWords(purchase: PurchaseWire): StateWords {
  const { state, total, refundedTotal, currency, checkoutUrl } = purchase
  const back = `${exactMoney(refundedTotal, currency)} paid back`
  if ((state === 'paid' || state === 'refunded') && refundedTotal > 0 && refundedTotal < total) {
    return { text: 'Partially refunded', tone: 'neutral', hint: back }
  }
  switch (state) {
    case 'pending':
      if (isConfirming(purchase)) return { text: 'Payment is being confirmed', tone: 'warn', hint: null }
      // No checkout came of it: there is nothing one could wait for, or pay.
      if (checkoutUrl === null) return { text: 'Not started', tone: 'neutral', hint: 'Nothing was charged' }
      return { text: 'Waiting for payment', tone: 'warn', hint: null }
    case 'paid':
      return { text: 'Paid', tone: 'good', hint: null }
    case 'failed':
      return { text: 'Failed', tone: 'danger', hint: 'Nothing was charged' }
    case 'expired':
      return { text: 'Expired', tone: 'neutral', hint: 'Nothing was charged' }
    case 'refunded':
      return { text: 'Refunded', tone: 'neutral', hint: refundedTotal > 0 ? back : null }
    case 'disputed':
      return { text: 'Disputed', tone: 'danger', hint: 'Taken back while the dispute is open' }
    case 'parked':
      return { text: 'On hold', tone: 'danger', hint: 'Contact support with the receipt' }
  }
}
