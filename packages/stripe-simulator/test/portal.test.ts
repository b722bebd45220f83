import type Stripe from 'stripe'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { idOf } from '../src/subscription-object.ts'
import { startHarness, type Harness } from './harness.ts'
import { day, invoicesOf, makePlans, period, subscribe, type Plans } from './plans.ts'

let harness: Harness
let stripe: Stripe
let plans: Plans
let configuration: Stripe.BillingPortal.Configuration
beforeEach(async () => {
  harness = await startHarness('2026-01-31T10:00:00Z')
  stripe = harness.stripe
  plans = await makePlans(stripe)
  configuration = await stripe.billingPortal.configurations.create({ features: features() })
})
afterEach(() => harness.stop())

/** Upgrades now, downgrades and cancellations at the period's end. */
const features = (): Stripe.BillingPortal.ConfigurationCreateParams.Features => ({
  invoice_history: { enabled: true },
  payment_method_update: { enabled: true },
  subscription_cancel: { enabled: true, mode: 'at_period_end' },
  subscription_update: {
    enabled: true,
    default_allowed_updates: ['price'],
    proration_behavior: 'always_invoice',
    products: [
      { product: idOf(plans.starter.product), prices: [plans.starter.id, plans.starterYearly.id] },
      { product: idOf(plans.growth.product), prices: [plans.growth.id, plans.growthYearly.id] },
    ],
    schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }, { type: 'shortening_interval' }] },
  },
})

const again = (subscription: Stripe.Subscription) => stripe.subscriptions.retrieve(subscription.id)
const priceOf = ({ items }: Stripe.Subscription) => items.data[0]?.price.id

function visit({ customer }: Stripe.Subscription, flow?: Stripe.BillingPortal.SessionCreateParams.FlowData) {
  return stripe.billingPortal.sessions.create({
    customer: idOf(customer),
    configuration: configuration.id,
    return_url: 'http://localhost:3000/settings/billing',
    ...(flow && { flow_data: flow }),
  })
}

const read = async (url: string): Promise<string> => (await fetch(url)).text()

/** Sends a form of a page; answers where it leads. */
async function send(url: string, fields: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  expect(response.status).toBe(303)
  return response.headers.get('location') ?? ''
}

const choose = ({ url }: { url: string }, subscription: Stripe.Subscription, price: Stripe.Price) =>
  send(`${url}/confirm`, { subscription: subscription.id, price: price.id })

test('an upgrade happens at once: the page says what is due, and that is charged', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await harness.advance('P14D')
  const session = await visit(subscription)
  expect(await read(session.url)).toContain('Starter')
  const page = await read(`${session.url}/confirm?subscription=${subscription.id}&price=${plans.growth.id}`)
  expect(page).toContain('Pay $150.00 and change')
  const said = await choose(session, subscription, plans.growth)
  expect(await read(said)).toContain('Your plan has been changed.')
  const upgraded = await again(subscription)
  expect([priceOf(upgraded), period(upgraded), upgraded.schedule]).toEqual([
    plans.growth.id,
    period(subscription),
    null,
  ])
  expect((await invoicesOf(stripe, subscription))[0]).toMatchObject({ amount_paid: 15_000, status: 'paid' })
})

test('a downgrade waits for the period’s end in a schedule, and can be taken back until then', async () => {
  const subscription = await subscribe(harness, plans.growth)
  const session = await visit(subscription)
  const page = await read(`${session.url}/confirm?subscription=${subscription.id}&price=${plans.starter.id}`)
  expect(page).toContain('February 28, 2026')
  await choose(session, subscription, plans.starter)
  const waiting = await again(subscription)
  expect([priceOf(waiting), typeof waiting.schedule]).toEqual([plans.growth.id, 'string'])
  expect(await read(`${session.url}?home=1`)).toContain('Changes to Starter ($99.00) on February 28, 2026')
  await send(`${session.url}/unschedule`, { subscription: subscription.id })
  expect((await again(subscription)).schedule).toBeNull()

  await choose(session, subscription, plans.starter)
  await harness.advance('P1M')
  expect(priceOf(await again(subscription))).toBe(plans.starter.id)
  expect((await invoicesOf(stripe, subscription)).map(({ total }) => total)).toEqual([9_900, 39_900])
})

