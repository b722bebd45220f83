/** Readings of a subscription in whatever order, repeated, refused, and beside a changed catalog; its stories are in the scenarios. */
import { expect, test } from 'vitest'
import { defineCatalog, type Catalog } from '../src/catalog.ts'
import type { Operation, SyncSubscription } from '../src/operations.ts'
import { smallCatalog } from './catalog.ts'
import { asked, hashed, workspace } from './requests.ts'
import { run } from './run.ts'
import { Store } from './store.ts'

const november = Date.UTC(2026, 10, 2)
const december = Date.UTC(2026, 11, 2)
const minute = 60_000

type Read = NonNullable<SyncSubscription['subscription']>

const starter: Read = {
  reference: 'sub_1',
  plan: 'starter',
  contacts: 20,
  interval: 'month',
  anchor: november,
  status: 'active',
  graceUntil: null,
  pending: null,
}
const growth: Read = { ...starter, plan: 'growth', contacts: 50 }

const read = (reading: number, subscription: Read | null, more: object = {}): Operation =>
  hashed({ ...asked, op: 'sync-subscription', reading, subscription, ...more })
const settle: Operation = hashed({ ...asked, op: 'settle' })

function opened(...catalogs: Catalog[]): Store {
  const store = new Store(...(catalogs.length === 0 ? [smallCatalog] : catalogs))
  const create = { op: 'create-workspace', name: 'Acme', plan: 'free', contacts: null, interval: 'month' } as const
  run(store, [hashed({ ...asked, ...create, anchor: null })], november)
  return store
}

const statusOf = (store: Store, operation: Operation, at: number) => run(store, [operation], at).answers[0]!.status
const subscription = (store: Store) => store.subscriptions.rows.get(workspace)!
const limit = (store: Store, start: number, meter = 'leads') =>
  store.balances.rows.get(`${workspace} ${start} ${meter}`)?.limit

function ordersOf<Item>(items: Item[]): Item[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, at) => ordersOf(items.toSpliced(at, 1)).map((rest) => [item, ...rest]))
}

test('A145 T32 five readings in all 120 orders, each told twice, end in the same subscription and the same limits', () => {
  const readings = [
    read(1, { ...starter, status: 'trialing', anchor: december }),
    read(2, starter),
    read(3, growth),
    read(4, { ...growth, status: 'past_due', graceUntil: december }),
    read(5, { ...growth, pending: { plan: 'free', contacts: null, interval: 'month', at: december } }),
  ]
  const ends = ordersOf(readings).map((order) => {
    const store = opened()
    for (const reading of order) run(store, [reading, reading], november + minute)
    const { workspace: row, ...rest } = { ...subscription(store), workspace: store.workspaces.rows.get(workspace)! }
    return { ...rest, periodEnd: row.periodEnd, limit: limit(store, row.periodStart) }
  })
  expect(ends).toHaveLength(120)
  for (const end of ends) expect(end).toEqual({ ...ends[0], limit: expect.any(Number) })
  expect(new Set(ends.map(({ limit }) => limit))).toEqual(new Set([50]))
})

test('a reading that changes nothing still counts: one that was made before it comes too late', () => {
  const store = opened()
  run(store, [read(1, starter)], november)
  const { version, seq } = store.workspaces.rows.get(workspace)!
  run(store, [read(7, starter)], november + minute)
  expect(subscription(store).reading).toBe(7)
  // Watchers are told, the ledger is not.
  expect(store.workspaces.rows.get(workspace)).toMatchObject({ version: version + 1, seq })
  run(store, [read(6, growth)], november + minute)
  expect(subscription(store)).toMatchObject({ plan: 'starter', reading: 7 })
  expect(store.workspaces.rows.get(workspace)).toMatchObject({ version: version + 1, seq })
})

test('a refused reading changes nothing, and is not kept under its key', () => {
  const store = opened()
  const before = store.dump()
  const gold = read(1, { ...starter, plan: 'gold' }, { key: 'k' })
  expect(statusOf(store, gold, november + minute)).toBe(422)
  expect(statusOf(store, read(1, { ...starter, contacts: null }), november + minute)).toBe(422)
  expect(store.dump()).toEqual(before)
  expect(statusOf(store, read(1, starter, { key: 'k' }), november + minute)).toBe(200)
  expect(subscription(store)).toMatchObject({ plan: 'starter', reading: 1 })
})

test('Free has no interval to pay in, also when it is only announced', () => {
  const store = opened()
  const yearly = { ...starter, interval: 'year' } as const
  run(
    store,
    [read(1, { ...yearly, pending: { plan: 'free', contacts: null, interval: 'year', at: december } })],
    november,
  )
  expect(subscription(store)).toMatchObject({ interval: 'year', pending: { interval: 'month' } })
  run(store, [settle], december)
  expect(subscription(store)).toMatchObject({ plan: 'free', interval: 'month', anchor: november, reference: 'sub_1' })
  run(store, [read(2, null)], december)
  expect(subscription(store)).toMatchObject({ plan: 'free', interval: 'month', anchor: november, reference: null })
})

const changed = (version: string, change: (catalog: Catalog) => Partial<Catalog>): Catalog =>
  defineCatalog({ ...smallCatalog, ...change(structuredClone(smallCatalog)), version })
const richer = changed('small-2', ({ plans }) => ({
  plans: plans.map((plan) => ({ ...plan, allowances: { ...plan.allowances, leads: 100 } })),
}))
const withoutStarter = changed('small-3', ({ plans }) => ({ plans: plans.filter(({ id }) => id !== 'starter') }))

test('a changed catalog counts from the next period or change of plan on, not from the next reading', () => {
  const store = opened()
  run(store, [read(1, starter)], november)
  store.catalogs.push(richer)
  run(store, [read(2, { ...starter, status: 'past_due', graceUntil: december })], november + minute)
  expect(limit(store, november)).toBe(20)
  run(store, [read(3, { ...starter, contacts: 10 })], november + 2 * minute)
  expect(limit(store, november)).toBe(100)
})

test('a plan that is no longer offered is followed on, in all it says, until it ends', () => {
  const store = opened()
  run(store, [read(1, starter)], november)
  store.catalogs.push(withoutStarter)
  const unpaid = read(2, { ...starter, status: 'suspended' })
  expect(statusOf(store, unpaid, november + minute)).toBe(200)
  expect(subscription(store)).toMatchObject({ status: 'suspended', catalog: 'small-1' })
  // Another anchor opens its period from the catalog that still has it.
  expect(statusOf(store, read(3, { ...starter, anchor: december - minute }), december)).toBe(200)
  expect(limit(store, store.workspaces.rows.get(workspace)!.periodStart)).toBe(20)
  expect(statusOf(store, read(4, null), december + minute)).toBe(200)
  expect(subscription(store)).toMatchObject({ plan: 'free', catalog: 'small-3' })
  expect(statusOf(store, read(5, starter), december + minute)).toBe(422)
})

test('what is closed with a moved anchor is booked on the plan it had, what is opened on the new one', () => {
  const store = opened()
  run(store, [read(1, growth)], november)
  run(store, [read(2, { ...starter, anchor: december - minute })], december - minute)
  const leads = [...store.entries.rows.values()].filter(({ meter }) => meter === 'leads')
  expect(leads.map(({ kind, quantity, sourceId }) => `${kind} ${quantity} ${sourceId}`)).toEqual([
    'grant 5 free',
    'adjust 45 growth',
    'lapse 50 growth',
    'grant 20 starter',
  ])
})
