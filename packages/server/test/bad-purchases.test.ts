/** The rows of bad inputs about money (R60-R65, R69-R80, R89): the stated answer, nothing bought, nothing booked. */
import { createHmac } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openRoom, slowly, webhookSecret, type Answered, type Room } from './room.ts'

let room: Room
let before: unknown
const ws = 'ws_bad'
const other = 'ws_other'
const at = `/v1/workspaces/${ws}`
const addOn = { addOn: 'leads', blocks: 1 }
const plan = { plan: 'growth', contacts: 5000, interval: 'month' }

beforeAll(async () => {
  room = await openRoom({ payments: true })
  for (const id of [ws, other]) {
    await room.workspace({ id })
    await room.post(`/v1/workspaces/${id}/checkout`, addOn)
  }
  await room.workspace({ id: 'ws_dfy', plan: 'dfy', contacts: 10_000 })
}, slowly)
afterAll(() => room.stop())

/** Of Headroom, and of Stripe: nothing was even begun there. */
async function standing(): Promise<unknown> {
  const { deliveries: _, ...stripe } = await room.sim('state')
  return [await Promise.all([ws, other, 'ws_dfy'].map((workspace) => room.books(workspace))), stripe]
}
beforeEach(async () => {
  before = await standing()
})
afterEach(async () => {
  expect(await standing()).toEqual(before)
})

const isProblem = (answer: Answered, status: number, path?: string): void => {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  if (path !== undefined) expect(answer.body.errors.map((fault: { path: string }) => fault.path)).toContain(path)
}
const checkout = (body: unknown) => room.post(`${at}/checkout`, body)

