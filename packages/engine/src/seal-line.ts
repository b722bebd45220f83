/**
 * An entry of the ledger as the bytes its hash is over: every column in a fixed order, each with its length before it, so that no two
 * entries have the same. Written twice, in SQL for sealing where the rows are and here for verifying, so that whoever rewrites the one
 * does not rewrite the other; each verification compares the two.
 */
import { createHash } from 'node:crypto'
import type { Row } from './rows.ts'

/** Instants as microseconds since 1970, as fine as they are kept; numbers as digits, null as a dash. */
const columns = [
  'workspace_id',
  'meter',
  '(extract(epoch from at) * 1000000)::bigint',
  'seq',
  '(extract(epoch from period_start) * 1000000)::bigint',
  'kind',
  'quantity',
  'source_type',
  'source_id',
  'actor',
  'limit_after',
  'used_after',
  'reserved_after',
  'overage_change',
]

/** The columns of an entry as text, in the order of its line. */
export const lineColumns = columns.map((column) => `(${column})::text`).join(', ')

/** SQL for the columns of an entry as text, each under a name of its own, and for the hash over those. */
export const sqlTexts = columns.map((column, n) => `(${column})::text as t${n}`).join(', ')
export const sqlHash = `sha256(convert_to(concat(${columns.map((_, n) => `coalesce(octet_length(t${n}) || ':' || t${n}, '-')`).join(', ')}), 'UTF8'))`

/** The hash of an entry that was read by `lineColumns`. */
export function entryHash(row: Row): Buffer {
  const hash = createHash('sha256')
  for (const value of row as readonly (string | null)[])
    hash.update(value === null ? '-' : `${Buffer.byteLength(value)}:${value}`)
  return hash.digest()
}

/** Where meter, instant and place of an entry stand in its line. */
export const lineAt = { meter: 1, at: 2, seq: 3 } as const

/** The first chain link has nothing before it. */
export const noHash = ''

/** The hash of a seal: SHA-256 over the hash before it, as hexadecimal text, and the hashes of its entries. */
export function sealHash(before: string, entries: readonly Buffer[]): string {
  const hash = createHash('sha256').update(before)
  for (const entry of entries) hash.update(entry)
  return hash.digest('hex')
}
