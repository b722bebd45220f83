/** Requests nobody would write: whatever comes, the answer is a documented one, and the books still add up. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../src/routes/index.ts'
import { seen } from './contract.ts'
import { openRoom, slowly, type Room } from './room.ts'

let room: Room
let purchaseId: string
const ws = 'ws_fuzz'
beforeAll(async () => {
  room = await openRoom({ payments: true })
  await room.workspace({ id: ws })
  const { body } = await room.post(`/v1/workspaces/${ws}/checkout`, wellFormed.checkout)
  purchaseId = body.purchaseId
  await room.post(`/v1/workspaces/${ws}/reservations`, { id: 'held', lines: [{ meter: 'leads', quantity: 100 }] })
}, slowly)
afterAll(() => room.stop())

const lines = [{ meter: 'leads', quantity: 1 }]
const wellFormed: Record<string, Record<string, unknown>> = {
  createWorkspace: {
    id: 'ws_made',
    name: 'Made',
    plan: 'starter',
    contacts: 1000,
    interval: 'month',
    anchor: '2026-11-01T00:00:00Z',
  },
  setPlan: { plan: 'starter', contacts: 1000, interval: 'month', when: 'now' },
  check: { lines },
  reserve: { id: 'made', lines, partial: false, ttlSeconds: 900, reference: 'A', metadata: { a: 1 } },
  commit: { lines, final: false },
  release: {},
  extend: { ttlSeconds: 60 },
  use: { lines, mode: 'record', reference: 'A' },
  batch: { operations: [{ op: 'use', workspace: ws, lines, mode: 'record', idempotencyKey: 'k' }] },
  grant: { meter: 'leads', quantity: 1, reason: 'A' },
  checkout: { addOn: 'leads', blocks: 1 },
  openPortal: {},
  reconcile: {},
  createKey: { name: 'A', scope: 'read', workspace: ws, expiresAt: '2099-01-01T00:00:00Z' },
  createToken: { role: 'viewer', viewerId: 'u', ttlSeconds: 60 },
}

const all = routes({ testClock: false, money: true }).filter(({ name }) => name !== 'streamEvents')

/** Text that has hurt others: quotes, braces, SQL, the words that are not text, every plane of Unicode. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    'null',
    'NULL',
    '{}',
    '{,}',
    '","',
    "'; --",
    '\\',
    '\\"',
    '\u2028',
    '\ufeff',
    '%00',
    '../..',
    'held',
    ws,
    'leads',
  ),
)
const scalar = fc.oneof(text, fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.maxSafeInteger())
const anything = fc.oneof(
  scalar,
  fc.array(scalar, { maxLength: 4 }),
  fc.dictionary(text, scalar, { maxKeys: 4 }),
  fc.jsonValue({ maxDepth: 3 }),
)

/** One place of a well-formed value replaced, added or taken away. */
function changed(value: unknown, at: number[], what: unknown): unknown {
  if (at.length === 0 || typeof value !== 'object' || value === null) return what
  const keys = Object.keys(value)
  const [first = 0, ...rest] = at
  const key = keys[first % (keys.length + 1)]
  if (Array.isArray(value))
    return key === undefined
      ? [...value, what]
      : value.map((inner, n) => (String(n) === key ? changed(inner, rest, what) : inner))
  if (key === undefined) return { ...value, [JSON.stringify(what)?.slice(0, 20) ?? 'x']: what }
  return { ...value, [key]: changed((value as Record<string, unknown>)[key], rest, what) }
}

const seldom = <Value>(arbitrary: fc.Arbitrary<Value>, usual: Value): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary })

const request = fc.record({
  name: fc.constantFrom(...all.map(({ name }) => name)),
  workspace: seldom(text, ws),
  id: seldom(text, 'held'),
  changes: fc.array(fc.tuple(fc.array(fc.nat(8), { minLength: 1, maxLength: 4 }), anything), { maxLength: 3 }),
  query: seldom(
    fc.array(
      fc.tuple(fc.constantFrom('limit', 'cursor', 'state', 'meter', 'period', 'at', 'viewerId', 'receipt', 'x'), text),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    [],
  ),
  key: seldom<string | null>(fc.string({ unit: fc.constantFrom(...'aZ09 -_"'.split('')), maxLength: 20 }), null),
})

test('every answer to every request is documented, and the ledger rebuilds the balances', async () => {
  await fc.assert(
    fc.asyncProperty(request, async ({ name, workspace, id, changes, query, key }) => {
      const route = all.find((route) => route.name === name)!
      const path = route.path
        .replace('{workspace}', () => encodeURIComponent(workspace) || '-')
        .replace('{id}', () => encodeURIComponent(route.tag === 'Purchases' && id === 'held' ? purchaseId : id) || '-')
        .replace('{meter}', 'leads')
      // A path of dots alone is another path: fetch resolves it before it is sent.
      fc.pre(!/\/\.{1,2}(?:\/|$)/.test(path))
      const usual: [string, string][] = route.name === 'findPurchases' ? [['receipt', '1234-5678']] : []
      const search = `?${new URLSearchParams(query.length > 0 ? query : usual).toString()}`
      const body =
        wellFormed[route.name] &&
        changes.reduce<unknown>((value, [at, what]) => changed(value, at, what), wellFormed[route.name])
      const answer = await room.ask(route.method.toUpperCase(), path + search, {
        ...(body !== undefined && { body }),
        ...(key !== null && { headers: { 'Idempotency-Key': key } }),
      })
      expect(answer.status).toBeLessThan(500)
      for (const result of answer.body?.results ?? []) expect(result.status).toBeLessThan(500)
    }),
    { numRuns: 1_500 },
  )
  // It has got past the door, or it has shown nothing.
  expect([...seen]).toEqual(
    expect.arrayContaining([
      'reserve 200',
      'use 200',
      'grant 201',
      'batch 200',
      'createKey 201',
      'checkout 201',
      'openPortal 201',
      'reconcile 200',
      'listPurchases 200',
      'getPurchase 200',
      'findPurchases 200',
    ]),
  )
  expect((await room.engine.audit()).differences).toEqual([])
}, 300_000)
