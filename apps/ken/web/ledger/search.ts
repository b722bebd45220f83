/** What the address of the ledger page says: a filter, and what somebody looks up. */
import type { EntryKind } from '@headroom/sdk'
import { kindWords } from './words.ts'

export interface LedgerSearch {
  meter?: string | undefined
  kind?: EntryKind | undefined
  /** The start of a period. */
  period?: string | undefined
  /** A receipt, payment or purchase id. */
  find?: string | undefined
}

/** What is not well-formed is left out: an old link shows more rather than nothing. A receipt of digits alone comes as a number. */
export const ledgerSearch = ({ meter, kind, period, find }: Record<string, unknown>): LedgerSearch => ({
  meter: typeof meter === 'string' && /^[a-z][a-z0-9_]{0,39}$/.test(meter) ? meter : undefined,
  kind: isKind(kind) ? kind : undefined,
  period: typeof period === 'string' && !Number.isNaN(Date.parse(period)) ? period : undefined,
  find: typeof find === 'string' || typeof find === 'number' ? String(find).trim() || undefined : undefined,
})

const isKind = (kind: unknown): kind is EntryKind => typeof kind === 'string' && Object.hasOwn(kindWords, kind)
