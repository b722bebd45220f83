/** Buying over HTTP, against the simulator: from the click to the grant, once, and found again by its receipt. */
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { routes } from '../src/routes/index.ts'
import { seen } from './contract.ts'
import { openRoom, slowly, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({ payments: true })
}, slowly)
afterAll(() => room.stop())
afterEach(() => vi.restoreAllMocks())

const leads = { addOn: 'leads', blocks: 3 }
const buy = (workspace: string, body: object = leads, headers?: Record<string, string>) =>
  room.post(`/v1/workspaces/${workspace}/checkout`, body, headers)
const read = async (workspace: string, id: string) =>
  (await room.get(`/v1/workspaces/${workspace}/purchases/${id}`)).body
const pay = async (workspace: string, id: string, outcome = 'paid') =>
  room.sim(`checkout/sessions/${(await read(workspace, id)).checkoutSession}/complete`, { outcome })
const limits = async (workspace: string): Promise<Record<string, number>> => {
  const { body } = await room.get(`/v1/workspaces/${workspace}/usage`)
  return Object.fromEntries(body.meters.map(({ meter, limit }: { meter: string; limit: number }) => [meter, limit]))
}
const sessions = async (): Promise<any[]> => (await room.sim('state')).objects['checkout.session'] ?? []

test('A28 A37 A154 the amount of the button, of the checkout and of the purchase is one; what is paid is granted once', async () => {
  const workspace = await room.workspace()
  const made = await buy(workspace)
  expect(made).toMatchObject({ status: 201, body: { total: 27_000, currency: 'usd' } })
  const { purchaseId: id, url } = made.body
  expect(url).toMatch(/^http.*\/stripe-simulator\//)
  const pending = await read(workspace, id)
  expect(pending).toMatchObject({ state: 'pending', addOn: 'leads', blocks: 3, total: 27_000, checkoutUrl: url })
  const session = (await sessions()).find((session) => session.id === pending.checkoutSession)
  expect(session).toMatchObject({ amount_total: 27_000, currency: 'usd', client_reference_id: id })

  const reconcile = () => room.post(`/v1/workspaces/${workspace}/purchases/${id}/reconcile`)
  expect((await reconcile()).body).toMatchObject({ state: 'pending', paidAt: null, receipt: null })
  expect(await limits(workspace)).toMatchObject({ leads: 1_000, email_sends: 4_000 })
  await pay(workspace, id)
  const answers = await Promise.all([reconcile(), reconcile(), reconcile()])
  for (const { status, body } of answers) {
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        id,
        state: 'paid',
        total: 27_000,
        checkoutUrl: null,
        brings: [
          { meter: 'leads', quantity: 3_000 },
          { meter: 'email_sends', quantity: 12_000 },
        ],
      },
    })
  }
  expect(await limits(workspace)).toEqual({ leads: 4_000, email_sends: 16_000, ai_campaigns: 3 })
})

test('A121 a receipt’s number, the payment and the session each name the purchase, in whatever workspace it is', async () => {
  const workspace = await room.workspace()
  const { purchaseId: id } = (await buy(workspace)).body
  await pay(workspace, id)
  const paid = (await room.post(`/v1/workspaces/${workspace}/purchases/${id}/reconcile`)).body
  expect(paid.receipt.number).toMatch(/^\d{4}-\d{4}$/)
  const session = (await sessions()).find(({ id }) => id === paid.checkoutSession)
  for (const receipt of [paid.receipt.number, ` ${paid.receipt.number} `, session.payment_intent, session.id]) {
    const found = await room.get(`/v1/purchases?receipt=${encodeURIComponent(receipt)}`)
    expect(found).toMatchObject({
      status: 200,
      body: { data: [{ id, workspace, receipt: paid.receipt }], nextCursor: null },
    })
  }
  expect((await room.get('/v1/purchases?receipt=0000-0000')).body).toEqual({ data: [], nextCursor: null })
})

