import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import Stripe from 'stripe'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
let stripe: Stripe

beforeAll(async () => {
  harness = await startHarness()
  stripe = harness.stripe
})
afterAll(() => harness.stop())

const raw = (path: string, headers: Record<string, string> = {}) =>
  fetch(`${harness.url}${path}`, { headers: { Authorization: 'Bearer sk_test_1', ...headers } })

describe('errors have the shape that the SDK turns into its classes', () => {
  test('no key and a wrong key: 401', async () => {
    const none = await fetch(`${harness.url}/v1/customers`)
    expect(none.status).toBe(401)
    expect(none.headers.get('request-id')).toMatch(/^req_/)
    const wrong = new Stripe('pk_live_no', {
      host: '127.0.0.1',
      port: Number(new URL(harness.url).port),
      protocol: 'http',
    })
    await expect(wrong.customers.list()).rejects.toBeInstanceOf(Stripe.errors.StripeAuthenticationError)
  })

  test('what is not there: 404 resource_missing, with the id in the sentence', async () => {
    await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({
      statusCode: 404,
      type: 'StripeInvalidRequestError',
      code: 'resource_missing',
      message: "No such customer: 'cus_none'",
      requestId: expect.stringMatching(/^req_/) as string,
    })
  })

  test('a parameter that Stripe does not know, one that is missing, one that is no number', async () => {
    const bad: Stripe.CustomerCreateParams & { colour: string } = { colour: 'red' }
    await expect(stripe.customers.create(bad)).rejects.toMatchObject({ code: 'parameter_unknown', param: 'colour' })
    const nameless = {} as Stripe.ProductCreateParams
    await expect(stripe.products.create(nameless)).rejects.toMatchObject({ code: 'parameter_missing', param: 'name' })
    const wrong = await raw('/v1/customers?limit=many')
    expect(wrong.status).toBe(400)
    expect(await wrong.json()).toMatchObject({ error: { code: 'parameter_invalid_integer', param: 'limit' } })
  })

  test('an address that nobody serves, another version of the API', async () => {
    expect((await raw('/v1/unicorns')).status).toBe(404)
    const old = await raw('/v1/customers', { 'Stripe-Version': '2024-06-20' })
    expect(old.status).toBe(400)
  })
})

describe('an idempotency key', () => {
  test('the same request again gets the first answer and has no second effect', async () => {
    const first = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k1' })
    const again = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k1' })
    expect(again.id).toBe(first.id)
    expect(again.lastResponse.headers['idempotent-replayed']).toBe('true')
    expect(first.lastResponse.headers['idempotent-replayed']).toBeUndefined()
    expect(again.lastResponse.headers['original-request']).toBe(first.lastResponse.requestId)
    const created = await stripe.events.list({ type: 'customer.created', limit: 100 })
    const about = created.data.filter((event) => (event.data.object as Stripe.Customer).id === first.id)
    expect(about.map(({ request }) => request?.idempotency_key)).toEqual(['k1'])
  })

  test('another request with the key is refused', async () => {
    await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k2' })
    await expect(stripe.customers.create({ name: 'Bea' }, { idempotencyKey: 'k2' })).rejects.toMatchObject({
      type: 'StripeIdempotencyError',
      statusCode: 400,
    })
    await expect(stripe.products.create({ name: 'Ada' }, { idempotencyKey: 'k2' })).rejects.toBeInstanceOf(
      Stripe.errors.StripeIdempotencyError,
    )
  })

  test('a refused request leaves the key free', async () => {
    const nameless = {} as Stripe.ProductCreateParams
    await expect(stripe.products.create(nameless, { idempotencyKey: 'k3' })).rejects.toThrow()
    expect((await stripe.products.create({ name: 'Leads' }, { idempotencyKey: 'k3' })).name).toBe('Leads')
  })

  test('twenty at once with one key are one', async () => {
    const all = await Promise.all(
      Array.from({ length: 20 }, () => stripe.customers.create({ name: 'Eve' }, { idempotencyKey: 'k4' })),
    )
    expect(new Set(all.map(({ id }) => id)).size).toBe(1)
  })

  test('a day later by the clock it is forgotten', async () => {
    const first = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k5' })
    await harness.advance('P1D')
    expect((await stripe.customers.create({ name: 'Ada' }, { idempotencyKey: 'k5' })).id).not.toBe(first.id)
  })
})

