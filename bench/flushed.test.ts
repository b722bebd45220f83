import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalPostgres, type LocalPostgres } from '@headroom/local-postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeDatabase, statements } from './database.ts'
import { checkFlushed } from './flushed.ts'
import { typical } from './typical.ts'

// On a PostgreSQL of its own: what other tests write at the same time would be taken for the contender's.

let folder: string
let postgres: LocalPostgres
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-flushed-'))
  postgres = await startLocalPostgres({ dataDir: folder, settings: { fsync: 'off' } })
})
afterAll(async () => {
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
})

test('an answer that comes before its commit is on disk is found', async () => {
  for (const [name, wait] of [
    ['waits', 'on'],
    ['does_not_wait', 'off'],
  ] as const) {
    const database = await makeDatabase(postgres, name)
    await statements(postgres.adminUrl, [`alter database ${name} set synchronous_commit = ${wait}`])
    const contender = await typical(database.ownerUrl, 1, 100)
    const checked = checkFlushed(contender, database.adminUrl)
    await (wait === 'on' ? checked : expect(checked).rejects.toThrow('typical answers before its commits are on disk'))
    await contender.stop()
  }
})
