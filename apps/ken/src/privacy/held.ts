/** What Ken holds about somebody, found by their address wherever it stands: in every column of every table, known or new. */
import type { Queryable } from '../database.ts'
import { anywhere, type Address } from './address.ts'

/** A row that names somebody, as JSON, without what is a secret of ours. */
export interface HeldRow {
  table: string
  row: Record<string, unknown>
}

const secrets = ['password', 'token', 'token_hash', 'sealed_token', 'accessToken', 'refreshToken', 'idToken']

/** Every row of Ken's and the sign-in's tables in which one of these regular expressions is found, whatever the case of its letters. */
export async function heldRows(database: Queryable, patterns: string[]): Promise<HeldRow[]> {
  const { rows: tables } = await database.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('ken', 'auth') and table_type = 'BASE TABLE' order by 1`,
  )
  const held: HeldRow[] = []
  for (const { name: table } of tables) {
    const { rows } = await database.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) - $2::text[] as row from ${table} t where to_jsonb(t)::text ~* any ($1)`,
      [patterns, secrets],
    )
    for (const { row } of rows) held.push({ table, row })
  }
  return held
}

/** Everything about whoever has this address: what names the address, and what goes by their id. Changes nothing. */
export async function exportOf(database: Queryable, { spellings, mention }: Address): Promise<HeldRow[]> {
  const { rows } = await database.query<{ id: string }>('select id from auth."user" where email = any($1)', [spellings])
  return heldRows(database, [mention, ...rows.map(({ id }) => anywhere(id))])
}
