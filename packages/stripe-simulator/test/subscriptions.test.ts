import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { idOf } from '../src/subscription-object.ts'
import { startHarness, type Harness } from './harness.ts'
import { day, eventsSince, invoicesOf, makePlans, period, subscribe, type Plans } from './plans.ts'

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
const itemId = (subscription: Stripe.Subscription) => subscription.items.data[0]?.id ?? ''

test('a subscription of January 31 renews on February 28 and March 31, each time with a paid invoice for the period that begins', async () => {
  const subscription = await subscribe(harness, plans.starter)
  expect(subscription.status).toBe('active')
  expect(period(subscription)).toBe('2026-01-31 – 2026-02-28')
  const mark: { last: string | undefined } = { last: undefined }
  await eventsSince(stripe, mark)

  await harness.advance('P1M')
  expect(period(await again(subscription))).toBe('2026-02-28 – 2026-03-31')
  const events = await eventsSince(stripe, mark)
  expect(events.map(({ type }) => type)).toEqual([
    'invoice.created',
    'customer.subscription.updated',
    'invoice.finalized',
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'charge.updated',
    'invoice.paid',
    'invoice.payment_succeeded',
  ])
  expect(new Set(events.map(({ created }) => day(created)))).toEqual(new Set(['2026-02-28']))
  const updated = events[1]?.data
  expect(Object.keys(updated?.previous_attributes ?? {}).toSorted()).toEqual(['items', 'latest_invoice'])

  // Two months at once: both periods pass, in order.
  await harness.advance('P2M3D')
  expect(period(await again(subscription))).toBe('2026-04-30 – 2026-05-31')
  const invoices = await invoicesOf(stripe, subscription)
  expect(invoices.map(({ status, total, lines }) => [status, total, day(lines.data[0]?.period.start)])).toEqual([
    ['paid', 9_900, '2026-04-30'],
    ['paid', 9_900, '2026-03-31'],
    ['paid', 9_900, '2026-02-28'],
    ['paid', 9_900, '2026-01-31'],
  ])
  expect(invoices[0]?.parent?.subscription_details?.subscription).toBe(subscription.id)
  expect(invoices[0]?.parent?.subscription_details?.metadata).toEqual({ workspace: 'ws_1' })
  expect(invoices.map(({ billing_reason: reason }) => reason)).toEqual([
    'subscription_cycle',
    'subscription_cycle',
    'subscription_cycle',
    'subscription_create',
  ])
})

test('a yearly subscription is invoiced once a year', async () => {
  const subscription = await subscribe(harness, plans.starterYearly)
  expect(period(subscription)).toBe('2026-01-31 – 2027-01-31')
  await harness.advance('P11M')
  expect(await invoicesOf(stripe, subscription)).toHaveLength(1)
  await harness.advance('P12M')
  expect(period(await again(subscription))).toBe('2027-01-31 – 2028-01-31')
  expect(await invoicesOf(stripe, subscription)).toHaveLength(2)
})

test('a trial begins with an invoice of 0, warns three days before its end, and the billing cycle begins at its end', async () => {
  const subscription = await subscribe(harness, plans.starter, { trialDays: 14 })
  expect(subscription).toMatchObject({ status: 'trialing', trial_end: subscription.billing_cycle_anchor })
  expect(period(subscription)).toBe('2026-01-31 – 2026-02-14')
  expect((await invoicesOf(stripe, subscription)).map(({ status, total }) => [status, total])).toEqual([['paid', 0]])

  await harness.advance('P10D')
  expect((await stripe.events.list({ type: 'customer.subscription.trial_will_end' })).data).toEqual([])
  await harness.advance('P1D')
  const [warning] = (await stripe.events.list({ type: 'customer.subscription.trial_will_end' })).data
  expect(day(warning?.created)).toBe('2026-02-11')
  await harness.advance('P3D')
  const active = await again(subscription)
  expect(active.status).toBe('active')
  expect(period(active)).toBe('2026-02-14 – 2026-03-14')
  expect((await invoicesOf(stripe, subscription))[0]).toMatchObject({ total: 9_900, status: 'paid' })
})

test('an upgrade in the middle of a period credits what is unused and charges the rest, at once; the anchor stays', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await harness.advance('P14D')
  const upgraded = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: itemId(subscription), price: plans.growth.id }],
    proration_behavior: 'always_invoice',
    expand: ['latest_invoice.payments'],
  })
  expect(upgraded.items.data[0]?.price.id).toBe(plans.growth.id)
  expect(period(upgraded)).toBe(period(subscription))
  const invoice = upgraded.latest_invoice as Stripe.Invoice
  // 14 of 28 days are left.
  expect(invoice.lines.data.map(({ amount, description }) => [amount, description])).toEqual([
    [-4_950, 'Unused time on Starter after 14 Feb 2026'],
    [19_950, 'Remaining time on Growth after 14 Feb 2026'],
  ])
  expect(invoice).toMatchObject({ total: 15_000, amount_paid: 15_000, status: 'paid' })
  expect(invoice.payments?.data[0]?.payment.type).toBe('payment_intent')
  await harness.advance('P14D')
  expect((await invoicesOf(stripe, subscription))[0]?.total).toBe(39_900)
})

