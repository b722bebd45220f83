import { instantText, type PurchaseWire } from '@headroom/core'
import type { PurchaseRow } from '@headroom/engine'

/** The row as the wire shows it; `full`: with the session's id. */
export function purchaseWire(row: PurchaseRow, full: boolean): PurchaseWire {
  const { receiptNumber: number, receiptUrl: url, state } = row
  return {
    id: row.id,
    workspace: row.workspace,
    addOn: row.addOn,
    blocks: row.blocks,
    plan: row.plan,
    contacts: row.contacts,
    interval: row.interval,
    total: row.total,
    refundedTotal: row.refunded,
    currency: row.currency,
    state,
    brings: row.brings,
    createdAt: instantText(row.createdAt),
    paidAt: row.paidAt === null ? null : instantText(row.paidAt),
    receipt: number === null ? null : { number, url },
    // A pending one with a receipt was gone through and is on its way: there is nothing to go on with.
    checkoutUrl: state === 'pending' && number === null ? row.url : null,
    checkoutSession: full ? row.session : null,
  }
}
