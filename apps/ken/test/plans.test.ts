import { afterAll, beforeAll, expect, test } from 'vitest'
import { house, type House } from './harness.ts'

let here: House
beforeAll(async () => {
  here = await house({}, { payments: true, seed: false })
})
afterAll(() => here.stop())

test('A1 A2 on every plan there are the same three meters, each with a limit that the plan sets', async () => {
  const { plans, meters } = await here.headroom.catalog()
  expect(meters.map(({ id, label }) => `${id}: ${label}`)).toEqual([
    'email_sends: Emails sent',
    'leads: Leads',
    'ai_campaigns: AI campaigns created',
  ])
  expect(plans.map(({ id }) => id)).toEqual(['free', 'starter', 'growth', 'dfy'])
  for (const { id: plan, prices } of plans) {
    for (const { contacts, allowances } of prices) {
      const id = `ws_${plan}_${contacts ?? 'none'}`
      await here.headroom.workspaces.create({ id, name: id, plan, ...(contacts !== null && { contacts }) })
      const { meters: shown } = await here.headroom.usage(id)
      const limits = Object.fromEntries(shown.map(({ meter, limit }) => [meter, limit]))
      expect(limits, id).toEqual(allowances)
      expect(Object.keys(limits), id).toEqual(['email_sends', 'leads', 'ai_campaigns'])
    }
  }
})
