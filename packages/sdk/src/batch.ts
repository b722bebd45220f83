/** The items of a batch, each made safe to send twice. */
import type { BatchItemWire } from '@headroom/core'

/** What one operation of a batch answered: the status and body it would have had alone. */
export interface BatchResult {
  status: number
  body: unknown
}

/** A reservation and its ending or extension are safe by their id, a check by nature; a part and a use need a key of their own. */
export function batchWithKeys(operations: BatchItemWire[]): BatchItemWire[] {
  return operations.map((item) => {
    if (item.op === 'check' || item.idempotencyKey !== undefined) return item
    if (item.op === 'reserve') return { ...item, id: item.id ?? `rsv_${crypto.randomUUID()}` }
    const counts = item.op === 'use' || (item.op === 'commit' && item.final === false)
    return counts ? { ...item, idempotencyKey: crypto.randomUUID() } : item
  })
}
