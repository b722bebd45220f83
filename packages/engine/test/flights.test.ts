/** Two batches on their way at once: what happens to the second when the first fails, and to those that must wait. */
import type { Answer } from '@headroom/core'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest'
import { connectOwner } from '../src/connection.ts'
import { mint, type EngineInterface } from '../src/index.ts'
import { asked, createWorkspace, engines, reserve, type Bench } from './engines.ts'

let bench: Bench
/** One lane each, so that all workspaces share their batches. */
let first: EngineInterface
let second: EngineInterface
/** Somebody who holds a workspace's row, or writes to it past every rule. */
let other: pg.Client
let owner: pg.Client
beforeAll(async () => {
  bench = await engines(2, { lanes: 1 })
  ;[first, second] = bench.engines as [EngineInterface, EngineInterface]
  owner = await connectOwner(bench.database.ownerUrl)
})
beforeEach(async () => {
  other = await connectOwner(bench.database.ownerUrl)
})
afterEach(() => other.end())
afterAll(async () => {
  await owner.end()
  await bench.stop()
})

const use = (
  engine: EngineInterface,
  workspace: string,
  quantity: number,
  key: string | null = null,
): Promise<Answer> =>
  engine.submit(
    asked({
      op: 'use',
      workspace,
      id: mint('use'),
      lines: [{ meter: 'leads', quantity }],
      mode: 'enforce',
      reference: null,
      key,
    }),
  )
const usedOf = async (workspace: string) =>
  (await first.usage(workspace))!.usage.meters.find(({ meter }) => meter === 'leads')!.used
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const hold = async (workspace: string) => {
  await other.query('begin')
  await other.query('select 1 from workspaces where workspace_id = $1 for update', [workspace])
}
const moveVersion = (client: pg.Client, workspace: string) =>
  client.query('update workspaces set version = version + 1 where workspace_id = $1', [workspace])
const sound = async () => expect((await first.audit()).differences).toEqual([])

test('I1 a batch built on one that failed is void, although somebody else has moved the version to the very number', async () => {
  await createWorkspace(first, 'ws_same', 'growth', 25_000)
  await createWorkspace(second, 'ws_warm_up')
  await use(first, 'ws_same', 1)
  await hold('ws_same')
  const others = use(second, 'ws_same', 100)
  await pause(60)
  const ahead = use(first, 'ws_same', 3)
  await pause(30)
  const behind = use(first, 'ws_same', 10)
  await pause(30)
  await other.query('rollback')
  for (const answer of await Promise.all([others, ahead, behind])) expect(answer.status).toBe(200)
  expect(await usedOf('ws_same')).toBe(114)
  await sound()
})

test('I1 forty callers of one process and one of another, on many workspaces: not one operation is lost or counted twice', async () => {
  for (let round = 0; round < 20; round++) {
    const workspace = `ws_mixed_${round}`
    await createWorkspace(first, workspace, 'growth', 25_000)
    let expected = 0
    const counted = async (engine: EngineInterface) => {
      if ((await use(engine, workspace, 1)).status === 200) expected += 1
    }
    const stop = performance.now() + 60
    await Promise.all([
      ...Array.from({ length: 40 }, async () => {
        while (performance.now() < stop) await counted(first)
      }),
      pause(25 + (round % 10)).then(() => counted(second)),
    ])
    expect(await usedOf(workspace)).toBe(expected)
  }
  await sound()
}, 60_000)

test('nobody is refused because of what a batch would have taken that failed', async () => {
  await createWorkspace(first, 'ws_fiction', 'growth', 25_000)
  await use(first, 'ws_fiction', 1)
  const { available } = (await first.usage('ws_fiction'))!.usage.meters.find(({ meter }) => meter === 'leads')!
  await owner.query(`alter table reservations add constraint fiction check (reference <> 'fiction') not valid`)
  await hold('ws_fiction')
  const ahead = first.submit(
    asked({
      op: 'reserve',
      workspace: 'ws_fiction',
      id: 'res_fiction',
      lines: [{ meter: 'leads', quantity: available! }],
      partial: false,
      ttlSeconds: 900,
      reference: 'fiction',
      metadata: null,
    }),
  )
  await pause(30)
  const behind = use(first, 'ws_fiction', 5)
  await pause(30)
  await other.query('rollback')
  expect([(await ahead).status, (await behind).status]).toEqual([500, 200])
  await owner.query('alter table reservations drop constraint fiction')
  await sound()
})

