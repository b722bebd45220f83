import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EngineInterface } from '../src/index.ts'
import { asked, createWorkspace, engines, reserve, type Bench } from './engines.ts'
import { boundary, type EntryWire } from '@headroom/core'

/** Two engines on one database under the test clock. */
let bench: Bench
let first: EngineInterface
let second: EngineInterface
beforeAll(async () => {
  bench = await engines(2, { testClock: true })
  ;[first, second] = bench.engines as [EngineInterface, EngineInterface]
  await first.setTestClock({ now: Date.UTC(2026, 0, 31, 10) })
})
afterAll(() => bench.stop())

const meterOf = async (engine: EngineInterface, workspace: string, id = 'leads') =>
  (await engine.usage(workspace))!.usage.meters.find(({ meter }) => meter === id)!

async function ledgerOf(engine: EngineInterface, workspace: string): Promise<EntryWire[]> {
  const entries: EntryWire[] = []
  for (let cursor: string | undefined; ;) {
    const page = await engine.ledger(workspace, { limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    if (typeof page !== 'object') throw new Error('no page')
    entries.push(...page.data)
    if (page.nextCursor === null) return entries
    cursor = page.nextCursor
  }
}

test('A83 A84 A85 A86 fifty at once at the boundary: the period resets once, what was left is lost', async () => {
  await createWorkspace(first, 'ws_reset')
  const lines = [{ meter: 'leads', quantity: 200 }]
  await first.submit(asked({ op: 'use', workspace: 'ws_reset', id: 'u_1', lines, mode: 'enforce', reference: null }))
  await first.setTestClock({ now: Date.UTC(2026, 1, 28, 10) })
  const answers = await Promise.all(
    Array.from({ length: 50 }, async (_, index) => {
      const engine = index % 2 ? first : second
      if (index % 3 === 0) return (await engine.usage('ws_reset'))!.usage.meters[1]!.limit === 1000
      return (await reserve(engine, 'ws_reset', 10, { id: `r_${index}` })).status === 201
    }),
  )
  expect(answers.every(Boolean)).toBe(true)
  expect(await meterOf(second, 'ws_reset')).toMatchObject({ used: 0, reserved: 330, limit: 1000 })
  const entries = await ledgerOf(first, 'ws_reset')
  const opened = entries.filter(({ kind, period }) => kind === 'grant' && period === '2026-02-28T10:00:00.000Z')
  expect(opened).toHaveLength(3)
  const lapsed = entries.filter(({ kind }) => kind === 'lapse').map(({ meter, quantity }) => `${meter} ${quantity}`)
  expect(lapsed.sort()).toEqual(['ai_campaigns 3', 'email_sends 4000', 'leads 800'])
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => entries.length - index))
  expect((await first.audit()).differences).toEqual([])
})

test('A149 a reservation held across the reset settles in its own period and is neither lost nor doubled', async () => {
  await createWorkspace(first, 'ws_across')
  const { period } = (await first.usage('ws_across'))!.usage
  await first.setTestClock({ now: Date.parse(period.end) - 60_000 })
  await reserve(first, 'ws_across', 600, { id: 'imp_across', ttlSeconds: 3600 })
  await first.setTestClock({ advance: 'PT5M' })
  expect(await meterOf(second, 'ws_across')).toMatchObject({ used: 0, reserved: 0, available: 1000 })
  const lines = [{ meter: 'leads', quantity: 450 }]
  const done = await second.submit(
    asked({ op: 'commit', workspace: 'ws_across', id: 'imp_across', lines, final: true }),
  )
  expect(done).toMatchObject({
    status: 200,
    body: { state: 'committed', period: { start: period.start, end: period.end } },
  })
  expect(await meterOf(first, 'ws_across')).toMatchObject({ used: 0, reserved: 0, available: 1000 })
  const old = (await ledgerOf(first, 'ws_across')).filter(
    ({ period: start, meter }) => start === period.start && meter === 'leads',
  )
  expect(old.map(({ kind, after }) => `${kind} ${after.used}/${after.reserved}`)).toEqual([
    'release 450/0',
    'commit 450/150',
    'lapse 0/600',
    'reserve 0/600',
    'grant 0/0',
  ])
  expect((await first.audit()).differences).toEqual([])
})

test('more overdue reservations than one round settles: the next operation still sees them all returned', async () => {
  await createWorkspace(first, 'ws_flood')
  const held = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      reserve(first, 'ws_flood', 2, { id: `r_${index}`, ttlSeconds: 60 + (index % 7) }),
    ),
  )
  expect(held.every(({ status }) => status === 201)).toBe(true)
  expect((await reserve(second, 'ws_flood', 1)).status).toBe(402)
  await first.setTestClock({ advance: 'PT10M' })
  expect(await meterOf(second, 'ws_flood')).toMatchObject({ reserved: 0, available: 1000 })
  const answers = await Promise.all([
    reserve(second, 'ws_flood', 1000, { id: 'all' }),
    reserve(first, 'ws_flood', 1000, { id: 'all_2' }),
  ])
  expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 402])
  expect((await first.audit()).differences).toEqual([])
})

