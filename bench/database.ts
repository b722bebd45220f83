import type { LocalPostgres } from '@headroom/local-postgres'
import pg from 'pg'

/** A database of its own on the run's PostgreSQL, with the roles of the real one. */
export interface Database {
  name: string
  url: string
  ownerUrl: string
  adminUrl: string
  drop(): Promise<void>
}

/** Makes an empty database that the owner role owns and the application role may enter. */
export async function makeDatabase(postgres: LocalPostgres, name: string): Promise<Database> {
  const on = (url: string) => Object.assign(new URL(url), { pathname: `/${name}` }).href
  await statements(postgres.adminUrl, [
    `create database ${name} owner headroom_owner template template0`,
    `revoke all on database ${name} from public`,
    `grant connect on database ${name} to headroom`,
  ])
  return {
    name,
    url: on(postgres.url),
    ownerUrl: on(postgres.ownerUrl),
    adminUrl: on(postgres.adminUrl),
    drop: () => statements(postgres.adminUrl, [`drop database ${name} with (force)`]),
  }
}

/**
 * Done between two runs, so that nobody pays for what another left: dead rows go, statistics are fresh, every dirty page is on
 * disk. What a contender's tables have grown by stays with it.
 */
export const tidy = (database: Pick<Database, 'adminUrl'>): Promise<void> =>
  statements(database.adminUrl, ['vacuum analyze', 'checkpoint'])

/** Runs statements one after another on a connection of their own. */
export async function statements(url: string, list: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    for (const statement of list) await client.query(statement)
  } finally {
    await client.end()
  }
}

/** The settings a figure depends on, as the server says they are. */
export async function settingsOf(url: string): Promise<Record<string, string>> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from pg_settings
      where name in ('server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'wal_sync_method', 'shared_buffers', 'max_wal_size')
      order by name`,
  )
  await client.end()
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}