test('a plan is bought once; while there is a subscription it is changed in the portal', async () => {
  const workspace = await room.workspace({ plan: 'free' })
  const made = await buy(workspace, { plan: 'starter', contacts: 2_000 })
  expect(made).toMatchObject({ status: 201, body: { total: 17_900 } })
  expect(await read(workspace, made.body.purchaseId)).toMatchObject({
    plan: 'starter',
    contacts: 2_000,
    interval: 'month',
    addOn: null,
  })
  await pay(workspace, made.body.purchaseId)
  await room.post(`/v1/workspaces/${workspace}/purchases/${made.body.purchaseId}/reconcile`)
  const { body: usage } = await room.get(`/v1/workspaces/${workspace}/usage`)
  expect(usage.plan).toMatchObject({ id: 'starter', contacts: 2_000, subscribed: true, graceUntil: null })
  expect(usage.price).toEqual({ monthlyCents: 17_900, currency: 'usd', source: 'stripe', billed: 'monthly' })

  expect(await buy(workspace, { plan: 'growth' })).toMatchObject({ status: 409, body: { code: 'subscription_exists' } })
  const change = await room.post(`/v1/workspaces/${workspace}/portal`, {
    plan: 'growth',
    contacts: 5_000,
    interval: 'year',
  })
  expect(change).toMatchObject({ status: 201, body: { url: expect.stringContaining('/stripe-simulator/') as unknown } })
})

test('the ETag of the usage goes by what is shown, the price included, and 304 while it stands', async () => {
  // What the deliveries bring would be changes of their own.
  await room.sim('webhooks', { paused: true })
  const workspace = await room.workspace({ plan: 'free' })
  const path = `/v1/workspaces/${workspace}/usage`
  const { purchaseId } = (await buy(workspace, { plan: 'starter' })).body
  await pay(workspace, purchaseId)
  await room.post(`/v1/workspaces/${workspace}/purchases/${purchaseId}/reconcile`)
  const first = await room.get(path)
  expect(first.body.price.source).toBe('stripe')
  const headers = { 'If-None-Match': first.headers.get('etag')! }
  expect((await room.ask('GET', path, { headers })).status).toBe(304)
  const member = await room.get(path, await room.token(workspace, 'member'))
  expect(member.body).toMatchObject({ price: null, addOns: null })
  expect(member.headers.get('etag')).not.toBe(first.headers.get('etag'))
  await room.sim('webhooks', { paused: false })
})

