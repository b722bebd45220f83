/** The amount on the plan card: what Stripe bills, and never later than people wait (decisions §6). */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Breaker } from '../src/breaker.ts'
import { startHarness, type Harness } from './harness.ts'

const calm = { latencyMs: 0, status: null, hang: false, reset: false, malformed: false }

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  harness.money.start()
})
afterAll(() => harness.stop())
beforeEach(() => harness.sim('faults', calm))

async function subscribed(interval: 'month' | 'year' = 'month') {
  const workspace = await harness.workspace('free')
  await harness.buy(workspace, { plan: 'starter', contacts: 1_000, interval })
  await harness.quiet()
  const { customer } = (await harness.engine.customers.get(workspace))!
  const [subscription] = (await harness.stripe.subscriptions.list({ customer: customer! })).data
  return { workspace, id: subscription!.id, price: async () => harness.money.price(await harness.usage(workspace)) }
}

describe('the price', () => {
  test('A21 A87 A128 is what Stripe bills: a month, a twelfth of a year, and after discounts', async () => {
    const monthly = await subscribed()
    expect(await monthly.price()).toEqual({ monthlyCents: 9_900, currency: 'usd', source: 'stripe', billed: 'monthly' })
    const yearly = await subscribed('year')
    // 95,040 a year: 20 % below twelve months.
    expect(await yearly.price()).toMatchObject({ monthlyCents: 7_920, source: 'stripe', billed: 'yearly' })
    const coupon = await harness.stripe.coupons.create({ percent_off: 25, duration: 'forever' })
    await harness.stripe.subscriptions.update(monthly.id, { discounts: [{ coupon: coupon.id }] })
    await harness.quiet()
    expect(await monthly.price()).toMatchObject({ monthlyCents: 7_425, source: 'stripe' })
  })

  test('A57 of a subscription that ends is what it costs until then', async () => {
    const { id, price } = await subscribed()
    await harness.stripe.subscriptions.update(id, { cancel_at_period_end: true })
    await harness.quiet()
    expect(await price()).toMatchObject({ monthlyCents: 9_900, source: 'stripe' })
  })

  test('A107 A109 A140 without a subscription it is the catalog price, and nobody is asked', async () => {
    const free = await harness.workspace('free')
    const byKey = await harness.workspace('growth', 10_000)
    await harness.sim('faults', { hang: true })
    expect(await harness.money.price(await harness.usage(free))).toMatchObject({ monthlyCents: 0, source: 'predicted' })
    expect(await harness.money.price(await harness.usage(byKey))).toMatchObject({
      monthlyCents: 69_900,
      source: 'predicted',
    })
  })

  test('A22 A104 A106 A108 A110 is predicted while Stripe hangs, and read again afterwards; what was confirmed stays for a minute', async () => {
    const { price } = await subscribed()
    await harness.sim('faults', { hang: true })
    const [one, other] = await Promise.all([price(), price()])
    expect(one).toEqual({ monthlyCents: 9_900, currency: 'usd', source: 'predicted', billed: 'monthly' })
    expect(other).toEqual(one)
    await harness.sim('faults', calm)
    expect(await price()).toMatchObject({ source: 'stripe' })
    await harness.sim('faults', { hang: true })
    expect(await price()).toMatchObject({ source: 'stripe' })
  })

  test.each([{ status: 500 }, { status: 429 }, { reset: true }, { malformed: true }])(
    'A22 is predicted while Stripe answers with %o',
    async (fault) => {
      const { price } = await subscribed()
      await harness.sim('faults', fault)
      expect(await price()).toMatchObject({ monthlyCents: 9_900, source: 'predicted' })
      await harness.sim('faults', calm)
      expect(await price()).toMatchObject({ source: 'stripe' })
    },
  )

  test('after five failures nobody is asked any more', async () => {
    const cards = [await subscribed(), await subscribed()]
    await harness.sim('faults', { status: 500 })
    for (let asked = 0; asked < 5; asked++) await cards[0]!.price()
    await harness.sim('faults', calm)
    expect(await cards[1]!.price()).toMatchObject({ source: 'predicted' })
    expect(await harness.money.metrics()).toMatchObject({ stripe_breaker_open: 1 })
  })
})

describe('the breaker', () => {
  test('opens after five failures within 10 s, lets one through after 30 s, and closes when that succeeds', () => {
    let now = 0
    const breaker = new Breaker(() => now)
    for (const at of [0, 3_000, 6_000, 9_000, 11_000]) {
      now = at
      breaker.failed()
    }
    expect(breaker.isOpen).toBe(false)
    now = 12_000
    breaker.failed()
    expect(breaker.mayAsk()).toBe(false)
    now = 41_999
    expect(breaker.mayAsk()).toBe(false)
    now = 42_000
    expect([breaker.mayAsk(), breaker.mayAsk()]).toEqual([true, false])
    breaker.failed()
    now = 71_999
    expect(breaker.mayAsk()).toBe(false)
    now = 72_000
    expect(breaker.mayAsk()).toBe(true)
    breaker.succeeded()
    expect([breaker.mayAsk(), breaker.mayAsk(), breaker.isOpen]).toEqual([true, true, false])
  })
})
