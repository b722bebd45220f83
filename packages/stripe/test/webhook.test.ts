/** What comes to the endpoint that Stripe did not send, or not like this (reliability rows 66-80). */
import { createHmac } from 'node:crypto'
import type Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createMoney } from '../src/index.ts'
import { secret, secretKey, startHarness, type Harness } from './harness.ts'

let harness: Harness
beforeAll(async () => {
  harness = await startHarness({ webhooks: false })
  harness.money.start()
})
afterAll(() => harness.stop())

const sign = (body: string, { key = secret, at = Date.now() } = {}): string => {
  const t = Math.floor(at / 1000)
  return `t=${t},v1=${hmac(`${t}.${body}`, key)}`
}
const hmac = (text: string, key: string) => createHmac('sha256', key).update(text).digest('hex')

/** A genuine event about a purchase that is paid: whoever gets it accepted brings 1,000 leads. */
async function paidEvent() {
  const workspace = await harness.workspace()
  const { session, purchaseId } = await harness.buy(workspace, { addOn: 'leads', blocks: 1 })
  const { data } = await harness.stripe.events.list({ type: 'checkout.session.completed', limit: 5 })
  const event = data.find((one) => (one.data.object as Stripe.Checkout.Session).id === session)!
  return { workspace, session, purchaseId, event, body: JSON.stringify(event) }
}

const leads = async (workspace: string) => (await harness.limits(workspace))['leads']

describe('a delivery is refused, and changes nothing, when', () => {
  const forged: [string, (body: string) => [string, string | null]][] = [
    ['it has no signature', (body) => [body, null]],
    ['the header is empty', (body) => [body, '']],
    ['only the time is there', (body) => [body, sign(body).split(',')[0]!]],
    ['the header is garbage', (body) => [body, 't=abc,v1=xyz,,,==']],
    ['only v0 is there', (body) => [body, sign(body).replace('v1=', 'v0=')]],
    ['the secret is another', (body) => [body, sign(body, { key: 'whsec_other' })]],
    ['one byte was altered', (body) => [body.replace('"livemode":false', '"livemode": false'), sign(body)]],
    ['it was written anew', (body) => [JSON.stringify(JSON.parse(body), null, 1), sign(body)]],
    ['it is 301 s old', (body) => [body, sign(body, { at: Date.now() - 302_000 })]],
    ['it is 301 s from the future', (body) => [body, sign(body, { at: Date.now() + 302_000 })]],
    ['it has two times', (body) => [body, `t=${Math.floor(Date.now() / 1000)},${sign(body)}`]],
    [
      'the hex is in upper case',
      (body) => [body, sign(body).replace(/v1=.*/, (v1) => `v1=${v1.slice(3).toUpperCase()}`)],
    ],
    ['the hex is cut', (body) => [body, sign(body).slice(0, -1)]],
    ['it has eleven signatures, one of them right', (body) => [body, sign(body) + `,v1=${'0'.repeat(64)}`.repeat(10)]],
    ['the header has 64 KB', (body) => [body, sign(body) + `,v1=${'0'.repeat(64)}`.repeat(1_000)]],
    ['it is signed, but no JSON', () => ['{', sign('{')]],
    ['it is signed, but no event', () => ['{"id":"evt_1"}', sign('{"id":"evt_1"}')]],
    ['it is signed, but null', () => ['null', sign('null')]],
  ]
  test.each(forged)('%s', async (_what, forge) => {
    const { workspace, body } = await paidEvent()
    const [sent, signature] = forge(body)
    expect((await harness.money.webhook(sent, signature)).status).toBe(400)
    await harness.quiet()
    expect(await leads(workspace)).toBe(1_000)
  })

  test('R68 it is of the other mode: and an alarm is raised', async () => {
    const { workspace, event } = await paidEvent()
    const live = JSON.stringify({ ...event, livemode: true })
    expect((await harness.money.webhook(live, sign(live))).status).toBe(400)
    expect(harness.alarms().at(-1)).toBe('mode_mismatch')
    expect(await leads(workspace)).toBe(1_000)
  })

  test('R76 it is another event under a known id: and an alarm is raised', async () => {
    const { event, body } = await paidEvent()
    expect((await harness.money.webhook(body, sign(body))).status).toBe(200)
    const others = [
      { created: event.created + 1 },
      { type: 'checkout.session.expired' },
      { data: { object: { ...event.data.object, id: 'cs_test_other' } } },
    ]
    for (const differing of others) {
      const before = harness.alarms().length
      const other = JSON.stringify({ ...event, ...differing })
      expect((await harness.money.webhook(other, sign(other))).status).toBe(400)
      expect(harness.alarms().slice(before)).toEqual(['event_differs'])
    }
  })
})

