/** Refunds and disputes: what is taken back, of what, and how often (decisions §7). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ webhooks: false })
})
afterAll(() => harness.stop())

const meters = async (workspace: string) => {
  const { meters: all } = await harness.usage(workspace)
  return Object.fromEntries(all.map(({ meter, limit, used, overage }) => [meter, { limit, used, overage }]))
}

async function bought(blocks = 3) {
  const workspace = await harness.workspace('starter', 1_000)
  const made = await harness.buy(workspace, { addOn: 'leads', blocks })
  return { workspace, ...made, settle: () => harness.reconcile(workspace, made.purchaseId) }
}

const use = (workspace: string, quantity: number) =>
  harness.engine.submit(
    harness.asked({
      op: 'use',
      workspace,
      id: `use_${quantity}`,
      mode: 'record',
      reference: null,
      lines: [{ meter: 'leads', quantity }],
    }),
  )

describe('a refund', () => {
  test('in part takes its share of each line, rounded down; again changes nothing; the rest takes the rest', async () => {
    const { workspace, session, settle, total } = await bought()
    await settle()
    await harness.sim('refunds', { checkoutSession: session, amount: 10_000 })
    expect(await settle()).toMatchObject({ state: 'paid', refundedTotal: 10_000 })
    // 3,000 × 10,000 ÷ 27,000 = 1,111.1; 12,000 × 10,000 ÷ 27,000 = 4,444.4
    expect(await harness.limits(workspace)).toMatchObject({ leads: 4_000 - 1_111, email_sends: 16_000 - 4_444 })
    await settle()
    expect(await harness.limits(workspace)).toMatchObject({ leads: 4_000 - 1_111, email_sends: 16_000 - 4_444 })
    await harness.sim('refunds', { checkoutSession: session })
    expect(await settle()).toMatchObject({ state: 'refunded', refundedTotal: total })
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
  })

  test('after use takes back all the same, and the excess is overage', async () => {
    const { workspace, session, settle } = await bought()
    await settle()
    await use(workspace, 3_500)
    await harness.sim('refunds', { checkoutSession: session })
    await settle()
    expect((await meters(workspace))['leads']).toEqual({ limit: 1_000, used: 3_500, overage: 2_500 })
  })

  test('before we had heard of the payment: granted and taken back, both in the ledger', async () => {
    const { workspace, session, settle } = await bought()
    await harness.sim('refunds', { checkoutSession: session })
    expect((await settle()).state).toBe('refunded')
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
    const page = await harness.engine.ledger(workspace, { meter: 'leads', limit: 2 })
    expect(page).toMatchObject({
      data: [
        { kind: 'refund', quantity: 3_000 },
        { kind: 'grant', quantity: 3_000 },
      ],
    })
  })

  test('after the period has ended changes the purchase alone', async () => {
    const { workspace, session, settle } = await bought()
    await settle()
    await harness.advance('P1M')
    await harness.sim('refunds', { checkoutSession: session })
    expect((await settle()).state).toBe('refunded')
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
  })
})

describe('a dispute', () => {
  test('opened takes all back; won grants it again, once, less what had been refunded before', async () => {
    const { workspace, session, settle } = await bought()
    await settle()
    await harness.sim('refunds', { checkoutSession: session, amount: 9_000 })
    await settle()
    await harness.sim('disputes', { checkoutSession: session, outcome: 'opened' })
    expect((await settle()).state).toBe('disputed')
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
    await harness.sim('disputes', { checkoutSession: session, outcome: 'won' })
    for (let again = 0; again < 3; again++) expect((await settle()).state).toBe('paid')
    expect(await harness.limits(workspace)).toMatchObject({ leads: 3_000, email_sends: 12_000 })
  })

  test('opened in one period and won in the next is granted in the next', async () => {
    const { workspace, session, settle } = await bought(1)
    await settle()
    await harness.sim('disputes', { checkoutSession: session, outcome: 'opened' })
    await settle()
    await harness.advance('P1M')
    await harness.sim('disputes', { checkoutSession: session, outcome: 'won' })
    await settle()
    expect(await harness.limits(workspace)).toMatchObject({ leads: 2_000, email_sends: 8_000 })
  })

  test('lost leaves it taken back; heard of only then, it is granted and taken back', async () => {
    const { workspace, session, settle } = await bought()
    await harness.sim('disputes', { checkoutSession: session, outcome: 'lost' })
    for (let again = 0; again < 2; again++) expect((await settle()).state).toBe('disputed')
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
  })

  test('refunds and disputes come in as events, also when these are all that comes', async () => {
    const { workspace, session } = await bought()
    await harness.sim('refunds', { checkoutSession: session, amount: 9_000 })
    await harness.sim('webhooks', { paused: false })
    harness.money.start()
    await harness.quiet()
    expect(await harness.limits(workspace)).toMatchObject({ leads: 3_000, email_sends: 12_000 })
    await harness.sim('disputes', { checkoutSession: session, outcome: 'opened' })
    await harness.quiet()
    expect(await harness.limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
    expect(harness.alarms()).toEqual([])
    await harness.money.stop()
  })
})