test('I2 an operation that waits for the rest of what is due is applied once, also when its batch fails meanwhile', async () => {
  await createWorkspace(first, 'ws_due', 'growth', 25_000)
  await createWorkspace(first, 'ws_poison')
  await owner.query(`alter table reservations add constraint poison check (reference <> 'poison') not valid`)
  await Promise.all(Array.from({ length: 300 }, () => reserve(first, 'ws_due', 1, { ttlSeconds: 1 })))
  await use(first, 'ws_poison', 1)
  await use(first, 'ws_due', 1)
  await hold('ws_due')
  const order: string[] = []
  const waits = use(first, 'ws_due', 5).then((answer) => (order.push('waits'), answer))
  const poison = first.submit(
    asked({
      op: 'reserve',
      workspace: 'ws_poison',
      id: 'res_poison',
      lines: [{ meter: 'leads', quantity: 1 }],
      partial: false,
      ttlSeconds: 900,
      reference: 'poison',
      metadata: null,
    }),
  )
  await pause(30)
  const later = use(first, 'ws_due', 7).then((answer) => (order.push('later'), answer))
  await pause(1_000)
  await moveVersion(other, 'ws_due')
  await other.query('commit')
  expect([(await waits).status, (await poison).status, (await later).status]).toEqual([200, 500, 200])
  expect(order).toEqual(['waits', 'later'])
  await owner.query('alter table reservations drop constraint poison')
  expect(await usedOf('ws_due')).toBe(13)
  await sound()
})

test('a batch of nothing but waiting operations that cannot be written is answered, and the lane goes on', async () => {
  await createWorkspace(first, 'ws_stuck')
  await createWorkspace(first, 'ws_fine')
  await Promise.all(Array.from({ length: 300 }, () => reserve(first, 'ws_stuck', 1, { ttlSeconds: 1 })))
  await pause(1_100)
  await owner.query(
    `alter table reservations add constraint stuck check (workspace_id <> 'ws_stuck' or state <> 3) not valid`,
  )
  expect(await use(first, 'ws_stuck', 1)).toMatchObject({ status: 500, body: { code: 'internal' } })
  expect((await use(first, 'ws_fine', 1)).status).toBe(200)
  await owner.query('alter table reservations drop constraint stuck')
  expect((await use(first, 'ws_stuck', 1)).status).toBe(200)
})

test('what cannot be put into a statement leaves no transaction open: the next answer is of something that lasts', async () => {
  await createWorkspace(first, 'ws_half')
  await createWorkspace(first, 'ws_whole')
  await use(first, 'ws_whole', 1)
  const half = asked({
    op: 'set-plan',
    workspace: 'ws_half',
    plan: 'growth',
    contacts: 25_000,
    interval: 'month',
    when: 'now',
    anchor: null,
    status: 'past_due',
    graceUntil: Date.now() + 0.5,
  })
  expect((await first.submit(half)).status).toBe(500)
  expect((await use(first, 'ws_whole', 50)).status).toBe(200)
  expect(await usedOf('ws_whole')).toBe(51)
})

test('a connection that broke while nothing was on its way costs nobody an answer', async () => {
  await createWorkspace(first, 'ws_idle')
  await use(first, 'ws_idle', 1)
  const admin = await connectOwner(bench.database.adminUrl)
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'headroom lane' and datname = current_database()`,
  )
  await admin.end()
  expect(rowCount).toBeGreaterThan(0)
  await pause(300)
  expect((await use(first, 'ws_idle', 1)).status).toBe(200)
  expect(await usedOf('ws_idle')).toBe(2)
})

test('two servers asked under one key at once do not wait for each other in a circle', async () => {
  for (let round = 0; round < 10; round++) {
    const workspace = `ws_key_${round}`
    await createWorkspace(first, workspace)
    await Promise.all([use(first, workspace, 1), use(second, workspace, 1)])
    const answers = await Promise.all([first, second, first, second].map((engine) => use(engine, workspace, 3, 'one')))
    for (const answer of answers) expect(answer).toMatchObject({ status: 200, text: answers[0]!.text })
    expect(await usedOf(workspace)).toBe(5)
  }
  const { rows } = await owner.query<{ deadlocks: string }>(
    'select pg_stat_force_next_flush(), deadlocks from pg_stat_database where datname = current_database()',
  )
  expect(Number(rows[0]!.deadlocks)).toBe(0)
}, 60_000)
