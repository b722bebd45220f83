import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'

const folder = new URL('./migrations/', import.meta.url)

/** Two processes that create the schema in the same instant collide on a catalog index; the second try finds it. */
const collisions = new Set(['23505', '42P06', '42P07', '42710', '40P01', 'XX000'])

/**
 * Whoever waits for a table makes everybody behind them wait too: a migration waits this long, lets the others go on, and tries again.
 */
const lockWaitMs = 200
const patienceMs = 60_000
const lockNotAvailable = '55P03'

/** What an older version can live with: it knows nothing of it, and misses nothing (docs/operations/migrations.md). */
const expands = /^\d{4}-expand-/

/** The database cannot be used by this version, and why; for the person who starts it. */
export class MigrationError extends Error {
  override name = 'MigrationError'
  readonly exitCode = 2
}

/**
 * Brings the schema `headroom` up to date: numbered files, each in one transaction, one statement per round trip, while other servers
 * work. Safe when several processes start at once (they take turns on a table lock) and when killed and run again.
 * Throws MigrationError when an applied file has changed since, the database is newer than this version can live with, or somebody
 * has kept a lock for a minute; in each case the file in question has changed nothing.
 */
export async function migrate(owner: pg.Client, applicationRole: string, from: URL = folder): Promise<string[]> {
  await prepare(owner)
  const files = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort()
  const known = await appliedBy(owner)
  const applied: string[] = []
  for (const name of files) {
    const text = await readFile(new URL(name, from), 'utf8')
    if (isApplied(known, name, sha256Of(text))) continue
    if (await apply(owner, name, text)) applied.push(name)
  }
  refuseNewer(await appliedBy(owner), Number(files.at(-1)?.slice(0, 4) ?? 0))
  if (await lacksPrivileges(owner, applicationRole))
    await inTurn(owner, 'Privileges', () => grantPrivileges(owner, applicationRole))
  return applied
}

type Applied = Map<number, { name: string; sha256: string }>

async function appliedBy(owner: pg.Client): Promise<Applied> {
  const { rows } = await owner.query<{ number: number; name: string; sha256: string }>(
    'select number, name, sha256 from migrations',
  )
  return new Map(rows.map(({ number, name, sha256 }) => [number, { name, sha256 }]))
}

function isApplied(applied: Applied, name: string, sha256: string): boolean {
  const found = applied.get(Number(name.slice(0, 4)))
  if (!found) return false
  if (found.sha256 === sha256) return true
  throw new MigrationError(
    `Migration ${name} was applied with other content. A migration is never edited after release.`,
  )
}

function refuseNewer(applied: Applied, newest: number): void {
  const beyond = [...applied].filter(([number, { name }]) => number > newest && !expands.test(name))
  if (beyond.length === 0) return
  const most = Math.max(...beyond.map(([number]) => number))
  throw new MigrationError(`The database is at migration ${most}, this version knows ${newest}. Run the newer version.`)
}

async function prepare(owner: pg.Client): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await owner.query('create schema if not exists headroom')
      await owner.query(
        'create table if not exists migrations (number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null)',
      )
      return
    } catch (error) {
      if (attempt === 10 || !collisions.has((error as { code?: string }).code ?? '')) throw error
    }
  }
}

async function apply(owner: pg.Client, name: string, text: string): Promise<boolean> {
  const sha256 = sha256Of(text)
  return inTurn(owner, name, async () => {
    if (isApplied(await appliedBy(owner), name, sha256)) return false
    for (const statement of statements(text)) await owner.query(statement)
    await owner.query('insert into migrations (number, name, sha256, applied_at) values ($1, $2, $3, now())', [
      Number(name.slice(0, 4)),
      name,
      sha256,
    ])
    return true
  })
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex')

/** One transaction, one process at a time: a second one waits here and then finds the work done. */
async function inTurn<T>(owner: pg.Client, what: string, work: () => Promise<T>): Promise<T> {
  for (const until = performance.now() + patienceMs; ;) {
    try {
      return await oneTurn(owner, work)
    } catch (error) {
      if ((error as { code?: string }).code !== lockNotAvailable) throw error
      if (performance.now() < until) await pause(lockWaitMs * (1 + Math.random()))
      else
        throw new MigrationError(
          `${what} waited ${patienceMs / 1000} s for a lock: end the transaction that holds it (pg_stat_activity) and start again. It has changed nothing.`,
        )
    }
  }
}

/** The turn is waited for without end; whoever only reads the list of migrations, as a dump does, is in nobody's way. */
async function oneTurn<T>(owner: pg.Client, work: () => Promise<T>): Promise<T> {
  await owner.query('begin')
  try {
    await owner.query('lock table migrations in share row exclusive mode')
    await owner.query(`set local lock_timeout = ${lockWaitMs}`)
    const result = await work()
    await owner.query('commit')
    return result
  } catch (error) {
    await owner.query('rollback').catch(() => {})
    throw error
  }
}

/** A statement ends with a semicolon at the end of a line; our migrations hold no function bodies. */
const statements = (text: string): string[] =>
  text
    .split(/;\s*$/m)
    .map((part) => part.replace(/^\s*--.*$/gm, '').trim())
    .filter((part) => part !== '')

/** Looked at before it is one's turn: a server that only starts again takes no lock. */
async function lacksPrivileges(owner: pg.Client, role: string): Promise<boolean> {
  const { rows } = await owner.query<{ done: boolean }>(
    `select has_schema_privilege($1, 'headroom', 'usage')
            and coalesce((select bool_and(has_table_privilege($1, c.oid, 'select'))
                            from pg_class c where c.relnamespace = 'headroom'::regnamespace and c.relkind = 'r'), false)
            and not has_table_privilege(current_user, 'headroom.ledger_entries', 'update')
            and not has_table_privilege(current_user, 'headroom.seals', 'update') as done`,
    [role],
  )
  return !rows[0]!.done
}

/**
 * The application may read and write the books and delete only what it tidies up. Entries of the ledger, seals and catalogs
 * are only added: not even the owner's own role may change them by an ordinary statement.
 */
async function grantPrivileges(owner: pg.Client, role: string): Promise<void> {
  const { rows } = await owner.query<{ owner: string }>('select current_user as owner')
  const name = owner.escapeIdentifier(role)
  const appendOnly = ['ledger_entries', 'seals', 'catalogs']
  const tidied = ['answers', 'tokens', 'keys', 'inbox']
  const tables = await owner.query<{ name: string }>(
    `select relname::text as name from pg_class where relnamespace = 'headroom'::regnamespace and relkind = 'r' order by 1`,
  )
  if (role !== rows[0]!.owner) {
    await owner.query(`grant usage on schema headroom to ${name}`)
    for (const { name: table } of tables.rows) {
      const rights = ['select']
      if (table !== 'migrations') rights.push('insert')
      if (table !== 'migrations' && !appendOnly.includes(table)) rights.push('update')
      if (tidied.includes(table)) rights.push('delete')
      await owner.query(`grant ${rights.join(', ')} on ${owner.escapeIdentifier(table)} to ${name}`)
    }
  }
  for (const table of appendOnly) await owner.query(`revoke update, delete, truncate on ${table} from current_user`)
}
