/** Purchases as the HTTP interface shows them; instants and money as in wire.ts. */
import type { Interval, Line } from './words.ts'

export type PurchaseState = 'pending' | 'paid' | 'failed' | 'expired' | 'refunded' | 'disputed' | 'parked'

/** One attempt to buy an add-on or a plan, from the click to the grant. */
export interface PurchaseWire {
  id: string
  workspace: string
  /** With `blocks`; null when a plan was bought. */
  addOn: string | null
  blocks: number | null
  /** With `contacts` and `interval`; null when an add-on was bought. */
  plan: string | null
  contacts: number | null
  interval: Interval | null
  /** Integer cents: what was quoted, and what the checkout asks for. */
  total: number
  /** Of it, what was paid back. */
  refundedTotal: number
  currency: string
  state: PurchaseState
  brings: Line[]
  createdAt: string
  paidAt: string | null
  receipt: { number: string; url: string | null } | null
  /** Where a pending checkout goes on; null once it has ended. */
  checkoutUrl: string | null
  /** The Checkout Session, for a full key; null for everyone else. */
  checkoutSession: string | null
}

export interface CheckoutWire {
  purchaseId: string
  url: string
  total: number
  currency: string
}