describe('a genuine delivery', () => {
  test('R75 is taken once, and known the next 200 times', async () => {
    const { workspace, event, body } = await paidEvent()
    const first = await harness.money.webhook(body, sign(body))
    expect(first).toEqual({ status: 200, detail: 'Stored.' })
    // Stripe counts what is still to be delivered; that does not make it another event.
    const retried = JSON.stringify({ ...event, pending_webhooks: 0 })
    const again = await Promise.all(Array.from({ length: 200 }, () => harness.money.webhook(retried, sign(retried))))
    expect(new Set(again.map(({ detail }) => detail))).toEqual(new Set(['Known already.']))
    await harness.quiet()
    expect(await leads(workspace)).toBe(2_000)
  })

  test('is known again when an endpoint of another API version sends it', async () => {
    const { event, body } = await paidEvent()
    await harness.money.webhook(body, sign(body))
    const data = { object: { ...event.data.object, a_new_field: null } }
    const newer = JSON.stringify({ ...event, api_version: '2027-01-01.next', data })
    const before = harness.alarms().length
    expect(await harness.money.webhook(newer, sign(newer))).toEqual({ status: 200, detail: 'Known already.' })
    expect(harness.alarms().length).toBe(before)
  })

  test('is taken under either secret while one is replaced, and with ten signatures', async () => {
    const { body } = await paidEvent()
    const { engine } = harness
    const url = harness.simulated.url
    const money = createMoney({
      engine,
      secretKey,
      apiBase: url,
      publicUrl: url,
      log: () => {},
      webhookSecrets: ['whsec_new', secret],
    })
    expect((await money.webhook(body, sign(body, { key: 'whsec_new' }))).status).toBe(200)
    expect((await money.webhook(body, sign(body))).status).toBe(200)
    const many = sign(body) + `,v1=${'0'.repeat(64)}`.repeat(9)
    expect((await money.webhook(body, many)).status).toBe(200)
  })

  test('of a type we know nothing about is taken and left alone', async () => {
    const body = JSON.stringify({
      ...(await paidEvent()).event,
      id: 'evt_unknown',
      type: 'radar.early_fraud_warning.created',
    })
    expect((await harness.money.webhook(body, sign(body))).status).toBe(200)
    // What earlier tests delivered may still be under way beside it.
    await vi.waitFor(async () => expect(await harness.money.metrics()).toMatchObject({ stripe_inbox_waiting: 0 }))
  })

  test('that cannot be stored is not acknowledged', async () => {
    const { body } = await paidEvent()
    const put = harness.engine.inbox.put.bind(harness.engine.inbox)
    harness.engine.inbox.put = () => Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }))
    await expect(harness.money.webhook(body, sign(body))).rejects.toMatchObject({ code: 'unavailable' })
    harness.engine.inbox.put = put
  })
})

