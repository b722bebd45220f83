/**
 * Ken's tables, in their own schema, as numbered migrations. A migration is applied once and never edited after release; each
 * statement is a round trip of its own. What belongs to a workspace has it first in its key, so those tables could be spread over machines.
 * The others are the Leads Database, which is only read and the same for everyone; password resets, which are a person's;
 * attempts, which are counted before it is known who asks; and which migrations were applied. A token in a link names no workspace, so
 * invitations, resets and recipients are also looked up by an index without it.
 */
import { setTimeout as pause } from 'node:timers/promises'
import type { Database, Queryable } from '../database.ts'
import { workspacesAndMembers } from './0001-workspaces-and-members.ts'
import { campaignsAndUploads } from './0002-campaigns-and-uploads.ts'
import { imports } from './0003-imports.ts'
import { jobs } from './0004-jobs.ts'
import { mails } from './0005-mails.ts'
import { people } from './0006-people.ts'
import { directory } from './0007-directory.ts'
import { sending } from './0008-sending.ts'
import { builds } from './0009-builds.ts'
import { contact } from './0010-contact.ts'
import { jobsBell } from './0011-jobs-bell.ts'

export interface Migration {
  id: string
  statements: string[]
}

const migrations: Migration[] = [
  workspacesAndMembers,
  campaignsAndUploads,
  imports,
  jobs,
  mails,
  people,
  directory,
  sending,
  builds,
  contact,
  jobsBell,
]

/** One number for everyone who migrates Ken's schema; a lock held on it lets the second of two processes wait for the first. */
const migrationLock = 4_653_103

const lockWaitMs = 200
/** About a minute. */
const mostAttempts = 150

/**
 * Brings the schema up to date; safe when several processes start at once and when one is killed half-way. `alsoUnderLock` runs
 * while the lock is held: the sign-in tables are another library's, and two processes must not make them at the same time either.
 */
export async function migrate(
  database: Database,
  alsoUnderLock: (applied: Set<string>) => Promise<string[]>,
): Promise<void> {
  const connection = await database.connect()
  try {
    await connection.query('select pg_advisory_lock($1)', [migrationLock])
    for (const schema of ['ken', 'auth'] as const) await ensureSchema(connection, schema)
    await connection.query(
      'create table if not exists ken.migrations (id text primary key, applied_at timestamptz not null default now())',
    )
    const { rows } = await connection.query<{ id: string }>('select id from ken.migrations')
    const applied = new Set(rows.map((row) => row.id))
    for (const migration of migrations) {
      if (applied.has(migration.id)) continue
      await apply(connection, migration)
    }
    for (const id of await alsoUnderLock(applied))
      await connection.query('insert into ken.migrations (id) values ($1)', [id])
  } finally {
    // Closing the connection gives the lock back whatever state it is in.
    connection.release(true)
  }
}

/** Whoever waits for a table makes everybody behind them wait too: it waits briefly, lets the others go on, and tries again. */
async function apply(connection: Queryable, migration: Migration): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await connection.query('begin')
      await connection.query(`set local lock_timeout = ${lockWaitMs}`)
      for (const statement of migration.statements) await connection.query(statement)
      await connection.query('insert into ken.migrations (id) values ($1)', [migration.id])
      await connection.query('commit')
      return
    } catch (error) {
      await connection.query('rollback')
      if ((error as { code?: string }).code !== '55P03' || attempt === mostAttempts) throw error
      await pause(lockWaitMs)
    }
  }
}

/** Looks first: `if not exists` alone would need the right to create schemas even where an operator has made them already. */
async function ensureSchema(connection: Queryable, schema: 'ken' | 'auth'): Promise<void> {
  const { rows } = await connection.query<{ there: boolean }>('select to_regnamespace($1) is not null as there', [
    schema,
  ])
  if (rows[0]?.there !== true) await connection.query(`create schema if not exists ${schema}`)
}
