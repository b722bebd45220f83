/** A changed catalog file is a new version: what it changes counts from the next period, or from the next change of plan. */
import { expect, test } from 'vitest'
import { defineCatalog, type Catalog } from '../src/catalog.ts'
import type { Operation } from '../src/operations.ts'
import { smallCatalog } from './catalog.ts'
import { asked, hashed, workspace } from './requests.ts'
import { run } from './run.ts'
import { Store } from './store.ts'

const november = Date.UTC(2026, 10, 2)
const december = Date.UTC(2026, 11, 2)

const changed = (version: string, change: (catalog: Catalog) => Partial<Catalog>): Catalog =>
  defineCatalog({ ...smallCatalog, ...change(structuredClone(smallCatalog)), version })

function started(plan: string, contacts: number | null): Store {
  const store = new Store(smallCatalog)
  const create: Operation = {
    ...asked,
    op: 'create-workspace',
    name: 'Acme',
    plan,
    contacts,
    interval: 'month',
    anchor: null,
  }
  run(store, [hashed(create)], november)
  return store
}

const settle: Operation = hashed({ ...asked, op: 'settle' })
const limit = (store: Store, start: number, meter: string) =>
  store.balances.rows.get(`${workspace} ${start} ${meter}`)?.limit
const use = (quantity: number, meter = 'leads'): Operation =>
  hashed({ ...asked, op: 'use', id: 'use', lines: [{ meter, quantity }], mode: 'enforce', reference: null })

const richer = changed('small-2', ({ plans }) => ({
  plans: plans.map((plan) => ({ ...plan, allowances: { ...plan.allowances, leads: 100 } })),
}))

test('a richer allowance counts from the next period on; what was granted stays', () => {
  const store = started('free', null)
  store.catalogs.push(richer)
  expect(run(store, [use(6)], november + 1).answers[0]!.status).toBe(402)
  expect(limit(store, november, 'leads')).toBe(5)
  run(store, [settle], december)
  expect(limit(store, december, 'leads')).toBe(100)
  expect(limit(store, november, 'leads')).toBe(5)
})

test('a change of plan takes the newest catalog at once, and never lowers', () => {
  const store = started('free', null)
  const poorer = changed('small-0', ({ plans }) => ({
    plans: plans.map((plan) => ({ ...plan, allowances: { ...plan.allowances, leads: 1 } })),
  }))
  store.catalogs.push(poorer)
  const again: Operation = {
    ...asked,
    op: 'set-plan',
    plan: 'free',
    contacts: null,
    interval: 'month',
    when: 'now',
    anchor: null,
    status: null,
    graceUntil: null,
  }
  run(store, [hashed(again)], november + 1)
  expect(limit(store, november, 'leads')).toBe(5)
  store.catalogs.push(richer)
  run(store, [hashed(again)], november + 2)
  expect(limit(store, november, 'leads')).toBe(100)
})

test('a plan that is no longer offered goes on as it was', () => {
  const store = started('starter', 20)
  const without = changed('small-3', ({ plans }) => ({ plans: plans.filter((plan) => plan.id !== 'starter') }))
  store.catalogs.push(without)
  run(store, [settle], december)
  expect(limit(store, december, 'leads')).toBe(20)
  expect(run(store, [use(20)], december + 1).answers[0]!.status).toBe(200)
})

test('a meter that is new in the catalog opens with the next period', () => {
  const store = started('free', null)
  const wider = changed('small-4', ({ meters, plans }) => ({
    meters: [...meters, { ...meters[0]!, id: 'calls' }],
    plans: plans.map((plan) => ({ ...plan, allowances: { ...plan.allowances, calls: 3 } })),
  }))
  store.catalogs.push(wider)
  run(store, [settle], december)
  expect(limit(store, december, 'calls')).toBe(3)
  expect(run(store, [use(3, 'calls')], december + 1).answers[0]!.status).toBe(200)
  expect(run(store, [use(1, 'calls')], december + 1).answers[0]!.status).toBe(402)
})

test('a meter that was dropped keeps its past; its holds still settle', () => {
  const store = started('starter', 10)
  const hold: Operation = {
    ...asked,
    op: 'reserve',
    id: 'a',
    lines: [{ meter: 'tokens', quantity: 5 }],
    partial: false,
    ttlSeconds: 86_400,
    reference: null,
    metadata: null,
  }
  const late = december - 3_600_000
  run(store, [hashed(hold)], late)
  const narrower = changed('small-5', ({ meters, plans }) => ({
    meters: meters.filter((meter) => meter.id !== 'tokens'),
    plans: plans.map(({ allowances: { tokens: _dropped, ...allowances }, ...plan }) => ({ ...plan, allowances })),
  }))
  store.catalogs.push(narrower)
  const commit: Operation = { ...asked, op: 'commit', id: 'a', lines: [{ meter: 'tokens', quantity: 4 }], final: true }
  expect(run(store, [hashed(commit)], december).answers[0]).toMatchObject({ status: 200, body: { state: 'committed' } })
  expect(store.balances.rows.get(`${workspace} ${november} tokens`)).toMatchObject({ used: 4, reserved: 0 })
})
