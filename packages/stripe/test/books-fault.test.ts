/** The books cannot say whether they took a grant: the purchase waits for them, and no human is asked. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createMoney } from '../src/index.ts'
import { publicUrl, secret, secretKey, startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ webhooks: false })
})
afterAll(() => harness.stop())

test.each([500, 503, 409])(
  'a payment that the books answer with %i is not parked: it is granted when they are well again',
  async (status) => {
    const workspace = await harness.workspace()
    const { purchaseId } = await harness.buy(workspace, { addOn: 'leads', blocks: 1 })
    const submit = harness.engine.submit.bind(harness.engine)
    harness.engine.submit = async (operation) =>
      operation.op === 'grant' ? { status, body: { detail: 'No space is left.' } } : submit(operation)
    await expect(harness.money.reconcile(workspace, purchaseId, true)).rejects.toMatchObject({
      code: 'unavailable',
      outcome: 'unknown',
    })
    expect(await harness.purchase(workspace, purchaseId)).toMatchObject({ state: 'pending' })
    harness.engine.submit = submit
    expect(await harness.reconcile(workspace, purchaseId)).toMatchObject({ state: 'paid' })
    expect((await harness.limits(workspace))['leads']).toBe(2_000)
    expect(harness.alarms()).toEqual([])
  },
)

test('while the database is away a look at purchases changes nothing, and says so', async () => {
  const lost = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
  const purchases = new Proxy(harness.engine.purchases, { get: () => lost })
  const apiBase = `${harness.simulated.url}/stripe-simulator`
  const money = createMoney({
    engine: { ...harness.engine, purchases },
    secretKey,
    apiBase,
    publicUrl,
    webhookSecrets: [secret],
    log: () => {},
  })
  const workspace = await harness.workspace()
  const looks = [
    money.purchase(workspace, 'pur_1', true),
    money.purchases(workspace, { limit: 10 }, true),
    money.byReceipt('R-1'),
    money.reconcile(workspace, 'pur_1', true),
  ]
  for (const look of await Promise.allSettled(looks))
    expect(look).toMatchObject({ reason: { code: 'unavailable', outcome: 'nothing_happened' } })
})
