import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { expect, test } from 'vitest'
import { schemaText } from '../scripts/schema-text.ts'
import { connectOwner } from '../src/connection.ts'
import { migrate, MigrationError } from '../src/migrate.ts'

const committed = readFile(new URL('../schema.txt', import.meta.url), 'utf8')

async function migrated({ ownerUrl, url }: TestDatabase): Promise<string> {
  const owner = await connectOwner(ownerUrl)
  try {
    await migrate(owner, new URL(url).username)
    const { rows } = await owner.query<{ numbers: number[] }>(
      'select array_agg(number order by number) as numbers from migrations',
    )
    expect(rows[0]!.numbers).toEqual(rows[0]!.numbers.map((_, index) => index + 1))
    return await schemaText(owner)
  } finally {
    await owner.end()
  }
}

/** Migrates in a process of its own; answers how many statements it sent, or undefined when it was killed. */
async function inProcess({ ownerUrl, url }: TestDatabase, killAfter = 0): Promise<number | undefined> {
  const script = new URL('migrate-app.ts', import.meta.url).pathname
  const app = spawn(process.execPath, ['--import', 'tsx', script, ownerUrl, new URL(url).username, String(killAfter)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  app.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const signal = await new Promise((resolve) => app.on('close', (_code, by) => resolve(by)))
  expect(signal).toBe(killAfter > 0 ? 'SIGKILL' : null)
  return killAfter > 0 ? undefined : Number(said)
}

test('processes that start at once on an empty database all succeed', async () => {
  for (let round = 0; round < 12; round++) {
    const database = await testDatabase()
    const schemas = await Promise.all(Array.from({ length: 5 }, () => migrated(database)))
    for (const schema of schemas) expect(schema).toBe(await committed)
    await database.drop()
  }
  const database = await testDatabase()
  expect((await Promise.all([inProcess(database), inProcess(database)])).every((sent) => sent! > 0)).toBe(true)
  await database.drop()
}, 60_000)

test('killed in the middle and run again, wherever that was', async () => {
  const whole = await testDatabase()
  const statements = (await inProcess(whole))!
  await whole.drop()
  expect(statements).toBeGreaterThan(20)
  // Twelve points spread over the whole, each somewhere in its twelfth; the last statement is among them.
  const points = Array.from({ length: 12 }, (_, part) => Math.ceil(((part + Math.random()) * statements) / 12))
  points[11] = statements
  const again = async (point: number) => {
    const database = await testDatabase()
    await inProcess(database, point)
    expect(await migrated(database), `killed after statement ${point} of ${statements}`).toBe(await committed)
    await database.drop()
  }
  for (let at = 0; at < points.length; at += 3) await Promise.all(points.slice(at, at + 3).map(again))
}, 120_000)

test('run again, nothing happens', async () => {
  const database = await testDatabase()
  await migrated(database)
  const owner = await connectOwner(database.ownerUrl)
  expect(await migrate(owner, new URL(database.url).username)).toEqual([])
  await owner.end()
  await database.drop()
})

test('a migration that was edited after it had been applied is refused, and so is a database from a newer version', async () => {
  const database = await testDatabase()
  const role = new URL(database.url).username
  await migrated(database)
  const owner = await connectOwner(database.ownerUrl)
  const before = await schemaText(owner)

  await owner.query(`update migrations set sha256 = 'edited' where number = 1`)
  await expect(migrate(owner, role)).rejects.toThrow(MigrationError)
  await expect(migrate(owner, role)).rejects.toThrow('0001-books.sql was applied with other content')
  await database.drop()

  const newer = await testDatabase()
  await migrated(newer)
  const other = await connectOwner(newer.ownerUrl)
  await other.query(
    `insert into migrations (number, name, sha256, applied_at) values (9999, '9999-later.sql', '', now())`,
  )
  await expect(migrate(other, role)).rejects.toThrow(MigrationError)
  await expect(migrate(other, role)).rejects.toThrow('The database is at migration 9999')
  expect(await schemaText(other)).toBe(before)
  await other.end()
  await owner.end().catch(() => {})
  await newer.drop()
})

test('what was booked stays: neither the application nor the owner may change or remove a ledger entry', async () => {
  const database = await testDatabase()
  await migrated(database)
  for (const url of [database.url, database.ownerUrl]) {
    const client = await connectOwner(url)
    for (const table of ['ledger_entries', 'seals', 'catalogs'])
      for (const statement of [`delete from ${table}`, `truncate ${table}`])
        await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' })
    await expect(client.query('update ledger_entries set quantity = 1')).rejects.toMatchObject({ code: '42501' })
    await expect(client.query(`update catalogs set body = '{}'`)).rejects.toMatchObject({ code: '42501' })
    await client.end()
  }
  await database.drop()
})
