/**
 * The laws of `decide` (heart.md, P1-P7): however a history is cut into batches, mixed with others, settled early or late, loaded in part
 * or asked again, it comes out the same. Each law plays random histories in two ways and compares rows and answers.
 */
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { decide } from '../src/decide.ts'
import type { Answer, Operation } from '../src/operations.ts'
import type { Instant } from '../src/words.ts'
import { entryWire } from '../src/view.ts'
import { smallCatalog } from './catalog.ts'
import { Choices } from './choices.ts'
import { History } from './history.ts'
import { Model } from './model.ts'
import { workspace } from './requests.ts'
import { run, runOnce } from './run.ts'
import { Store } from './store.ts'

// Half a thousand long histories take their time on a machine that has other things to do.
vi.setConfig({ testTimeout: 300_000 })

const runs = Math.max(100, Math.ceil(Number(process.env['HEADROOM_RUNS'] ?? 100_000) / 200))
const seed = Number(process.env['HEADROOM_SEED'] ?? Date.now() % 2 ** 31)

interface Step {
  now: Instant
  operations: Operation[]
}

/** The steps of a random history; the model alone tells the generator what would be interesting next. */
function stepsOf(bytes: Uint8Array, clock: 'any' | 'forward'): Step[] {
  const choices = new Choices(bytes)
  const model = new Model(smallCatalog)
  const history = new History(choices, model)
  const steps: Step[] = []
  let last = -Infinity
  do {
    let now = history.nextInstant()
    if (clock === 'forward') now = Math.max(now, last)
    const t = Math.max(now, last)
    last = t
    if (model.found) model.settle(t)
    const count = choices.weighted([
      [150, 1],
      [60, 2],
      [46, 4],
    ] as const)
    const operations = Array.from({ length: count }, () => {
      const operation = history.nextOperation()
      model.do(operation, t)
      return operation
    })
    steps.push({ now, operations })
  } while (!choices.done)
  return steps
}

const anySteps = fc.uint8Array({ minLength: 24, maxLength: 160, size: 'max' }).map((bytes) => stepsOf(bytes, 'any'))
const forwardSteps = fc
  .uint8Array({ minLength: 24, maxLength: 160, size: 'max' })
  .map((bytes) => stepsOf(bytes, 'forward'))

const params = { numRuns: runs, seed }

/** Everything but the version, which counts writes. */
function contentOf(store: Store): unknown {
  const dump = store.dump()
  return { ...dump, workspaces: dump.workspaces.map(({ version: _version, ...row }) => row) }
}

test('P1 split: one batch, or its operations one by one at the same instant, leave the same books', () => {
  const stories = fc.property(anySteps, (steps) => {
    const [whole, split] = [new Store(smallCatalog), new Store(smallCatalog)]
    for (const { now, operations } of steps) {
      const together = run(whole, operations, now).answers
      const oneByOne = operations.flatMap((operation) => run(split, [operation], now).answers)
      expect(oneByOne).toEqual(together)
    }
    expect(contentOf(split)).toEqual(contentOf(whole))
  })
  fc.assert(stories, params)
})

test('P2 independence: what another workspace does in the same batch changes nothing', () => {
  const stories = fc.property(anySteps, anySteps, fc.infiniteStream(fc.boolean()), (mine, theirs, firsts) => {
    const [both, alone] = [new Store(smallCatalog), new Store(smallCatalog)]
    mine.forEach(({ now, operations }, index) => {
      const others = (theirs[index]?.operations ?? []).map((operation) => ({ ...operation, workspace: 'ws_2' }))
      const mixed: Operation[] = []
      const [left, right] = [[...operations], [...others]]
      while (left.length + right.length > 0) {
        const from = right.length === 0 || (left.length > 0 && firsts.next().value) ? left : right
        mixed.push(from.shift()!)
      }
      const answers = run(both, mixed, now).answers
      const ofMine = answers.filter((_, at) => mixed[at]!.workspace === workspace)
      expect(ofMine).toEqual(run(alone, operations, now).answers)
    })
    expect(both.dump(workspace)).toEqual(alone.dump(workspace))
  })
  fc.assert(stories, params)
})