test('A50 A54 A111 A122 the portal’s link is new each time, and comes again after Stripe was away', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/portal`
  const [one, two] = [
    await room.post(path, {}),
    await room.ask('POST', path, { key: await room.token(workspace, 'admin') }),
  ]
  for (const { status, body } of [one, two]) {
    expect({ status, url: (await fetch(body.url)).status }).toEqual({ status: 201, url: 200 })
  }
  expect(two.body.url).not.toBe(one.body.url)
  const keyed = { 'Idempotency-Key': 'portal_1' }
  const first = await room.post(path, {}, keyed)
  const again = await room.post(path, {}, keyed)
  expect(again).toMatchObject({ status: 201, text: first.text })
  expect(again.headers.get('idempotent-replayed')).toBe('true')

  await room.sim('faults', { status: 500 })
  const failed = await fetch(room.url + path, { method: 'POST', headers: { Authorization: `Bearer ${room.key}` } })
  expect(failed.status).toBe(503)
  expect(failed.headers.get('retry-after')).toMatch(/^\d+$/)
  expect(await failed.json()).toMatchObject({ code: 'unavailable' })
  await room.sim('faults', { status: null })
  expect((await room.post(path, {})).status).toBe(201)
})

test('purchases go page by page, newest first, each list with its own cursors', async () => {
  const [workspace, other] = [await room.workspace(), await room.workspace()]
  const made: string[] = []
  for (let n = 0; n < 5; n += 1)
    made.push((await buy(workspace, { addOn: 'ai_campaigns', blocks: n + 1 })).body.purchaseId)
  await buy(other)
  await buy(other)
  const found: string[] = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const { body } = await room.get(`/v1/workspaces/${workspace}/purchases?limit=2${cursor && `&cursor=${cursor}`}`)
    found.push(...body.data.map(({ id }: { id: string }) => id))
    cursor = body.nextCursor
  }
  expect(found).toEqual(made.toReversed())
  const foreign = (await room.get(`/v1/workspaces/${other}/purchases?limit=1`)).body.nextCursor
  expect((await room.get(`/v1/workspaces/${workspace}/purchases?cursor=${foreign}`)).status).toBe(422)
})

test('A147 a checkout under a key goes on with its purchase; another request under it is refused', async () => {
  const workspace = await room.workspace()
  const headers = { 'Idempotency-Key': 'click_1' }
  const first = await buy(workspace, leads, headers)
  const again = await buy(workspace, { blocks: 3, addOn: 'leads' }, headers)
  expect(again).toMatchObject({ status: 201, body: first.body })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(await buy(workspace, { ...leads, blocks: 4 }, headers)).toMatchObject({
    status: 422,
    body: { code: 'idempotency_mismatch' },
  })
  // Another caller’s keys are its own, and without a key every click is a purchase.
  const key = await room.newKey('full', workspace)
  const others = [
    await buy(workspace, leads, { ...headers, authorization: `Bearer ${key}` }),
    await buy(workspace),
    await buy(workspace),
  ]
  const ids = [first, ...others].map(({ body }) => body.purchaseId)
  expect(new Set(ids).size).toBe(4)
  expect((await room.get(`/v1/workspaces/${workspace}/purchases`)).body.data).toHaveLength(4)
})

test('ten clicks at once under one key are one purchase and one session', async () => {
  const workspace = await room.workspace()
  const asked = { body: leads, headers: { 'Idempotency-Key': 'at_once' }, patient: true }
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => room.ask('POST', `/v1/workspaces/${workspace}/checkout`, asked)),
  )
  const settled = answers.filter(({ status }) => status !== 409)
  expect(new Set(settled.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  const { body } = await room.get(`/v1/workspaces/${workspace}/purchases`)
  expect(body.data).toHaveLength(1)
  expect((await sessions()).filter((session) => session.client_reference_id === body.data[0].id)).toHaveLength(1)
})

test('ten new checkouts a minute from one browser’s viewer, whatever token; keys and others are not limited', async () => {
  const workspace = await room.workspace()
  // The limit goes by this clock: it stands still, so that a slow machine counts as a fast one does.
  vi.spyOn(performance, 'now').mockReturnValue(performance.now() + 3_600_000)
  const tokens = [await room.token(workspace, 'admin', 'hasty'), await room.token(workspace, 'admin', 'hasty')]
  const click = (token: string, key: string, body: object = leads) =>
    room.ask('POST', `/v1/workspaces/${workspace}/checkout`, {
      key: token,
      body,
      headers: { 'Idempotency-Key': key },
      patient: true,
    })
  for (let n = 0; n < 10; n += 1) expect((await click(tokens[n % 2]!, `click_${n}`)).status).toBe(201)
  const limited = await click(tokens[1]!, 'one_more')
  expect(limited).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
  expect(limited.headers.get('retry-after')).toBe('60')
  // A request id of the client’s own names no click.
  const unnamed = { key: tokens[0]!, body: leads, headers: { 'X-Request-Id': 'click_0' } }
  expect((await room.ask('POST', `/v1/workspaces/${workspace}/checkout`, unnamed)).status).toBe(429)
  // What repeats makes nothing new, and what is not well-formed never counted.
  expect((await click(tokens[1]!, 'click_1')).status).toBe(201)
  expect((await click(tokens[1]!, 'wrong', { ...leads, blocks: 0 })).status).toBe(422)
  expect((await click(await room.token(workspace, 'admin', 'calm'), 'click_0')).status).toBe(201)
  expect((await buy(workspace)).status).toBe(201)
}, 60_000)

test('the figures tell how money stands, and name nobody', async () => {
  const { text } = await room.ask('GET', '/metrics', { key: null })
  expect(text).toMatch(/^headroom_purchases_pending [1-9]\d*$/m)
  expect(text).toMatch(/^headroom_stripe_alarms_total \d+$/m)
  expect(text).toMatch(/^headroom_engine_up 1$/m)
  expect(text).not.toMatch(/ws_|cs_test|pur_|hr_|whsec/)
})

test('every success the document promises of purchases has been received here, and held to it', () => {
  const promised = routes({ testClock: false, money: true })
    .filter(({ tag }) => tag === 'Purchases')
    .flatMap(({ name, answers }) => Object.keys(answers).map((status) => `${name} ${status}`))
  expect(promised.length).toBeGreaterThan(5)
  expect(promised.filter((answer) => !seen.has(answer))).toEqual([])
})
