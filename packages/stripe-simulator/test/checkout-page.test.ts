import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type Stripe from 'stripe'
import { idOf } from '../src/subscription-object.ts'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
let stripe: Stripe

beforeAll(async () => {
  harness = await startHarness()
  stripe = harness.stripe
})
afterAll(() => harness.stop())
beforeEach(async () => {
  await harness.settle()
  harness.received.length = 0
})

const success = 'https://shop.example/return?session={CHECKOUT_SESSION_ID}'

function open(more: Partial<Stripe.Checkout.SessionCreateParams> = {}): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [
      { price_data: { currency: 'usd', unit_amount: 9_000, product_data: { name: 'Leads <1,000>' } }, quantity: 3 },
    ],
    success_url: success,
    cancel_url: 'https://shop.example/billing',
    ...more,
  })
}

async function plan(): Promise<Partial<Stripe.Checkout.SessionCreateParams>> {
  const price = await stripe.prices.create({
    product_data: { name: 'Starter' },
    currency: 'usd',
    unit_amount: 9_900,
    recurring: { interval: 'month' },
  })
  return { mode: 'subscription', line_items: [{ price: price.id, quantity: 1 }] }
}

const show = async (session: Stripe.Checkout.Session) => (await fetch(`${harness.url}/pay/${session.id}`)).text()

/** Presses the button, as a browser would; the address it is sent to. */
async function send(session: Stripe.Checkout.Session, form: Record<string, string>): Promise<string | null> {
  const body = new URLSearchParams(form)
  const answer = await fetch(`${harness.url}/pay/${session.id}`, { method: 'POST', body, redirect: 'manual' })
  expect(answer.status).toBe(303)
  return answer.headers.get('location')
}

const again = (session: Stripe.Checkout.Session) => stripe.checkout.sessions.retrieve(session.id)

test('the page shows what is bought and its total, escaped; paying leads to the shop with the session’s id', async () => {
  const session = await open()
  const page = await show(session)
  expect(page).toContain('Leads &lt;1,000&gt;')
  expect(page).toContain('3 × $90.00')
  expect(page).toContain('Pay $270.00')
  expect(page).toContain('href="https://shop.example/billing"')
  expect(page).toContain('name="email"')
  const to = await send(session, { method: 'good_card', email: 'ada@example.com' })
  expect(to).toBe(`https://shop.example/return?session=${session.id}`)
  expect(await again(session)).toMatchObject({ payment_status: 'paid', customer_details: { email: 'ada@example.com' } })
  expect(await send(session, { method: 'good_card' })).toBe(to)
  expect((await stripe.charges.list()).data).toHaveLength(1)
  expect(await show(session)).toContain('You are all done here.')
})

test('a declined card says so and leaves everything as it was', async () => {
  const session = await open()
  const to = await send(session, { method: 'declining_card' })
  expect(to).toBe(`${harness.url}/pay/${session.id}?declined=1`)
  expect(await (await fetch(String(to))).text()).toContain('Your card was declined.')
  expect(await again(session)).toMatchObject({ status: 'open', payment_status: 'unpaid' })
})

test('a bank debit returns to the shop unpaid; on the page it arrives or fails', async () => {
  const session = await open()
  expect(await send(session, { method: 'bank_debit' })).toContain('shop.example/return')
  expect(await show(session)).toContain('The bank debit is on its way.')
  await send(session, { debit: 'fails' })
  expect(await show(session)).toContain('The bank debit failed.')
  await send(session, { debit: 'arrives' })
  expect(await again(session)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
})

test('expired it cannot be paid, unknown it is not there', async () => {
  const session = await open()
  await stripe.checkout.sessions.expire(session.id)
  expect(await show(session)).toContain('This checkout has expired.')
  await send(session, { method: 'good_card' })
  expect(await again(session)).toMatchObject({ status: 'expired', payment_status: 'unpaid' })
  expect((await fetch(`${harness.url}/pay/cs_none`)).status).toBe(404)
})

test('subscribing makes the customer, the subscription with its metadata, and a paid invoice', async () => {
  const session = await open({ ...(await plan()), subscription_data: { metadata: { workspace: 'ws_1' } } })
  expect(await show(session)).toContain('>Subscribe<')
  await send(session, { method: 'good_card', email: 'ada@example.com', name: 'Ada' })
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription', 'customer', 'invoice'] })
  expect(done).toMatchObject({
    payment_status: 'paid',
    customer: { email: 'ada@example.com', name: 'Ada' },
    subscription: { status: 'active', metadata: { workspace: 'ws_1' } },
    invoice: { status: 'paid', amount_paid: 9_900 },
  })
  await harness.settle()
  expect(harness.received.map(({ type }) => type)).toEqual(
    expect.arrayContaining(['customer.subscription.created', 'invoice.paid', 'checkout.session.completed']),
  )
  await harness.sim('refunds', { checkoutSession: session.id, amount: 900 })
  expect((await stripe.refunds.list()).data).toMatchObject([{ amount: 900 }])
})

test('a trial costs nothing today; a declined card starts no subscription', async () => {
  const session = await open({ ...(await plan()), subscription_data: { trial_period_days: 14 } })
  expect(session).toMatchObject({ amount_total: 0 })
  expect(await show(session)).toContain('until 14 Feb 2026')
  await send(session, { method: 'declining_card' })
  expect(await again(session)).toMatchObject({ status: 'open', subscription: null })
  await send(session, { method: 'good_card' })
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
  expect(done).toMatchObject({ payment_status: 'no_payment_required', subscription: { status: 'trialing' } })
})

test('a subscription paid by bank debit begins when the money arrives', async () => {
  const session = await open(await plan())
  await send(session, { method: 'bank_debit', email: 'ada@example.com' })
  expect(await again(session)).toMatchObject({ status: 'complete', payment_status: 'unpaid', subscription: null })
  await send(session, { debit: 'arrives' })
  expect(await again(session)).toMatchObject({ payment_status: 'paid', subscription: expect.any(String) as string })
})

test('the receipt shows what was paid and what was given back', async () => {
  const session = await open({ payment_intent_data: { description: '3,000 leads' } })
  await send(session, { method: 'good_card' })
  await harness.sim('refunds', { checkoutSession: session.id, amount: 2_500 })
  const { payment_intent: intent } = await again(session)
  const [charge] = (await stripe.charges.list({ payment_intent: idOf(intent!) })).data
  const receipt = await (await fetch(String(charge?.receipt_url))).text()
  for (const text of [charge?.receipt_number, '$270.00', '-$25.00', '3,000 leads', 'Visa ending in 4242']) {
    expect(receipt).toContain(text)
  }
})
