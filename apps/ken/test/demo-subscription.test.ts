import { afterEach, expect, test } from 'vitest'
import { closeAll, another, open, until } from './houses.ts'
import { apiKey, createDoor, workspace, type Door, type House } from './harness.ts'
import { looked, sent } from './standings.ts'

const doors: Door[] = []
afterEach(async () => {
  await closeAll()
  await Promise.all(doors.splice(0).map((door) => door.close()))
})

const payments = { payments: true, seed: false }

async function bought({ headroom }: House) {
  const { data } = await headroom.purchases.list(workspace)
  return data.map(({ plan, contacts, interval, total, state }) => [plan, contacts, interval, total, state])
}

const starter = ['starter', 1_000, 'month', 9_900]

async function subscriptions(here: House): Promise<{ id: string; status: string }[]> {
  const state = await here.sim<{ objects: Record<string, { id: string; status: string }[]> }>('state')
  return state.objects.subscription ?? []
}

test('the demo workspace buys Starter for 1,000 contacts by the month as its customers do, and has used nothing', async () => {
  const door = await createDoor()
  doors.push(door)
  const here = await open({ headroom: { baseUrl: door.url, apiKey } }, { ...payments, door })
  await here.ken.seedDemo()
  const { plan, meters } = await here.headroom.usage(workspace)
  expect(plan).toMatchObject({ id: 'starter', contacts: 1_000, interval: 'month', status: 'active', subscribed: true })
  expect(meters.map(({ meter, used, reserved, limit }) => [meter, used, reserved, limit])).toEqual([
    ['email_sends', 0, 0, 4_000],
    ['leads', 0, 0, 1_000],
    ['ai_campaigns', 0, 0, 3],
  ])
  expect(await bought(here)).toEqual([[...starter, 'paid']])
  expect((await here.signIn('admin')).cookie).not.toBe('')

  // The second start asks Headroom for nothing at all.
  door.shut = true
  await here.ken.seedDemo()
  door.shut = false
  expect(await bought(here)).toHaveLength(1)
  expect(here.errors).toEqual([])
}, 60_000)

test('killed at any step, with the answer on its way, the next start goes on: one purchase, one subscription', async () => {
  const here = await open({}, payments)
  let asked = 0
  let lost = 0
  for (let starts = 1; ; starts += 1) {
    asked = 0
    // What was asked is done, and nobody hears of it: each start dies one request later than the one before.
    const dying: typeof fetch = async (input, init) => {
      const answer = await fetch(input, init)
      asked += 1
      if (asked < starts) return answer
      lost += 1
      throw new Error('The process is gone.')
    }
    const headroom = { baseUrl: here.url, apiKey, maxRetries: 0, fetch: dying }
    const pay = here.options.payForDemo!
    const ken = await another(here, {
      headroom,
      worker: false,
      // The payment is a request as well.
      payForDemo: async (session) => {
        await pay(session)
        asked += 1
        if (asked >= starts) throw new Error('The process is gone.')
      },
    })
    const over = await ken.seedDemo().then(
      () => true,
      () => false,
    )
    await ken.stop()
    const { rows } = await here.sql.query('select 1 from ken.workspaces where demo_paid_at is not null')
    if (over && rows.length === 1) break
    // Killed after all was done, and before that was written down.
    expect(starts).toBeLessThan(20)
  }
  expect(lost).toBeGreaterThanOrEqual(4)
  await here.sql.query('update ken.workspaces set demo_paid_at = null')
  await here.ken.seedDemo()
  // That the workspace is subscribed is one event of Stripe's, that the purchase is paid another, which may still be on its way.
  await until(async () => (await bought(here)).every(([, , , , state]) => state !== 'pending'))
  expect(await bought(here)).toEqual([[...starter, 'paid']])
  expect(await subscriptions(here)).toHaveLength(1)
  expect((await here.headroom.usage(workspace)).plan).toMatchObject({ id: 'starter', subscribed: true })
}, 120_000)

