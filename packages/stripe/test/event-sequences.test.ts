/** docs/reference/stripe-events.md says which events each flow brings, in which order they happen; here each flow is gone through. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { handledEvents } from '../src/index.ts'
import { startHarness, type Harness } from './harness.ts'

const page = readFileSync(new URL('../../../docs/reference/stripe-events.md', import.meta.url), 'utf8')

/** The lists of the page by their headings. */
const lists = new Map(
  [...page.matchAll(/^##+ (.+)\n(?:(?!^#)[\s\S])*?^```text\n([\s\S]*?)^```/gm)].map(([, heading, lines]) => [
    heading!,
    lines!.trim().split('\n'),
  ]),
)

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  harness.money.start()
})
afterAll(() => harness.stop())

/**
 * The events of ours that happen while something is done, and that their end was booked without an alarm. With a workspace only those
 * of its customer: where time passes, the subscriptions of other flows go on too.
 */
async function during(act: () => Promise<unknown>, workspace?: string): Promise<string[]> {
  await harness.quiet()
  const customer = workspace && (await harness.engine.customers.get(workspace))!.customer
  const [last] = (await harness.stripe.events.list({ limit: 1 })).data
  await act()
  await harness.quiet()
  const types: string[] = []
  for await (const { id, type, data } of harness.stripe.events.list({ limit: 100 })) {
    if (id === last?.id) break
    if (!customer || (data.object as { customer?: string }).customer === customer) types.unshift(type)
  }
  expect(harness.alarms()).toEqual([])
  return types.filter((type) => handledEvents.includes(type))
}

async function boughtLeads(outcome = 'paid') {
  const workspace = await harness.workspace()
  const { purchaseId } = await harness.checkout(workspace, { addOn: 'leads', blocks: 1 })
  const pay = (how = outcome) => harness.pay(workspace, purchaseId, how)
  const session = (await harness.purchase(workspace, purchaseId)).checkoutSession!
  return { workspace, purchaseId, session, pay }
}

async function subscribed() {
  const workspace = await harness.workspace('free')
  await harness.buy(workspace, { plan: 'starter', contacts: 1_000, interval: 'month' })
  await harness.quiet()
  const id = (await harness.engine.look(workspace, (draft) => draft.subscription.reference))!
  const subscription = await harness.stripe.subscriptions.retrieve(id)
  return { workspace, id, item: subscription.items.data[0]!.id }
}

async function inPortal(workspace: string, what: string, fields: Record<string, string>): Promise<void> {
  const answer = await harness.money.portal(harness.asking(workspace), null)
  const { url } = answer.body as { url: string }
  const response = await fetch(`${url}/${what}`, {
    method: 'POST',
    body: new URLSearchParams(fields),
    redirect: 'manual',
  })
  expect(response.status).toBe(303)
}

const priceOf = async (key: string) => (await harness.stripe.prices.list({ lookup_keys: [key] })).data[0]!.id

const flows: Record<string, () => Promise<string[]>> = {
  async 'An add-on is paid by card'() {
    const { pay } = await boughtLeads()
    return during(pay)
  },
  async 'An add-on is paid by bank debit'() {
    const { pay } = await boughtLeads('async_pending')
    return during(async () => {
      await pay()
      await pay('async_paid')
    })
  },
  async 'A bank debit fails'() {
    const { pay } = await boughtLeads('async_pending')
    return during(async () => {
      await pay()
      await pay('async_failed')
    })
  },
  async 'A checkout is left until it expires'() {
    const { pay } = await boughtLeads('expired')
    return during(pay)
  },
  async 'A payment is refunded'() {
    const { pay, session } = await boughtLeads()
    await pay()
    return during(() => harness.sim('refunds', { checkoutSession: session }))
  },
  async 'A dispute is opened and won'() {
    const { pay, session } = await boughtLeads()
    await pay()
    return during(async () => {
      await harness.sim('disputes', { checkoutSession: session, outcome: 'opened' })
      await harness.sim('disputes', { checkoutSession: session, outcome: 'won' })
    })
  },
  async 'A dispute is opened and lost'() {
    const { pay, session } = await boughtLeads()
    await pay()
    return during(async () => {
      await harness.sim('disputes', { checkoutSession: session, outcome: 'opened' })
      await harness.sim('disputes', { checkoutSession: session, outcome: 'lost' })
    })
  },
  'A plan is started': () => during(subscribed),
  async 'An upgrade'() {
    const { workspace, id } = await subscribed()
    await harness.advance('P1D')
    const price = await priceOf('headroom_growth_5000_month')
    return during(() => inPortal(workspace, 'confirm', { subscription: id, price }))
  },
  async 'A downgrade is chosen, and its time comes'() {
    const { workspace, id, item } = await subscribed()
    await harness.stripe.subscriptions.update(id, {
      items: [{ id: item, price: await priceOf('headroom_growth_5000_month') }],
      proration_behavior: 'always_invoice',
    })
    const price = await priceOf('headroom_starter_1000_month')
    return during(async () => {
      await inPortal(workspace, 'confirm', { subscription: id, price })
      await harness.quiet()
      await harness.advance('P1M')
    }, workspace)
  },
  async 'A cancellation is chosen, and its time comes'() {
    const { workspace, id } = await subscribed()
    return during(async () => {
      await inPortal(workspace, 'cancel', { subscription: id })
      await harness.quiet()
      await harness.advance('P1M')
    }, workspace)
  },
  async 'A renewal is paid'() {
    const { workspace } = await subscribed()
    return during(() => harness.advance('P1M'), workspace)
  },
  async 'A renewal fails, and is paid later'() {
    const { workspace, id } = await subscribed()
    return during(async () => {
      await harness.sim(`subscriptions/${id}`, { paymentFails: true })
      await harness.advance('P1M')
      await harness.quiet()
      await harness.sim(`subscriptions/${id}`, { paymentFails: false })
      await harness.advance('P3D')
    }, workspace)
  },
}

test('the page names exactly the events that we act on', () => {
  expect(lists.get('What to subscribe to')?.toSorted()).toEqual(handledEvents.toSorted())
})

test('T39 every flow of the page is gone through here, and every one here stands on the page', () => {
  const told = [...lists.keys()].filter((heading) => heading !== 'What to subscribe to')
  expect(told).toEqual(Object.keys(flows))
})

test.each(Object.keys(flows))('T39 %s: the events come as the page says', async (flow) => {
  expect(await flows[flow]!()).toEqual(lists.get(flow))
})
