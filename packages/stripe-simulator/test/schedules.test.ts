import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'
import { day, invoicesOf, makePlans, period, subscribe, type Plans } from './plans.ts'

let harness: Harness
let stripe: Stripe
let plans: Plans
beforeEach(async () => {
  harness = await startHarness('2026-01-31T10:00:00Z')
  stripe = harness.stripe
  plans = await makePlans(stripe)
})
afterEach(() => harness.stop())

const again = (subscription: Stripe.Subscription) => stripe.subscriptions.retrieve(subscription.id)
const priceOf = ({ items }: Stripe.Subscription) => items.data[0]?.price.id

/** What there is until the period ends, then the price for a period. */
async function scheduled(subscription: Stripe.Subscription, price: Stripe.Price, endBehavior?: 'cancel') {
  const schedule = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const [phase] = schedule.phases
  const now = { start_date: phase?.start_date ?? 0, end_date: phase?.end_date ?? 0 }
  return stripe.subscriptionSchedules.update(schedule.id, {
    ...(endBehavior && { end_behavior: endBehavior }),
    phases: [
      { ...now, items: [{ price: priceOf(subscription) ?? '', quantity: 1 }] },
      { items: [{ price: price.id, quantity: 1 }], proration_behavior: 'none' },
    ],
  })
}

test('a scheduled downgrade happens with the renewal, which is invoiced at the new price; after a period the schedule lets go', async () => {
  const subscription = await subscribe(harness, plans.growth)
  const schedule = await scheduled(subscription, plans.starter)
  expect((await again(subscription)).schedule).toBe(schedule.id)
  expect(schedule.phases.map((phase) => [day(phase.start_date), day(phase.end_date)])).toEqual([
    ['2026-01-31', '2026-02-28'],
    ['2026-02-28', '2026-03-28'],
  ])
  expect(priceOf(await again(subscription))).toBe(plans.growth.id)
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id })

  await harness.advance('P1M')
  const down = await again(subscription)
  expect([priceOf(down), period(down)]).toEqual([plans.starter.id, '2026-02-28 – 2026-03-31'])
  expect((await invoicesOf(stripe, subscription)).map(({ total }) => total)).toEqual([9_900, 39_900])
  expect(preview.total).toBe(9_900)
  const updates = await stripe.events.list({ type: 'customer.subscription.updated' })
  expect(updates.data[0]?.data.previous_attributes).toMatchObject({
    items: { data: [{ price: { id: plans.growth.id } }] },
  })

  await harness.advance('P1M')
  expect((await again(subscription)).schedule).toBeNull()
  const done = await stripe.subscriptionSchedules.retrieve(schedule.id)
  expect([done.status, done.released_subscription, done.subscription]).toEqual(['released', subscription.id, null])
})

test('from yearly to monthly at the end of the year, the months are counted from there', async () => {
  const subscription = await subscribe(harness, plans.growthYearly)
  await scheduled(subscription, plans.growth)
  await harness.advance('P1Y')
  const monthly = await again(subscription)
  expect([period(monthly), day(monthly.billing_cycle_anchor)]).toEqual(['2027-01-31 – 2027-02-28', '2027-01-31'])
  await harness.advance('P1M')
  expect(period(await again(subscription))).toBe('2027-02-28 – 2027-03-31')
  expect((await invoicesOf(stripe, subscription)).map(({ total }) => total)).toEqual([39_900, 39_900, 383_040])
})

test('released, nothing is scheduled any more; while it is scheduled only the schedule can end the subscription', async () => {
  const subscription = await subscribe(harness, plans.growth)
  const schedule = await scheduled(subscription, plans.starter)
  await expect(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })).rejects.toThrow(
    'managed by the subscription schedule',
  )
  await expect(stripe.subscriptionSchedules.create({ from_subscription: subscription.id })).rejects.toThrow(
    'already attached to a schedule',
  )
  expect((await stripe.subscriptionSchedules.release(schedule.id)).status).toBe('released')
  await expect(stripe.subscriptionSchedules.release(schedule.id)).rejects.toMatchObject({ statusCode: 400 })
  await harness.advance('P1M')
  expect(priceOf(await again(subscription))).toBe(plans.growth.id)
})

test('a schedule that ends by cancelling ends the subscription with its last phase', async () => {
  const subscription = await subscribe(harness, plans.growth)
  const schedule = await scheduled(subscription, plans.starter, 'cancel')
  await harness.advance('P2M')
  expect((await again(subscription)).status).toBe('canceled')
  expect((await stripe.subscriptionSchedules.retrieve(schedule.id)).status).toBe('completed')
})

test('phases must follow one another and begin with the one that runs', async () => {
  const subscription = await subscribe(harness, plans.growth)
  const { id } = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const items = [{ price: plans.growth.id }]
  const start = subscription.items.data[0]?.current_period_start ?? 0
  const refused = (phases: Stripe.SubscriptionScheduleUpdateParams.Phase[]) =>
    stripe.subscriptionSchedules.update(id, { phases }).catch((fault: Stripe.errors.StripeError) => fault.param)
  expect(await refused([{ items, start_date: start + 5 }])).toBe('phases[0][start_date]')
  expect(await refused([{ items, start_date: start, end_date: start - 1 }])).toBe('phases[0][end_date]')
  expect(
    await refused([
      { items, start_date: start, end_date: start + 9 },
      { items, start_date: start + 10 },
    ]),
  ).toBe('phases[1][start_date]')
  expect(await refused([{ items: [{ price: 'price_none' }], start_date: start }])).toBe('phases[0][items][0][price]')
})
