/** One grant for one payment, whoever reports it, however often, in whatever order and however late. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMoney, type Money } from '../src/index.ts'
import { publicUrl, secret, secretKey, startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ webhooks: false, times: { purchasesMs: 50, unlookedMs: 100 } })
})
afterAll(() => harness.stop())

/** What came so far is nobody's business: each test hears of its own events alone. */
beforeEach(async () => {
  await harness.sim('webhooks', { paused: true, duplicate: 0, reorder: false, delayMs: 0, drop: 0 })
})

const leadsOf = async (workspace: string) => (await harness.limits(workspace))['leads']
const grantsOf = async (workspace: string) => {
  const page = await harness.engine.ledger(workspace, { meter: 'leads', limit: 100 })
  if (page === undefined || page === 'bad_cursor') throw new Error('no ledger')
  return page.data.filter(({ kind, source }) => kind === 'grant' && source.type === 'purchase').length
}

describe('paid, and nobody has told us', () => {
  test('A117 A120 R91 without any webhook the return page brings it, and a second visit nothing more', async () => {
    const workspace = await harness.workspace()
    const { purchaseId, session } = await harness.buy(workspace, { addOn: 'leads', blocks: 3 })
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000 })
    expect(await harness.reconcile(workspace, session)).toMatchObject({ id: purchaseId, state: 'paid' })
    expect(await harness.limits(workspace)).toMatchObject({ leads: 4_000, email_sends: 16_000 })
    const once = await harness.purchase(workspace, purchaseId)
    await harness.advance('P1D')
    expect(await harness.reconcile(workspace, purchaseId)).toEqual(once)
    expect(await grantsOf(workspace)).toBe(1)
  })

  test('A117 with the browser closed the reconciler brings it', async () => {
    const workspace = await harness.workspace()
    const { purchaseId } = await harness.buy(workspace, { addOn: 'leads', blocks: 2 })
    harness.money.start()
    await expect.poll(() => leadsOf(workspace), { timeout: 10_000 }).toBe(3_000)
    await expect.poll(async () => (await harness.purchase(workspace, purchaseId)).state).toBe('paid')
    await harness.money.stop()
  })

  test('R90 the return page of another workspace finds nothing', async () => {
    const [mine, other] = [await harness.workspace(), await harness.workspace()]
    const { purchaseId, session } = await harness.buy(mine, { addOn: 'leads', blocks: 1 })
    expect(await harness.money.reconcile(other, purchaseId, true)).toBeUndefined()
    expect(await harness.money.reconcile(other, session, true)).toBeUndefined()
    expect(await leadsOf(mine)).toBe(1_000)
  })

  test('the return page, the webhooks and the reconciler at the same moment make one grant, many times over', async () => {
    const workspaces = await Promise.all(Array.from({ length: 12 }, () => harness.workspace()))
    const bought = await Promise.all(workspaces.map((each) => harness.buy(each, { addOn: 'leads', blocks: 1 })))
    await harness.sim('webhooks', { paused: false, duplicate: 3 })
    harness.money.start()
    const returning = workspaces.flatMap((workspace, index) =>
      Array.from({ length: 8 }, () => harness.reconcile(workspace, bought[index]!.purchaseId)),
    )
    for (const purchase of await Promise.all(returning)) expect(purchase.state).toBe('paid')
    await harness.quiet()
    await harness.money.stop()
    for (const workspace of workspaces) {
      expect(await grantsOf(workspace)).toBe(1)
      expect(await harness.limits(workspace)).toMatchObject({ leads: 2_000, email_sends: 8_000 })
    }
  })
})

describe('webhooks', () => {
  test('A145 delivered six times and shuffled they credit once; a month late they credit once, into the period of then', async () => {
    const [often, late] = [await harness.workspace(), await harness.workspace()]
    await harness.sim('webhooks', { paused: false, duplicate: 5, reorder: true })
    harness.money.start()
    await harness.buy(often, { addOn: 'leads', blocks: 1 })
    await harness.quiet()
    await harness.sim('webhooks', { paused: true })
    await harness.money.stop()
    expect([await leadsOf(often), await grantsOf(often)]).toEqual([2_000, 1])
    const { purchaseId } = await harness.buy(late, { addOn: 'leads', blocks: 1 })
    await harness.advance('P1M')
    expect(await leadsOf(late)).toBe(1_000)
    await harness.sim('webhooks', { paused: false })
    harness.money.start()
    await harness.quiet()
    await harness.money.stop()
    expect([await leadsOf(late), await grantsOf(late)]).toEqual([2_000, 1])
    expect((await harness.purchase(late, purchaseId)).state).toBe('paid')
  })

  test('what was dropped for ever is found in the list of events: a refund of a purchase nobody looks at any more', async () => {
    await harness.sim('webhooks', { paused: false, drop: 1 })
    const workspace = await harness.workspace()
    const { purchaseId, session } = await harness.buy(workspace, { addOn: 'leads', blocks: 1 })
    await harness.reconcile(workspace, purchaseId)
    expect(await leadsOf(workspace)).toBe(2_000)
    await harness.sim('refunds', { checkoutSession: session })
    harness.money.start()
    await expect.poll(() => leadsOf(workspace), { timeout: 10_000 }).toBe(1_000)
    await harness.money.stop()
    expect((await harness.purchase(workspace, purchaseId)).state).toBe('refunded')
  })
})

