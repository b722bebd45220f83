/** The five events of a plan that is bought and raised, in all 120 orders: one end (T32, reliability C6). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMoney, type Money } from '../src/index.ts'
import { secret, secretKey, startHarness, type Harness } from './harness.ts'
import { listen, type Listening } from './listen.ts'

let harness: Harness
/** Answers what Stripe has answered once about one customer, for any number of customers like it. */
let echo: Listening
let money: Money
const recorded = new Map<string, string>()
/** What tells one customer's things from another's. */
let names: string[] = []

beforeAll(async () => {
  harness = await startHarness({ webhooks: false })
  echo = await listen(async (request) => {
    const url = new URL(request.url)
    const asked = url.pathname + url.search
    const copy = /-copy\d+-/.exec(asked)?.[0]
    if (copy !== undefined) return Response.json(JSON.parse(copied(recorded.get(asked.replaceAll(copy, ''))!, copy)))
    const { authorization } = Object.fromEntries(request.headers) as { authorization: string }
    const answer = await fetch(`${harness.simulated.url}/stripe-simulator${asked}`, { headers: { authorization } })
    const text = await answer.text()
    recorded.set(asked, text)
    return new Response(text, { status: answer.status })
  })
  const { engine } = harness
  money = createMoney({
    engine,
    secretKey,
    apiBase: echo.url,
    webhookSecrets: [secret],
    publicUrl: echo.url,
    log: () => {},
    times: { inboxMs: 10, purchasesMs: 1e9, eventsMs: 1e9, customersMs: 1e9 },
  })
})
afterAll(async () => {
  await money.stop()
  await echo.close()
  await harness.stop()
})

const copied = (text: string, copy: string): string =>
  names.reduce((changed, name) => changed.replaceAll(name, name + copy), text)

test('A55 R79 T32 the five events of a purchase and an upgrade end in one state, in whatever order they come', async () => {
  const workspace = await harness.workspace('free')
  const { purchaseId, session } = await harness.buy(workspace, { plan: 'starter', contacts: 1_000, interval: 'month' })
  const { customer } = (await harness.engine.customers.get(workspace))!
  const [subscription] = (await harness.stripe.subscriptions.list({ customer: customer! })).data
  const { id, items } = subscription!
  const [growth] = (await harness.stripe.prices.list({ lookup_keys: ['headroom_growth_5000_month'] })).data
  await harness.advance('PT2H')
  await harness.stripe.subscriptions.update(id, {
    items: [{ id: items.data[0]!.id, price: growth!.id }],
    proration_behavior: 'always_invoice',
  })
  const all = (await harness.stripe.events.list({ limit: 100 })).data.toReversed()
  const first = (type: string) => all.find((event) => event.type === type)!
  const last = (type: string) => all.findLast((event) => event.type === type)!
  const five = [
    first('customer.subscription.created'),
    first('invoice.paid'),
    first('checkout.session.completed'),
    last('customer.subscription.updated'),
    last('invoice.paid'),
  ]
  expect(new Set(five.map((event) => event.id)).size).toBe(5)
  names = [workspace, purchaseId, session, customer!, id]
  const row = (await harness.engine.purchases.get(workspace, purchaseId))!
  await money.reconcile(workspace, purchaseId, true)
  money.start()
  // The first look at Stripe's list finds the original's own.
  await workedOff()

  async function play(order: number[], copy: string): Promise<string> {
    const of = (name: string) => name + copy
    const mine = of(workspace)
    await harness.engine.submit(
      harness.asked({
        op: 'create-workspace',
        workspace: mine,
        name: 'Acme',
        plan: 'free',
        contacts: null,
        interval: 'month',
        anchor: Date.parse('2026-11-01T00:00:00Z'),
      }),
    )
    await harness.engine.customers.ensure(mine)
    await harness.engine.customers.name(mine, of(customer!))
    await harness.engine.purchases.create({ ...row, workspace: mine, id: of(purchaseId), key: null })
    await harness.engine.purchases.change(mine, of(purchaseId), ['pending'], { session: of(session) })
    for (const index of order) {
      const body = copied(JSON.stringify({ ...five[index], id: of(five[index]!.id) }), copy)
      const signature = harness.stripe.webhooks.generateTestHeaderString({ payload: body, secret })
      expect((await money.webhook(body, signature)).status).toBe(200)
      await workedOff()
    }
    const usage = await harness.usage(mine)
    const { state, note } = (await harness.engine.purchases.get(mine, of(purchaseId)))!
    const reference = await harness.engine.look(mine, (draft) => draft.subscription.reference)
    return JSON.stringify([usage.plan, usage.period, usage.meters, state, note, reference]).replaceAll(copy, '')
  }

  const ends = new Set<string>()
  for (const [index, order] of orders([0, 1, 2, 3, 4]).entries()) ends.add(await play(order, `-copy${index}-`))
  expect([...ends]).toHaveLength(1)
  const [plan, , meters, state] = JSON.parse([...ends][0]!) as [object, object, object[], string]
  expect([plan, meters[1], state]).toMatchObject([{ id: 'growth', contacts: 5_000 }, { limit: 5_000, used: 0 }, 'paid'])
}, 300_000)

async function workedOff(): Promise<void> {
  const waiting = async () => (await harness.engine.inbox.counts()).waiting
  await expect.poll(waiting, { interval: 5, timeout: 20_000 }).toBe(0)
}

function orders(items: number[]): number[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item) => orders(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))
}