test('a checkout that nobody paid for in time is followed by another', async () => {
  const sessions: string[] = []
  const here = await open({}, payments)
  const pay = here.options.payForDemo!
  const ken = await another(here, {
    worker: false,
    payForDemo: (session) => {
      sessions.push(session)
      throw new Error('The process is gone.')
    },
  })
  await ken.seedDemo()
  expect((await here.headroom.usage(workspace)).plan).toMatchObject({ id: 'free', subscribed: false })
  await here.sim(`checkout/sessions/${sessions[0]}/complete`, { outcome: 'expired' })
  const next = await another(here, { worker: false, payForDemo: pay })
  await next.seedDemo()
  expect(new Set((await bought(here)).map(([, , , , state]) => state))).toEqual(new Set(['expired', 'paid']))
  expect((await here.headroom.usage(workspace)).plan).toMatchObject({ id: 'starter', subscribed: true })
}, 60_000)

test('a workspace of an earlier version, on Starter by key, is subscribed; one that was set to another plan is left alone', async () => {
  const here = await open({}, payments)
  const old = { id: workspace, name: 'Demo workspace', plan: 'starter', contacts: 1_000, interval: 'month' } as const
  await here.headroom.workspaces.create(old)
  await here.headroom.use(workspace, { lines: [{ meter: 'leads', quantity: 40 }], mode: 'enforce' })
  await here.headroom.workspaces.setPlan(workspace, { plan: 'growth', contacts: 5_000 })
  await here.ken.seedDemo()
  expect((await here.headroom.usage(workspace)).plan).toMatchObject({ id: 'growth', subscribed: false })
  expect(await bought(here)).toEqual([])

  await here.headroom.workspaces.setPlan(workspace, { plan: 'starter', contacts: 1_000 })
  await here.sql.query('update ken.workspaces set demo_paid_at = null')
  await here.ken.seedDemo()
  expect((await here.headroom.usage(workspace)).plan).toMatchObject({ id: 'starter', subscribed: true })
  expect(await bought(here)).toEqual([[...starter, 'paid']])
}, 60_000)

test('a subscription that somebody cancelled is not taken out again', async () => {
  const here = await open({}, payments)
  await here.ken.seedDemo()
  const [subscription] = await subscriptions(here)
  const cancelled = await fetch(`${here.url}/stripe-simulator/v1/subscriptions/${subscription!.id}`, {
    method: 'DELETE',
    headers: { Authorization: 'Bearer sk_test_simulator' },
  })
  expect(cancelled.status).toBe(200)
  await until(async () => !(await here.headroom.usage(workspace)).plan.subscribed)
  await here.ken.seedDemo()
  expect((await here.headroom.usage(workspace)).plan).toMatchObject({ id: 'free', subscribed: false })
  expect(await bought(here)).toHaveLength(1)
}, 60_000)

test('without a way to pay, as with a key of Stripe’s, the plan is set by key as before', async () => {
  const here = await open()
  await here.ken.seedDemo()
  expect((await here.headroom.usage(workspace)).plan).toMatchObject({ id: 'starter', subscribed: false })
})

test('a renewal that Stripe cannot collect becomes a mail, and no second one until it is suspended', async () => {
  const here = await open({ lookSeconds: 0.1 }, { payments: true, testClock: true })
  const [subscription] = await subscriptions(here)
  await here.sim(`subscriptions/${subscription!.id}`, { paymentFails: true })
  await here.sim('clock', { advance: 'P1M' })
  await here.sim('clock', { advance: 'PT2H' })
  await until(async () => (await here.headroom.usage(workspace)).plan.status === 'past_due')
  await looked(here)
  expect(await sent(here)).toEqual(['payment_failed admin@ken.example'])
  await here.sim('clock', { advance: 'P5DT12H' })
  await looked(here)
  await here.sim('clock', { advance: 'P3D' })
  await looked(here)
  expect(await sent(here)).toEqual([
    'payment_failed admin@ken.example',
    'suspended admin@ken.example',
    'suspension_warning admin@ken.example',
  ])
}, 60_000)
