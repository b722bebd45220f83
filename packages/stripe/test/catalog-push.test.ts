/** The catalog at Stripe: made once, the same after every repeat, and never two of anything. */
import { defineCatalog, type Catalog } from '@headroom/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { pushCatalog, type CatalogCommand } from '../src/index.ts'
import { secretKey, startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ push: false, webhooks: false })
})
afterAll(() => harness.stop())

const push = (command: CatalogCommand, catalog: Catalog = ken) =>
  pushCatalog(command, { secretKey, apiBase: `${harness.simulated.url}/stripe-simulator`, catalog })

async function there() {
  const [products, prices, portals] = await Promise.all([
    harness.stripe.products.list({ limit: 100 }),
    harness.stripe.prices.list({ limit: 100 }),
    harness.stripe.billingPortal.configurations.list({ limit: 100 }),
  ])
  return {
    products: products.data,
    prices: prices.data,
    portals: portals.data.filter(({ metadata }) => metadata!['headroom']),
  }
}

test('before it is pushed nothing can be bought, and an alarm says why; afterwards the same key buys', async () => {
  const workspace = await harness.workspace()
  const start = () => harness.money.checkout(harness.asking(workspace, 'k'), { addOn: 'leads', blocks: 1 })
  await expect(start()).rejects.toMatchObject({ code: 'unavailable' })
  expect(harness.alarms()).toEqual(['catalog_mismatch'])
  const planned = await push('plan')
  expect(await there()).toEqual({ products: [], prices: [], portals: [] })
  expect(planned).toContain('make product headroom_starter_1000: Starter plan, 1,000 contacts')
  expect(planned).toContain('make price headroom_starter_1000_year: 95040 usd a year')
  await Promise.all([push('apply'), push('apply')])
  expect((await start()).status).toBe(201)
})

test('pushed twice at the same moment and once more there is one of each, and nothing left to do', async () => {
  expect(await push('apply')).toEqual([])
  expect(await push('verify')).toEqual([])
  const { products, prices, portals } = await there()
  // 9 plans and volumes with a month and a year, 3 add-ons with a price for each of the 4 plans.
  expect([products.length, prices.length, portals.length]).toEqual([12, 30, 1])
  expect(new Set(prices.map(({ lookup_key: key }) => key)).size).toBe(30)
  const { subscription_update: update, subscription_cancel: cancel } = portals[0]!.features
  expect(cancel).toMatchObject({ enabled: true, mode: 'at_period_end' })
  expect(update.proration_behavior).toBe('always_invoice')
  expect(update.schedule_at_period_end.conditions.map(({ type }) => type)).toEqual([
    'decreasing_item_amount',
    'shortening_interval',
  ])
})

test('a changed amount is a new price under the old name; who pays the old one keeps the plan; the amount may come back', async () => {
  const workspace = await harness.workspace('free')
  await harness.buy(workspace, { plan: 'starter', contacts: 1_000, interval: 'month' })
  const plans = ken.plans.map((plan) =>
    plan.id === 'starter'
      ? { ...plan, prices: plan.prices.map((price) => ({ ...price, monthCents: price.monthCents + 1_000 })) }
      : plan,
  )
  const dearer = defineCatalog({ ...ken, version: 'dearer', plans })
  expect(await push('verify', dearer)).toContain(
    'make price headroom_starter_1000_month: 10900 usd a month instead of 9900 usd',
  )
  await push('apply', dearer)
  expect(await push('verify', dearer)).toEqual([])
  const named = async () =>
    (await harness.stripe.prices.list({ lookup_keys: ['headroom_starter_1000_month'] })).data.map(
      (price) => price.unit_amount,
    )
  expect(await named()).toEqual([10_900])
  const { data } = (await harness.money.purchases(workspace, { limit: 1 }, true)) as { data: { id: string }[] }
  expect((await harness.reconcile(workspace, data[0]!.id)).state).toBe('paid')
  expect((await harness.usage(workspace)).plan).toMatchObject({ id: 'starter', contacts: 1_000, subscribed: true })
  await push('apply', ken)
  expect([await named(), await push('verify', ken)]).toEqual([[9_900], []])
})

test('what somebody archives by hand, twice on one day, is made again each time', async () => {
  for (let time = 0; time < 2; time++) {
    const [price] = (await harness.stripe.prices.list({ lookup_keys: ['headroom_addon_leads_growth'] })).data
    await harness.stripe.prices.update(price!.id, { active: false })
    const portal = (await there()).portals.find(({ active }) => active)
    await harness.stripe.billingPortal.configurations.update(portal!.id, { active: false })
    expect(await push('apply')).toHaveLength(2)
    expect(await push('verify')).toEqual([])
  }
})

test('more plans and volumes than the portal can show are refused, naming the limit', async () => {
  const prices = Array.from({ length: 11 }, (_, index) => ({
    contacts: 1_000 * (index + 1),
    monthCents: 1_000 * (index + 1),
  }))
  const plans = ken.plans.map((plan) => (plan.id === 'starter' ? { ...plan, prices } : plan))
  await expect(push('plan', defineCatalog({ ...ken, version: 'wide', plans }))).rejects.toThrow(/at most 10/)
})
