/** Checkouts that meet each other, lost answers and keys that Stripe remembers: one payment, and nobody is shut out. */
import type { Answer } from '@headroom/core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { makes, openFront, stripeFault, type Front } from './front.ts'
import { startHarness, type Harness } from './harness.ts'

const leads = { addOn: 'leads', blocks: 1 }
const starter = { plan: 'starter', contacts: 1_000, interval: 'month' } as const

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

async function subscriptionsOf(workspace: string): Promise<number> {
  const { customer } = (await harness.engine.customers.get(workspace))!
  return (await harness.stripe.subscriptions.list({ customer: customer! })).data.length
}

/** Two tabs whose clicks are stored one after the other; the second's session is made when `meanwhile`, after the first's, is over. */
async function twoTabs(workspace: string, meanwhile: (first: Answer) => Promise<unknown>): Promise<Answer> {
  const secondAsks = gate()
  const firstIsDone = gate()
  let asked = 0
  front.guard = async (request) => {
    if (!makes(request, 'checkout/sessions')) return undefined
    asked += 1
    if (asked === 1) {
      second = front.money.checkout(harness.asking(workspace, 'second'), starter)
      await secondAsks.passed
    } else {
      secondAsks.open()
      await firstIsDone.passed
    }
    return undefined
  }
  let second: Promise<Answer> | undefined
  const first = await front.money.checkout(harness.asking(workspace, 'first'), starter)
  await meanwhile(first)
  firstIsDone.open()
  return second!
}

test.each([false, true])(
  'a plan that is paid in the first tab while the second opens slowly is not sold twice (settled before: %s)',
  async (isSettled) => {
    const workspace = await harness.workspace('free')
    const late = await twoTabs(workspace, async ({ body }) => {
      const { purchaseId } = body as { purchaseId: string }
      await harness.pay(workspace, purchaseId)
      if (isSettled) await harness.reconcile(workspace, purchaseId)
    })
    expect(late).toMatchObject({ status: 409, body: { code: 'subscription_exists' } })
    expect(await subscriptionsOf(workspace)).toBe(1)
    const states = (await sessionsOf(workspace)).map(({ status }) => status)
    expect(new Set(states)).toEqual(new Set(['complete', 'expired']))
  },
)

test('a fault that Stripe keeps under the key of a customer shuts no workspace out', async () => {
  const workspace = await harness.workspace()
  const kept = new Set<string>()
  front.guard = async (request) => {
    if (!makes(request, 'customers')) return undefined
    const key = request.headers.get('idempotency-key')!
    if (kept.size === 0) kept.add(key)
    return kept.has(key) ? stripeFault(500, { type: 'api_error', message: 'An error occurred.' }) : undefined
  }
  const ask = () => front.money.checkout(harness.asking(workspace, 'k'), leads)
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' })
  expect((await ask()).status).toBe(201)
})

test('a workspace that was renamed before its customer could be made can buy', async () => {
  const workspace = await harness.workspace()
  const { key } = await harness.engine.customers.ensure(workspace)
  await harness.stripe.customers.create({ name: 'As it was called before' }, { idempotencyKey: key })
  const ask = () => front.money.checkout(harness.asking(workspace, 'k'), leads)
  await expect(ask()).rejects.toMatchObject({ code: 'unavailable' })
  expect((await ask()).status).toBe(201)
})

/** Stripe has opened the checkout, and its answer is lost on the way to us. */
async function openUnheard(workspace: string): Promise<void> {
  front.guard = async (request, pass) => {
    if (!makes(request, 'checkout/sessions')) return undefined
    await pass()
    return stripeFault(502, { type: 'api_error', message: 'Bad gateway.' })
  }
  await expect(front.money.checkout(harness.asking(workspace, 'k'), leads)).rejects.toMatchObject({
    code: 'unavailable',
  })
  front.guard = undefined
}

async function sessionsOf(workspace: string) {
  const { data } = await harness.stripe.checkout.sessions.list({ limit: 100 })
  return data.filter(({ metadata }) => metadata!['workspace'] === workspace)
}

test('a checkout whose answer was lost goes on under its key when we have moved, or its price was replaced by an equal one', async () => {
  const [moved, replaced] = [await harness.workspace(), await harness.workspace()]
  await openUnheard(moved)
  await openUnheard(replaced)
  const lookup_key = 'headroom_addon_leads_starter'
  const { product, currency, unit_amount, metadata } = (await harness.stripe.prices.list({ lookup_keys: [lookup_key] }))
    .data[0]!
  const same = { product: product as string, currency, unit_amount: unit_amount!, metadata, lookup_key }
  await harness.stripe.prices.create({ ...same, transfer_lookup_key: true })
  // Another process: it has read no price yet.
  const other = await openFront(harness, 'https://moved.example.test')
  for (const workspace of [moved, replaced]) {
    const { body } = await other.money.checkout(harness.asking(workspace, 'k'), leads)
    const { purchaseId } = body as { purchaseId: string }
    await harness.pay(workspace, purchaseId)
    expect(await harness.reconcile(workspace, purchaseId)).toMatchObject({ state: 'paid' })
    expect((await harness.limits(workspace))['leads']).toBe(2_000)
    expect(await harness.money.purchases(workspace, { limit: 10 }, true)).toMatchObject({ data: [{ id: purchaseId }] })
  }
  await other.close()
})

test('two sessions are opened for one purchase at once: the first one stored is handed out, and the other one is closed', async () => {
  const workspace = await harness.workspace()
  const other = await openFront(harness, 'https://moved.example.test')
  const asking = harness.asking(workspace, 'k')
  let first: Answer | undefined
  front.guard = async (request) => {
    if (makes(request, 'checkout/sessions')) first ??= await other.money.checkout(asking, leads)
    return undefined
  }
  const second = await front.money.checkout(asking, leads)
  expect(second).toMatchObject({ status: 201, body: first!.body as object })
  const { purchaseId } = first!.body as { purchaseId: string }
  const { checkoutSession } = await harness.purchase(workspace, purchaseId)
  const states = new Map((await sessionsOf(workspace)).map(({ id, status }) => [id === checkoutSession, status]))
  expect(Object.fromEntries(states)).toEqual({ true: 'open', false: 'expired' })
  await other.close()
})

test('a key that Stripe is asked with by somebody else at this moment is still running, and goes on afterwards', async () => {
  const workspace = await harness.workspace()
  const message = 'There is currently another in-progress request using this key.'
  front.guard = async (request) =>
    makes(request, 'checkout/sessions')
      ? stripeFault(409, { type: 'idempotency_error', code: 'idempotency_key_in_use', message })
      : undefined
  const ask = () => front.money.checkout(harness.asking(workspace, 'k'), leads)
  expect(await ask()).toMatchObject({ status: 409, body: { code: 'in_progress' } })
  front.guard = undefined
  expect((await ask()).status).toBe(201)
})

function gate(): { passed: Promise<void>; open: () => void } {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}
