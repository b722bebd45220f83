import { afterAll, beforeAll, expect, test } from 'vitest'
import type { EntryWire, HistoryWire } from '@headroom/core'
import type { EngineInterface } from '../src/index.ts'
import { asked, commit, createWorkspace, engines, reserve, type Bench } from './engines.ts'

/** Under the test clock, from the last day of a month in the afternoon: periods begin within a day and are clamped. */
let bench: Bench
let engine: EngineInterface
beforeAll(async () => {
  bench = await engines(1, { testClock: true })
  engine = bench.engines[0]!
  await engine.setTestClock({ now: Date.UTC(2026, 0, 31, 16, 30) })
})
afterAll(() => bench.stop())

async function ledgerOf(workspace: string): Promise<EntryWire[]> {
  const entries: EntryWire[] = []
  for (let cursor: string | undefined; ;) {
    const page = await engine.ledger(workspace, { limit: 100, ...(cursor === undefined ? {} : { cursor }) })
    if (typeof page !== 'object') throw new Error('no page')
    entries.push(...page.data)
    if (page.nextCursor === null) return entries
    cursor = page.nextCursor
  }
}

/** What the ledger's entries add up to for a meter: by period, or by the date of one period. */
const usedBy = (entries: EntryWire[], meter: string, of: (entry: EntryWire) => string): Record<string, number> => {
  const sums: Record<string, number> = {}
  for (const entry of entries.filter((one) => one.meter === meter)) {
    sums[of(entry)] = (sums[of(entry)] ?? 0) + entry.change.used
  }
  return sums
}

let uses = 0
const use = (workspace: string, quantity: number, meter = 'leads') =>
  engine.submit(
    asked({ op: 'use', workspace, id: `u_${++uses}`, lines: [{ meter, quantity }], mode: 'record', reference: null }),
  )
const advance = (by: string) => engine.setTestClock({ advance: by })
const of = (told: HistoryWire | undefined, meter: string) => told!.data.filter((row) => row.meter === meter)

test('the history is what the ledger adds up to, by period and by day, across resets, late ends and refunds', async () => {
  const workspace = 'ws_told'
  await createWorkspace(engine, workspace)
  const source = { type: 'purchase', id: 'pur_told' } as const
  const brings = [{ meter: 'leads', quantity: 500 }]
  await engine.submit(asked({ op: 'grant', workspace, source, lines: brings, reason: null }))
  await use(workspace, 40)
  // Ends in the period after: it counts where it began.
  await advance('P27DT23H')
  await reserve(engine, workspace, 300, { id: 'across', ttlSeconds: 86_400 })
  await commit(engine, workspace, 'across', 7, false)
  await advance('PT2H')
  await use(workspace, 11)
  await commit(engine, workspace, 'across', 200)
  await advance('PT7H')
  await use(workspace, 5)
  await use(workspace, 3, 'email_sends')
  await engine.submit(
    asked({ op: 'grant', workspace, source: { ...source, id: 'pur_2' }, lines: brings, reason: null }),
  )
  await use(workspace, 1_200)
  await advance('P3D')
  await engine.submit(asked({ op: 'refund', workspace, source: { ...source, id: 'pur_2' }, lines: brings }))
  await use(workspace, 2)
  await advance('P1D')

  const told = await engine.history(workspace)
  const entries = await ledgerOf(workspace)
  for (const meter of ['email_sends', 'leads', 'ai_campaigns']) {
    const rows = of(told, meter)
    expect(rows.map(({ period }) => period.start)).toEqual(['2026-02-28T16:30:00.000Z', '2026-01-31T16:30:00.000Z'])
    const byPeriod = usedBy(entries, meter, ({ period }) => period)
    for (const { period, used } of rows) expect(used, `${meter} ${period.start}`).toBe(byPeriod[period.start])
    const running = entries.filter(({ period }) => period === rows[0]!.period.start)
    const byDay = usedBy(running, meter, ({ at }) => at.slice(0, 10))
    const days = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05']
    expect(rows[0]!.days).toEqual(days.map((date) => ({ date, used: byDay[date] ?? 0 })))
    expect(rows[1]!.days).toEqual([])
    expect(rows[0]!.days.reduce((sum, { used }) => sum + used, 0)).toBe(rows[0]!.used)
  }
  expect(of(told, 'leads').map(({ limit, used }) => ({ limit, used }))).toEqual([
    { limit: 1000, used: 11 + 5 + 1_200 + 2 },
    { limit: 1500, used: 40 + 207 },
  ])
  expect(of(told, 'leads')[0]!.days.map(({ used }) => used)).toEqual([11, 1_205, 0, 0, 2, 0])
  expect(await engine.history(workspace, 'leads')).toEqual({ data: of(told, 'leads') })
})

test('without a limit there is a count and no limit; twelve periods at the most, months nobody touched among them', async () => {
  const workspace = 'ws_long'
  await createWorkspace(engine, workspace, 'dfy', 10_000)
  await use(workspace, 70_000, 'email_sends')
  await advance('P5M')
  await use(workspace, 9, 'email_sends')
  await advance('P9M')
  await use(workspace, 1, 'email_sends')
  const sends = of(await engine.history(workspace), 'email_sends')
  expect(sends.map(({ used }) => used)).toEqual([1, 0, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0])
  expect(new Set(sends.map(({ limit }) => limit))).toEqual(new Set([null]))
  for (const [index, { period }] of sends.entries()) {
    if (index > 0) expect(period.end).toBe(sends[index - 1]!.period.start)
  }
  expect(of(await engine.history(workspace), 'leads').map(({ limit }) => limit)).toEqual(Array(12).fill(10_000))
})

test('of a workspace that is not there, and of a meter it does not have, there is no history', async () => {
  expect(await engine.history('ws_nobody')).toBeUndefined()
  await createWorkspace(engine, 'ws_new')
  expect(await engine.history('ws_new', 'nothing')).toEqual({ data: [] })
  const [row] = of(await engine.history('ws_new'), 'leads')
  expect(row).toMatchObject({ used: 0, limit: 1000, days: [{ used: 0 }] })
})
