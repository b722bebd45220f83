/** A purchase as it is kept: its columns in the order in which they are read, and what may change of it. */
import type { Instant, Interval, Line, PurchaseState, WorkspaceId } from '@headroom/core'

export interface PurchaseRow {
  workspace: WorkspaceId
  id: string
  createdAt: Instant
  /** An add-on with its blocks, or a plan; never both. */
  addOn: string | null
  blocks: number | null
  plan: string | null
  contacts: number | null
  interval: Interval | null
  brings: Line[]
  /** Integer cents, as quoted. */
  total: number
  currency: string
  state: PurchaseState
  /** The Idempotency-Key in its scope, or null; and the hash of what was asked. */
  key: string | null
  request: string
  /** Who clicked: the ledger's actor. */
  actor: string
  session: string | null
  url: string | null
  expiresAt: Instant | null
  paymentIntent: string | null
  charge: string | null
  receiptNumber: string | null
  receiptUrl: string | null
  /** Integer cents paid back so far. */
  refunded: number
  paidAt: Instant | null
  /** Why it is parked or has failed, for people. */
  note: string | null
}

/** What may change of a purchase after its creation. */
export type PurchaseChange = Partial<
  Pick<
    PurchaseRow,
    | 'state'
    | 'session'
    | 'url'
    | 'expiresAt'
    | 'paymentIntent'
    | 'charge'
    | 'receiptNumber'
    | 'receiptUrl'
    | 'refunded'
    | 'paidAt'
    | 'note'
  >
>

export const purchaseColumns = `workspace_id, id, created_at, add_on, blocks, plan, contacts, "interval", brings, total, currency, state, key, request, actor,
       session, url, expires_at, payment_intent, charge, receipt_number, receipt_url, refunded, paid_at, note`

export function purchaseRow(row: unknown[]): PurchaseRow {
  return {
    workspace: row[0] as string,
    id: row[1] as string,
    createdAt: row[2] as Instant,
    addOn: row[3] as string | null,
    blocks: row[4] as number | null,
    plan: row[5] as string | null,
    contacts: row[6] as number | null,
    interval: row[7] as Interval | null,
    brings: (row[8] as [string, number][]).map(([meter, quantity]) => ({ meter, quantity })),
    total: row[9] as number,
    currency: row[10] as string,
    state: row[11] as PurchaseState,
    key: row[12] as string | null,
    request: row[13] as string,
    actor: row[14] as string,
    session: row[15] as string | null,
    url: row[16] as string | null,
    expiresAt: row[17] as Instant | null,
    paymentIntent: row[18] as string | null,
    charge: row[19] as string | null,
    receiptNumber: row[20] as string | null,
    receiptUrl: row[21] as string | null,
    refunded: row[22] as number,
    paidAt: row[23] as Instant | null,
    note: row[24] as string | null,
  }
}
