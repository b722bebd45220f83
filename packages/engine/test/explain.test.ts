import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EntryKind, EntryWire, ExplainWire, Operation } from '@headroom/core'
import catalog from '../../../catalogs/ken.ts'
import { smallCatalog } from '../../core/test/catalog.ts'
import { Choices } from '../../core/test/choices.ts'
import { History } from '../../core/test/history.ts'
import { Model } from '../../core/test/model.ts'
import { connectOwner, readPool } from '../src/connection.ts'
import { explain } from '../src/explain.ts'
import type { EngineInterface, PurchaseRow } from '../src/index.ts'
import { loadStatements, testClock } from '../src/load.ts'
import { Reader } from '../src/reader.ts'
import { asked, commit, createWorkspace, engines, type Bench } from './engines.ts'

type Figure = ExplainWire['sentences'][number]['figure']

async function explained(engine: EngineInterface, workspace: string, meter: string): Promise<ExplainWire> {
  const found = await engine.explain(workspace, meter)
  if (typeof found !== 'object') throw new Error(`no explanation of ${meter}`)
  return found
}

const sumOf = ({ sentences }: ExplainWire, of: Figure): number | null => {
  const quantities = sentences.filter(({ figure }) => figure === of).map(({ quantity }) => quantity)
  return quantities.includes(null) ? null : quantities.reduce<number>((sum, quantity) => sum + quantity!, 0)
}

const kinds = ['grant', 'reserve', 'commit', 'release', 'expire', 'use', 'lapse', 'adjust', 'refund'] as const

async function ledgerOf(engine: EngineInterface, workspace: string, kind?: EntryKind): Promise<EntryWire[]> {
  const entries: EntryWire[] = []
  for (let cursor: string | undefined; ;) {
    const page = await engine.ledger(workspace, { limit: 100, ...(kind && { kind }), ...(cursor && { cursor }) })
    if (typeof page !== 'object') throw new Error('no page')
    entries.push(...page.data)
    if (page.nextCursor === null) return entries
    cursor = page.nextCursor
  }
}

describe('whatever happens to a workspace', () => {
  let bench: Bench
  let owner: pg.Client
  beforeAll(async () => {
    bench = await engines(1, { catalog: smallCatalog, testClock: true })
    owner = await connectOwner(bench.database.ownerUrl)
  })
  afterAll(async () => {
    await owner.end()
    await bench.stop()
  })

  test('the sentences add up to the balance, the ledger to both, and the days to what is used', async () => {
    const engine = bench.engines[0]!
    let histories = 0
    let told = 0
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 100, maxLength: 400, size: 'max' }), async (bytes) => {
        const workspace = `ws_${histories++}`
        const choices = new Choices(bytes)
        const model = new Model(smallCatalog)
        const history = new History(choices, model)
        let last = 0
        do {
          const now = history.nextInstant()
          // Each history begins at the same instant, so the clock is set behind the engine's back: for it, it never goes back.
          await owner.query(
            'insert into test_clock (id, now) values (1, $1) on conflict (id) do update set now = excluded.now',
            [new Date(now).toISOString()],
          )
          last = Math.max(last, now)
          if (model.found) model.settle(last)
          const operation = history.nextOperation()
          model.do(operation, last)
          await engine.submit({ ...operation, workspace } as Operation)
        } while (!choices.done)
        if (!(await engine.workspace(workspace))) return
        const entries = await ledgerOf(engine, workspace)
        const byKind: EntryWire[] = []
        for (const kind of kinds) {
          const some = await ledgerOf(engine, workspace, kind)
          expect(some.every((entry) => entry.kind === kind)).toBe(true)
          byKind.push(...some)
        }
        expect(byKind.toSorted((a, b) => b.seq - a.seq)).toEqual(entries)
        const { data } = (await engine.history(workspace))!
        for (const { id: meter } of smallCatalog.meters) {
          const explanation = await explained(engine, workspace, meter)
          const { limit, used, reserved, available, period } = explanation.balance
          const sums = (['limit', 'used', 'reserved', 'available'] as const).map((of) => sumOf(explanation, of))
          expect(sums, `${workspace} ${meter}`).toEqual([limit, used, reserved, available])
          const own = entries.filter((entry) => entry.meter === meter && entry.period === period.start)
          const changes = own.map(({ change }) => change)
          expect(changes.reduce((sum, change) => sum + change.used, 0)).toBe(used)
          expect(changes.reduce((sum, change) => sum + change.reserved, 0)).toBe(reserved)
          const behind = explanation.sentences.flatMap((sentence) => sentence.entries)
          expect(own.map(({ id }) => id)).toEqual(expect.arrayContaining(behind))
          const [running] = data.filter((row) => row.meter === meter)
          expect(running).toMatchObject({ limit, used, period })
          expect(running!.days.reduce((sum, day) => sum + day.used, 0)).toBe(used)
          told += behind.length
        }
      }),
      { numRuns: 40, interruptAfterTimeLimit: 60_000, markInterruptAsFailure: false },
    )
    // Some four entries stand behind the sentences of each history: with hardly any, the sums above would say nothing.
    expect(told).toBeGreaterThan(histories)
  }, 120_000)
})