describe('what is not ours is parked, and an alarm is raised:', () => {
  /** As somebody with our secret might; the object is Stripe's. */
  async function deliver(type: string, object: object, id: string): Promise<void> {
    const created = Math.floor(Date.now() / 1000)
    const body = JSON.stringify({ id, object: 'event', type, created, livemode: false, data: { object } })
    expect((await harness.money.webhook(body, sign(body))).status).toBe(200)
    await harness.quiet()
  }

  test('R67 a checkout made elsewhere that names a workspace of ours', async () => {
    const workspace = await harness.workspace()
    const prices = await harness.stripe.prices.list({ lookup_keys: ['headroom_addon_leads_starter'] })
    const session = await harness.stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://elsewhere.test',
      client_reference_id: 'pur_forged',
      line_items: [{ price: prices.data[0]!.id, quantity: 3 }],
      metadata: { workspace, purchase: 'pur_forged' },
    })
    await harness.sim(`checkout/sessions/${session.id}/complete`, { outcome: 'paid' })
    const paid = await harness.stripe.checkout.sessions.retrieve(session.id)
    await deliver('checkout.session.completed', paid, 'evt_forged')
    expect(await leads(workspace)).toBe(1_000)
    expect(harness.alarms().at(-1)).toBe('not_ours')
  })

  test('R67 a checkout made elsewhere that names a purchase of ours', async () => {
    const workspace = await harness.workspace()
    const { purchaseId } = await harness.checkout(workspace, { addOn: 'leads', blocks: 3 })
    const mine = (await harness.purchase(workspace, purchaseId)).checkoutSession
    const metadata = { workspace, purchase: purchaseId }
    const forged = { id: 'cs_test_forged', object: 'checkout.session', client_reference_id: purchaseId, metadata }
    await deliver('checkout.session.completed', { ...forged, payment_status: 'paid' }, 'evt_forged_session')
    expect(await leads(workspace)).toBe(1_000)
    expect(await harness.purchase(workspace, purchaseId)).toMatchObject({ state: 'pending', checkoutSession: mine })
    expect(harness.alarms().at(-1)).toBe('not_ours')
  })

  test('R77 a customer of nobody', async () => {
    const before = harness.alarms().length
    await deliver('customer.subscription.created', { id: 'sub_x', customer: 'cus_nobody' }, 'evt_nobody')
    expect(harness.alarms().slice(before)).toEqual(['not_ours'])
  })

  test('a session of another purchase in the place of its own', async () => {
    const workspace = await harness.workspace()
    const { purchaseId } = await harness.buy(workspace, { addOn: 'leads', blocks: 2 })
    const { total } = await harness.purchase(workspace, purchaseId)
    expect(total).toBe(18_000)
    const { session } = (await harness.engine.purchases.get(workspace, purchaseId))!
    const dearer = await harness.workspace()
    const other = await harness.checkout(dearer, { addOn: 'leads', blocks: 3 })
    // The cheaper session stands where the dearer purchase's own should be.
    await harness.engine.purchases.change(dearer, other.purchaseId, ['pending'], { session })
    const before = harness.alarms().length
    expect(await harness.reconcile(dearer, other.purchaseId)).toMatchObject({ state: 'parked' })
    await harness.reconcile(dearer, other.purchaseId)
    expect(await leads(dearer)).toBe(1_000)
    expect(harness.alarms().slice(before)).toEqual(['not_ours'])
    expect(await harness.money.metrics()).toMatchObject({ purchases_parked: 1 })
  })
})

test('R66 an amount that is not the quote is parked, and an alarm is raised; its receipt leads to it', async () => {
  const workspace = await harness.workspace()
  const { purchaseId } = await harness.checkout(workspace, { addOn: 'leads', blocks: 2 })
  const row = (await harness.engine.purchases.get(workspace, purchaseId))!
  // Two blocks were quoted at more than Stripe will ask for.
  const [id, total] = [`${purchaseId.slice(0, -4)}aaaa`, row.total + 1]
  const prices = await harness.stripe.prices.list({ lookup_keys: ['headroom_addon_leads_starter'] })
  const session = await harness.stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://app.example.test',
    client_reference_id: id,
    line_items: [{ price: prices.data[0]!.id, quantity: 2 }],
    metadata: { workspace, purchase: id },
  })
  await harness.engine.purchases.create({ ...row, id, total, key: null })
  await harness.engine.purchases.change(workspace, id, ['pending'], { session: session.id })
  await harness.pay(workspace, id)
  const alarms = harness.alarms().length
  const parked = await harness.reconcile(workspace, id)
  expect(parked).toMatchObject({ state: 'parked', paidAt: null })
  await harness.reconcile(workspace, id)
  expect(harness.alarms().slice(alarms)).toEqual(['amount_mismatch'])
  expect(await leads(workspace)).toBe(1_000)
  expect(await harness.money.byReceipt(parked.receipt!.number)).toEqual([parked])
})

test('an event that can never be worked off keeps nobody waiting, and is parked after eight tries', async () => {
  const created = Math.floor(Date.now() / 1000)
  const poison = JSON.stringify({
    id: 'evt_poison',
    object: 'event',
    type: 'customer.subscription.updated',
    created,
    livemode: false,
    data: { object: { id: 'sub_x' } },
  })
  expect((await harness.money.webhook(poison, sign(poison))).status).toBe(200)
  const { workspace, body } = await paidEvent()
  await harness.money.webhook(body, sign(body))
  await expect.poll(() => leads(workspace)).toBe(2_000)
  const alarms = harness.alarms().length
  const waiting = async () => {
    // Its next try comes at once, not after half a minute.
    await harness.engine.inbox.retry('evt_poison', 0, 'tried again')
    return (await harness.money.metrics())['stripe_inbox_waiting']
  }
  await expect.poll(waiting, { timeout: 15_000, interval: 100 }).toBe(0)
  expect(harness.alarms().slice(alarms)).toEqual(['event_parked'])
  const tries = harness.logged.filter(({ message }) => message.includes('evt_poison'))
  expect(tries.at(-1)!.message).toContain('parked after 8 tries: The event names no customer')
})
