/** A new version migrates while the old one works: two versions are two lists of migrations. */
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectOwner } from '../src/connection.ts'
import { migrate, MigrationError } from '../src/migrate.ts'
import { commit, createWorkspace, engines, reserve, type Bench } from './engines.ts'

let bench: Bench
let folder: string
let role: string
beforeAll(async () => {
  bench = await engines(1)
  folder = await mkdtemp(join(tmpdir(), 'headroom-migrations-'))
  role = new URL(bench.database.url).username
})
afterAll(async () => {
  await bench.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The list of a version that knows one more. */
async function version(name: string, sql: string): Promise<URL> {
  const own = await mkdtemp(join(folder, 'version-'))
  await cp(new URL('../src/migrations/', import.meta.url), own, { recursive: true })
  await writeFile(join(own, name), sql)
  return pathToFileURL(`${own}/`)
}

const columns = `alter table workspaces add column note text;
alter table reservations add column note text;
alter table ledger_entries add column note text;
create index workspaces_note on workspaces (note) where note is not null;
`

test('F2 while a migration waits for a long reader, the old version works on; then it is applied, and the old version works on it', async () => {
  const [old] = bench.engines
  await createWorkspace(old!, 'w1', 'starter', 1_000)
  let isOver = false
  let committed = 0
  const statuses = new Set<number>()
  const working = Array.from({ length: 4 }, async (_, client) => {
    for (let n = 0; !isOver; n += 1) {
      const id = `r_${client}_${n}`
      statuses.add((await reserve(old!, 'w1', 1, { id })).status)
      statuses.add((await commit(old!, 'w1', id, 0)).status)
      committed += 1
    }
  })
  const more = async (count: number) => {
    const until = committed + count
    await expect.poll(() => committed, { timeout: 60_000 }).toBeGreaterThan(until)
  }
  await more(20)

  // A dump has looked at the table and will look at it again: until it ends nobody may change the table.
  const dump = await connectOwner(bench.database.ownerUrl)
  await dump.query('begin')
  await dump.query('select count(*) from workspaces')
  const owner = await connectOwner(bench.database.ownerUrl)
  let isMigrated = false
  const migrating = migrate(owner, role, await version('9001-expand-notes.sql', columns)).then((names) => {
    isMigrated = true
    return names
  })
  const waits = async () => {
    const { rows } = await dump.query(
      `select 1 from pg_locks l join pg_class c on c.oid = l.relation where not l.granted and c.relname = 'workspaces'`,
    )
    return rows.length
  }
  // It waits, gives way, and comes again; all the while the others go on.
  await expect.poll(waits, { timeout: 60_000, interval: 20 }).toBe(1)
  await more(10)
  await expect.poll(waits, { timeout: 60_000, interval: 20 }).toBe(1)
  await more(10)
  expect(isMigrated).toBe(false)

  await dump.query('commit')
  expect(await migrating).toEqual(['9001-expand-notes.sql'])
  await more(10)
  isOver = true
  await Promise.all(working)
  expect(statuses).toEqual(new Set([200, 201]))
  expect((await old!.audit()).differences).toEqual([])
  await dump.end()
  await owner.end()
}, 240_000)

test('F3 a version that does not know what was added starts on it; what takes something away it refuses', async () => {
  const owner = await connectOwner(bench.database.ownerUrl)
  expect(await migrate(owner, role)).toEqual([])
  const contracted = await version('9002-contract-notes.sql', 'alter table workspaces drop column note;\n')
  await cp(
    new URL('9001-expand-notes.sql', await version('9001-expand-notes.sql', columns)),
    new URL('9001-expand-notes.sql', contracted),
  )
  expect(await migrate(owner, role, contracted)).toEqual(['9002-contract-notes.sql'])
  await expect(migrate(owner, role)).rejects.toThrow(MigrationError)
  await expect(migrate(owner, role)).rejects.toThrow('The database is at migration 9002')
  await owner.end()
})

test('a server that only starts again takes no lock: a dump of everything holds it up as little as a migration under way', async () => {
  const fresh = await engines(1)
  const [dump, owner] = [await connectOwner(fresh.database.ownerUrl), await connectOwner(fresh.database.ownerUrl)]
  await dump.query('begin')
  await dump.query('lock table migrations in share row exclusive mode')
  expect(await migrate(owner, role)).toEqual([])
  await dump.query('rollback')
  await dump.end()
  await owner.end()
  await fresh.stop()
})