test('a longer interval begins at once, a shorter one when the year is over', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const session = await visit(subscription)
  await choose(session, subscription, plans.starterYearly)
  expect(period(await again(subscription))).toBe('2026-01-31 – 2027-01-31')
  await choose(session, subscription, plans.starter)
  expect(period(await again(subscription))).toBe('2026-01-31 – 2027-01-31')
  await harness.advance('P1Y')
  expect(period(await again(subscription))).toBe('2027-01-31 – 2027-02-28')
})

test('another plan in a trial ends the trial: the first whole period begins and is paid', async () => {
  const subscription = await subscribe(harness, plans.growth, { trialDays: 14 })
  await harness.advance('P2D')
  const session = await visit(subscription)
  await choose(session, subscription, plans.starter)
  const active = await again(subscription)
  expect([active.status, priceOf(active), period(active)]).toEqual([
    'active',
    plans.starter.id,
    '2026-02-02 – 2026-03-02',
  ])
  expect((await invoicesOf(stripe, subscription)).map(({ total }) => total)).toEqual([9_900, 0])
})

test('a cancellation stands in cancel_at alone, and can be taken back', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const session = await visit(subscription)
  expect(await read(`${session.url}/cancel?subscription=${subscription.id}`)).toContain('February 28, 2026')
  await send(`${session.url}/cancel`, { subscription: subscription.id })
  const ending = await again(subscription)
  expect([ending.cancel_at_period_end, day(ending.cancel_at), ending.status]).toEqual([false, '2026-02-28', 'active'])
  expect(ending.cancellation_details?.reason).toBe('cancellation_requested')
  await send(`${session.url}/keep`, { subscription: subscription.id })
  expect((await again(subscription)).cancel_at).toBeNull()

  await choose(session, subscription, plans.growth)
  await choose(session, subscription, plans.starter)
  // What was scheduled is dropped by the cancellation.
  await send(`${session.url}/cancel`, { subscription: subscription.id })
  await harness.advance('P1M')
  expect(await again(subscription)).toMatchObject({ status: 'canceled', schedule: null })
})

test('with a card that declines nothing changes; with one that pays the open invoice is paid', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const session = await visit(subscription)
  await send(`${session.url}/card`, { card: 'declining_card' })
  expect(await read(`${session.url}?home=1`)).toContain('Visa •••• 0341')
  expect(await read(await choose(session, subscription, plans.growth))).toContain('Your card was declined')
  expect(await again(subscription)).toMatchObject({ status: 'active', latest_invoice: subscription.latest_invoice })

  await harness.advance('P1M')
  expect((await again(subscription)).status).toBe('past_due')
  await send(`${session.url}/card`, { card: 'good_card' })
  const [open] = await invoicesOf(stripe, subscription)
  expect(await read(await send(`${session.url}/invoices/${open?.id}`))).toContain('The invoice is paid.')
  expect((await again(subscription)).status).toBe('active')
  expect(await read(open?.hosted_invoice_url ?? '')).toContain('Paid')
})

test('a deep link leads to its page, and back to the shop when that is done', async () => {
  const subscription = await subscribe(harness, plans.starter)
  const item = subscription.items.data[0]?.id ?? ''
  const session = await visit(subscription, {
    type: 'subscription_update_confirm',
    after_completion: { type: 'redirect', redirect: { return_url: 'http://localhost:3000/done' } },
    subscription_update_confirm: { subscription: subscription.id, items: [{ id: item, price: plans.growth.id }] },
  })
  expect(await read(session.url)).toContain('Confirm your change')
  expect(await choose(session, subscription, plans.growth)).toBe('http://localhost:3000/done')
  for (const [type, title] of [
    ['subscription_update', 'Change your plan'],
    ['subscription_cancel', 'Cancel your plan'],
  ] as const) {
    const flow = await visit(subscription, { type, [type]: { subscription: subscription.id } })
    expect(await read(flow.url)).toContain(`<title>${title}</title>`)
  }
  const card = await visit(subscription, { type: 'payment_method_update' })
  expect(await read(card.url)).toContain('Update your payment method')
})

