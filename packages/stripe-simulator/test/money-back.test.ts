import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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

/** A session of $70.00 that was paid, and the intent that paid it. */
async function paid(): Promise<{ session: string; intent: string }> {
  const { id } = await stripe.checkout.sessions.create({
    mode: 'payment',
    line_items: [{ price_data: { currency: 'usd', unit_amount: 7_000, product_data: { name: 'Leads' } }, quantity: 1 }],
    success_url: 'http://localhost:3000/',
  })
  const session = await harness.sim<Stripe.Checkout.Session>(`checkout/sessions/${id}/complete`, { outcome: 'paid' })
  await harness.settle()
  harness.received.length = 0
  return { session: id, intent: idOf(session.payment_intent!) }
}

async function chargeOf(intent: string): Promise<Stripe.Charge> {
  const found = await stripe.paymentIntents.retrieve(intent, { expand: ['latest_charge.refunds'] })
  return found.latest_charge as Stripe.Charge
}

async function typesOfEvents(): Promise<string[]> {
  await harness.settle()
  return harness.received.map((event) => event.type).sort()
}

describe('refunds', () => {
  test('in parts, then the rest; the charge counts them', async () => {
    const { intent } = await paid()
    await stripe.refunds.create({ payment_intent: intent, amount: 2_000, metadata: { why: 'half' } })
    expect(await chargeOf(intent)).toMatchObject({ amount_refunded: 2_000, refunded: false })
    await expect(stripe.refunds.create({ payment_intent: intent, amount: 5_001 })).rejects.toThrow(
      'greater than unrefunded amount on charge ($50.00)',
    )
    expect(await stripe.refunds.create({ payment_intent: intent })).toMatchObject({ amount: 5_000 })
    const charge = await chargeOf(intent)
    expect(charge).toMatchObject({ amount_refunded: 7_000, refunded: true, paid: true })
    expect(charge.refunds?.data.map(({ amount }) => amount)).toEqual([5_000, 2_000])
    expect((await stripe.refunds.list({ payment_intent: intent })).data).toHaveLength(2)
    await expect(stripe.refunds.create({ charge: charge.id })).rejects.toMatchObject({
      code: 'charge_already_refunded',
    })
  })

  test('from the dashboard, which is a control call here; the events tell the sum', async () => {
    const { session } = await paid()
    expect(await harness.sim('refunds', { checkoutSession: session, amount: 1_000 })).toMatchObject({ amount: 1_000 })
    expect(await typesOfEvents()).toEqual(['charge.refunded', 'refund.created', 'refund.updated'])
    const event = harness.received.find(({ type }) => type === 'charge.refunded')
    expect(event?.data).toMatchObject({
      object: { amount_refunded: 1_000 },
      previous_attributes: { amount_refunded: 0 },
    })
    await harness.sim('refunds', { checkoutSession: session })
    await expect(harness.sim('refunds', { checkoutSession: session })).rejects.toThrow('400')
    await expect(harness.sim('refunds', { checkoutSession: 'cs_none' })).rejects.toThrow('404')
  })
})

describe('disputes', () => {
  test('opened the money is gone, won it comes back', async () => {
    const { session, intent } = await paid()
    await harness.sim('disputes', { checkoutSession: session, outcome: 'opened' })
    expect(await typesOfEvents()).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.updated',
    ])
    expect((await chargeOf(intent)).disputed).toBe(true)
    await expect(stripe.refunds.create({ payment_intent: intent })).rejects.toMatchObject({ code: 'charge_disputed' })
    expect(await harness.sim('disputes', { checkoutSession: session, outcome: 'won' })).toMatchObject({ status: 'won' })
    const [dispute] = (await stripe.disputes.list({ payment_intent: intent })).data
    expect(dispute).toMatchObject({ status: 'won', amount: 7_000 })
    expect(await typesOfEvents()).toEqual(
      expect.arrayContaining(['charge.dispute.closed', 'charge.dispute.funds_reinstated']),
    )
  })

  test('lost at once is opened first; closed, it stays closed', async () => {
    const { session } = await paid()
    await harness.sim('disputes', { checkoutSession: session, outcome: 'lost' })
    const types = await typesOfEvents()
    expect(types).toEqual(expect.arrayContaining(['charge.dispute.created', 'charge.dispute.closed']))
    expect(types).not.toContain('charge.dispute.funds_reinstated')
    const again = await harness.sim('disputes', { checkoutSession: session, outcome: 'won' })
    expect(again).toMatchObject({ status: 'lost' })
    expect(await typesOfEvents()).toEqual(types)
  })
})
