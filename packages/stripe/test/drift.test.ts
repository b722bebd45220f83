/** Nothing told us, nothing was looked at: the check names it, and repairs it when told to. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findDrift } from '../src/index.ts'
import { secretKey, startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ webhooks: false })
})
afterAll(() => harness.stop())

async function drift(repair: boolean): Promise<string[]> {
  const { engine } = harness
  const lines: string[] = []
  const options = { engine, secretKey, apiBase: `${harness.simulated.url}/stripe-simulator`, log: () => {} }
  for await (const line of findDrift(options, { repair })) lines.push(line)
  return lines
}

test('what is paid, subscribed and ended at Stripe is named, and after a repair nothing is left to name', async () => {
  const [leads, plan, ended] = [
    await harness.workspace(),
    await harness.workspace('free'),
    await harness.workspace('free'),
  ]
  const { purchaseId: forLeads } = await harness.buy(leads, { addOn: 'leads', blocks: 1 })
  const { purchaseId: forPlan } = await harness.buy(plan, { plan: 'growth', contacts: 5_000, interval: 'month' })
  const { purchaseId: forEnded } = await harness.buy(ended, { plan: 'starter', contacts: 1_000, interval: 'month' })
  await harness.reconcile(ended, forEnded)
  const reference = (await harness.engine.look(ended, (draft) => draft.subscription.reference))!
  await harness.stripe.subscriptions.cancel(reference)
  const before = await drift(false)
  expect(before).toEqual(
    expect.arrayContaining([
      `${ended}: follows ${reference}, which has ended at Stripe`,
      `${plan}: plan is free, no contacts, month here and growth, 5000, month at Stripe`,
      `${leads}: purchase ${forLeads} is paid at Stripe and pending here`,
      `${plan}: purchase ${forPlan} is paid at Stripe and pending here`,
    ]),
  )
  // Looking has changed nothing.
  expect(await drift(false)).toEqual(before)
  expect((await harness.limits(leads))['leads']).toBe(1_000)
  expect(await drift(true)).toContain(`${forLeads}: repaired`)
  expect(await drift(false)).toEqual([])
  expect((await harness.limits(leads))['leads']).toBe(2_000)
  expect((await harness.usage(plan)).plan.id).toBe('growth')
  expect((await harness.usage(ended)).plan.id).toBe('free')
})
