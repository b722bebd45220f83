/** A lane decides on what it remembers: so whatever others have written since must be seen, and nothing may be lost on the way. */
import { performance } from 'node:perf_hooks'
import type { ReservationWire } from '@headroom/core'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectOwner } from '../src/connection.ts'
import type { EngineInterface } from '../src/index.ts'
import { asked, commit, createWorkspace, engines, reserve, type Bench } from './engines.ts'

let bench: Bench
let first: EngineInterface
let second: EngineInterface
let owner: pg.Client
beforeAll(async () => {
  bench = await engines(2)
  ;[first, second] = bench.engines as [EngineInterface, EngineInterface]
  owner = await connectOwner(bench.database.ownerUrl)
})
afterAll(async () => {
  await owner.end()
  await bench.stop()
})

const leads = async (workspace: string) =>
  (await first.usage(workspace))!.usage.meters.find(({ meter }) => meter === 'leads')!
const figure = async (engine: EngineInterface, name: string) => (await engine.metrics())[name]!
const idOf = ({ body }: { body: object }) => (body as ReservationWire).id
const use = (engine: EngineInterface, workspace: string, quantity: number, key: string | null = null) =>
  engine.submit(
    asked({
      op: 'use',
      workspace,
      id: 'use_1',
      lines: [{ meter: 'leads', quantity }],
      mode: 'enforce',
      reference: null,
      key,
    }),
  )

test('a workspace is read once; reserving, committing, releasing and refusing on it need no reading after that', async () => {
  await createWorkspace(first, 'ws_warm')
  await use(first, 'ws_warm', 1)
  const before = await figure(first, 'batch_reads_total')
  for (let turn = 0; turn < 10; turn++) {
    const held = await reserve(first, 'ws_warm', 5)
    expect((await commit(first, 'ws_warm', idOf(held), 3)).status).toBe(200)
    const let_go = await reserve(first, 'ws_warm', 5)
    expect((await first.submit(asked({ op: 'release', workspace: 'ws_warm', id: idOf(let_go) }))).status).toBe(200)
    expect((await reserve(first, 'ws_warm', 100_000)).status).toBe(402)
  }
  expect(await figure(first, 'batch_reads_total')).toBe(before)
  expect(await figure(first, 'batch_retries_total')).toBe(0)
  expect(await leads('ws_warm')).toMatchObject({ used: 31, reserved: 0 })
})

test('I1 what the other process wrote is seen, in turn', async () => {
  await createWorkspace(first, 'ws_turns')
  const { available } = await leads('ws_turns')
  for (let turn = 0; turn < 10; turn++) {
    expect((await use(turn % 2 ? first : second, 'ws_turns', 10)).status).toBe(200)
    expect(await leads('ws_turns')).toMatchObject({ used: (turn + 1) * 10 })
  }
  expect(available! - (await leads('ws_turns')).available!).toBe(100)
  expect((await first.audit()).differences).toEqual([])
})

test('a refusal is never said of what is remembered from before another process gave something back', async () => {
  await createWorkspace(second, 'ws_back')
  const { available } = await leads('ws_back')
  const taken = await reserve(second, 'ws_back', available!)
  expect((await use(first, 'ws_back', 1)).status).toBe(402)
  await second.submit(asked({ op: 'release', workspace: 'ws_back', id: idOf(taken) }))
  expect((await use(first, 'ws_back', 1)).status).toBe(200)
})

test('A41 a reservation another process made is given again, also when nothing is left for a new one', async () => {
  await createWorkspace(second, 'ws_known')
  const { available } = await leads('ws_known')
  await reserve(second, 'ws_known', 5, { id: 'mine' })
  // The first now remembers the workspace, but has never heard of that reservation.
  await use(first, 'ws_known', available! - 5)
  expect(await reserve(first, 'ws_known', 5, { id: 'mine' })).toMatchObject({ status: 200, body: { id: 'mine' } })
  expect(await reserve(first, 'ws_known', 6, { id: 'mine' })).toMatchObject({
    status: 422,
    body: { code: 'reservation_mismatch' },
  })
  expect((await commit(first, 'ws_known', 'mine', 5)).status).toBe(200)
  expect((await commit(second, 'ws_known', 'mine', 5)).status).toBe(200)
  expect((await commit(first, 'ws_known', 'mine', 5)).status).toBe(200)
  expect(await leads('ws_known')).toMatchObject({ used: available, reserved: 0 })
})