describe('in words', () => {
  let bench: Bench
  let engine: EngineInterface
  const workspace = 'ws_words'
  beforeAll(async () => {
    bench = await engines(1, { catalog, testClock: true })
    engine = bench.engines[0]!
    await engine.setTestClock({ now: Date.UTC(2026, 10, 1) })
    await createWorkspace(engine, workspace, 'starter', 1_000)
  })
  afterAll(() => bench.stop())

  const texts = async (meter: string) => (await explained(engine, workspace, meter)).sentences.map(({ text }) => text)
  const hold = (id: string, quantity: number, reference: string | null) =>
    engine.submit(
      asked({
        op: 'reserve',
        workspace,
        id,
        lines: [{ meter: 'leads', quantity }],
        partial: false,
        ttlSeconds: 86_400,
        reference,
        metadata: null,
      }),
    )

  test('A126 it names the plan, each add-on with date and receipt, grants with their reason, and who uses and holds how much', async () => {
    await engine.setTestClock({ now: Date.UTC(2026, 10, 3, 9, 14) })
    await engine.purchases.create(bought('pur_words', 1))
    await engine.purchases.change(workspace, 'pur_words', ['pending'], { state: 'paid', receiptNumber: '1234-5678' })
    const source = { type: 'purchase', id: 'pur_words' } as const
    const brings = [
      { meter: 'leads', quantity: 1_000 },
      { meter: 'email_sends', quantity: 4_000 },
    ]
    await engine.submit(asked({ op: 'grant', workspace, source, lines: brings, reason: 'Bought: 1 × leads' }))
    const goodwill = { source: { type: 'operator', id: 'grt_1' } as const, reason: 'Goodwill, ticket 4711' }
    await engine.submit(asked({ op: 'grant', workspace, lines: [{ meter: 'leads', quantity: 1 }], ...goodwill }))
    await hold('imp_1', 400, 'Spring list')
    await commit(engine, workspace, 'imp_1', 100, false)
    await engine.setTestClock({ advance: 'PT30M' })
    await commit(engine, workspace, 'imp_1', 240)
    await hold('imp_2', 200, 'Q4 founders')
    await hold('imp_3', 1, null)
    await engine.setTestClock({ advance: 'P2D' })
    await engine.submit(asked({ op: 'refund', workspace, source, lines: [{ meter: 'leads', quantity: 250 }] }))
    expect(await texts('leads')).toEqual([
      'Starter plan with 1,000 contacts: 1,000 leads from 1 Nov 2026, 00:00 UTC to 1 Dec 2026, 00:00 UTC.',
      '1,000 leads bought on 3 Nov 2026, 09:14 UTC (receipt 1234-5678).',
      '250 of the 1,000 leads bought on 3 Nov 2026, 09:14 UTC (receipt 1234-5678) taken back on 5 Nov 2026, 09:44 UTC after a refund or dispute.',
      '1 lead granted by an operator on 3 Nov 2026, 09:14 UTC: Goodwill, ticket 4711.',
      '340 leads used by "Spring list" from 3 Nov 2026, 09:14 UTC to 3 Nov 2026, 09:44 UTC.',
      '1,411 leads left: 1,751 limit − 340 used − 0 reserved.',
    ])
    await hold('imp_4', 200, 'Q4 founders')
    await hold('imp_5', 1, null)
    expect((await texts('leads')).slice(-3)).toEqual([
      '200 leads reserved by "Q4 founders" since 5 Nov 2026, 09:44 UTC.',
      '1 lead reserved by reservation imp_5 since 5 Nov 2026, 09:44 UTC.',
      '1,210 leads left: 1,751 limit − 340 used − 201 reserved.',
    ])
    expect((await texts('email_sends'))[1]).toBe(
      '4,000 email sends included with 1,000 leads bought on 3 Nov 2026, 09:14 UTC (receipt 1234-5678).',
    )
  })

  test('the latest ten are named, what is less than a hundredth is not, and the rest is summed', async () => {
    const record = (quantity: number, reference: string | null, id = 'use_x') =>
      engine.submit(
        asked({
          op: 'use',
          workspace,
          id,
          lines: [{ meter: 'email_sends', quantity }],
          mode: 'record',
          reference,
        }),
      )
    await record(900, 'a newsletter')
    await record(50, null, 'use_0123456789abcdefABCDEF-_')
    expect((await texts('email_sends')).slice(2, -1).map((text) => text.replace(/ on .*/, ''))).toEqual([
      '900 email sends used by "a newsletter"',
      '50 email sends used without a reference',
    ])
    for (let n = 0; n < 150; n++) await record(1, `mail_${n}`)
    await engine.setTestClock({ advance: 'PT1M' })
    for (let n = 0; n < 10; n++) await record(20, `list ${n}`)
    const told = (await explained(engine, workspace, 'email_sends')).sentences.filter(({ figure }) => figure === 'used')
    expect(told).toHaveLength(11)
    expect(told.slice(0, -1).map(({ text }) => text)).toEqual(
      Array.from({ length: 10 }, (_, n) => `20 email sends used by "list ${n}" on 5 Nov 2026, 09:45 UTC.`),
    )
    expect(told.at(-1)).toEqual({
      text: '1,100 email sends used by 152 more; the ledger lists them.',
      figure: 'used',
      quantity: 1_100,
      entries: [],
    })
  })

  test('a period that begins while it is asked is explained by its own allowance', async () => {
    await createWorkspace(engine, 'ws_begins', 'starter', 1_000)
    const pool = readPool(bench.database.url)
    const byVersion = new Map([[catalog.version, catalog]])
    const catalogs = { current: catalog.version, byVersion, ensure: () => Promise.resolve() }
    let asked = 0
    try {
      const told = await explain(
        new Reader(pool, loadStatements(testClock), catalogs),
        { workspace: 'ws_begins', meter: 'leads' },
        async (workspace) => {
          asked += 1
          // Nothing is due, and in the next moment it is.
          if (asked === 1) await engine.setTestClock({ advance: 'P1M' })
          else await engine.ledger(workspace, { limit: 1 })
        },
      )
      expect(told).toMatchObject({ balance: { limit: 1_000 }, sentences: [{ figure: 'limit', quantity: 1_000 }, {}] })
      expect(asked).toBe(2)
    } finally {
      await pool.end()
    }
  })

  test('what was spent of an add-on before the period was moved is not counted again', async () => {
    const moved = 'ws_moved'
    await createWorkspace(engine, moved, 'starter', 1_000)
    const source = { type: 'purchase', id: 'pur_moved' } as const
    const lines = [{ meter: 'leads', quantity: 1_000 }]
    await engine.submit(asked({ op: 'grant', workspace: moved, source, lines, reason: 'Bought: 1 × leads' }))
    const used = [{ meter: 'leads', quantity: 1_200 }]
    await engine.submit(
      asked({ op: 'use', workspace: moved, id: 'use_1', lines: used, mode: 'record', reference: 'A list' }),
    )
    await engine.setTestClock({ advance: 'P1D' })
    const yearly = { plan: 'starter', contacts: 1_000, interval: 'year', when: 'now', status: null } as const
    await engine.submit(asked({ op: 'set-plan', workspace: moved, ...yearly, anchor: null, graceUntil: null }))
    const explanation = await explained(engine, moved, 'leads')
    expect(
      explanation.sentences.map(({ text, quantity }) => `${quantity} ${text.replace(/ (?:on|from) .*/, '')}`),
    ).toEqual([
      '1000 Starter plan with 1,000 contacts: 1,000 leads',
      '1000 1,000 leads added',
      '-200 200 of the 1,000 leads added',
      '1800 1,800 leads left: 1,800 limit − 0 used − 0 reserved.',
    ])
    expect(explanation.balance.limit).toBe(1_800)
  })

  const bought = (id: string, blocks: number): PurchaseRow => ({
    workspace,
    id,
    createdAt: Date.UTC(2026, 10, 3, 9),
    addOn: 'leads',
    blocks,
    plan: null,
    contacts: null,
    interval: null,
    brings: [
      { meter: 'leads', quantity: blocks * 1_000 },
      { meter: 'email_sends', quantity: blocks * 4_000 },
    ],
    total: 9_000,
    currency: 'usd',
    state: 'pending',
    key: null,
    request: '',
    actor: 'test',
    session: null,
    url: null,
    expiresAt: null,
    paymentIntent: null,
    charge: null,
    receiptNumber: null,
    receiptUrl: null,
    refunded: 0,
    paidAt: null,
    note: null,
  })
})
