/** Another Stripe behind the same books (the simulator's, then a test key's, then the live one's), or a customer deleted by hand. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openFront, stripeFault, type Front } from './front.ts'
import { findDrift } from '../src/index.ts'
import { secretKey, startHarness, type Harness } from './harness.ts'

const leads = { addOn: 'leads', blocks: 1 }
const growth = { plan: 'growth', contacts: 5_000, interval: 'month' } as const

let harness: Harness
let front: Front
beforeAll(async () => {
  harness = await startHarness({ webhooks: false })
  front = await openFront(harness)
})
afterEach(() => {
  front.guard = undefined
})
afterAll(async () => {
  await front.close()
  await harness.stop()
})

const customerOf = async (workspace: string) => (await harness.engine.customers.get(workspace))?.customer ?? null

async function subscribed(): Promise<string> {
  const workspace = await harness.workspace('free')
  const { purchaseId } = await harness.buy(workspace, growth)
  await harness.reconcile(workspace, purchaseId)
  expect((await harness.usage(workspace)).plan).toMatchObject({ id: 'growth', subscribed: true })
  return workspace
}

/** From now on Stripe knows nothing of what it has made until now; what is made later it has. */
async function becomeAnother(...workspaces: string[]): Promise<void> {
  const known: string[] = []
  for (const workspace of workspaces) {
    const customer = await customerOf(workspace)
    const page = await harness.money.purchases(workspace, { limit: 10 }, true)
    if (customer !== null) {
      known.push(customer)
      for (const { id } of (await harness.stripe.subscriptions.list({ customer })).data) known.push(id)
    }
    for (const { checkoutSession } of (page as { data: { checkoutSession?: string | null }[] }).data)
      if (checkoutSession) known.push(checkoutSession)
  }
  front.guard = async (request) => {
    const asked = decodeURIComponent(`${request.url} ${await request.clone().text()}`)
    const lost = known.find((id) => asked.includes(id))
    return lost === undefined ? undefined : missing(lost)
  }
}

const missing = (id: string) =>
  stripeFault(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such object: '${id}'` })

const said = (words: string) =>
  harness.logged.filter(({ level, message }) => level === 'warn' && message.includes(words)).length

test('whose customer is gone can buy all the same: a new one is made, once, and said once', async () => {
  const workspace = await harness.workspace()
  await harness.checkout(workspace, leads)
  const before = await customerOf(workspace)
  await becomeAnother(workspace)
  const answer = await front.money.checkout(harness.asking(workspace, 'k'), leads)
  expect(answer.status).toBe(201)
  const { purchaseId } = answer.body as { purchaseId: string }
  const after = await customerOf(workspace)
  expect(after).not.toBe(before)
  await harness.pay(workspace, purchaseId)
  expect(await front.money.reconcile(workspace, purchaseId, true)).toMatchObject({ state: 'paid' })
  await front.money.checkout(harness.asking(workspace, 'k2'), leads)
  expect(await customerOf(workspace)).toBe(after)
  expect(said(`no customer ${before}`)).toBe(1)
})

test('a customer who is there is not forgotten because something else is missing', async () => {
  const workspace = await harness.workspace()
  await harness.checkout(workspace, leads)
  const before = await customerOf(workspace)
  front.guard = async (request) =>
    request.method === 'POST' && request.url.endsWith('/checkout/sessions') ? missing('price_x') : undefined
  await expect(front.money.checkout(harness.asking(workspace), leads)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await customerOf(workspace)).toBe(before)
})

test('the portal of a customer who is gone opens for a new one, and a subscription that went with them has ended', async () => {
  const workspace = await subscribed()
  await becomeAnother(workspace)
  // A change is of a subscription that is not there any more: it can be bought instead.
  expect(await front.money.portal(harness.asking(workspace), { ...growth, contacts: 10_000 })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'plan' }] },
  })
  expect((await harness.usage(workspace)).plan).toMatchObject({ subscribed: false })
  expect(await front.money.portal(harness.asking(workspace), null)).toMatchObject({ status: 201 })
  expect((await front.money.checkout(harness.asking(workspace), growth)).status).toBe(201)
})

test('a customer who was deleted is a customer who is gone', async () => {
  const workspace = await harness.workspace()
  await harness.checkout(workspace, leads)
  const before = (await customerOf(workspace))!
  front.guard = async (request) => {
    if (request.method === 'GET' && request.url.endsWith(`/customers/${before}`))
      return Response.json({ id: before, object: 'customer', deleted: true })
    return (await request.clone().text()).includes(before) ? missing(before) : undefined
  }
  expect((await front.money.checkout(harness.asking(workspace), leads)).status).toBe(201)
  expect(await customerOf(workspace)).not.toBe(before)
})

test('a purchase whose checkout is gone is not asked for for ever; what was paid stays', async () => {
  const workspace = await harness.workspace()
  const paid = await harness.buy(workspace, leads)
  await harness.reconcile(workspace, paid.purchaseId)
  const { purchaseId } = await harness.checkout(workspace, leads)
  await becomeAnother(workspace)
  expect(await front.money.reconcile(workspace, purchaseId, true)).toMatchObject({ state: 'expired' })
  expect((await harness.engine.purchases.get(workspace, purchaseId))!.note).toContain('does not have its checkout')
  expect(await front.money.reconcile(workspace, paid.purchaseId, true)).toMatchObject({ state: 'paid' })
  expect((await harness.limits(workspace))['leads']).toBe(2_000)
})

test('the price of a subscription that is gone is predicted, and the prices of the others are still read', async () => {
  const [gone, there] = [await subscribed(), await subscribed()]
  await becomeAnother(gone)
  for (let asked = 0; asked < 6; asked++)
    expect(await front.money.price(await harness.usage(gone))).toMatchObject({ source: 'predicted' })
  expect(await front.money.price(await harness.usage(there))).toMatchObject({ source: 'stripe' })
})

test('with a key that knows none of the customers nobody loses a plan: it is said, and the right key finds all as it was', async () => {
  const workspace = await subscribed()
  await becomeAnother(workspace)
  const before = await harness.engine.look(workspace, (draft) => draft.subscription)
  const { engine } = harness
  const log = (_level: string, message: string, fields?: object) =>
    harness.logged.push({ level: 'error', message, ...fields })
  const lines: string[] = []
  for await (const line of findDrift({ engine, secretKey, apiBase: front.apiBase, log }, { repair: true }))
    if (line.includes(workspace)) lines.push(line)
  expect(lines.length).toBeGreaterThan(0)
  expect(harness.alarms()).toContain('customer_lost')
  expect(await engine.look(workspace, (draft) => draft.subscription)).toEqual(before)
  front.guard = undefined
  await harness.reconcile(workspace, (await harness.checkout(workspace, leads)).purchaseId)
  expect((await harness.usage(workspace)).plan).toMatchObject({ id: 'growth', subscribed: true })
})
