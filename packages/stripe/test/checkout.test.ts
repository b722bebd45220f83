/** From the click to the balance. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  harness.money.start()
})
afterAll(() => harness.stop())

describe('buying an add-on', () => {
  test('A36 A37 A154 A155 what the button says, what Stripe asks for and what is stored are one amount', async () => {
    const workspace = await harness.workspace('starter', 1_000)
    const { addOns } = await harness.usage(workspace)
    const block = addOns!.find(({ id }) => id === 'leads')!
    const made = await harness.checkout(workspace, { addOn: 'leads', blocks: 3 })
    expect(made).toMatchObject({ total: 3 * block.blockCents, currency: 'usd' })
    const purchase = await harness.purchase(workspace, made.purchaseId)
    const session = await harness.stripe.checkout.sessions.retrieve(purchase.checkoutSession!)
    expect(session).toMatchObject({ amount_total: 27_000, currency: 'usd', client_reference_id: made.purchaseId })
    expect(purchase).toMatchObject({ total: 27_000, state: 'pending', checkoutUrl: session.url, paidAt: null })
  })

  test('A24 A25 A29 A47 an add-on costs what the plan says, is paid once, and AI credits cost $5 on every plan', async () => {
    const prices: Record<string, number[]> = {}
    for (const [plan, contacts] of [
      ['free', null],
      ['starter', 1_000],
      ['growth', 5_000],
    ] as const) {
      const workspace = await harness.workspace(plan, contacts)
      prices[plan] = []
      for (const addOn of ['leads', 'email_sends', 'ai_campaigns']) {
        const made = await harness.checkout(workspace, { addOn, blocks: 2 })
        const { checkoutSession } = await harness.purchase(workspace, made.purchaseId)
        expect(await harness.stripe.checkout.sessions.retrieve(checkoutSession!)).toMatchObject({ mode: 'payment' })
        prices[plan].push(made.total)
      }
    }
    expect(prices).toEqual({
      free: [24_000, 9_600, 1_000],
      starter: [18_000, 7_200, 1_000],
      growth: [14_000, 5_600, 1_000],
    })
  })

  test('A35 A38 A117 leads bring four sends each, as soon as the payment is confirmed and not before', async () => {
    const workspace = await harness.workspace('starter', 1_000)
    const { purchaseId } = await harness.checkout(workspace, { addOn: 'leads', blocks: 3 })
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
    await harness.pay(workspace, purchaseId)
    await harness.quiet()
    expect(await harness.limits(workspace)).toEqual({ leads: 4_000, email_sends: 16_000, ai_campaigns: 3 })
    const purchase = await harness.purchase(workspace, purchaseId)
    expect(purchase).toMatchObject({ state: 'paid', checkoutUrl: null })
    expect(purchase.receipt!.number).toMatch(/^\d{4}-\d{4}$/)
    expect(await harness.money.byReceipt(purchase.receipt!.number)).toEqual([purchase])
  })

  test('A44 sends bring no leads', async () => {
    const workspace = await harness.workspace('starter', 1_000)
    await harness.buy(workspace, { addOn: 'email_sends', blocks: 2 })
    await harness.quiet()
    expect(await harness.limits(workspace)).toEqual({ leads: 1_000, email_sends: 12_000, ai_campaigns: 3 })
  })

  test('A146 a checkout that is abandoned, declined or expires brings nothing', async () => {
    const workspace = await harness.workspace()
    const before = await harness.limits(workspace)
    const abandoned = await harness.checkout(workspace, { addOn: 'leads', blocks: 1 })
    const declined = await harness.checkout(workspace, { addOn: 'leads', blocks: 1 })
    const expired = await harness.checkout(workspace, { addOn: 'leads', blocks: 1 })
    await harness.pay(workspace, declined.purchaseId, 'declined')
    await harness.pay(workspace, expired.purchaseId, 'expired')
    await harness.quiet()
    expect((await harness.reconcile(workspace, abandoned.purchaseId)).state).toBe('pending')
    expect((await harness.reconcile(workspace, declined.purchaseId)).state).toBe('pending')
    expect((await harness.purchase(workspace, expired.purchaseId)).state).toBe('expired')
    expect(await harness.limits(workspace)).toEqual(before)
  })

  test('what cannot be bought is refused by its path, and nothing is stored', async () => {
    const unlimited = await harness.workspace('dfy', 10_000)
    const refused = async (workspace: string, bought: { addOn: string; blocks: number }) =>
      harness.money.checkout(harness.asking(workspace), bought)
    expect(await refused(unlimited, { addOn: 'email_sends', blocks: 1 })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ path: 'addOn' }] },
    })
    expect(await refused(unlimited, { addOn: 'leads', blocks: 0 })).toMatchObject({
      body: { errors: [{ path: 'blocks' }] },
    })
    expect(await refused(unlimited, { addOn: 'leads', blocks: 1_001 })).toMatchObject({
      body: { errors: [{ path: 'blocks' }] },
    })
    expect(await refused('ws_nobody', { addOn: 'leads', blocks: 1 })).toMatchObject({ status: 404 })
    expect(await harness.money.purchases(unlimited, { limit: 10 }, true)).toEqual({ data: [], nextCursor: null })
  })
})

describe('a key sent again', () => {
  test('resumes its purchase while it is open and after it was paid, and is refused with other content', async () => {
    const workspace = await harness.workspace()
    const asking = harness.asking(workspace, 'k1')
    const first = await harness.money.checkout(asking, { addOn: 'leads', blocks: 1 })
    const again = await harness.money.checkout(asking, { addOn: 'leads', blocks: 1 })
    expect(again).toEqual({ ...first, replayed: true })
    expect(await harness.money.checkout(asking, { addOn: 'leads', blocks: 2 })).toMatchObject({
      status: 422,
      body: { code: 'idempotency_mismatch' },
    })
    const { purchaseId } = first.body as { purchaseId: string }
    await harness.pay(workspace, purchaseId)
    await harness.reconcile(workspace, purchaseId)
    expect(await harness.money.checkout(asking, { addOn: 'leads', blocks: 1 })).toEqual({ ...first, replayed: true })
    expect((await harness.limits(workspace))['leads']).toBe(2_000)
  })

  test('twenty at once make one purchase and one session', async () => {
    const workspace = await harness.workspace()
    const asking = harness.asking(workspace, 'k2')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => harness.money.checkout(asking, { addOn: 'leads', blocks: 1 })),
    )
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1)
    const page = await harness.money.purchases(workspace, { limit: 10 }, true)
    expect(page).toMatchObject({ data: [{ state: 'pending' }] })
    const sessions = await harness.stripe.checkout.sessions.list({ limit: 100 })
    expect(sessions.data.filter(({ metadata }) => metadata!['workspace'] === workspace)).toHaveLength(1)
  })
})
