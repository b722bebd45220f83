import { expect, test } from 'vitest'
import { Headroom } from '../src/index.ts'
import { json, scriptedServer } from './scripted-server.ts'

const lines = [{ meter: 'leads', quantity: 5 }]
const uuid = expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f-]{27}$/) as unknown
type Call = (headroom: Headroom) => Promise<unknown>

/** Each method, the one request it makes, and whether it carries a key of its own. */
const routes: [string, Call, string, unknown, unknown][] = [
  ['check', (h) => h.check('w', lines), 'POST /v1/workspaces/w/check', { lines }, undefined],
  ['usage', (h) => h.usage('w'), 'GET /v1/workspaces/w/usage', undefined, undefined],
  [
    'reserve',
    (h) => h.reserve('w', { id: 'r', lines, partial: true, ttlSeconds: 60 }),
    'POST /v1/workspaces/w/reservations',
    { id: 'r', lines, partial: true, ttlSeconds: 60 },
    undefined,
  ],
  [
    'reserve without an id',
    (h) => h.reserve('w', { lines }),
    'POST /v1/workspaces/w/reservations',
    { id: expect.stringMatching(/^rsv_[0-9a-f-]{36}$/) as unknown, lines },
    undefined,
  ],
  [
    'reserve under a key of the caller',
    (h) => h.reserve('w', { lines }, { idempotencyKey: 'import_7' }),
    'POST /v1/workspaces/w/reservations',
    { lines },
    'import_7',
  ],
  ['reservation', (h) => h.reservation('w', 'r'), 'GET /v1/workspaces/w/reservations/r', undefined, undefined],
  [
    'reservations',
    (h) => h.reservations('w', { state: 'held', limit: 10 }),
    'GET /v1/workspaces/w/reservations?state=held&limit=10',
    undefined,
    undefined,
  ],
  ['commit', (h) => h.commit('w', 'r', { lines }), 'POST /v1/workspaces/w/reservations/r/commit', { lines }, undefined],
  [
    'commit of a part',
    (h) => h.commit('w', 'r', { lines, final: false }),
    'POST /v1/workspaces/w/reservations/r/commit',
    { lines, final: false },
    uuid,
  ],
  ['release', (h) => h.release('w', 'r'), 'POST /v1/workspaces/w/reservations/r/release', undefined, undefined],
  [
    'extend',
    (h) => h.extend('w', 'r', 60),
    'POST /v1/workspaces/w/reservations/r/extend',
    { ttlSeconds: 60 },
    undefined,
  ],
  ['use', (h) => h.use('w', { lines, mode: 'record' }), 'POST /v1/workspaces/w/use', { lines, mode: 'record' }, uuid],
  [
    'grant',
    (h) => h.grant('w', { meter: 'leads', quantity: 5, reason: 'goodwill' }),
    'POST /v1/workspaces/w/grants',
    { meter: 'leads', quantity: 5, reason: 'goodwill' },
    uuid,
  ],
  [
    'balances at an instant',
    (h) => h.balances('w', { at: '2026-11-01T00:00:00Z' }),
    'GET /v1/workspaces/w/balances?at=2026-11-01T00%3A00%3A00Z',
    undefined,
    undefined,
  ],
  ['ledger', (h) => h.ledger('w', { meter: 'leads' }), 'GET /v1/workspaces/w/ledger?meter=leads', undefined, undefined],
  [
    'ledger of a kind in a period',
    (h) => h.ledger('w', { kind: 'grant', period: '2026-11-01T00:00:00.000Z', limit: 5 }),
    'GET /v1/workspaces/w/ledger?period=2026-11-01T00%3A00%3A00.000Z&kind=grant&limit=5',
    undefined,
    undefined,
  ],
  ['explain', (h) => h.explain('w', 'leads'), 'GET /v1/workspaces/w/explain/leads', undefined, undefined],
  ['history', (h) => h.history('w'), 'GET /v1/workspaces/w/history', undefined, undefined],
  [
    'history of a meter',
    (h) => h.history('w', { meter: 'leads' }),
    'GET /v1/workspaces/w/history?meter=leads',
    undefined,
    undefined,
  ],
  ['catalog', (h) => h.catalog(), 'GET /v1/catalog', undefined, undefined],
  [
    'createToken',
    (h) => h.createToken('w', { role: 'admin', viewerId: 'u' }),
    'POST /v1/workspaces/w/tokens',
    { role: 'admin', viewerId: 'u' },
    undefined,
  ],
  ['endTokens', (h) => h.endTokens('w', 'u&x'), 'DELETE /v1/workspaces/w/tokens?viewerId=u%26x', undefined, undefined],
  ['workspaces.get', (h) => h.workspaces.get('w'), 'GET /v1/workspaces/w', undefined, undefined],
  ['workspaces.create', (h) => h.workspaces.create({ name: 'N' }), 'POST /v1/workspaces', { name: 'N' }, uuid],
  [
    'workspaces.create with an id',
    (h) => h.workspaces.create({ id: 'w', name: 'N' }),
    'POST /v1/workspaces',
    { id: 'w', name: 'N' },
    undefined,
  ],
  [
    'workspaces.setPlan',
    (h) => h.workspaces.setPlan('w', { plan: 'growth', contacts: 5000 }),
    'PUT /v1/workspaces/w/plan',
    { plan: 'growth', contacts: 5000 },
    undefined,
  ],
  [
    'keys.create',
    (h) => h.keys.create({ name: 'ci', scope: 'read' }),
    'POST /v1/keys',
    { name: 'ci', scope: 'read' },
    uuid,
  ],
  ['keys.list', (h) => h.keys.list(), 'GET /v1/keys', undefined, undefined],
  ['keys.end', (h) => h.keys.end('k'), 'DELETE /v1/keys/k', undefined, undefined],
  [
    'purchases.checkout of an add-on',
    (h) => h.purchases.checkout('w', { addOn: 'leads', blocks: 3 }),
    'POST /v1/workspaces/w/checkout',
    { addOn: 'leads', blocks: 3 },
    uuid,
  ],
  [
    'purchases.checkout of a plan, under a key of the caller',
    (h) => h.purchases.checkout('w', { plan: 'starter', interval: 'year' }, { idempotencyKey: 'click_1' }),
    'POST /v1/workspaces/w/checkout',
    { plan: 'starter', interval: 'year' },
    'click_1',
  ],
  ['purchases.portal', (h) => h.purchases.portal('w'), 'POST /v1/workspaces/w/portal', {}, undefined],
  [
    'purchases.portal for a change',
    (h) => h.purchases.portal('w', { plan: 'growth', contacts: 5000 }),
    'POST /v1/workspaces/w/portal',
    { plan: 'growth', contacts: 5000 },
    undefined,
  ],
  [
    'purchases.list',
    (h) => h.purchases.list('w', { cursor: 'c', limit: 10 }),
    'GET /v1/workspaces/w/purchases?cursor=c&limit=10',
    undefined,
    undefined,
  ],
  [
    'purchases.get',
    (h) => h.purchases.get('w', 'cs_test_1'),
    'GET /v1/workspaces/w/purchases/cs_test_1',
    undefined,
    undefined,
  ],
  [
    'purchases.reconcile',
    (h) => h.purchases.reconcile('w', 'pur_1'),
    'POST /v1/workspaces/w/purchases/pur_1/reconcile',
    undefined,
    undefined,
  ],
  [
    'A121 purchases.byReceipt',
    (h) => h.purchases.byReceipt('1234-5678'),
    'GET /v1/purchases?receipt=1234-5678',
    undefined,
    undefined,
  ],
  [
    'testClock.set',
    (h) => h.testClock.set('2027-01-01T00:00:00Z'),
    'POST /v1/test/clock',
    { now: '2027-01-01T00:00:00Z' },
    uuid,
  ],
  ['testClock.advance', (h) => h.testClock.advance('P1M'), 'POST /v1/test/clock', { advance: 'P1M' }, uuid],
]