/** What a month nobody was there for leaves behind: allowances granted and lapsed, on rows nothing was ever counted on. */
function withoutEmptyMonths(store: Store): unknown {
  const { periodStart } = store.workspaces.rows.get(workspace) ?? { periodStart: 0 }
  const balances = [...store.balances.rows.values()].filter(
    (row) => row.periodStart === periodStart || row.used + row.reserved > 0,
  )
  const kept = new Set(balances.map((row) => `${row.periodStart} ${row.meter}`))
  const entries = [...store.entries.rows.values()].filter(
    (row) => kept.has(`${row.periodStart} ${row.meter}`) && row.kind !== 'lapse',
  )
  const grants = [...store.grants.rows.values()].filter(
    (row) => row.sourceType !== 'plan' || kept.has(`${row.periodStart} ${row.meter}`),
  )
  return {
    balances: balances.toSorted((a, b) => a.periodStart - b.periodStart || (a.meter < b.meter ? -1 : 1)),
    entries: entries.map(({ seq: _seq, ...row }) => row),
    grants,
    reservations: [...store.reservations.rows.values()],
    subscriptions: [...store.subscriptions.rows.values()],
  }
}

test('P3 lazy = eager: settling at any instants before changes no later answer and no figure', () => {
  const moments = fc.array(fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 3 }), {
    minLength: 20,
    maxLength: 20,
  })
  const stories = fc.property(forwardSteps, moments, (steps, moments) => {
    const [lazy, eager] = [new Store(smallCatalog), new Store(smallCatalog)]
    let last = steps[0]!.now
    steps.forEach(({ now, operations }, index) => {
      for (const share of (moments[index % 20] ?? []).toSorted((a, b) => a - b)) {
        const instant = last + Math.floor(((now - last) * share) / 1000)
        run(eager, [{ ...settling, requestId: 'sweeper' }], instant)
      }
      last = now
      expect(run(eager, operations, now).answers).toEqual(run(lazy, operations, now).answers)
    })
    expect(withoutEmptyMonths(eager)).toEqual(withoutEmptyMonths(lazy))
  })
  fc.assert(stories, params)
})

const settling: Operation = {
  op: 'settle',
  workspace,
  request: 'settle',
  key: null,
  requestId: 'req',
  actor: 'headroom',
  viewer: 'admin',
}

test('P4 sufficiency: deciding on what was loaded is deciding on everything', () => {
  const stories = fc.property(anySteps, (steps) => {
    const store = new Store(smallCatalog)
    for (const { now, operations } of steps) {
      const some = decide(store.load(operations, now), operations, now)
      const all = decide(store.load(operations, now, true), operations, now)
      expect(some).toEqual(all)
      run(store, operations, now)
    }
  })
  fc.assert(stories, params)
})

test('P4 strictness: what was not loaded is never taken for absent', () => {
  const stories = fc.property(anySteps, (steps) => {
    const store = new Store(smallCatalog)
    for (const { now, operations } of steps) {
      for (const operation of operations) {
        const books = store.load([operation], now)
        const own = books.workspaces.get(workspace)!
        if ('id' in operation && operation.op !== 'use' && own.workspace && !operation.key) {
          own.reservations.delete(operation.id)
          const decided = () => decide(books, [operation], now).answers[0]
          // Rows that are due are loaded besides; such a one was read rightly.
          if (!own.due?.some((row) => row.id === operation.id))
            expect(decided).toThrow(/not loaded|not having been loaded|without having been loaded/i)
        }
        run(store, [operation], now)
      }
    }
  })
  fc.assert(stories, params)
})

