import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import Stripe from 'stripe'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
let stripe: Stripe

beforeAll(async () => {
  harness = await startHarness()
  stripe = harness.stripe
})
afterAll(() => harness.stop())
afterEach(() => harness.sim('faults', { latencyMs: 0, status: null, hang: false, reset: false, malformed: false }))

const ask = (timeout = 5_000) => stripe.customers.list({}, { timeout })

test('a status is answered in the shape of Stripe’s errors, until it is cleared', async () => {
  await harness.sim('faults', { status: 429 })
  await expect(ask()).rejects.toBeInstanceOf(Stripe.errors.StripeRateLimitError)
  await harness.sim('faults', { status: 500 })
  await expect(ask()).rejects.toBeInstanceOf(Stripe.errors.StripeAPIError)
  await harness.sim('faults', {})
  await expect(ask()).rejects.toThrow('500')
  await harness.sim('faults', { status: null })
  expect((await ask()).data).toEqual([])
})

test('hanging, the caller’s own limit ends the wait; cleared, who waits is answered', async () => {
  expect(await harness.sim('faults', { hang: true })).toMatchObject({ hang: true, status: null })
  await expect(ask(200)).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  const waiting = ask(10_000)
  await harness.sim('faults', { hang: false })
  expect((await waiting).data).toEqual([])
})

test('reset, the connection breaks; nothing has happened', async () => {
  await harness.sim('faults', { reset: true })
  await expect(stripe.customers.create({ name: 'Ada' })).rejects.toBeInstanceOf(Stripe.errors.StripeConnectionError)
  await harness.sim('faults', { reset: false })
  expect((await ask()).data).toEqual([])
})

test('malformed, the answer is a web page', async () => {
  await harness.sim('faults', { malformed: true })
  await expect(ask()).rejects.toThrow('Invalid JSON')
})

test('control calls and hosted pages are spared', async () => {
  await harness.sim('faults', { status: 503 })
  expect((await fetch(`${harness.url}/pay/cs_none`)).status).toBe(404)
  expect((await fetch(`${harness.url}/_sim/state`)).status).toBe(200)
})
