/** The items of a batch, each made safe to send twice. */
import type { BatchItemWire } from '@headroom/core'

/** What one operation of a batch answered: the status and body it would have had alone. */
export interface BatchResult {
  status: number
  body: unknown
}

/** A reservation and its final commit are safe by their id, a check by nature; everything else needs a key of its own. */
export function batchWithKeys(operations: BatchItemWire[]): BatchItemWire[] {
  return operations.map((item) => {
    if (item.op === 'check' || item.idempotencyKey !== undefined) return item
    if (item.op === 'reserve') return { ...item, id: item.id ?? `rsv_${crypto.randomUUID()}` }
    if (item.op === 'commit' && item.final !== false) return item
    return { ...item, idempotencyKey: crypto.randomUUID() }
  })
}
