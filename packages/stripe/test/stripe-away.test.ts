/** Stripe slow, hanging, breaking off or talking nonsense: nothing is lost, and nothing is sold twice (reliability C11, C12). */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'

const calm = { latencyMs: 0, status: null, hang: false, reset: false, malformed: false }

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ webhooks: false })
})
afterAll(() => harness.stop())
beforeEach(() => harness.sim('faults', calm))

const leads = async (workspace: string) => (await harness.limits(workspace))['leads']

test.each([{ status: 500 }, { status: 429 }, { reset: true }, { malformed: true }, { hang: true }])(
  'A113 A116 a checkout cannot start while Stripe answers with %o, and the same key goes on afterwards: one purchase, one session',
  async (fault) => {
    const workspace = await harness.workspace()
    const asking = harness.asking(workspace, 'k')
    const start = () => harness.money.checkout(asking, { addOn: 'leads', blocks: 1 })
    await harness.sim('faults', fault)
    await expect(start()).rejects.toMatchObject({ code: 'unavailable' })
    await expect(harness.money.portal(harness.asking(workspace), null)).rejects.toMatchObject({ code: 'unavailable' })
    await harness.sim('faults', calm)
    expect((await start()).status).toBe(201)
    const page = await harness.money.purchases(workspace, { limit: 10 }, true)
    expect(page).toMatchObject({ data: [{ state: 'pending' }] })
    const sessions = await harness.stripe.checkout.sessions.list({ limit: 100 })
    expect(sessions.data.filter(({ metadata }) => metadata!['workspace'] === workspace)).toHaveLength(1)
  },
)

test('the answer of a checkout that was opened is lost: the same key finds the same session', async () => {
  const workspace = await harness.workspace()
  const open = harness.engine.purchases.open.bind(harness.engine.purchases)
  harness.engine.purchases.open = () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }))
  const start = () => harness.money.checkout(harness.asking(workspace, 'lost'), { addOn: 'leads', blocks: 1 })
  await expect(start()).rejects.toMatchObject({ code: 'unavailable' })
  harness.engine.purchases.open = open
  const { purchaseId } = (await start()).body as { purchaseId: string }
  const sessions = await harness.stripe.checkout.sessions.list({ limit: 100 })
  const ours = sessions.data.filter(({ metadata }) => metadata!['workspace'] === workspace)
  expect(ours.map(({ id }) => id)).toEqual([(await harness.purchase(workspace, purchaseId)).checkoutSession])
})

test('Stripe is away when the payment is to be looked at: the purchase waits, and is granted when it is back', async () => {
  const workspace = await harness.workspace()
  const { purchaseId } = await harness.buy(workspace, { addOn: 'leads', blocks: 1 })
  await harness.sim('faults', { status: 500 })
  await expect(harness.money.reconcile(workspace, purchaseId, true)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await leads(workspace)).toBe(1_000)
  await harness.sim('webhooks', { paused: false })
  harness.money.start()
  await harness.simulator.settle()
  await expect.poll(() => harness.logged.some(({ message }) => message.includes('is tried again'))).toBe(true)
  await harness.sim('faults', calm)
  await harness.quiet()
  expect(await leads(workspace)).toBe(2_000)
  expect(harness.alarms()).toEqual([])
  await harness.money.stop()
})

test('a purchase that was booked and not marked, as a crash leaves it, is finished by the next who looks', async () => {
  const workspace = await harness.workspace()
  const { purchaseId } = await harness.buy(workspace, { addOn: 'leads', blocks: 1 })
  const apply = harness.engine.purchases.applyReading.bind(harness.engine.purchases)
  harness.engine.purchases.applyReading = () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }))
  await expect(harness.money.reconcile(workspace, purchaseId, true)).rejects.toMatchObject({ code: 'unavailable' })
  expect([await leads(workspace), (await harness.purchase(workspace, purchaseId)).state]).toEqual([2_000, 'pending'])
  harness.engine.purchases.applyReading = apply
  expect((await harness.reconcile(workspace, purchaseId)).state).toBe('paid')
  expect(await leads(workspace)).toBe(2_000)
})

test('a purchase whose checkout was never opened is given up after an hour', async () => {
  const workspace = await harness.workspace()
  await harness.sim('faults', { status: 500 })
  await expect(harness.money.checkout(harness.asking(workspace), { addOn: 'leads', blocks: 1 })).rejects.toMatchObject({
    code: 'unavailable',
  })
  const page = await harness.money.purchases(workspace, { limit: 1 }, true)
  const { id } = (page as { data: { id: string }[] }).data[0]!
  expect((await harness.reconcile(workspace, id)).state).toBe('pending')
  await harness.advance('PT1H')
  expect((await harness.reconcile(workspace, id)).state).toBe('expired')
})
