import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type Stripe from 'stripe'
import { idOf } from '../src/subscription-object.ts'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
let stripe: Stripe
let price: Stripe.Price

beforeAll(async () => {
  harness = await startHarness()
  stripe = harness.stripe
  const product = await stripe.products.create({ name: 'Leads' })
  price = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 7000, lookup_key: 'leads' })
})
afterAll(() => harness.stop())
beforeEach(async () => {
  await harness.settle()
  harness.received.length = 0
})

async function open(more: Partial<Stripe.Checkout.SessionCreateParams> = {}): Promise<Stripe.Checkout.Session> {
  return stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price: price.id, quantity: 3 }],
    success_url: 'http://localhost:3000/return?session={CHECKOUT_SESSION_ID}',
    cancel_url: 'http://localhost:3000/billing',
    client_reference_id: 'pur_1',
    metadata: { purchase: 'pur_1' },
    payment_intent_data: { metadata: { purchase: 'pur_1' }, description: '3,000 leads' },
    ...more,
  })
}

const complete = (id: string, outcome: string) =>
  harness.sim<Stripe.Checkout.Session>(`checkout/sessions/${id}/complete`, { outcome })

async function typesOfEvents(): Promise<string[]> {
  await harness.settle()
  return harness.received.map((event) => event.type).sort()
}

