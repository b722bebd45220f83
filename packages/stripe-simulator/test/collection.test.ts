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
const fails = (subscription: Stripe.Subscription, paymentFails: boolean) =>
  harness.sim(`subscriptions/${subscription.id}`, { paymentFails })
const failures = async () => (await stripe.events.list({ type: 'invoice.payment_failed', limit: 100 })).data

test('a renewal that is declined is tried again after 3, 5 and 7 days, then the subscription is unpaid', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await fails(subscription, true)
  await harness.advance('P1M')
  const late = await again(subscription)
  // The period has begun all the same.
  expect([late.status, period(late)]).toEqual(['past_due', '2026-02-28 – 2026-03-31'])
  const [open] = await invoicesOf(stripe, subscription)
  expect([open?.status, open?.attempt_count, day(open?.next_payment_attempt)]).toEqual(['open', 1, '2026-03-03'])

  await harness.advance('P16D')
  expect((await failures()).map(({ created }) => day(created)).toReversed()).toEqual([
    '2026-02-28',
    '2026-03-03',
    '2026-03-08',
    '2026-03-15',
  ])
  expect((await again(subscription)).status).toBe('unpaid')
  expect((await invoicesOf(stripe, subscription))[0]).toMatchObject({ status: 'open', next_payment_attempt: null })

  // While it is unpaid the next invoice stays a draft.
  await harness.advance('P1M')
  expect((await invoicesOf(stripe, subscription))[0]?.status).toBe('draft')
})

test('a retry that succeeds makes it active again, in the period it is in', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await fails(subscription, true)
  await harness.advance('P1M')
  await fails(subscription, false)
  await harness.advance('P3D')
  const paid = await again(subscription)
  expect([paid.status, period(paid)]).toEqual(['active', '2026-02-28 – 2026-03-31'])
  const [updated] = (await stripe.events.list({ type: 'customer.subscription.updated' })).data
  expect(updated?.data.previous_attributes).toEqual({ status: 'past_due' })
})

test('the open invoice can be paid by hand: declined it is a card error, paid it is over', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await fails(subscription, true)
  await harness.advance('P1M')
  const [open] = await invoicesOf(stripe, subscription)
  await expect(stripe.invoices.pay(open?.id ?? '')).rejects.toMatchObject({ type: 'StripeCardError', statusCode: 402 })
  // A declined charge stays on record.
  expect((await stripe.invoices.retrieve(open?.id ?? '')).attempt_count).toBe(2)
  await fails(subscription, false)
  expect((await stripe.invoices.pay(open?.id ?? '')).status).toBe('paid')
  expect((await again(subscription)).status).toBe('active')
  await expect(stripe.invoices.pay(open?.id ?? '')).rejects.toMatchObject({ statusCode: 400 })
})

test('what is unpaid or over stays so when its open invoice is declined once more, and only the unpaid one comes back when it is paid', async () => {
  const unpaid = await subscribe(harness, plans.starter)
  const over = await subscribe(harness, plans.starter)
  await fails(unpaid, true)
  await fails(over, true)
  await harness.advance('P1M')
  await harness.sim(`subscriptions/${unpaid.id}`, { status: 'unpaid' })
  await stripe.subscriptions.cancel(over.id)
  const pay = async (subscription: Stripe.Subscription) => {
    const [open] = await invoicesOf(stripe, subscription)
    await stripe.invoices.pay(open?.id ?? '').catch(() => undefined)
    return (await again(subscription)).status
  }
  expect([await pay(unpaid), await pay(over)]).toEqual(['unpaid', 'canceled'])
  await fails(unpaid, false)
  await fails(over, false)
  expect([await pay(unpaid), await pay(over)]).toEqual(['active', 'canceled'])
})

test('an upgrade that is declined is past due with the new price; asked to be strict, it changes nothing', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await fails(subscription, true)
  const upgrade = {
    items: [{ id: subscription.items.data[0]?.id ?? '', price: plans.growth.id }],
    proration_behavior: 'always_invoice' as const,
  }
  const strict = { ...upgrade, payment_behavior: 'error_if_incomplete' as const }
  await expect(stripe.subscriptions.update(subscription.id, strict)).rejects.toMatchObject({ code: 'card_declined' })
  expect((await again(subscription)).items.data[0]?.price.id).toBe(plans.starter.id)
  const late = await stripe.subscriptions.update(subscription.id, upgrade)
  expect([late.status, late.items.data[0]?.price.id]).toEqual(['past_due', plans.growth.id])
})

test('a subscription whose first payment fails is incomplete, and expires after 23 hours', async () => {
  const customer = await stripe.customers.create({ email: 'ada@example.com' })
  const incomplete = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: plans.starter.id }] })
  expect(incomplete.status).toBe('incomplete')
  await harness.advance('PT23H')
  const expired = await again(incomplete)
  expect(expired.status).toBe('incomplete_expired')
  expect((await invoicesOf(stripe, incomplete)).map(({ status }) => status)).toEqual(['void'])
})

test('collection can be paused: the periods go on, their invoices are void', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await stripe.subscriptions.update(subscription.id, { pause_collection: { behavior: 'void' } })
  await harness.advance('P1M')
  expect(period(await again(subscription))).toBe('2026-02-28 – 2026-03-31')
  expect((await invoicesOf(stripe, subscription)).map(({ status }) => status)).toEqual(['void', 'paid'])
})

test('a test can force a status and take it back', async () => {
  const subscription = await subscribe(harness, plans.starter)
  for (const status of ['unpaid', 'active', 'paused', 'active']) {
    await harness.sim(`subscriptions/${subscription.id}`, { status })
    expect((await again(subscription)).status).toBe(status)
  }
})