test('prorations that nobody invoices wait for the renewal', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await harness.advance('P14D')
  await stripe.subscriptions.update(subscription.id, { items: [{ id: itemId(subscription), price: plans.growth.id }] })
  expect(await invoicesOf(stripe, subscription)).toHaveLength(1)
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id })
  await harness.advance('P14D')
  const [renewal] = await invoicesOf(stripe, subscription)
  expect(renewal?.total).toBe(39_900 + 15_000)
  expect(preview.total).toBe(renewal?.total)
})

test('from monthly to yearly the cycle begins anew, and what monthly had left is credited', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await harness.advance('P14D')
  const change = { items: [{ id: itemId(subscription), price: plans.starterYearly.id }] }
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id, subscription_details: change })
  const yearly = await stripe.subscriptions.update(subscription.id, change)
  expect(period(yearly)).toBe('2026-02-14 – 2027-02-14')
  expect(day(yearly.billing_cycle_anchor)).toBe('2026-02-14')
  const [invoice] = await invoicesOf(stripe, subscription)
  expect(invoice).toMatchObject({ total: 95_040 - 4_950, status: 'paid', billing_reason: 'subscription_update' })
  expect(preview.total).toBe(invoice?.total)
})

test('a downgrade at once leaves credit that the next invoices use up', async () => {
  const subscription = await subscribe(harness, plans.growth)
  await harness.advance('P14D')
  await stripe.subscriptions.update(subscription.id, {
    items: [{ id: itemId(subscription), price: plans.starter.id }],
    proration_behavior: 'always_invoice',
  })
  const [credit] = await invoicesOf(stripe, subscription)
  expect(credit).toMatchObject({ total: -15_000, amount_due: 0, status: 'paid', ending_balance: -15_000 })
  await harness.advance('P2M')
  const amounts = (await invoicesOf(stripe, subscription)).map(({ total, amount_paid: paid }) => [total, paid])
  expect(amounts.slice(0, 2)).toEqual([
    [9_900, 4_800],
    [9_900, 0],
  ])
})

test('a billing cycle that is told to begin now does', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await harness.advance('P14D')
  const moved = await stripe.subscriptions.update(subscription.id, {
    billing_cycle_anchor: { type: 'now' },
    proration_behavior: 'none',
  })
  expect(period(moved)).toBe('2026-02-14 – 2026-03-14')
  expect((await invoicesOf(stripe, subscription))[0]?.total).toBe(9_900)
})

test('a coupon takes its share from every invoice, a coupon for once from the first alone', async () => {
  const forever = await stripe.coupons.create({ percent_off: 33.3, duration: 'forever' })
  const once = await stripe.coupons.create({ amount_off: 1_000, currency: 'usd', duration: 'once' })
  const a = await subscribe(harness, plans.starter, { coupon: forever.id })
  const b = await subscribe(harness, plans.starter, { coupon: once.id })
  await harness.advance('P1M')
  expect((await invoicesOf(stripe, a)).map(({ total }) => total)).toEqual([6_603, 6_603])
  expect((await invoicesOf(stripe, b)).map(({ total }) => total)).toEqual([9_900, 8_900])
  const { discounts } = await stripe.subscriptions.retrieve(a.id, { expand: ['discounts.source.coupon'] })
  expect(discounts).toMatchObject([{ source: { coupon: { percent_off: 33.3 } } }])
  const preview = await stripe.invoices.createPreview({ subscription: a.id, preview_mode: 'recurring' })
  expect(preview).toMatchObject({ subtotal: 9_900, total: 6_603 })
})

