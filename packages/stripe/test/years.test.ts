/** Two years of a plan that is paid once a year, from a day that few months have. */
import { boundary } from '@headroom/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'

const begun = Date.parse('2027-01-31T12:00:00.000Z')

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ start: '2027-01-31T12:00:00.000Z' })
  harness.money.start()
})
afterAll(() => harness.stop())

const leadsUsed = (workspace: string, quantity: number, id: string) =>
  harness.engine.submit(
    harness.asked({
      op: 'use',
      workspace,
      id,
      mode: 'enforce',
      reference: null,
      lines: [{ meter: 'leads', quantity }],
    }),
  )

test('A88 A128 A151 a year has twelve releases and one invoice; January 31 becomes February 28 and March 31 again', async () => {
  const workspace = await harness.workspace('free')
  await harness.advance('PT1S')
  await harness.buy(workspace, { plan: 'starter', contacts: 1_000, interval: 'year' })
  await harness.quiet()
  const { customer } = (await harness.engine.customers.get(workspace))!
  const invoices: number[] = []
  const starts: string[] = []
  for (let month = 0; month < 24; month++) {
    const usage = await harness.usage(workspace)
    starts.push(usage.period.start)
    expect(usage.plan).toMatchObject({ id: 'starter', interval: 'year', status: 'active', pendingChange: null })
    expect(usage.meters.find(({ meter }) => meter === 'leads')).toMatchObject({ limit: 1_000, used: 0 })
    // Nothing of a month is left for the next.
    expect((await leadsUsed(workspace, 400, `u${month}`)).status).toBe(200)
    invoices.push((await harness.stripe.invoices.list({ customer: customer!, limit: 100 })).data.length)
    await harness.advance('P1M')
    const next = boundary(begun + 1_000, month + 1)
    if ((await harness.engine.now()) < next) await harness.engine.setTestClock({ now: next })
    await harness.quiet()
  }
  const expected = Array.from({ length: 24 }, (_, month) => new Date(boundary(begun + 1_000, month)).toISOString())
  expect(starts).toEqual(expected)
  expect(starts.slice(0, 3).map((start) => start.slice(0, 10))).toEqual(['2027-01-31', '2027-02-28', '2027-03-31'])
  expect(invoices).toEqual([...Array<number>(12).fill(1), ...Array<number>(12).fill(2)])
  const page = await harness.engine.ledger(workspace, { meter: 'leads', limit: 100 })
  const releases = (page as { data: { kind: string; source: { type: string } }[] }).data.filter(
    ({ kind, source }) => kind === 'grant' && source.type === 'plan',
  )
  // One for each month, the one that has just begun, and Free's before the purchase.
  expect(releases).toHaveLength(24 + 1 + 1)
}, 120_000)
