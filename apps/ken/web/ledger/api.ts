/** What the ledger page asks Ken. */
import type { EntryWire, PurchaseWire } from '@headroom/sdk'
import { ask, type Page } from '../ask.ts'
import type { LedgerSearch } from './search.ts'

export interface LedgerRow extends EntryWire {
  /** What it was booked for, in words, and where that can be looked at. */
  cause: { text: string; href: string | null }
  by: string
}

export interface FoundPurchase {
  purchase: PurchaseWire
  entries: LedgerRow[]
}

export type Filter = Pick<LedgerSearch, 'meter' | 'kind' | 'period'>

export const ledgerApi = {
  entries: (filter: Filter, cursor: string | null) =>
    ask<Page<LedgerRow>>(`/api/ledger${queryOf({ ...filter, cursor: cursor ?? undefined })}`),
  file: (filter: Filter) => `/api/ledger.csv${queryOf({ ...filter })}`,
  find: (id: string) => ask<{ data: FoundPurchase[] }>(`/api/purchases${queryOf({ id })}`),
}

function queryOf(fields: Record<string, string | undefined>): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, value)
  return query.size === 0 ? '' : `?${query}`
}
