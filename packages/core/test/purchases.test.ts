/** What is bought and for how much: the server's price, from the catalog alone. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { catalogWire, defineCatalog, type Catalog } from '../src/catalog.ts'
import { settled } from '../src/decide.ts'
import type { Draft } from '../src/draft.ts'
import type { Operation } from '../src/operations.ts'
import { mostBlocks, quoteAddOn, quotePlan, takenBack } from '../src/purchases.ts'
import { usageWire } from '../src/view.ts'
import { smallCatalog } from './catalog.ts'
import { asked, hashed, workspace } from './requests.ts'
import { run } from './run.ts'
import { Store } from './store.ts'

const now = Date.UTC(2026, 10, 2, 10)
const settle: Operation = hashed({ ...asked, op: 'settle' })

/** A workspace on a plan, as a route reads it. */
function on(catalog: Catalog, plan: string, contacts: number | null): Draft {
  const store = new Store(catalog)
  const create = { op: 'create-workspace', name: 'Acme', plan, contacts, interval: 'month', anchor: null } as const
  run(store, [hashed({ ...asked, ...create })], now)
  return settled(store.load([settle], now), workspace, now)
}

describe('A29 A34 A35 A41 A44 A47 A155 the price of an add-on is the rate of the plan', () => {
  const plans: [plan: string, contacts: number | null, lead: number, send: number | null][] = [
    ['free', null, 12_000, 4_800],
    ['starter', 1_000, 9_000, 3_600],
    ['growth', 5_000, 7_000, 2_800],
    ['dfy', 10_000, 6_000, null],
  ]
  test.each(plans)('%s', (plan, contacts, lead, send) => {
    const draft = on(ken, plan, contacts)
    expect(quoteAddOn(draft, 'leads', 3)).toEqual({
      totalCents: 3 * lead,
      currency: 'usd',
      brings: [
        { meter: 'leads', quantity: 3_000 },
        { meter: 'email_sends', quantity: 12_000 },
      ],
    })
    const sends = quoteAddOn(draft, 'email_sends', 2)
    const credits = quoteAddOn(draft, 'ai_campaigns', 7)
    if (send === null) {
      expect(sends).toMatchObject({ path: 'addOn', message: expect.stringContaining('unlimited') })
      expect(credits).toMatchObject({ path: 'addOn', message: expect.stringContaining('unlimited') })
      return
    }
    expect(sends).toEqual({
      totalCents: 2 * send,
      currency: 'usd',
      brings: [{ meter: 'email_sends', quantity: 8_000 }],
    })
    expect(credits).toMatchObject({ totalCents: 3_500, brings: [{ meter: 'ai_campaigns', quantity: 7 }] })
  })
})

test('A36 A37 A154 the total is blocks times the price of a block that the dialog shows', () => {
  const draft = on(ken, 'growth', 5_000)
  for (const { id, blockCents, brings } of usageWire(draft).addOns!) {
    for (const blocks of [1, 2, 999, mostBlocks]) {
      expect(quoteAddOn(draft, id, blocks)).toEqual({
        totalCents: blocks * blockCents,
        currency: 'usd',
        brings: brings.map(({ meter, quantity }) => ({ meter, quantity: quantity * blocks })),
      })
    }
  }
})