describe('a payment', () => {
  test('three blocks are paid: the session, its intent, its charge and its receipt tell the same amount', async () => {
    const customer = await stripe.customers.create({ email: 'ada@example.com', name: 'Ada' })
    const session = await open({ customer: customer.id })
    expect(session).toMatchObject({ status: 'open', payment_status: 'unpaid', amount_total: 21_000, currency: 'usd' })
    expect(session.url).toBe(`${harness.url}/pay/${session.id}`)
    expect(session.line_items).toBeUndefined()
    expect(await complete(session.id, 'paid')).toMatchObject({ status: 'complete', payment_status: 'paid', url: null })

    const paid = await stripe.checkout.sessions.retrieve(session.id, {
      expand: ['line_items', 'payment_intent.latest_charge', 'customer'],
    })
    expect(paid.client_reference_id).toBe('pur_1')
    expect(paid.line_items?.data).toMatchObject([{ quantity: 3, amount_total: 21_000, price: { id: price.id } }])
    expect(paid.customer).toMatchObject({ email: 'ada@example.com' })
    const intent = paid.payment_intent as Stripe.PaymentIntent
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 21_000, metadata: { purchase: 'pur_1' } })
    const charge = intent.latest_charge as Stripe.Charge
    expect(charge).toMatchObject({ paid: true, amount: 21_000, description: '3,000 leads', refunded: false })
    expect(charge.receipt_number).toMatch(/^\d{4}-\d{4}$/)
    const found = await stripe.checkout.sessions.list({ payment_intent: intent.id })
    expect(found.data.map(({ id }) => id)).toEqual([session.id])
  })

  test('each event arrives once, signed, as a picture of its moment', async () => {
    const session = await open()
    await complete(session.id, 'paid')
    expect(await typesOfEvents()).toEqual([
      'charge.succeeded',
      'charge.updated',
      'checkout.session.completed',
      'payment_intent.created',
      'payment_intent.succeeded',
    ])
    const created = harness.received.find((event) => event.type === 'payment_intent.created')
    expect(created).toMatchObject({
      api_version: '2026-10-28.endive',
      data: { object: { status: 'requires_payment_method' } },
    })
    await harness.settle()
    expect(harness.received).toHaveLength(5)
    const listed = await stripe.events.list({ type: 'checkout.session.completed', limit: 1 })
    expect(listed.data[0]?.data.object).toMatchObject({ id: session.id, payment_status: 'paid' })
  })

  test('a declined card leaves the session open; the next one pays with the same intent', async () => {
    const { id } = await open()
    const declined = await complete(id, 'declined')
    expect(declined).toMatchObject({ status: 'open', payment_status: 'unpaid' })
    const paid = await complete(id, 'paid')
    expect(paid).toMatchObject({ status: 'complete', payment_intent: declined.payment_intent })
    const charges = await stripe.charges.list({ payment_intent: idOf(paid.payment_intent!) })
    expect(charges.data.map(({ status }) => status)).toEqual(['succeeded', 'failed'])
    expect(await typesOfEvents()).toEqual(
      expect.arrayContaining(['charge.failed', 'payment_intent.payment_failed', 'checkout.session.completed']),
    )
  })

  test('a bank debit completes unpaid and settles later; whatever comes after changes nothing', async () => {
    const paid = await open()
    expect(await complete(paid.id, 'async_pending')).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    expect(await complete(paid.id, 'paid')).toMatchObject({ payment_status: 'unpaid' })
    expect(await complete(paid.id, 'async_paid')).toMatchObject({ payment_status: 'paid' })
    const failed = await open()
    expect(await complete(failed.id, 'async_failed')).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    const before = await typesOfEvents()
    expect(before).toEqual(
      expect.arrayContaining(['checkout.session.async_payment_failed', 'checkout.session.async_payment_succeeded']),
    )
    for (const outcome of ['paid', 'declined', 'async_pending', 'async_paid', 'async_failed', 'expired']) {
      expect(await complete(paid.id, outcome)).toMatchObject({ status: 'complete', payment_status: 'paid' })
      expect(await complete(failed.id, outcome)).toMatchObject({ status: 'complete', payment_status: 'unpaid' })
    }
    expect(await typesOfEvents()).toEqual(before)
  })

  test('left alone it expires after a day by the clock, and cannot be paid any more', async () => {
    const { id, expires_at: expiresAt } = await open()
    await harness.advance('PT23H59M59S')
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('open')
    await harness.advance('PT1S')
    expect(await complete(id, 'paid')).toMatchObject({ status: 'expired', payment_status: 'unpaid' })
    const expired = harness.received.find((event) => event.type === 'checkout.session.expired')
    expect(expired?.created).toBe(expiresAt)
  })

  test('the clock may first be set to an instant before what real time has settled; from there on sessions expire', async () => {
    const reached = harness.now().toISOString()
    harness.setClock('2025-12-01T10:00:00Z')
    const { id } = await open()
    harness.setClock('2025-12-02T10:00:01Z')
    expect((await stripe.checkout.sessions.retrieve(id)).status).toBe('expired')
    harness.setClock(reached)
  })

  test('expired by us it is expired at once, and only once', async () => {
    const { id } = await open()
    expect((await stripe.checkout.sessions.expire(id)).status).toBe('expired')
    await expect(stripe.checkout.sessions.expire(id)).rejects.toThrow('Only Checkout Sessions with a status')
  })

  test('a coupon takes its share off every line', async () => {
    const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once' })
    const session = await open({ discounts: [{ coupon: coupon.id }] })
    expect(session).toMatchObject({ amount_subtotal: 21_000, amount_total: 15_750 })
    expect(session.total_details).toMatchObject({ amount_discount: 5_250 })
  })

  test('what Stripe refuses is refused: no such price, recurring prices, too little, removed parameters', async () => {
    const recurring = await stripe.prices.create({
      product_data: { name: 'Starter' },
      currency: 'usd',
      unit_amount: 9_900,
      recurring: { interval: 'month' },
    })
    const cheap = await stripe.prices.create({ product: idOf(price.product), currency: 'usd', unit_amount: 10 })
    const line = (id: string) => ({ line_items: [{ price: id, quantity: 1 }] })
    await expect(open(line('price_none'))).rejects.toMatchObject({ code: 'resource_missing', statusCode: 400 })
    await expect(open(line(recurring.id))).rejects.toThrow('passed a recurring price')
    await expect(open(line(cheap.id))).rejects.toMatchObject({ code: 'amount_too_small' })
    await expect(open({ line_items: [] })).rejects.toMatchObject({ code: 'parameter_missing' })
    const removed: object = { payment_method_types: ['card'] }
    await expect(open(removed)).rejects.toMatchObject({ code: 'parameter_unknown', param: 'payment_method_types' })
  })
})