describe('checkout and portal', () => {
  const foreignFields: [row: string, field: string, value: unknown][] = [
    ['R60 A155', 'price', 1],
    ['R60 A155', 'unit_amount', 1],
    ['R60 A155', 'amount', 1],
    ['R60 A155', 'total', 1],
    ['R61', 'priceId', 'price_1'],
    ['R14 R62', 'quantity', 1_500],
    ['R63', 'currency', 'jpy'],
    ['R63', 'currency', 'btc'],
    ['R64', 'promo', 'FREE100'],
    ['R64', 'discounts', [{ coupon: 'FREE100' }]],
    ['R64', 'trial_days', 365],
    ['R64', 'application_fee', 1],
    ['R65', 'customer', 'cus_1'],
    ['R65', 'workspace', other],
    ['R89', 'success_url', 'https://evil.example'],
    ['R89', 'success_url', '//evil.example'],
    ['R89', 'cancel_url', 'javascript:alert(1)'],
    ['R89', 'return_url', '/\\evil.example'],
  ]
  test.each(foreignFields)('%s %s: %j is no field', async (_, field, value) => {
    for (const body of [addOn, plan]) isProblem(await checkout({ ...body, [field]: value }), 422, field)
    isProblem(await room.post(`${at}/portal`, { plan: 'growth', [field]: value }), 422, field)
  })

  const counts = [0, -1, -0, 1.2, 1_001, 1e9, 9_007_199_254_740_991, 1e308, '1', '2e3', null, [], {}, true]
  test.each(counts)('R15 R62 %j blocks are refused', async (blocks) => {
    isProblem(
      await room.ask('POST', `${at}/checkout`, {
        raw: `{"addOn":"leads","blocks":${Object.is(blocks, -0) ? '-0' : JSON.stringify(blocks)}}`,
      }),
      422,
      'blocks',
    )
  })

  const shapes: [body: unknown, path: string][] = [
    [{}, 'plan'],
    [[], ''],
    ['leads', ''],
    [{ addOn: 'leads' }, 'blocks'],
    [{ blocks: 1 }, 'blocks'],
    [{ ...addOn, ...plan }, 'plan'],
    [{ ...addOn, contacts: 5000 }, 'contacts'],
    [{ ...addOn, interval: 'year' }, 'interval'],
    [{ addOn: 'LEADS', blocks: 1 }, 'addOn'],
    [{ addOn: 'unknown', blocks: 1 }, 'addOn'],
    [{ addOn: ['leads'], blocks: 1 }, 'addOn'],
    [{ plan: 'gold' }, 'plan'],
    [{ plan: 'free' }, 'plan'],
    [{ plan: 'growth', contacts: 1234 }, 'contacts'],
    [{ plan: 'growth', contacts: '5000' }, 'contacts'],
    [{ plan: 'growth', interval: 'week' }, 'interval'],
  ]
  test.each(shapes)('%j is refused, and the field named', async (body, path) =>
    isProblem(await checkout(body), 422, path),
  )

  test('what is unlimited is not sold', async () => {
    isProblem(await room.post('/v1/workspaces/ws_dfy/checkout', { addOn: 'email_sends', blocks: 1 }), 422, 'addOn')
  })
  test('the portal’s volume and interval go with a plan, and the plan with a subscription', async () => {
    isProblem(await room.post(`${at}/portal`, { contacts: 5000 }), 422, 'contacts')
    isProblem(await room.post(`${at}/portal`, { interval: 'year' }), 422, 'interval')
    isProblem(await room.post(`${at}/portal`, { plan: 'gold' }), 422, 'plan')
    isProblem(await room.post(`${at}/portal`, { plan: 'growth', contacts: 5000 }), 422)
  })
  test('R65 another workspace is not there', async () => {
    for (const key of [await room.token(ws, 'admin'), await room.newKey('full', ws)]) {
      for (const path of ['checkout', 'portal']) {
        isProblem(
          await room.ask('POST', `/v1/workspaces/${other}/${path}`, { key, body: path === 'portal' ? {} : addOn }),
          404,
        )
      }
      isProblem(await room.ask('GET', `/v1/workspaces/${other}/purchases`, { key }), 404)
    }
    isProblem(await room.post('/v1/workspaces/ws_nobody/checkout', addOn), 404)
    isProblem(await room.post('/v1/workspaces/ws_nobody/portal', {}), 404)
  })
  test('R40 lists and look-ups of purchases take what is theirs', async () => {
    for (const limit of ['0', '-1', '101', 'ten']) isProblem(await room.get(`${at}/purchases?limit=${limit}`), 422)
    for (const cursor of ['forged', 'x'.repeat(501)]) isProblem(await room.get(`${at}/purchases?cursor=${cursor}`), 422)
    isProblem(await room.get('/v1/purchases'), 422, 'receipt')
    isProblem(await room.get(`/v1/purchases?receipt=${'x'.repeat(256)}`), 422, 'receipt')
    isProblem(await room.get('/v1/purchases?receipt=%00'), 422, 'receipt')
    expect((await room.get("/v1/purchases?receipt='%20OR%201=1")).status).toBe(422)
    expect((await room.get("/v1/purchases?receipt='OR'1'='1")).body).toEqual({ data: [], nextCursor: null })
  })
})