test.each(routes)('%s', async (_, call, line, body, key) => {
  await using server = await scriptedServer(json(200, {}))
  await call(new Headroom({ baseUrl: `${server.baseUrl}/`, apiKey: 'hr_sk_test' }))
  const [asked] = server.asked
  expect(`${asked!.method} ${asked!.url}`).toBe(line)
  expect(asked!.text === '' ? undefined : JSON.parse(asked!.text)).toEqual(body)
  expect(asked!.headers['idempotency-key']).toEqual(key)
  expect(asked!.headers.authorization).toBe('Bearer hr_sk_test')
  expect(asked!.headers['content-type']).toBe(body === undefined ? undefined : 'application/json')
})

test('an id is one segment of the path whatever it is made of', async () => {
  await using server = await scriptedServer(json(200, {}))
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  for (const id of ['a/b', '../x', 'ä ?#%2e', '%00']) {
    await headroom.reservation('ws_1', id)
    expect(server.asked.at(-1)!.url).toBe(`/v1/workspaces/ws_1/reservations/${encodeURIComponent(id)}`)
  }
  const sent = server.asked.length
  for (const id of ['', '.', '..']) expect(() => headroom.reservation('ws_1', id)).toThrow(TypeError)
  expect(server.asked).toHaveLength(sent)
})

test('a batch gives each item a name of its own and the header none', async () => {
  const results = [{ status: 201, body: {} }]
  await using server = await scriptedServer(json(200, { results }))
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  const workspace = 'w'
  const answered = await headroom.batch([
    { op: 'check', workspace, lines },
    { op: 'reserve', workspace, lines },
    { op: 'commit', workspace, id: 'r', lines },
    { op: 'commit', workspace, id: 'r', lines, final: false },
    { op: 'use', workspace, lines, mode: 'record', idempotencyKey: 'mail_1' },
    { op: 'release', workspace, id: 'r' },
  ])
  expect(answered).toEqual(results)
  expect(server.asked[0]!.headers['idempotency-key']).toBeUndefined()
  expect(JSON.parse(server.asked[0]!.text)).toEqual({
    operations: [
      { op: 'check', workspace, lines },
      { op: 'reserve', workspace, lines, id: expect.stringMatching(/^rsv_/) as unknown },
      { op: 'commit', workspace, id: 'r', lines },
      { op: 'commit', workspace, id: 'r', lines, final: false, idempotencyKey: uuid },
      { op: 'use', workspace, lines, mode: 'record', idempotencyKey: 'mail_1' },
      { op: 'release', workspace, id: 'r' },
    ],
  })
})

test('the whole ledger is read page by page, only as far as the loop goes', async () => {
  const page = (from: number, nextCursor: string | null) =>
    json(200, { data: [{ seq: from }, { seq: from - 1 }], nextCursor })
  await using server = await scriptedServer(page(6, 'c1'), page(4, 'c2'), page(2, null))
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  const seen: number[] = []
  for await (const entry of headroom.ledgerEntries('w', { meter: 'leads' })) {
    seen.push(entry.seq)
    if (entry.seq === 3) break
  }
  expect(seen).toEqual([6, 5, 4, 3])
  expect(server.asked.map((asked) => asked.url)).toEqual([
    '/v1/workspaces/w/ledger?meter=leads&limit=100',
    '/v1/workspaces/w/ledger?meter=leads&cursor=c1&limit=100',
  ])
})
