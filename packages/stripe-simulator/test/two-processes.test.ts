import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type Stripe from 'stripe'
import type { Simulator } from '../src/index.ts'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
let other: Simulator

beforeAll(async () => {
  harness = await startHarness()
  other = await harness.another()
})
afterAll(async () => {
  await other.stop()
  await harness.stop()
})
afterEach(() => harness.sim('webhooks', { paused: false, duplicate: 0 }))

async function ask<T>(simulator: Simulator, path: string, form?: Record<string, string>, key?: string): Promise<T> {
  const response = await simulator.fetch(
    new Request(`http://stripe.test${path}`, {
      method: form === undefined ? 'GET' : 'POST',
      headers: { Authorization: 'Bearer sk_test_1', ...(key === undefined ? {} : { 'Idempotency-Key': key }) },
      ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
    }),
  )
  return (await response.json()) as T
}

test('both are one Stripe: what one makes, the other finds, also the settings', async () => {
  const { id } = await ask<Stripe.Customer>(harness.simulator, '/v1/customers', { name: 'Ada' })
  expect(await ask(other, `/v1/customers/${id}`)).toMatchObject({ name: 'Ada' })
  await harness.sim('webhooks', { duplicate: 2, paused: true })
  await ask(other, '/v1/customers', { name: 'Bea' })
  await other.settle()
  expect(harness.received).toEqual([])
  await harness.sim('webhooks', { paused: false })
  const names = harness.received.map((event) => (event.data.object as Stripe.Customer).name ?? '')
  expect(names.toSorted((a, b) => a.localeCompare(b))).toEqual(['Ada', 'Bea', 'Bea', 'Bea'])
})

test('one key at both at once is one request', async () => {
  const asked = Array.from({ length: 10 }, (_, at) =>
    ask<Stripe.Customer>(at % 2 === 0 ? harness.simulator : other, '/v1/customers', { name: 'Eve' }, 'both'),
  )
  expect(new Set((await Promise.all(asked)).map(({ id }) => id)).size).toBe(1)
})

test('both deliver, and no event comes twice', async () => {
  await harness.settle()
  harness.received.length = 0
  for (let at = 0; at < 30; at++) await ask(harness.simulator, '/v1/customers', { name: `Customer ${at}` })
  await Promise.all([harness.settle(), other.settle()])
  expect(harness.received).toHaveLength(30)
})

test('what one leaves behind when it ends, the other delivers', async () => {
  await harness.settle()
  harness.received.length = 0
  const third = await harness.another()
  await ask(third, '/v1/customers', { name: 'Last' })
  await third.stop()
  other.start()
  await expect.poll(() => harness.received.length, { timeout: 10_000 }).toBe(1)
})
