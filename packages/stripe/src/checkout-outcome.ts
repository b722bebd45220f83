/** What follows from a reading of a Checkout Session, by the rules of decisions §7. Pure: nothing is asked and nothing is booked. */
import { takenBack, type Line, type PurchaseState } from '@headroom/core'
import type { PurchaseRow } from '@headroom/engine'
import type Stripe from 'stripe'
import { addOnOfPrice, planOfPrice } from './price-names.ts'
import type { Reading } from './read-checkout.ts'

export type Dispute = 'none' | 'open' | 'won' | 'lost'

/** Why this session is not the one we opened for this purchase, or null. Without it nothing is granted. */
export function whyForeign({ session }: Reading, row: PurchaseRow, live: boolean): string | null {
  if (session.id !== row.session) return `Stripe answered with ${session.id}`
  if (session.client_reference_id !== row.id)
    return `${session.id} names ${session.client_reference_id} as its purchase`
  const { workspace, purchase } = session.metadata ?? {}
  if (workspace !== row.workspace || purchase !== row.id) return `${session.id} is of ${workspace} and ${purchase}`
  if (session.livemode !== live) return `${session.id} is of the other mode`
  return null
}

/** Why what was paid is not what was quoted, or null. */
export function whyAnother({ session }: Reading, row: PurchaseRow): string | null {
  const { amount_total: total, currency, line_items: items } = session
  if (total !== row.total || currency !== row.currency) {
    return `${total} ${currency} was asked for instead of ${row.total} ${row.currency}`
  }
  const [item] = items?.data ?? []
  if (!item?.price || items?.data.length !== 1 || items.has_more) return 'it is not one line item'
  if (item.quantity !== (row.blocks ?? 1)) return `${item.quantity} was bought instead of ${row.blocks ?? 1}`
  return isFor(item.price, row) ? null : `${item.price.id} is not the price of what was quoted`
}

function isFor(price: Stripe.Price, row: PurchaseRow): boolean {
  if (row.addOn !== null) return addOnOfPrice(price) === row.addOn
  const choice = planOfPrice(price)
  return choice?.plan === row.plan && choice?.contacts === row.contacts && choice?.interval === row.interval
}

export const isPaid = ({ session }: Reading): boolean =>
  session.status === 'complete' && session.payment_status !== 'unpaid'

/** Where a purchase that is not paid stands. A complete session that is unpaid waits for a slow payment, or for one that has failed. */
export function unpaidState({ session, intent, subscription }: Reading, hasFailed: boolean): PurchaseState {
  if (session.status === 'expired') return 'expired'
  if (session.status !== 'complete') return 'pending'
  const failed = intent?.status === 'requires_payment_method' || intent?.status === 'canceled'
  const ended = subscription?.status === 'incomplete_expired' || subscription?.status === 'canceled'
  return failed || ended || hasFailed ? 'failed' : 'pending'
}

/** Inquiries (warning_…) and disputes that were prevented move no money. */
export function disputeOf({ disputes }: Reading): Dispute {
  const states = new Set(disputes.map(({ status }) => status))
  const open = ['needs_response', 'under_review', 'appeal_needs_response', 'appeal_under_review']
  if (open.some((state) => states.has(state))) return 'open'
  if (states.has('lost')) return 'lost'
  return states.has('won') ? 'won' : 'none'
}

export function paidState({ charge }: Reading, dispute: Dispute): PurchaseState {
  if (dispute === 'open' || dispute === 'lost') return 'disputed'
  return charge !== null && charge.amount > 0 && charge.amount_refunded >= charge.amount ? 'refunded' : 'paid'
}

export interface Booking {
  /** Of the grant that the payment made: what is taken back of it in total. */
  takenBack: Line[]
  /** What a won dispute brings again, under a source of its own: likewise. Null: there was none. */
  again: Line[] | null
}

/** Totals, not differences: a repeat books nothing more, and any order of events ends in the same books. */
export function booking(brings: readonly Line[], reading: Reading): Booking {
  const dispute = disputeOf(reading)
  const { amount = 0, amount_refunded: refunded = 0 } = reading.charge ?? {}
  const all = [...brings]
  const share =
    refunded > 0
      ? brings.map(({ meter, quantity }) => ({ meter, quantity: takenBack(quantity, refunded, amount) }))
      : []
  if (dispute === 'none') return { takenBack: share, again: null }
  const wonBefore = reading.disputes.some(({ status }) => status === 'won')
  if (dispute === 'won') return { takenBack: all, again: share }
  return { takenBack: all, again: wonBefore ? all : null }
}
