/** Periods and plans as Stripe drives them: whatever happens there is read whole, in any order. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ start: '2026-11-30T09:00:00.000Z' })
  harness.money.start()
})
afterAll(() => harness.stop())

type Plan = { plan: string; contacts: number | null; interval: 'month' | 'year' }

async function subscribe(bought: Plan, more: { from?: [string, number | null] } = {}) {
  const workspace = await harness.workspace(...(more.from ?? ['free', null]))
  await harness.buy(workspace, bought)
  await harness.quiet()
  const { customer } = (await harness.engine.customers.get(workspace))!
  const [subscription] = (await harness.stripe.subscriptions.list({ customer: customer! })).data
  return { workspace, customer: customer!, id: subscription!.id, item: subscription!.items.data[0]!.id }
}

const price = async (key: string) => (await harness.stripe.prices.list({ lookup_keys: [key] })).data[0]!.id
const card = async (workspace: string) => {
  const { plan, period, meters } = await harness.usage(workspace)
  const leads = meters.find(({ meter }) => meter === 'leads')!
  const { id, contacts, interval, status, pendingChange } = plan
  return { id, contacts, interval, status, pendingChange, period, leads: leads.limit, used: leads.used }
}
const use = (workspace: string, quantity: number, id: string) =>
  harness.engine.submit(
    harness.asked({
      op: 'use',
      workspace,
      id,
      mode: 'enforce',
      reference: null,
      lines: [{ meter: 'leads', quantity }],
    }),
  )

describe('a first subscription', () => {
  test('A105 opens a period with the full allowance, and takes along what is left of an add-on', async () => {
    const workspace = await harness.workspace('free')
    await harness.buy(workspace, { addOn: 'leads', blocks: 1 })
    await harness.quiet()
    await use(workspace, 250, 'u1')
    await harness.advance('PT1H')
    const { purchaseId } = await harness.buy(workspace, { plan: 'starter', contacts: 1_000, interval: 'month' })
    await harness.quiet()
    expect(await harness.purchase(workspace, purchaseId)).toMatchObject({
      state: 'paid',
      plan: 'starter',
      total: 9_900,
    })
    // 50 of Free and 200 of the add-on are spent: 800 come along.
    expect(await card(workspace)).toMatchObject({
      id: 'starter',
      status: 'active',
      leads: 1_800,
      used: 0,
      period: { start: '2026-11-30T10:00:00.000Z', end: '2026-12-30T10:00:00.000Z' },
    })
    const again = await harness.money.checkout(harness.asking(workspace), {
      plan: 'growth',
      contacts: 5_000,
      interval: 'month',
    })
    expect(again).toMatchObject({ status: 409, body: { code: 'subscription_exists' } })
  })

  test('opened in two tabs is paid in one: the other is closed', async () => {
    const workspace = await harness.workspace('free')
    const bought: Plan = { plan: 'starter', contacts: 1_000, interval: 'month' }
    const first = await harness.checkout(workspace, bought)
    const second = await harness.checkout(workspace, { ...bought, interval: 'year' })
    await harness.quiet()
    expect((await harness.purchase(workspace, first.purchaseId)).state).toBe('expired')
    await harness.pay(workspace, second.purchaseId)
    const third = await harness.money.checkout(harness.asking(workspace), bought)
    expect(third).toMatchObject({ status: 409, body: { code: 'subscription_exists' } })
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'starter', interval: 'year' })
  })
})

describe('a change', () => {
  test('A55 A150 up counts at once: limits rise, what is used stays used', async () => {
    const { workspace, id, item } = await subscribe({ plan: 'starter', contacts: 1_000, interval: 'month' })
    await use(workspace, 700, 'u2')
    await harness.advance('P10D')
    await harness.stripe.subscriptions.update(id, {
      items: [{ id: item, price: await price('headroom_growth_5000_month') }],
      proration_behavior: 'always_invoice',
    })
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'growth', contacts: 5_000, leads: 5_000, used: 700 })
  })

  test('A56 A58 A150 down counts at the end of the period; until then nothing changes', async () => {
    const { workspace, id } = await subscribe({ plan: 'growth', contacts: 5_000, interval: 'month' })
    const { period } = await card(workspace)
    const schedule = await harness.stripe.subscriptionSchedules.create({ from_subscription: id })
    const [phase] = schedule.phases
    await harness.stripe.subscriptionSchedules.update(schedule.id, {
      end_behavior: 'release',
      phases: [
        {
          items: [{ price: await price('headroom_growth_5000_month'), quantity: 1 }],
          start_date: phase!.start_date,
          end_date: phase!.end_date,
        },
        { items: [{ price: await price('headroom_starter_2000_month'), quantity: 1 }] },
      ],
    })
    await harness.quiet()
    const pendingChange = { plan: 'starter', contacts: 2_000, interval: 'month', at: period.end }
    expect(await card(workspace)).toMatchObject({ id: 'growth', leads: 5_000, pendingChange })
    await harness.advance('P1M')
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'starter', contacts: 2_000, leads: 2_000, pendingChange: null })
  })

  test('A57 A58 a cancellation counts at the end of the period, and can be taken back until then', async () => {
    const { workspace, id } = await subscribe({ plan: 'starter', contacts: 1_000, interval: 'month' })
    const { period } = await card(workspace)
    await harness.stripe.subscriptions.update(id, { cancel_at_period_end: true })
    await harness.quiet()
    expect((await card(workspace)).pendingChange).toEqual({
      plan: 'free',
      contacts: null,
      interval: 'month',
      at: period.end,
    })
    await harness.stripe.subscriptions.update(id, { cancel_at_period_end: false })
    await harness.quiet()
    expect((await card(workspace)).pendingChange).toBeNull()
    // As the portal has it since flexible billing: a date, and the flag stays false.
    await harness.stripe.subscriptions.update(id, { cancel_at: Date.parse(period.end) / 1000 })
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'starter', leads: 1_000, pendingChange: { at: period.end } })
    await harness.advance('P1M')
    await harness.quiet()
    expect(await card(workspace)).toMatchObject({ id: 'free', leads: 50, pendingChange: null })
    expect((await harness.usage(workspace)).plan.subscribed).toBe(false)
  })

  test('up and down and up again gains nothing', async () => {
    const { workspace, id, item } = await subscribe({ plan: 'starter', contacts: 1_000, interval: 'month' })
    await use(workspace, 900, 'u3')
    for (const key of ['growth_5000', 'starter_1000', 'growth_5000', 'starter_1000', 'growth_5000']) {
      await harness.advance('PT1H')
      await harness.stripe.subscriptions.update(id, {
        items: [{ id: item, price: await price(`headroom_${key}_month`) }],
      })
      await harness.quiet()
    }
    expect(await card(workspace)).toMatchObject({ id: 'growth', leads: 5_000, used: 900 })
  })

  test('to another interval begins a year of its own, with a full allowance', async () => {
    const { workspace, id, item } = await subscribe({ plan: 'starter', contacts: 1_000, interval: 'month' })
    await use(workspace, 400, 'u4')
    await harness.advance('P3D')
    await harness.stripe.subscriptions.update(id, {
      items: [{ id: item, price: await price('headroom_starter_1000_year') }],
    })
    await harness.quiet()
    const now = new Date(await harness.engine.now()).toISOString()
    expect(await card(workspace)).toMatchObject({ interval: 'year', leads: 1_000, used: 0, period: { start: now } })
  })
})

describe('money that does not come', () => {
  test('a payment that fails is excused for seven days, then nothing new starts; once it is paid everything goes on', async () => {
    const { workspace, id } = await subscribe({ plan: 'starter', contacts: 1_000, interval: 'month' })
    await harness.sim(`subscriptions/${id}`, { paymentFails: true })
    await harness.advance('P1M')
    await harness.quiet()
    expect((await card(workspace)).status).toBe('past_due')
    expect((await use(workspace, 1, 'u5')).status).toBe(200)
    const { graceUntil } = (await harness.usage(workspace)).plan
    const since = await harness.stripe.invoices.list({ subscription: id, limit: 1 })
    expect(Date.parse(graceUntil!)).toBe((since.data[0]!.created + 7 * 86_400) * 1000)
    await harness.advance('P8D')
    await harness.quiet()
    expect((await card(workspace)).status).toBe('overdue')
    expect(await use(workspace, 1, 'u6')).toMatchObject({ status: 402, body: { reason: 'payment_overdue' } })
    await harness.sim(`subscriptions/${id}`, { paymentFails: false })
    const open = await harness.stripe.invoices.list({ subscription: id, status: 'open' })
    for (const { id: invoice } of open.data) await harness.stripe.invoices.pay(invoice!)
    await harness.quiet()
    expect((await card(workspace)).status).toBe('active')
    expect((await use(workspace, 1, 'u7')).status).toBe(200)
  })

  test('unpaid and paused are suspended; resumed is active', async () => {
    const { workspace, id } = await subscribe({ plan: 'starter', contacts: 1_000, interval: 'month' })
    await harness.stripe.subscriptions.update(id, { pause_collection: { behavior: 'void' } })
    await harness.quiet()
    expect((await card(workspace)).status).toBe('suspended')
    await harness.stripe.subscriptions.update(id, { pause_collection: '' })
    await harness.quiet()
    expect((await card(workspace)).status).toBe('active')
    await harness.sim(`subscriptions/${id}`, { status: 'unpaid' })
    await harness.quiet()
    expect((await card(workspace)).status).toBe('suspended')
  })
})

test('a trial is one period up to its end, then the month begins', async () => {
  const workspace = await harness.workspace('free')
  await harness.checkout(workspace, { plan: 'starter', contacts: 1_000, interval: 'month' })
  const { customer } = (await harness.engine.customers.get(workspace))!
  const begun = await harness.engine.now()
  await harness.stripe.subscriptions.create({
    customer: customer!,
    items: [{ price: await price('headroom_starter_1000_month') }],
    trial_period_days: 14,
  })
  await harness.quiet()
  const end = new Date(begun + 14 * 86_400_000).toISOString()
  expect(await card(workspace)).toMatchObject({ id: 'starter', status: 'trialing', leads: 1_000, period: { end } })
  await use(workspace, 600, 'u8')
  await harness.advance('P14D')
  await harness.quiet()
  expect(await card(workspace)).toMatchObject({ leads: 1_000, used: 0, period: { start: end } })
})