describe('lists', () => {
  test('newest first, page by page, until there is no more', async () => {
    const made: string[] = []
    for (let at = 0; at < 7; at++) made.push((await stripe.coupons.create({ percent_off: 10, name: `${at}` })).id)
    const page = await stripe.coupons.list({ limit: 3 })
    expect(page).toMatchObject({ has_more: true, url: '/v1/coupons' })
    expect(page.data.map(({ id }) => id)).toEqual(made.slice(4).toReversed())
    const before = await stripe.coupons.list({ limit: 2, ending_before: made[1]! })
    expect(before.data.map(({ id }) => id)).toEqual([made[3], made[2]])
    const all: string[] = []
    for await (const { id } of stripe.coupons.list({ limit: 3 })) all.push(id)
    expect(all).toEqual(made.toReversed())
  })

  test('by fields, by any of several lookup keys, by time', async () => {
    const product = await stripe.products.create({ name: 'Sends' })
    const price = (key: string) =>
      stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 100, lookup_key: key })
    const [first, , third] = [await price('a'), await price('b'), await price('c')]
    await stripe.prices.update(third.id, { active: false })
    const named = await stripe.prices.list({ lookup_keys: ['a', 'c'], expand: ['data.product'] })
    expect(named.data.map(({ id }) => id)).toEqual([third.id, first.id])
    expect(named.data[0]?.product).toMatchObject({ name: 'Sends' })
    const active = await stripe.prices.list({ product: product.id, active: true })
    expect(active.data).toHaveLength(2)
    await harness.advance('PT1H')
    const since = Math.floor(harness.now().getTime() / 1000)
    await price('d')
    expect((await stripe.prices.list({ created: { gte: since } })).data.map((one) => one.lookup_key)).toEqual(['d'])
    expect((await stripe.prices.list({ created: { lt: since }, product: product.id })).data).toHaveLength(3)
  })
})

describe('objects', () => {
  test('a lookup key names one price, and moves only when that is asked for', async () => {
    const params = { product_data: { name: 'Credits' }, currency: 'usd', unit_amount: 500, lookup_key: 'credits' }
    const old = await stripe.prices.create(params)
    await expect(stripe.prices.create(params)).rejects.toThrow('already uses that lookup key')
    const fresh = await stripe.prices.create({ ...params, transfer_lookup_key: true })
    expect(fresh.lookup_key).toBe('credits')
    expect((await stripe.prices.retrieve(old.id)).lookup_key).toBeNull()
    expect(fresh.unit_amount_decimal?.toString()).toBe('500')
  })

  test('metadata is merged, emptied name by name, or all at once; an update says what it changed', async () => {
    const { id } = await stripe.customers.create({ name: 'Ada', metadata: { a: '1', b: '2' } })
    expect((await stripe.customers.update(id, { metadata: { b: '', c: '3' } })).metadata).toEqual({ a: '1', c: '3' })
    expect((await stripe.customers.update(id, { metadata: '' })).metadata).toEqual({})
    await stripe.customers.update(id, { name: 'Ada L.' })
    const [event] = (await stripe.events.list({ type: 'customer.updated', limit: 1 })).data
    expect(event?.data.previous_attributes).toEqual({ name: 'Ada' })
  })

  test('a property that is no object, or lies too deep, cannot be expanded', async () => {
    const { id } = await stripe.customers.create({ name: 'Ada' })
    const expand = (path: string) => stripe.customers.retrieve(id, { expand: [path] })
    await expect(expand('name')).rejects.toThrow('cannot be expanded (name)')
    await expect(expand('a.b.c.d.e')).rejects.toThrow('more than 4 levels')
  })

  test('a webhook endpoint tells its secret once', async () => {
    const made = await stripe.webhookEndpoints.create({ url: 'https://example.com/hook', enabled_events: ['*'] })
    expect(made.secret).toMatch(/^whsec_/)
    const [listed] = (await stripe.webhookEndpoints.list()).data
    expect(listed).toMatchObject({ id: made.id, enabled_events: ['*'] })
    expect(listed?.secret).toBeUndefined()
    expect(await stripe.webhookEndpoints.del(made.id)).toMatchObject({ deleted: true })
    expect((await stripe.webhookEndpoints.list()).data).toEqual([])
  })
})