test('a key another process has answered is answered the same, also when the answer would be a refusal now', async () => {
  await createWorkspace(second, 'ws_keyed')
  const { available } = await leads('ws_keyed')
  const answer = await use(second, 'ws_keyed', 7, 'key_1')
  await use(first, 'ws_keyed', available! - 7)
  for (const engine of [first, second])
    expect(await use(engine, 'ws_keyed', 7, 'key_1')).toMatchObject({ status: 200, text: answer.text, replayed: true })
  // A fault of form is stored nowhere; under a used key it is a mismatch all the same.
  expect(await use(first, 'ws_keyed', 0, 'key_1')).toMatchObject({
    status: 422,
    body: { code: 'idempotency_mismatch' },
  })
  expect(await leads('ws_keyed')).toMatchObject({ used: available })
})

test('two servers on one workspace: each operation takes effect once, and once they have found out, they wait for each other', async () => {
  await createWorkspace(first, 'ws_both', 'growth', 25_000)
  const answers = await Promise.all(
    Array.from({ length: 40 }, async (_, index) => {
      const engine = index % 2 ? first : second
      const statuses: number[] = []
      for (let turn = 0; turn < 25; turn++) {
        const held = await reserve(engine, 'ws_both', 2)
        statuses.push(held.status, (await commit(engine, 'ws_both', idOf(held), 1)).status)
      }
      return statuses
    }),
  )
  expect(new Set(answers.flat())).toEqual(new Set([200, 201]))
  expect(await leads('ws_both')).toMatchObject({ used: 1000, reserved: 0 })
  expect((await first.audit()).differences).toEqual([])
})

test('what is remembered is given up when the row says otherwise, whoever wrote it', async () => {
  await createWorkspace(first, 'ws_other')
  await use(first, 'ws_other', 1)
  await owner.query(`update workspaces set version = version + 1 where workspace_id = 'ws_other'`)
  await owner.query(`update subscriptions set status = 'suspended' where workspace_id = 'ws_other'`)
  expect(await use(first, 'ws_other', 1)).toMatchObject({ status: 402, body: { reason: 'workspace_suspended' } })
})

test('what happens after a reading is later than it, whichever process was asked', async () => {
  await createWorkspace(first, 'ws_later')
  for (let turn = 0; turn < 50; turn++) {
    const { asOf } = (await (turn % 2 ? first : second).balances('ws_later', null))! as { asOf: string }
    await use(first, 'ws_later', 1)
    const { data } = (await second.ledger('ws_later', { meter: 'leads', limit: 1 }))! as { data: { at: string }[] }
    expect(Date.parse(data[0]!.at)).toBeGreaterThan(Date.parse(asOf))
  }
})

test('time passes for what is remembered: a hold runs out although nobody has read it again', async () => {
  await createWorkspace(first, 'ws_hold')
  const { available } = await leads('ws_hold')
  await reserve(first, 'ws_hold', available!, { ttlSeconds: 1 })
  expect((await use(first, 'ws_hold', 1)).status).toBe(402)
  const start = performance.now()
  while ((await use(first, 'ws_hold', 1)).status === 402) {
    expect(performance.now() - start).toBeLessThan(10_000)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(await leads('ws_hold')).toMatchObject({ used: 1, reserved: 0 })
})

test('the test clock moved by another process counts at once, for what was remembered too', async () => {
  const clocked = await engines(2, { testClock: true })
  try {
    const [one, other] = clocked.engines as [EngineInterface, EngineInterface]
    await one.setTestClock({ now: Date.UTC(2026, 10, 1) })
    await createWorkspace(one, 'ws_clock')
    await reserve(one, 'ws_clock', 5, { id: 'short', ttlSeconds: 60 })
    await other.setTestClock({ advance: 'PT30S' })
    const { body } = await reserve(one, 'ws_clock', 5, { id: 'later', ttlSeconds: 60 })
    expect(body).toMatchObject({ createdAt: '2026-11-01T00:00:30.000Z', expiresAt: '2026-11-01T00:01:30.000Z' })
    await other.setTestClock({ advance: 'PT31S' })
    expect(await commit(one, 'ws_clock', 'later', 5)).toMatchObject({ status: 200, body: { state: 'committed' } })
    expect(await one.reservation('ws_clock', 'short')).toMatchObject({ state: 'expired' })
    await other.setTestClock({ advance: 'P1M' })
    expect((await use(one, 'ws_clock', 1)).body).toMatchObject({
      balances: [{ used: 1, period: { start: '2026-12-01T00:00:00.000Z' } }],
    })
  } finally {
    await clocked.stop()
  }
}, 60_000)
