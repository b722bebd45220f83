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
    const { data } = await harness.stripe.checkout.sessions.list({ limit: 100 })
    const states = data.filter(({ metadata }) => metadata!['workspace'] === workspace).map(({ status }) => status)
    expect(states.toSorted()).toEqual(['complete', 'expired'])
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

function gate(): { passed: Promise<void>; open: () => void } {
  let open = () => {}
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  return { passed, open }
}