test('cancelled at the period’s end it goes on until then and is not renewed; taken back, it is', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const ending = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
  expect([ending.status, ending.cancel_at_period_end, day(ending.cancel_at)]).toEqual(['active', true, '2026-02-28'])
  const kept = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
  expect([kept.cancel_at, kept.canceled_at]).toEqual([null, null])
  await harness.advance('P1M')
  expect((await again(subscription)).status).toBe('active')

  await stripe.subscriptions.update(subscription.id, { cancel_at: 'min_period_end' })
  await expect(stripe.invoices.createPreview({ subscription: subscription.id })).rejects.toMatchObject({
    code: 'invoice_upcoming_none',
  })
  await harness.advance('P1M3D')
  const ended = await again(subscription)
  expect([ended.status, day(ended.ended_at)]).toEqual(['canceled', '2026-03-31'])
  expect(await invoicesOf(stripe, subscription)).toHaveLength(2)
  const [deleted] = (await stripe.events.list({ type: 'customer.subscription.deleted' })).data
  expect(deleted?.data.object).toMatchObject({ id: subscription.id, status: 'canceled' })
  expect((await stripe.subscriptions.list({ customer: idOf(ended.customer) })).data).toEqual([])
  expect((await stripe.subscriptions.list({ customer: idOf(ended.customer), status: 'all' })).data).toHaveLength(1)
})

test('cancelled now, with what is left given back as credit', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await harness.advance('P14D')
  const ended = await stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true })
  expect(ended.status).toBe('canceled')
  expect(await stripe.customers.retrieve(idOf(ended.customer))).toMatchObject({ balance: -4_950 })
  await expect(stripe.subscriptions.cancel(subscription.id)).rejects.toMatchObject({ code: 'resource_missing' })
})

test('paused it is not billed, resumed a new period begins', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const paused = await stripe.subscriptions.pause(subscription.id)
  expect([paused.status, paused.status_details?.paused.subscription.type]).toEqual(['paused', 'pause_requested'])
  await harness.advance('P3M')
  expect(await invoicesOf(stripe, subscription)).toHaveLength(1)
  const resumed = await stripe.subscriptions.resume(subscription.id)
  expect([resumed.status, period(resumed)]).toEqual(['active', '2026-04-30 – 2026-05-30'])
  expect(await invoicesOf(stripe, subscription)).toHaveLength(2)
})

test('items can be listed, added, changed and taken away on their own', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const extra = await stripe.prices.create({
    product: idOf(plans.growth.product),
    currency: 'usd',
    unit_amount: 500,
    recurring: { interval: 'month' },
  })
  const item = await stripe.subscriptionItems.create({ subscription: subscription.id, price: extra.id, quantity: 3 })
  expect((await stripe.subscriptionItems.update(item.id, { quantity: 5 })).quantity).toBe(5)
  expect((await stripe.subscriptionItems.retrieve(item.id)).price.id).toBe(extra.id)
  const preview = await stripe.invoices.createPreview({ subscription: subscription.id, preview_mode: 'recurring' })
  expect(preview.total).toBe(9_900 + 5 * 500)
  await stripe.subscriptionItems.del(item.id, { proration_behavior: 'none' })
  expect((await stripe.subscriptionItems.list({ subscription: subscription.id })).data).toHaveLength(1)
})

test('what Stripe refuses is refused with the same code and parameter', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const oneTime = await stripe.prices.create({ product: idOf(plans.growth.product), currency: 'usd', unit_amount: 1 })
  const refused = async (work: Promise<unknown>) =>
    work.then(
      () => 'accepted',
      (fault: Stripe.errors.StripeError) => `${fault.statusCode} ${fault.code} ${fault.param}`,
    )
  const update = (params: Stripe.SubscriptionUpdateParams) =>
    refused(stripe.subscriptions.update(subscription.id, params))
  expect(await refused(stripe.subscriptions.retrieve('sub_none'))).toBe('404 resource_missing id')
  expect(await refused(stripe.subscriptions.create({}))).toBe('400 parameter_missing customer')
  expect(await refused(stripe.subscriptions.create({ customer: 'cus_none' }))).toBe('400 resource_missing customer')
  expect(await update({ items: [{ id: 'si_none', price: plans.growth.id }] })).toBe('400 resource_missing items[0][id]')
  expect(await update({ items: [{ id: itemId(subscription), price: 'price_none' }] })).toBe(
    '400 resource_missing items[0][price]',
  )
  expect(await update({ items: [{ id: itemId(subscription), price: oneTime.id }] })).toBe(
    '400 undefined items[0][price]',
  )
  // Older versions knew these.
  const old = { billing_cycle_anchor: 'now', prorate: true } as unknown as Stripe.SubscriptionUpdateParams
  expect(await update(old)).toBe('400 parameter_unknown prorate')
  const words = { billing_cycle_anchor: 'now' } as unknown as Stripe.SubscriptionUpdateParams
  expect(await update(words)).toBe('400 undefined billing_cycle_anchor')
  expect(await refused(stripe.invoices.createPreview({ subscription: 'sub_none' }))).toBe(
    '400 resource_missing subscription',
  )
  expect(await refused(stripe.invoices.retrieve('in_none'))).toBe('404 resource_missing id')
})
