/** Which of a customer's subscriptions is followed, and when somebody is called about them. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ start: '2026-11-30T09:00:00.000Z' })
  harness.money.start()
})
afterAll(() => harness.stop())

async function subscribe(plan: string, contacts: number) {
  const workspace = await harness.workspace('free')
  await harness.buy(workspace, { plan, contacts, interval: 'month' })
  await harness.quiet()
  const { customer } = (await harness.engine.customers.get(workspace))!
  const [subscription] = (await harness.stripe.subscriptions.list({ customer: customer! })).data
  return { workspace, customer: customer!, id: subscription!.id, item: subscription!.items.data[0]!.id }
}

const price = async (key: string) => (await harness.stripe.prices.list({ lookup_keys: [key] })).data[0]!.id
const card = async (workspace: string) => {
  const { plan, meters } = await harness.usage(workspace)
  return { id: plan.id, pendingChange: plan.pendingChange, leads: meters.find(({ meter }) => meter === 'leads')!.limit }
}

describe('a customer who also pays for something else of the merchant', () => {
  async function besides(customer: string): Promise<string> {
    const product = await harness.stripe.products.create({ name: 'Growth plan, 50,000 contacts' })
    const unit = { product: product.id, currency: 'usd', unit_amount: 100, recurring: { interval: 'month' } } as const
    const foreign = await harness.stripe.prices.create(unit)
    await harness.stripe.subscriptions.create({ customer, items: [{ price: foreign.id }], trial_period_days: 700 })
    return foreign.id
  }

  test('gets nothing of ours for it, and nobody is called', async () => {
    const workspace = await harness.workspace('free')
    await harness.checkout(workspace, { plan: 'starter', contacts: 1_000, interval: 'month' })
    const { customer } = (await harness.engine.customers.get(workspace))!
    const before = harness.alarms().length
    await besides(customer!)
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'free', leads: 50 })
    expect(harness.alarms().slice(before)).toEqual([])
  })

  test('has the plan as long as the plan is paid, and is Free when only the other thing is left', async () => {
    const { workspace, customer, id } = await subscribe('growth', 5_000)
    const before = harness.alarms().length
    await besides(customer)
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'growth', leads: 5_000 })
    await harness.stripe.subscriptions.cancel(id)
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'free', leads: 5_000 })
    await harness.advance('P1M')
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'free', leads: 50 })
    expect(harness.alarms().slice(before)).toEqual([])
  })

  test('whose plan itself is moved to a price that is not ours gets nothing new, and an alarm is raised', async () => {
    const { workspace, customer, id, item } = await subscribe('starter', 1_000)
    const foreign = await besides(customer)
    const before = harness.alarms().length
    await harness.stripe.subscriptions.update(id, { items: [{ id: item, price: foreign }] })
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'starter', leads: 1_000 })
    await harness.stripe.subscriptions.update(id, { metadata: { touched: 'yes' } })
    await harness.quiet()
    expect(
      harness
        .alarms()
        .slice(before)
        .filter((alarm) => alarm === 'unknown_price'),
    ).toHaveLength(1)
  })
})

test('who pays for two plans at once is told of once, and once more when it comes again', async () => {
  const { workspace, customer, id } = await subscribe('growth', 5_000)
  const before = harness.alarms().length
  const second = async () =>
    harness.stripe.subscriptions.create({
      customer,
      items: [{ price: await price('headroom_starter_1000_month') }],
      trial_period_days: 30,
    })
  const { id: other } = await second()
  await harness.quiet()
  for (const touched of ['a', 'b', 'c']) {
    await harness.stripe.subscriptions.update(id, { metadata: { touched } })
    await harness.quiet()
  }
  expect(harness.alarms().slice(before)).toEqual(['several_subscriptions'])
  await harness.stripe.subscriptions.cancel(other)
  await harness.quiet()
  await second()
  await harness.quiet()
  expect(harness.alarms().slice(before)).toEqual(['several_subscriptions', 'several_subscriptions'])
  expect(await card(workspace)).toMatchObject({ id: 'growth', leads: 5_000 })
})

test('a plan that waits at a price nobody understands counts once the price is put right at Stripe', async () => {
  const { workspace, id } = await subscribe('growth', 5_000)
  const unnamed = await harness.stripe.prices.create({
    product: 'headroom_starter_1000',
    currency: 'usd',
    unit_amount: 8_000,
    recurring: { interval: 'month' },
  })
  const schedule = await harness.stripe.subscriptionSchedules.create({ from_subscription: id })
  const { start_date, end_date } = schedule.phases[0]!
  const now = { items: [{ price: await price('headroom_growth_5000_month'), quantity: 1 }], start_date, end_date }
  const phases = [now, { items: [{ price: unnamed.id, quantity: 1 }] }]
  await harness.stripe.subscriptionSchedules.update(schedule.id, { end_behavior: 'release', phases })
  await harness.quiet()
  expect((await card(workspace)).pendingChange).toBeNull()
  expect(harness.alarms()).toContain('unknown_price')
  const metadata = { headroom_plan: 'starter', headroom_contacts: '1000' }
  await harness.stripe.prices.update(unnamed.id, { metadata })
  await harness.stripe.subscriptions.update(id, { metadata: { touched: 'yes' } })
  await harness.quiet()
  expect((await card(workspace)).pendingChange).toMatchObject({ plan: 'starter', contacts: 1_000 })
})