test('nobody reaches another customer’s subscription, nor a price that is not offered', async () => {
  const mine = await subscribe(harness, plans.starter)
  const theirs = await subscribe(harness, plans.starter)
  const session = await visit(mine)
  const status = async (path: string, fields: Record<string, string>) =>
    (await fetch(`${session.url}/${path}`, { method: 'POST', body: new URLSearchParams(fields) })).status
  expect(await status('cancel', { subscription: theirs.id })).toBe(400)
  const hidden = await stripe.prices.create({
    product: idOf(plans.starter.product),
    currency: 'usd',
    unit_amount: 1,
    recurring: { interval: 'month' },
  })
  expect(await status('confirm', { subscription: mine.id, price: hidden.id })).toBe(400)
  const [invoice] = await invoicesOf(stripe, theirs)
  expect(await status(`invoices/${invoice?.id}`, {})).toBe(404)
  expect((await fetch(`${harness.url}/portal/bps_none`)).status).toBe(404)
  expect(await again(theirs)).toMatchObject({ cancel_at: null })
})

test('names from outside are text on the pages', async () => {
  const subscription = await subscribe(harness, plans.starter)
  await stripe.products.update(idOf(plans.starter.product), { name: '<script>alert(1)</script>' })
  const session = await visit(subscription)
  const page = await read(session.url)
  expect(page).not.toContain('<script')
  expect(page).toContain('&lt;script&gt;')
})

test('a configuration keeps what it is told, shows its products on request, and refuses what Stripe refuses', async () => {
  const refused = async (work: Promise<unknown>) =>
    work.then(
      () => 'accepted',
      (fault: Stripe.errors.StripeError) => `${fault.code} ${fault.param}`,
    )
  const plain = await stripe.billingPortal.configurations.retrieve(configuration.id)
  expect(plain.features.subscription_update).not.toHaveProperty('products')
  const path = 'features.subscription_update.products'
  const whole = await stripe.billingPortal.configurations.retrieve(configuration.id, { expand: [path] })
  expect(whole.features.subscription_update.products?.map(({ prices }) => prices.length)).toEqual([2, 2])

  const off = await stripe.billingPortal.configurations.update(configuration.id, {
    features: { subscription_cancel: { enabled: false } },
  })
  expect([off.features.subscription_cancel.enabled, off.features.subscription_update.enabled]).toEqual([false, true])
  const subscription = await subscribe(harness, plans.starter)
  const cancel = { type: 'subscription_cancel', subscription_cancel: { subscription: subscription.id } } as const
  expect(await refused(visit(subscription, cancel))).toBe('undefined flow_data[type]')

  const update = { enabled: true, default_allowed_updates: ['price' as const] }
  const create = (subscription_update: Stripe.BillingPortal.ConfigurationCreateParams.Features.SubscriptionUpdate) =>
    refused(stripe.billingPortal.configurations.create({ features: { subscription_update } }))
  expect(await create(update)).toBe('parameter_missing features[subscription_update][products]')
  expect(await create({ ...update, products: [{ product: 'prod_none', prices: ['price_none'] }] })).toBe(
    'resource_missing features[subscription_update][products][0][product]',
  )
  // Without a configuration of the dashboard's there is no default.
  expect(await refused(stripe.billingPortal.sessions.create({ customer: idOf(subscription.customer) }))).toBe(
    'undefined configuration',
  )
})