describe('the webhook', () => {
  const now = () => Math.floor(Date.now() / 1000)
  const event = (more: object = {}): string =>
    JSON.stringify({
      id: 'evt_forged',
      object: 'event',
      api_version: '2026-10-28.endive',
      created: now(),
      livemode: false,
      type: 'checkout.session.completed',
      data: { object: { id: 'cs_test_forged', object: 'checkout.session', metadata: { workspace_id: ws } } },
      ...more,
    })
  const v1 = (body: string, t = now(), secret = webhookSecret): string =>
    createHmac('sha256', secret).update(`${t}.${body}`).digest('hex')
  const signed = (body: string, t = now(), secret = webhookSecret): string => `t=${t},v1=${v1(body, t, secret)}`
  const send = (body: BodyInit, signature: string | null, headers: Record<string, string> = {}) =>
    room.ask('POST', '/stripe/webhook', {
      key: null,
      raw: body,
      headers: { ...(signature !== null && { 'Stripe-Signature': signature }), ...headers },
    })

  const headers: [row: string, make: (body: string) => string | null][] = [
    ['R69 no signature', () => null],
    ['R69 an empty one', () => ''],
    ['R69 only t=', () => `t=${now()}`],
    ['R69 garbage', () => 'v1;t,,=%00'],
    ['R69 v0 only', (body) => `t=${now()},v0=${v1(body)}`],
    ['R69 no t', (body) => `v1=${v1(body)}`],
    ['R69 a t that is no number', (body) => `t=now,v1=${v1(body)}`],
    ['R70 another secret', (body) => signed(body, now(), 'whsec_other')],
    ['R72 301 s old', (body) => signed(body, now() - 301)],
    ['R72 301 s ahead', (body) => signed(body, now() + 302)],
    [
      'R73 50 signatures, one of them right',
      (body) => `t=${now()},${`v1=${'0'.repeat(64)},`.repeat(49)}v1=${v1(body)}`,
    ],
    ['R74 upper case', (body) => `t=${now()},v1=${v1(body).toUpperCase()}`],
    ['R74 cut', (body) => `t=${now()},v1=${v1(body).slice(0, 32)}`],
    ['R74 63 characters', (body) => `t=${now()},v1=${v1(body).slice(1)}`],
    ['R74 65 characters', (body) => `t=${now()},v1=${v1(body)}0`],
    ['R74 not hexadecimal', () => `t=${now()},v1=${'ä'.repeat(64)}`.replaceAll('ä', 'z')],
  ]
  test.each(headers)('%s is refused', async (_, make) => {
    const body = event()
    isProblem(await send(body, make(body)), 400)
  })

  test('R71 a body that was altered or written anew is refused', async () => {
    const body = event()
    const signature = signed(body)
    for (const altered of [
      body.replace('false', 'true'),
      `${body} `,
      `\ufeff${body}`,
      JSON.stringify(JSON.parse(body), null, 1),
    ]) {
      isProblem(await send(altered, signature), 400)
    }
    isProblem(await send('', signed('')), 400)
    isProblem(await send('{', signed('{')), 400)
    isProblem(await send('[]', signed('[]')), 400)
    isProblem(await send(Buffer.from([0xff, 0xfe]), signature), 400)
  })
  test('R78 a body that is too large or compressed is not read', async () => {
    const body = event({ pad: 'x'.repeat(1024 * 1024) })
    isProblem(await send(body, signed(body)), 413)
    isProblem(await send(event(), signed(event()), { 'Content-Encoding': 'gzip' }), 415)
    isProblem(
      await room.ask('POST', '/stripe/webhook', { key: null, raw: event(), headers: { 'Content-Encoding': 'br' } }),
      415,
    )
  })
  test('R95 it takes POST alone, and says so to everyone', async () => {
    const answer = await room.ask('GET', '/stripe/webhook', { key: null })
    isProblem(answer, 405)
    expect(answer.headers.get('allow')).toBe('POST')
    isProblem(await room.ask('POST', '/stripe/other', { key: null }), 404)
    isProblem(await room.ask('POST', '/stripe/webhook/', { key: null, raw: event() }), 404)
  })
  test('R75 R77 R80 what was signed is taken, as often as it comes, and what it names in vain changes nothing', async () => {
    const bodies = [
      event({ id: 'evt_unknown_session' }),
      event({ id: 'evt_unknown_type', type: 'radar.early_fraud_warning.created' }),
      event({
        id: 'evt_unknown_workspace',
        type: 'customer.subscription.updated',
        data: { object: { id: 'sub_nobody', object: 'subscription', customer: 'cus_nobody' } },
      }),
    ]
    for (const body of bodies) {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => send(body, `${signed(body)},v1=${'0'.repeat(64)}`)),
      )
      expect(new Set(answers.map(({ status, text }) => `${status} ${text}`))).toEqual(
        new Set(['200 {"received":true}']),
      )
    }
  })
  test('R68 an event of the other mode is refused, and somebody is called', async () => {
    const body = event({ id: 'evt_live', livemode: true })
    isProblem(await send(body, signed(body)), 400)
    expect(room.logged.some((line) => line.includes('"level":"error"') && line.includes('evt_live'))).toBe(true)
  })
  test('R76 the id of an event with another content is refused, and somebody is called', async () => {
    const body = event({ id: 'evt_twice' })
    expect((await send(body, signed(body))).status).toBe(200)
    const changed = event({ id: 'evt_twice', created: 1 })
    isProblem(await send(changed, signed(changed)), 400)
    expect(room.logged.some((line) => line.includes('"level":"error"') && line.includes('evt_twice'))).toBe(true)
  })
})
