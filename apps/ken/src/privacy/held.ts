/** What Ken holds about somebody, found by their address wherever it stands: in every column of every table, known or new. */
import type { Queryable } from '../database.ts'

/** A row that names somebody, as JSON, without what is a secret of ours. */
export interface HeldRow {
  table: string
  row: Record<string, unknown>
}

const secrets = ['password', 'token', 'token_hash', 'sealed_token', 'accessToken', 'refreshToken', 'idToken']

/** Every row of Ken's and the sign-in's tables in which one of these texts stands, whatever the case of its letters. */
export async function heldRows(database: Queryable, texts: string[]): Promise<HeldRow[]> {
  const patterns = texts.map((text) => `%${text.replace(/[\\%_]/g, '\\$&')}%`)
  const { rows: tables } = await database.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('ken', 'auth') and table_type = 'BASE TABLE' order by 1`,
  )
  const held: HeldRow[] = []
  for (const { name: table } of tables) {
    const { rows } = await database.query<{ row: Record<string, unknown> }>(
      `select to_jsonb(t) - $2::text[] as row from ${table} t where to_jsonb(t)::text ilike any ($1)`,
      [patterns, secrets],
    )
    for (const { row } of rows) held.push({ table, row })
  }
  return held
}

/** Everything about whoever has this address: what names the address, and what goes by their id. Changes nothing. */
export async function exportOf(database: Queryable, email: string): Promise<HeldRow[]> {
  const { rows } = await database.query<{ id: string }>('select id from auth."user" where email = $1', [email])
  return heldRows(database, [email, ...rows.map(({ id }) => id)])
}