test('P5 replay: with a key, asking again changes nothing and answers the same, byte for byte', () => {
  const stories = fc.property(anySteps, fc.integer({ min: 0, max: 100 }), (steps, days) => {
    const store = new Store(smallCatalog)
    const asked: { operation: Operation; first: Answer }[] = []
    let now = steps[0]!.now
    for (const step of steps) {
      now = Math.max(now, step.now)
      const keyed = step.operations.map((operation, index) => ({ ...operation, key: `key_${asked.length}_${index}` }))
      const { answers } = run(store, keyed, step.now)
      answers.forEach((first, index) => asked.push({ operation: keyed[index]!, first }))
    }
    now += days * 86_400_000
    run(store, [settling], now)
    const before = store.dump()
    for (const { operation, first } of asked) {
      if (first.text === undefined) continue
      const again = { ...operation, requestId: 'req_again', actor: 'another' }
      const [answer] = run(store, [again], now).answers
      expect(answer).toMatchObject({ status: first.status, text: first.text, replayed: true })
      expect(run(store, [{ ...again, request: 'other' }], now).answers[0]).toMatchObject({
        status: 422,
        body: { code: 'idempotency_mismatch' },
      })
    }
    expect(store.dump()).toEqual(before)
  })
  fc.assert(stories, params)
})

test('P5 ask twice, get one: an id is as good as a key', () => {
  const stories = fc.property(anySteps, (steps) => {
    const store = new Store(smallCatalog)
    for (const { now, operations } of steps) {
      for (const operation of operations.map((operation) => ({ ...operation, key: null }))) {
        const [first] = run(store, [operation], now).answers
        const counts = operation.op === 'use' || (operation.op === 'commit' && !operation.final)
        if (counts || first!.status >= 400) continue
        const before = store.dump()
        const [again] = run(store, [operation], now).answers
        expect(again!.status).toBe(200)
        if (operation.op !== 'refund') expect(again!.body).toEqual(first!.body)
        expect(store.dump()).toEqual(before)
      }
    }
  })
  fc.assert(stories, params)
})

test('P6 what is refused changes no row but the stored answer', () => {
  let refusals = 0
  const stories = fc.property(anySteps, (steps) => {
    const store = new Store(smallCatalog)
    for (const { now, operations } of steps) {
      for (const operation of operations) {
        run(store, [settling], now)
        const { answers, changes } = decide(store.load([operation], now), [operation], now)
        if ((answers[0] as Answer).status >= 400) {
          refusals += 1
          const { answers: stored, ...rest } = changes
          expect(rest).toEqual({
            workspaces: [],
            subscriptions: { created: [], changed: [] },
            balances: { created: [], changed: [] },
            reservations: { created: [], changed: [] },
            grants: { created: [], changed: [] },
            entries: [],
          })
          expect(stored.length).toBeLessThanOrEqual(operation.key === null ? 0 : 1)
        }
        runOnce(store, [operation], now)
      }
    }
  })
  fc.assert(stories, params)
  expect(refusals).toBeGreaterThan(runs)
})

test('P7 the ledger is in order, and the sums of its changes rebuild every balance', () => {
  const stories = fc.property(anySteps, (steps) => {
    const store = new Store(smallCatalog)
    for (const { now, operations } of steps) run(store, operations, now)
    const rebuilt = new Map<string, { limit: number | null; used: number; reserved: number; overage: number }>()
    let [lastAt, lastSeq] = [-Infinity, 0]
    for (const row of store.entries.rows.values()) {
      expect(row.seq).toBe(lastSeq + 1)
      expect(row.at).toBeGreaterThanOrEqual(lastAt)
      lastAt = row.at
      lastSeq = row.seq
      const { change, after, kind } = entryWire(row)
      expect(['grant', 'reserve', 'commit', 'release', 'expire', 'use', 'lapse', 'adjust', 'refund']).toContain(kind)
      const key = `${row.periodStart} ${row.meter}`
      const sum = rebuilt.get(key) ?? { limit: 0, used: 0, reserved: 0, overage: 0 }
      sum.limit = sum.limit === null || change.limit === null ? null : sum.limit + change.limit
      sum.used += change.used
      sum.reserved += change.reserved
      sum.overage += change.overage
      rebuilt.set(key, sum)
      expect(after).toEqual(sum)
    }
    for (const { periodStart, meter, limit, used, reserved, overage } of store.balances.rows.values()) {
      const sum = rebuilt.get(`${periodStart} ${meter}`) ?? { limit: 0, used: 0, reserved: 0, overage: 0 }
      expect({ limit, used, reserved, overage }).toEqual(sum)
    }
  })
  fc.assert(stories, params)
})