test('what cannot be bought is told by its path', () => {
  const draft = on(ken, 'growth', 5_000)
  for (const blocks of [0, -1, 1.5, mostBlocks + 1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(quoteAddOn(draft, 'leads', blocks), String(blocks)).toMatchObject({ path: 'blocks' })
  }
  for (const id of ['lead', 'LEADS', 'constructor', '__proto__', '']) {
    expect(quoteAddOn(draft, id, 1), id).toMatchObject({
      path: 'addOn',
      message: expect.stringContaining('not one of'),
    })
  }
})

test('every plan may buy unless the catalog says that it may not', () => {
  expect(quoteAddOn(on(smallCatalog, 'free', null), 'leads', 1)).toMatchObject({ totalCents: 12_000 })
  expect(quoteAddOn(on(smallCatalog, 'partner', null), 'leads', 1)).toEqual({
    path: 'addOn',
    message: 'cannot be bought on partner',
  })
})

const rounding = (monthCents: number, rateCents: number): Catalog =>
  defineCatalog({
    ...smallCatalog,
    version: 'rounding',
    plans: smallCatalog.plans.map((plan) =>
      plan.id === 'growth' ? { ...plan, rateCents, prices: [{ contacts: 50, monthCents }] } : plan,
    ),
  })

test('A87 A128 a year costs twelve months less a fifth, rounded half up once for the year', () => {
  expect(quotePlan(ken, 'growth', 5_000, 'month')).toMatchObject({ totalCents: 39_900, contacts: 5_000, brings: [] })
  expect(quotePlan(ken, 'growth', 5_000, 'year')).toMatchObject({ totalCents: 383_040 })
  expect(quotePlan(ken, 'starter', null, 'year')).toMatchObject({ totalCents: 95_040, contacts: 1_000 })
  // 12 × 4 cents × 0.8 = 38.4 → 38 and 12 × 1 × 0.8 = 9.6 → 10; month by month it would be 36 and 12.
  expect(quotePlan(rounding(4, 1), 'growth', 50, 'year')).toMatchObject({ totalCents: 38 })
  expect(quotePlan(rounding(1, 1), 'growth', 50, 'year')).toMatchObject({ totalCents: 10 })
  const half = defineCatalog({ ...rounding(5, 1), yearlyDiscountPercent: 25 })
  expect(quotePlan(half, 'growth', 50, 'year')).toMatchObject({ totalCents: 45 })
  expect(quotePlan({ ...half, yearlyDiscountPercent: 2.5 }, 'growth', 50, 'year')).toMatchObject({ totalCents: 59 })
})

test('the price of sends is rounded half up once for the block', () => {
  const cents = (rate: number) => quoteAddOn(on(rounding(100, rate), 'growth', 50), 'email_sends', 2)
  expect(cents(1)).toMatchObject({ totalCents: 0 })
  expect(cents(2)).toMatchObject({ totalCents: 2 })
  expect(cents(3)).toMatchObject({ totalCents: 2 })
  expect(cents(4)).toMatchObject({ totalCents: 4 })
})

test('what is no plan for sale is told by its path', () => {
  expect(quotePlan(ken, 'gold', null, 'month')).toMatchObject({ path: 'plan' })
  expect(quotePlan(ken, 'free', null, 'month')).toMatchObject({ path: 'plan' })
  expect(quotePlan(ken, 'starter', 1_500, 'month')).toMatchObject({ path: 'contacts' })
  expect(quotePlan(smallCatalog, 'partner', 10, 'month')).toMatchObject({ path: 'contacts' })
})

test('A87 the catalog on the wire has the price of the year and the allowances of every volume', () => {
  const { plans, addOns } = catalogWire(ken)
  for (const plan of plans.filter(({ id }) => id !== 'free')) {
    for (const { contacts, monthCents, yearCents, allowances } of plan.prices) {
      expect(quotePlan(ken, plan.id, contacts, 'month')).toMatchObject({ totalCents: monthCents })
      expect(quotePlan(ken, plan.id, contacts, 'year')).toMatchObject({ totalCents: yearCents })
      expect(allowances['leads']).toBe(contacts)
      expect(allowances['email_sends']).toBe(plan.id === 'dfy' ? null : 4 * contacts!)
    }
    expect(plan.allowances).toEqual(plan.prices[0]!.allowances)
  }
  expect(addOns.map(({ id, meter, blockSize }) => [id, meter, blockSize])).toEqual([
    ['leads', 'leads', 1_000],
    ['email_sends', 'email_sends', 4_000],
    ['ai_campaigns', 'ai_campaigns', 1],
  ])
})

describe('T40 a refund takes back floor(quantity × refunded ÷ paid)', () => {
  test.each([
    [1_000, 0, 7_000, 0],
    [1_000, 1, 7_000, 0],
    [1_000, 7, 7_000, 1],
    [1_000, 2_333, 7_000, 333],
    [1_000, 6_999, 7_000, 999],
    [1_000, 7_000, 7_000, 1_000],
    [1_000, 9_000, 7_000, 1_000],
    [1, 499, 500, 0],
    // What was free has nothing to refund.
    [1_000, 0, 0, 0],
    [1_000, 5, 0, 1_000],
    // Beyond what a double can multiply exactly.
    [999_999_998, 15_740_739, 99_999_989, 157_407_406],
  ])('%i of %i cents of %i: %i', (quantity, refunded, paid, expected) => {
    expect(takenBack(quantity, refunded, paid)).toBe(expected)
  })

  test('never more than was brought, never less the more is refunded', () => {
    const whole = (max: number) => fc.integer({ min: 0, max })
    const sums = fc.property(
      whole(1_000_000_000),
      whole(99_999_999),
      whole(99_999_999),
      whole(99_999_999),
      (q, a, b, paid) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)]
        const [first, second] = [takenBack(q, less, paid), takenBack(q, more, paid)]
        expect(first).toBeLessThanOrEqual(second)
        expect(second).toBeLessThanOrEqual(q)
        if (less < paid && paid > 0) {
          expect(BigInt(first) * BigInt(paid)).toBeLessThanOrEqual(BigInt(q) * BigInt(less))
          expect(BigInt(first + 1) * BigInt(paid)).toBeGreaterThan(BigInt(q) * BigInt(less))
        }
      },
    )
    fc.assert(sums, { numRuns: 500 })
  })
})
