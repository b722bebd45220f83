import type { BalanceRow, StoredKind } from './books.ts'
import { maxFigure, type Limit, type Quantity } from './words.ts'

/** What stands above the limit; never anything when unlimited. */
export const overageOf = ({ limit, used, reserved }: Pick<BalanceRow, 'limit' | 'used' | 'reserved'>): Quantity =>
  limit === null ? 0 : Math.max(0, used + reserved - limit)

/** A balance after one booking: the kind says which figure moves, and which way. */
export function moved(row: BalanceRow, kind: StoredKind, quantity: Limit): BalanceRow {
  const next = { ...row }
  const n = quantity ?? 0
  switch (kind) {
    case 'grant':
    case 'adjust':
      next.limit = quantity === null || row.limit === null ? null : row.limit + n
      break
    case 'refund':
      next.limit = row.limit === null ? null : row.limit - n
      break
    case 'reserve':
      next.reserved += n
      break
    case 'release':
    case 'expire':
      next.reserved -= n
      break
    case 'commit':
      next.reserved -= n
      next.used += n
      break
    case 'commit_late':
    case 'use':
      next.used += n
      break
    case 'lapse':
      break
  }
  next.overage = overageOf(next)
  if (next.reserved < 0 || (next.limit ?? 0) < 0 || next.used + next.reserved > maxFigure) {
    throw new Error(`A ${kind} of ${n} would leave ${next.meter} of ${next.workspace} wrong`)
  }
  return next
}