describe("Stripe's own list", () => {
  let alone: Harness
  beforeAll(async () => {
    alone = await startHarness({ webhooks: false })
  })
  afterAll(() => alone.stop())
  const stateOf = async (workspace: string, id: string) => (await alone.purchase(workspace, id)).state
  /** Of a purchase that was settled; nobody delivers what happens to it. */
  async function refunded() {
    const workspace = await alone.workspace()
    const { purchaseId, session } = await alone.buy(workspace, { addOn: 'leads', blocks: 1 })
    expect((await alone.reconcile(workspace, purchaseId)).state).toBe('paid')
    await alone.sim('refunds', { checkoutSession: session })
    return { workspace, purchaseId }
  }
  /** As a server that starts, on the same database. */
  function restart(engine = alone.engine): Money {
    const apiBase = `${alone.simulated.url}/stripe-simulator`
    return createMoney({ engine, secretKey, apiBase, publicUrl, webhookSecrets: [secret], log: () => {} })
  }

  test('where it was never read, what was lost weeks ago is found, whatever has been delivered since', async () => {
    const { workspace, purchaseId } = await refunded()
    await alone.advance('P29D')
    // One that comes as the server starts.
    const body = JSON.stringify({ id: 'evt_now', type: 'price.created', created: Date.parse('2026-12-09') / 1000 })
    await alone.engine.inbox.put({
      id: 'evt_now',
      type: 'price.created',
      createdAt: await alone.engine.now(),
      content: 'x',
      body,
      done: true,
    })
    expect(await alone.engine.inbox.listedTo()).toBeNull()
    const restarted = restart()
    restarted.start()
    await expect.poll(() => stateOf(workspace, purchaseId), { timeout: 20_000 }).toBe('refunded')
    await expect.poll(() => alone.engine.inbox.listedTo(), { timeout: 20_000 }).not.toBeNull()
    await restarted.stop()
  })

  test('a list that broke off is read again from where it was read whole', async () => {
    const listed = await alone.engine.inbox.listedTo()
    const { workspace, purchaseId } = await refunded()
    await alone.advance('P3D')
    let stored = 0
    const { inbox } = alone.engine
    const endsSoon = new Proxy(inbox, {
      get(_, name: keyof typeof inbox) {
        if (name === 'put' && ++stored > 1) throw new Error('The process ends here.')
        const is: unknown = inbox[name]
        return typeof is === 'function' ? is.bind(inbox) : is
      },
    })
    const broken = restart({ ...alone.engine, inbox: endsSoon })
    broken.start()
    await expect.poll(() => stored, { timeout: 20_000 }).toBeGreaterThan(1)
    await broken.stop()
    expect(await inbox.listedTo()).toBe(listed)
    const restarted = restart()
    restarted.start()
    await expect.poll(() => stateOf(workspace, purchaseId), { timeout: 20_000 }).toBe('refunded')
    await restarted.stop()
    // Another process has read further; nobody goes back.
    const now = (await inbox.listedTo())!
    await inbox.listed(now - 1)
    expect(await inbox.listedTo()).toBe(now)
  })
})

describe('slow payments', () => {
  test('a bank debit is pending until it has arrived', async () => {
    const workspace = await harness.workspace()
    const { purchaseId } = await harness.checkout(workspace, { addOn: 'leads', blocks: 1 })
    await harness.pay(workspace, purchaseId, 'async_pending')
    expect((await harness.reconcile(workspace, purchaseId)).state).toBe('pending')
    expect(await leadsOf(workspace)).toBe(1_000)
    await harness.pay(workspace, purchaseId, 'async_paid')
    expect((await harness.reconcile(workspace, purchaseId)).state).toBe('paid')
    expect(await leadsOf(workspace)).toBe(2_000)
  })

  test('one that fails has failed, and brings nothing', async () => {
    const workspace = await harness.workspace()
    const { purchaseId } = await harness.checkout(workspace, { addOn: 'leads', blocks: 1 })
    await harness.pay(workspace, purchaseId, 'async_failed')
    expect((await harness.reconcile(workspace, purchaseId)).state).toBe('failed')
    expect(await leadsOf(workspace)).toBe(1_000)
  })
})
