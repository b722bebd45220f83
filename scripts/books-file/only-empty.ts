/** What is in use is never filled: two histories cannot be joined, and whoever works on it would see half of one. */
import type pg from 'pg'
import { BooksFileError } from './books-file-error.ts'
import { connect } from './tables.ts'

/** What the books begin with; where one of them has a row, somebody has worked on it. */
const first = ['workspaces', 'ledger_entries', 'seals', 'catalogs', 'purchases']

/** Before anything is made in it. Throws BooksFileError for a database that is in use, and has changed nothing then. */
export async function refuseUsed(databaseUrl: string): Promise<void> {
  const client = await connect(databaseUrl)
  try {
    await mustBeEmpty(client)
  } finally {
    await client.end()
  }
}

/** Throws BooksFileError where a server has worked, or is at work. Tables that are not there yet are empty. */
export async function mustBeEmpty(client: pg.Client): Promise<void> {
  for (const table of first) {
    const { rows } = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [
      `headroom.${table}`,
    ])
    if (!rows[0]!.there) continue
    const found = await client.query(`select 1 from headroom.${table} limit 1`)
    if (found.rows.length > 0)
      throw new BooksFileError(`The database has ${table} already: restore into a new one. Nothing was changed.`)
  }
  const { rows } = await client.query<{ name: string }>(
    `select distinct application_name as name from pg_stat_activity
      where datname = current_database() and application_name in ('headroom read', 'headroom lane')`,
  )
  if (rows.length > 0)
    throw new BooksFileError('A server is at work on the database: stop it first. Nothing was changed.')
}
