/** What nobody waits for leaves Stripe's limit of requests to those who do. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createClient, inBackground } from '../src/client.ts'
import { listen, type Listening } from './listen.ts'

let stripe: Listening
let asked = 0
beforeAll(async () => {
  stripe = await listen(() => {
    asked += 1
    return Response.json({ id: 'price_1', object: 'price' })
  })
})
afterAll(() => stripe.close())

test('a hundred requests in the background take their turns, and none runs out of patience; who waits is not held back', async () => {
  const client = createClient('sk_test_pace', stripe.url)
  const ask = () => client.prices.retrieve('price_1')
  let done = 0
  const behind = inBackground(() => Promise.all(Array.from({ length: 100 }, () => ask().then(() => (done += 1)))))
  await Promise.all(Array.from({ length: 20 }, ask))
  // Twenty of them were answered while nearly all of the hundred still waited.
  expect(done).toBeLessThan(100)
  await behind
  expect(asked).toBe(120)
}, 30_000)
