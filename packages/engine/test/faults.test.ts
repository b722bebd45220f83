import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineInterface } from '../src/index.ts'
import { asked, createWorkspace, engines, reserve, type Bench } from './engines.ts'

let bench: Bench
let first: EngineInterface
let second: EngineInterface
beforeAll(async () => {
  bench = await engines(2, { lanes: 1 })
  ;[first, second] = bench.engines as [EngineInterface, EngineInterface]
})
afterAll(() => bench.stop())

const leadsOf = async (engine: EngineInterface, workspace: string) =>
  (await engine.usage(workspace))!.usage.meters.find(({ meter }) => meter === 'leads')!

async function rawSession(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: bench.database.url, options: '-c search_path=headroom' })
  client.on('error', () => {})
  await client.connect()
  return client
}

test('one poison operation in a batch fails alone', async () => {
  await createWorkspace(first, 'ws_poison')
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, index) =>
      first.submit(
        asked({
          op: 'reserve',
          workspace: 'ws_poison',
          id: `r_${index}`,
          lines: [{ meter: 'leads', quantity: 1 }],
          partial: false,
          ttlSeconds: 60,
          // PostgreSQL stores no NUL; the HTTP edge refuses it, so that only a direct caller gets this far.
          reference: index === 33 ? 'nul\u0000' : 'fine',
          metadata: null,
        }),
      ),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual(
    Array.from({ length: 60 }, (_, index) => (index === 33 ? 500 : 201)),
  )
  expect(await leadsOf(first, 'ws_poison')).toMatchObject({ reserved: 59 })
  expect((await first.audit()).differences).toEqual([])
})

test('a workspace that somebody else holds locked fails alone, and says that nothing happened', async () => {
  await createWorkspace(first, 'ws_stuck')
  await createWorkspace(first, 'ws_free')
  const other = await rawSession()
  await other.query('begin')
  await other.query(`select 1 from workspaces where workspace_id = 'ws_stuck' for update`)
  const [stuck, free] = await Promise.allSettled([reserve(first, 'ws_stuck', 5), reserve(first, 'ws_free', 5)])
  expect(free).toMatchObject({ status: 'fulfilled', value: { status: 201 } })
  expect(stuck).toMatchObject({ status: 'rejected', reason: { code: 'unavailable', outcome: 'nothing_happened' } })
  await other.query('rollback')
  await other.end()
  expect((await reserve(first, 'ws_stuck', 5)).status).toBe(201)
})

test('a server frozen between load and write gives its lock back, and its late write is refused', async () => {
  await createWorkspace(first, 'ws_frozen')
  const frozen = new pg.Client({
    connectionString: bench.database.url,
    options: '-c search_path=headroom -c idle_in_transaction_session_timeout=1000',
  })
  frozen.on('error', () => {})
  await frozen.connect()
  await frozen.query('begin isolation level read committed')
  await frozen.query(`select 1 from workspaces where workspace_id = 'ws_frozen' for no key update`)
  expect((await reserve(first, 'ws_frozen', 5)).status).toBe(201)
  await expect(
    frozen.query(`update workspaces set version = version + 1 where workspace_id = 'ws_frozen'`),
  ).rejects.toThrow()
  await frozen.end().catch(() => {})
})

test('a database whose default is repeatable read: still six of twenty', async () => {
  const owner = new pg.Client({ connectionString: bench.database.adminUrl })
  await owner.connect()
  await owner.query(`alter database ${bench.database.name} set default_transaction_isolation = 'repeatable read'`)
  await owner.end()
  const { startEngine } = await import('../src/index.ts')
  const { default: catalog } = await import('../../../catalogs/ken.ts')
  const options = { databaseUrl: bench.database.url, ownerUrl: bench.database.ownerUrl, catalog, sweeper: false }
  const [one, two] = await Promise.all([startEngine(options), startEngine(options)])
  await createWorkspace(one, 'ws_strict')
  await reserve(one, 'ws_strict', 500)
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, index) => reserve(index % 2 ? one : two, 'ws_strict', 75)),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(6)
  expect((await one.audit()).differences).toEqual([])
  await Promise.all([one.stop(), two.stop()])
})

test('the fence: a write decided on an older version is rolled back, whatever the lock', async () => {
  const { writes, writeStatements } = await import('../src/write.ts')
  const { nothingAssumed } = await import('../src/assumed.ts')
  const { realClock, sendOn } = await import('../src/load.ts')
  const { noChanges } = await import('@headroom/core')
  await createWorkspace(first, 'ws_fence')
  const client = await rawSession()
  const { rows } = await client.query<{ version: string }>(
    `select version from workspaces where workspace_id = 'ws_fence'`,
  )
  const now = Date.now()
  const row = {
    workspace: 'ws_fence',
    seq: 3,
    version: 99,
    at: now,
    wakeAt: now,
    periodStart: now - 1000,
    periodEnd: now + 1000,
    openFrom: now - 1000,
  }
  const stale = { ...noChanges(), workspaces: [{ row, versionBefore: Number(rows[0]!.version) - 1 }] }
  await client.query('begin')
  const [hot] = writes(writeStatements(realClock), stale, nothingAssumed)
  await expect(sendOn(client)(hot!.name, hot!.text, hot!.values)).rejects.toMatchObject({ code: '22012' })
  expect((await client.query('commit')).command).toBe('ROLLBACK')
  await client.end()
})

test('what waits in the queue is answered when the engine stops, and later calls are told that nothing happened', async () => {
  const other = await engines(1)
  const [engine] = other.engines as [EngineInterface]
  await createWorkspace(engine, 'ws_stop')
  const answers = Promise.all(Array.from({ length: 200 }, () => reserve(engine, 'ws_stop', 1)))
  const stopped = engine.stop()
  expect((await answers).every(({ status }) => status === 201)).toBe(true)
  await stopped
  await expect(reserve(engine, 'ws_stop', 1)).rejects.toMatchObject({ outcome: 'nothing_happened' })
  await other.database.drop()
})

test('the second engine sees what the first wrote with its next read', async () => {
  await createWorkspace(first, 'ws_seen')
  for (let round = 1; round <= 20; round++) {
    await reserve(round % 2 ? first : second, 'ws_seen', 1)
    expect(await leadsOf(round % 2 ? second : first, 'ws_seen')).toMatchObject({ reserved: round })
  }
})