test('the balances of any past instant can be asked for, also in months that nobody touched', async () => {
  await createWorkspace(first, 'ws_past')
  const created = await first.now()
  await first.setTestClock({ advance: 'PT1H' })
  await reserve(first, 'ws_past', 100, { id: 'r_past', ttlSeconds: 600 })
  await first.setTestClock({ advance: 'P5M' })
  const leadsAt = async (at: number) => {
    const answer = await second.balances('ws_past', at)
    if (typeof answer !== 'object') throw new Error(String(answer))
    return answer.balances.find(({ meter }) => meter === 'leads')!
  }
  expect(await leadsAt(created)).toMatchObject({ reserved: 0, available: 1000 })
  expect(await leadsAt(created + 3_600_000)).toMatchObject({ reserved: 100, available: 900 })
  expect(await leadsAt(created + 3_600_000 + 600_000 - 1)).toMatchObject({ reserved: 100 })
  expect(await leadsAt(created + 3_600_000 + 600_000)).toMatchObject({ reserved: 0, available: 1000 })
  const untouched = await leadsAt(created + 80 * 86_400_000)
  expect(untouched).toMatchObject({ used: 0, limit: 1000 })
  expect(Date.parse(untouched.period.start)).toBeLessThanOrEqual(created + 80 * 86_400_000)
  expect(Date.parse(untouched.period.end)).toBeGreaterThan(created + 80 * 86_400_000)
  expect(await second.balances('ws_past', created - 1)).toBe('out_of_range')
  expect(await second.balances('ws_past', (await first.now()) + 1)).toBe('out_of_range')
})

test('A88 a paid year has twelve periods from the change on, and months nobody touched show the plan they had', async () => {
  const change = { anchor: null, status: null, graceUntil: null, contacts: null } as const
  const later = (workspace: string, plan: string, interval: 'month' | 'year' | null) =>
    first.submit(asked({ op: 'set-plan', workspace, plan, interval, when: 'periodEnd', ...change }))
  await createWorkspace(first, 'ws_year')
  await createWorkspace(first, 'ws_gap', 'growth')
  const created = await first.now()
  const { period } = (await first.usage('ws_year'))!.usage
  await later('ws_year', 'starter', 'year')
  await later('ws_gap', 'growth', 'year')
  await first.setTestClock({ advance: 'P1M3D' })
  await later('ws_year', 'free', null)
  await later('ws_gap', 'free', null)
  const yearOn = new Date(boundary(Date.parse(period.end), 12)).toISOString()
  expect((await second.usage('ws_year'))!.usage.plan).toMatchObject({ interval: 'year', pendingChange: { at: yearOn } })
  await first.setTestClock({ advance: 'P15M' })
  expect((await second.usage('ws_gap'))!.usage.plan).toMatchObject({ id: 'free', interval: 'month' })
  const limitAfter = async (months: number) => {
    const answer = await second.balances('ws_gap', boundary(created, months) + 5 * 86_400_000)
    if (typeof answer !== 'object') throw new Error(String(answer))
    return answer.balances.find(({ meter }) => meter === 'leads')!.limit
  }
  expect(await Promise.all([0, 5, 11, 14].map(limitAfter))).toEqual([5000, 5000, 5000, 50])
  expect((await first.audit()).differences).toEqual([])
})

test('the test clock stands still, never goes back, and counts months to their end', async () => {
  const now = await first.now()
  expect(await second.now()).toBe(now)
  expect(await first.setTestClock({ now: now - 1 })).toBe('backwards')
  expect(await first.setTestClock({ now })).toBe(now)
  expect(await first.setTestClock({ advance: 'P' })).toBe('bad_duration')
  expect(await first.setTestClock({ advance: 'PT' })).toBe('bad_duration')
  expect(await first.setTestClock({ advance: '-P1D' })).toBe('bad_duration')
  expect(await first.setTestClock({ advance: 'P9999Y' })).toBe('bad_duration')
  expect(await first.setTestClock({ advance: 'P1DT2H3M4.005S' })).toBe(now + 86_400_000 + 7_384_005)
})

test('the sweeper of a running engine ends overdue reservations that nobody asks about, and watchers are told', async () => {
  const swept = await engines(1, { sweeper: true })
  const [engine] = swept.engines as [EngineInterface]
  await createWorkspace(engine, 'ws_swept')
  await reserve(engine, 'ws_swept', 100, { id: 'r_swept', ttlSeconds: 1 })
  const versions: number[] = []
  const stop = engine.watch('ws_swept', (version) => versions.push(version))
  const until = Date.now() + 15_000
  while (versions.length === 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 50))
  stop()
  expect(versions.length).toBeGreaterThan(0)
  const page = await engine.ledger('ws_swept', { limit: 1 })
  expect(page).toMatchObject({ data: [{ kind: 'expire', quantity: 100 }] })
  await swept.stop()
})
