/** Manage Plan: into Stripe's portal, and what was done there comes back. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { pushCatalog } from '../src/index.ts'
import { publicUrl, secretKey, startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness()
  harness.money.start()
})
afterAll(() => harness.stop())

type Change = Parameters<Harness['money']['portal']>[1]

async function subscribed(plan = 'starter', contacts = 1_000, interval: 'month' | 'year' = 'month') {
  const workspace = await harness.workspace('free')
  await harness.buy(workspace, { plan, contacts, interval })
  await harness.quiet()
  const subscription = (await harness.engine.look(workspace, (draft) => draft.subscription.reference))!
  return { workspace, subscription }
}

async function open(workspace: string, change: Change = null): Promise<string> {
  const answer = await harness.money.portal(harness.asking(workspace), change)
  expect(answer).toMatchObject({ status: 201 })
  return (answer.body as { url: string }).url
}

/** What the portal's form would send. */
async function send(url: string, fields: Record<string, string>): Promise<void> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' })
  expect(response.status).toBe(303)
  await harness.quiet()
}

const priceOf = async (key: string) => (await harness.stripe.prices.list({ lookup_keys: [key] })).data[0]!.id
const plan = async (workspace: string) => (await harness.usage(workspace)).plan

describe('in the portal', () => {
  test('A49 A51 A54 A55 up is at once, also through the page that confirms it', async () => {
    const { workspace, subscription } = await subscribed()
    await harness.advance('P1D')
    const url = await open(workspace, { plan: 'growth', contacts: 5_000, interval: null })
    const page = await (await fetch(url)).text()
    expect(page).toContain('Growth plan, 5,000 contacts')
    await send(`${url}/confirm`, { subscription, price: await priceOf('headroom_growth_5000_month') })
    expect(await plan(workspace)).toMatchObject({ id: 'growth', contacts: 5_000, pendingChange: null })
    expect((await harness.limits(workspace))['leads']).toBe(5_000)
  })

  test('A51 A56 down, and from a year to a month, wait for the end; taken back, nothing is pending', async () => {
    const { workspace, subscription } = await subscribed('growth', 5_000, 'year')
    const url = await open(workspace)
    await send(`${url}/confirm`, { subscription, price: await priceOf('headroom_growth_5000_month') })
    const now = await harness.engine.now()
    const at = new Date(new Date(now).setUTCFullYear(new Date(now).getUTCFullYear() + 1)).toISOString()
    expect(await plan(workspace)).toMatchObject({
      id: 'growth',
      interval: 'year',
      pendingChange: { plan: 'growth', contacts: 5_000, interval: 'month', at },
    })
    await send(`${url}/unschedule`, { subscription })
    expect((await plan(workspace)).pendingChange).toBeNull()
    await send(`${url}/confirm`, { subscription, price: await priceOf('headroom_starter_1000_year') })
    expect((await plan(workspace)).pendingChange).toMatchObject({ plan: 'starter', contacts: 1_000, at })
  })

  test('A53 A57 a cancellation waits for the end, and is taken back', async () => {
    const { workspace, subscription } = await subscribed()
    const { period } = await harness.usage(workspace)
    const url = await open(workspace)
    await send(`${url}/cancel`, { subscription })
    expect((await plan(workspace)).pendingChange).toMatchObject({ plan: 'free', at: period.end })
    await send(`${url}/keep`, { subscription })
    expect((await plan(workspace)).pendingChange).toBeNull()
  })

  test('A50 A52 A111 it opens for everybody, Free too, and leads back to Billing', async () => {
    const workspace = await harness.workspace('free')
    const page = await (await fetch(await open(workspace))).text()
    expect(page).toContain(`${publicUrl}/settings/billing`)
    const { workspace: paying } = await subscribed()
    expect(await (await fetch(await open(paying))).text()).toContain('card')
  })
})

test('what is not sold, is not a change or has no subscription to change is refused by its path', async () => {
  const { workspace } = await subscribed()
  const free = await harness.workspace('free')
  const ask = async (where: string, change: Change) => harness.money.portal(harness.asking(where), change)
  const refused = (path: string) => ({ status: 422, body: { errors: [{ path }] } })
  expect(await ask(workspace, { plan: 'gold', contacts: null, interval: null })).toMatchObject(refused('plan'))
  expect(await ask(workspace, { plan: 'free', contacts: null, interval: null })).toMatchObject(refused('plan'))
  expect(await ask(workspace, { plan: 'growth', contacts: 7, interval: null })).toMatchObject(refused('contacts'))
  expect(await ask(workspace, { plan: 'starter', contacts: 1_000, interval: 'month' })).toMatchObject(refused('plan'))
  expect(await ask(free, { plan: 'starter', contacts: null, interval: 'month' })).toMatchObject(refused('plan'))
  expect(await ask('ws_nobody', null)).toMatchObject({ status: 404 })
})

test('a change that is asked for while another is scheduled leads to the portal itself', async () => {
  const { workspace, subscription } = await subscribed('growth', 5_000)
  await harness.stripe.subscriptions.update(subscription, { cancel_at_period_end: true })
  await harness.quiet()
  await open(workspace, { plan: 'growth', contacts: 10_000, interval: null })
})

test('a key sent again leads to the same page, and is refused with another change', async () => {
  const { workspace } = await subscribed()
  const asking = harness.asking(workspace, 'portal-key')
  const first = await harness.money.portal(asking, null)
  expect(await harness.money.portal(asking, null)).toEqual({ ...first, replayed: true })
  const other = await harness.money.portal(asking, { plan: 'growth', contacts: 5_000, interval: null })
  expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
})

test('a configuration that was retired while we knew it is looked for again, with the same key too', async () => {
  const { workspace } = await subscribed()
  const asking = harness.asking(workspace, 'before-and-after')
  expect(await harness.money.portal(asking, null)).toMatchObject({ status: 201 })
  const { configurations } = harness.stripe.billingPortal
  const [known] = (await configurations.list({ active: true })).data.filter(({ metadata }) => metadata!['headroom'])
  await configurations.update(known!.id, { active: false })
  await expect(open(workspace)).rejects.toMatchObject({ code: 'unavailable' })
  await pushCatalog('apply', { secretKey, apiBase: `${harness.simulated.url}/stripe-simulator`, catalog: ken })
  await open(workspace)
  await open(workspace, { plan: 'growth', contacts: 5_000, interval: null })
  expect(await harness.money.portal(asking, null)).toMatchObject({ status: 201 })
})
