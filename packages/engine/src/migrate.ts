import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type pg from 'pg'

const folder = new URL('./migrations/', import.meta.url)

/** Two processes that create the schema in the same instant collide on a catalog index; the second try finds it. */
const collisions = new Set(['23505', '42P06', '42P07', '42710', '40P01', 'XX000'])

/** The database cannot be used by this version, and why; for the person who starts it. */
export class MigrationError extends Error {
  override name = 'MigrationError'
  readonly exitCode = 2
}

/**
 * Brings the schema `headroom` up to date: numbered files, each in one transaction, one statement per round trip.
 * Safe when several processes start at once (they take turns on a table lock) and when killed and run again.
 * Throws MigrationError when an applied file has changed since, or the database is newer than this version.
 */
export async function migrate(owner: pg.Client, applicationRole: string): Promise<string[]> {
  await prepare(owner)
  const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  const applied: string[] = []
  for (const name of files) {
    const text = await readFile(new URL(name, folder), 'utf8')
    if (await apply(owner, Number(name.slice(0, 4)), name, text)) applied.push(name)
  }
  const { rows } = await owner.query<{ number: number }>('select max(number) as number from migrations')
  const newest = Number(files.at(-1)?.slice(0, 4) ?? 0)
  if ((rows[0]?.number ?? 0) > newest) {
    throw new MigrationError(
      `The database is at migration ${rows[0]!.number}, this version knows ${newest}. Run the newer version.`,
    )
  }
  await inTurn(owner, () => grantPrivileges(owner, applicationRole))
  return applied
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

async function apply(owner: pg.Client, number: number, name: string, text: string): Promise<boolean> {
  const sha256 = createHash('sha256').update(text).digest('hex')
  return inTurn(owner, async () => {
    const { rows } = await owner.query<{ sha256: string }>('select sha256 from migrations where number = $1', [number])
    if (rows[0]?.sha256 === sha256) return false
    if (rows[0]) {
      throw new MigrationError(
        `Migration ${name} was applied with other content. A migration is never edited after release.`,
      )
    }
    for (const statement of statements(text)) await owner.query(statement)
    await owner.query('insert into migrations (number, name, sha256, applied_at) values ($1, $2, $3, now())', [
      number,
      name,
      sha256,
    ])
    return true
  })
}

/** One transaction, one process at a time: a second one waits here and then finds the work done. */
async function inTurn<T>(owner: pg.Client, work: () => Promise<T>): Promise<T> {
  await owner.query('begin')
  try {
    await owner.query('lock table migrations in access exclusive mode')
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

/**
 * The application may read and write the books and delete only what it tidies up. Entries of the ledger, seals and catalogs are
 * only added: not even the owner's own role may change them by an ordinary statement.
 */
async function grantPrivileges(owner: pg.Client, role: string): Promise<void> {
  const { rows } = await owner.query<{ owner: string; done: boolean }>(
    `select current_user as owner,
            has_schema_privilege($1, 'headroom', 'usage')
            and coalesce((select bool_and(has_table_privilege($1, c.oid, 'select'))
                            from pg_class c where c.relnamespace = 'headroom'::regnamespace and c.relkind = 'r'), false)
            and not has_table_privilege(current_user, 'headroom.ledger_entries', 'update')
            and not has_table_privilege(current_user, 'headroom.seals', 'update') as done`,
    [role],
  )
  if (rows[0]!.done) return
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
