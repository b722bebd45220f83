import { audit } from '../packages/engine/src/audit.ts'
import type { Database } from './database.ts'
import { inDatabase } from './growth-fill.ts'

type Check<Name extends string> = (name: Name, operations: number) => Promise<void>

/** After each run: exactly what was acknowledged is in the books, committed, and nothing is left reserved. */
export async function isBookedInFull<Name extends string>(databases: Record<Name, Database>): Promise<Check<Name>> {
  const names = Object.keys(databases) as Name[]
  const last = new Map<Name, Totals>()
  for (const name of names) last.set(name, await totals(databases[name].ownerUrl))
  return async (name, operations) => {
    const [before, after] = [last.get(name)!, await totals(databases[name].ownerUrl)]
    last.set(name, after)
    const entries = after.entries - before.entries
    const used = after.used - before.used
    if (entries !== operations || used !== operations / 2 || after.reserved !== 0)
      throw new Error(
        `${operations} operations were acknowledged; the books say ${entries} entries, ${used} used, ${after.reserved} reserved`,
      )
  }
}

interface Totals {
  entries: number
  used: number
  reserved: number
}

/** Ledger entries are numbered without gaps, so that a workspace's number is their count: the audit looks into that. */
const totals = (url: string): Promise<Totals> =>
  inDatabase(url, async (client) => {
    const { rows } = await client.query<Record<keyof Totals, string>>(
      'select (select sum(seq) from workspaces) as entries, sum(used) as used, sum(reserved) as reserved from balances',
    )
    const { entries, used, reserved } = rows[0]!
    return { entries: Number(entries), used: Number(used), reserved: Number(reserved) }
  })

/** Rebuilds the balances of some workspaces from their ledger; throws at the first difference. */
export async function auditSample(ownerUrl: string, workspaces: readonly string[]): Promise<void> {
  const { differences, ...found } = await inDatabase(ownerUrl, async (client) => {
    await client.query('create temp table sample as select unnest($1::text[]) collate "C" as workspace_id', [
      workspaces,
    ])
    // Temporary names are found first: the audit asks for the books and is given the sample's.
    for (const table of ['workspaces', 'balances', 'reservations', 'grants', 'ledger_entries'])
      await client.query(
        `create temp view ${table} as select b.* from sample s join headroom.${table} b on b.workspace_id = s.workspace_id`,
      )
    return audit(client)
  })
  if (differences.length > 0) throw new Error(`The books are wrong: ${differences[0]}`)
  // This client gives a bigint as text.
  if (String(found.workspaces) !== String(workspaces.length)) throw new Error('The audit did not see the whole sample')
}

/** The largest tables in words, and what one ledger entry takes. */
export const sizes = (adminUrl: string): Promise<string[]> =>
  inDatabase(adminUrl, async (client) => {
    const { rows } = await client.query<{ name: string; rows: number; heap: number; indexes: number }>(
      `select relname as name, reltuples::int as rows, pg_table_size(oid)::float8 as heap, pg_indexes_size(oid)::float8 as indexes
         from pg_class where relnamespace = 'headroom'::regnamespace and relkind = 'r' and reltuples > 1000
        order by pg_total_relation_size(oid) desc`,
    )
    const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`
    return rows.map(
      ({ name, rows, heap, indexes }) =>
        `  ${name}: ${rows} rows, ${megabytes(heap)} and indexes ${megabytes(indexes)}, ${Math.round((heap + indexes) / rows)} bytes a row`,
    )
  })
