/** What is answered to a request that is wrong, unknown or asked twice, and what the ledger says about who did what. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { settled } from '../src/decide.ts'
import type { Operation } from '../src/operations.ts'
import { judge } from '../src/verdict.ts'
import { entryWire } from '../src/view.ts'
import { maxFigure, maxQuantity, type Line } from '../src/words.ts'
import { smallCatalog } from './catalog.ts'
import { asked, hashed, workspace } from './requests.ts'
import { run, runOnce } from './run.ts'
import { Store } from './store.ts'

const now = Date.UTC(2026, 10, 2, 10)

const create = (plan: string, contacts: number | null = null): Operation =>
  hashed({ ...asked, op: 'create-workspace', name: 'Acme', plan, contacts, interval: 'month', anchor: null })
const reserve = (id: string, lines: Line[], more: object = {}): Operation =>
  hashed({
    ...asked,
    op: 'reserve',
    id,
    lines,
    partial: false,
    ttlSeconds: 900,
    reference: null,
    metadata: null,
    ...more,
  })
const commit = (id: string, lines: Line[], more: object = {}): Operation =>
  hashed({ ...asked, op: 'commit', id, lines, final: true, ...more })
const use = (mode: 'enforce' | 'record', lines: Line[], more: object = {}): Operation =>
  hashed({ ...asked, op: 'use', id: 'use_1', lines, mode, reference: null, ...more })
const grant = (id: string, lines: Line[], more: object = {}): Operation =>
  hashed({ ...asked, op: 'grant', source: { type: 'operator', id }, lines, reason: 'sorry', ...more })
const refund = (id: string, lines: Line[]): Operation =>
  hashed({ ...asked, op: 'refund', source: { type: 'operator', id }, lines })

const leads = (quantity: number): Line[] => [{ meter: 'leads', quantity }]

function opened(plan: string, contacts: number | null = null): Store {
  const store = new Store(smallCatalog)
  run(store, [create(plan, contacts)], now)
  return store
}

const answerTo = (store: Store, operation: Operation, at = now) => run(store, [operation], at).answers[0]!

describe('lines that are not well-formed are refused with 422 and their path, and nothing moves', () => {
  const bad: [why: string, lines: Line[], path: string][] = [
    ['a meter that is not in the catalog', [{ meter: 'lead', quantity: 1 }], 'lines.0.meter'],
    ['a meter in other letters', [{ meter: 'LEADS', quantity: 1 }], 'lines.0.meter'],
    ['a meter named twice', [...leads(1), ...leads(1)], 'lines.1.meter'],
    ['a negative quantity', leads(-1), 'lines.0.quantity'],
    ['a broken quantity', leads(1.5), 'lines.0.quantity'],
    ['no number', leads(Number.NaN), 'lines.0.quantity'],
    ['more than one line may ask for', leads(maxQuantity + 1), 'lines.0.quantity'],
    ['more than can be told apart', leads(2 ** 53), 'lines.0.quantity'],
    ['a name every object has', [{ meter: 'constructor', quantity: 1 }], 'lines.0.meter'],
    ['another one', [{ meter: '__proto__', quantity: 1 }], 'lines.0.meter'],
  ]
  const verbs: [string, (lines: Line[]) => Operation][] = [
    ['reserve', (lines) => reserve('b', lines)],
    ['use enforce', (lines) => use('enforce', lines)],
    ['use record', (lines) => use('record', lines)],
    ['grant', (lines) => grant('g', lines)],
  ]
  test.each(verbs)('%s', (_verb, make) => {
    const store = opened('dfy', 30)
    const before = store.dump()
    for (const [why, lines, path] of [...bad, ['zero', leads(0), 'lines.0.quantity'] as const]) {
      const answer = answerTo(store, make(lines))
      expect(answer, why).toMatchObject({
        status: 422,
        body: { code: 'invalid_request', errors: expect.arrayContaining([expect.objectContaining({ path })]) },
      })
    }
    expect(store.dump()).toEqual(before)
  })

  test('commit, where 0 is a quantity', () => {
    const store = opened('dfy', 30)
    answerTo(store, reserve('a', leads(5)))
    const before = store.dump()
    for (const [why, lines] of bad) expect(answerTo(store, commit('a', lines)).status, why).toBe(422)
    expect(store.dump()).toEqual(before)
    expect(answerTo(store, commit('a', leads(0), { final: false })).status).toBe(200)
    expect(answerTo(store, commit('a', [], { final: false })).status).toBe(422)
    expect(answerTo(store, commit('a', [])).status).toBe(200)
  })
})

test('a workspace that is not there answers 404 to everything, and keeps nothing', () => {
  const store = new Store(smallCatalog)
  const lines = leads(1)
  const operations = [
    reserve('a', lines),
    commit('a', lines),
    use('record', lines),
    grant('g', lines),
    refund('g', lines),
  ]
  for (const operation of operations) {
    expect(answerTo(store, { ...operation, key: 'k' })).toMatchObject({ status: 404, body: { code: 'not_found' } })
  }
  expect(store.dump()).toEqual(new Store(smallCatalog).dump())
})

test('figures stay exact: what would count beyond 2^53 − 1 is refused', () => {
  const store = opened('dfy', 30)
  const key = `${workspace} ${now} email_sends`
  const almost = { ...store.balances.rows.get(key)!, used: maxFigure - 5 }
  store.balances.rows.set(key, almost)
  const sends = (quantity: number) => [{ meter: 'email_sends', quantity }]
  expect(answerTo(store, use('record', sends(6)))).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
  expect(answerTo(store, reserve('a', sends(6)))).toMatchObject({ status: 422, body: { code: 'invalid_request' } })
  expect(answerTo(store, use('record', sends(5))).status).toBe(200)
  expect(store.balances.rows.get(key)!.used).toBe(maxFigure)
})

test('a fault of form is not kept under its key: mended, the same key may be sent again', () => {
  const store = opened('free')
  expect(answerTo(store, use('enforce', leads(-1), { key: 'k' })).status).toBe(422)
  expect(answerTo(store, use('enforce', leads(6), { key: 'k' }))).toMatchObject({ status: 402 })
  answerTo(store, grant('g', leads(10)))
  expect(answerTo(store, use('enforce', leads(6), { key: 'k' }))).toMatchObject({ status: 402, replayed: true })
  expect(answerTo(store, use('enforce', leads(6), { key: 'k2' }))).toMatchObject({ status: 200 })
})

test('the same key twice in one batch acts once', () => {
  const store = opened('free')
  const twice = [use('enforce', leads(2), { key: 'k' }), use('enforce', leads(2), { key: 'k', requestId: 'req_2' })]
  const { answers } = run(store, twice, now)
  expect(answers[1]).toMatchObject({ status: 200, text: answers[0]!.text, replayed: true })
  expect(store.balances.rows.get(`${workspace} ${now} leads`)!.used).toBe(2)
})

test('another viewer under the same key is another request', () => {
  const store = opened('free')
  expect(answerTo(store, use('enforce', leads(9), { key: 'k' })).status).toBe(402)
  const member = answerTo(store, use('enforce', leads(9), { key: 'k', viewer: 'member' }))
  expect(member).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
})

test('every ledger entry says who did what, and by which source', () => {
  const store = opened('free')
  answerTo(store, grant('gift', leads(10), { actor: 'anna' }))
  answerTo(store, reserve('a', leads(8), { actor: 'ben' }))
  answerTo(store, commit('a', leads(3), { actor: 'eve' }))
  answerTo(store, use('record', leads(1), { actor: 'ben', reference: 'mail_7' }))
  answerTo(store, use('record', leads(1), { actor: 'ben' }))
  answerTo(store, refund('gift', leads(4)))
  answerTo(store, reserve('b', leads(2)))
  answerTo(store, reserve('c', leads(1)), now + 900_000)
  const own = [...store.entries.rows.values()].filter((entry) => entry.meter === 'leads').map(entryWire)
  const told = own.map(
    ({ kind, quantity, source, actor }) => `${kind} ${quantity} ${source.type} ${source.id} ${actor}`,
  )
  expect(told).toEqual([
    'grant 5 plan free headroom',
    'grant 10 operator gift anna',
    'reserve 8 reservation a ben',
    'commit 3 reservation a eve',
    'release 5 reservation a eve',
    'use 1 use mail_7 ben',
    'use 1 use use_1 ben',
    'refund 4 operator gift key_1',
    'reserve 2 reservation b key_1',
    'expire 2 reservation b headroom',
    'reserve 1 reservation c key_1',
  ])
  expect(own.map(({ seq }) => seq)).toEqual(own.map(({ seq }) => seq).toSorted((a, b) => a - b))
})

test('an entry shows what moved and the figures after it', () => {
  const store = opened('free')
  answerTo(store, use('record', leads(7)))
  const entry = entryWire([...store.entries.rows.values()].at(-1)!)
  expect(entry).toMatchObject({
    kind: 'use',
    quantity: 7,
    change: { limit: 0, used: 7, reserved: 0, overage: 2 },
    after: { limit: 5, used: 7, reserved: 0, overage: 2 },
  })
})

test('a verdict is kept: what it allows at most is reserved, one more is refused', () => {
  const quantities = fc.integer({ min: 0, max: 12 })
  const meters = ['leads', 'email_sends', 'ai_campaigns', 'tokens']
  const plans = fc.constantFrom<[string, number | null]>(
    ['free', null],
    ['starter', 10],
    ['dfy', 30],
    ['partner', null],
  )
  fc.assert(
    fc.property(
      plans,
      fc.array(quantities, { minLength: 4, maxLength: 4 }),
      fc.array(quantities, { minLength: 4, maxLength: 4 }),
      ([plan, contacts], used, given) => {
        const store = opened(plan, contacts)
        meters.forEach((meter, index) => {
          if (given[index]) answerTo(store, grant(`g_${meter}`, [{ meter, quantity: given[index] }]))
          if (used[index]) answerTo(store, use('record', [{ meter, quantity: used[index] }]))
        })
        for (const meter of meters) {
          const line = (quantity: number) => [{ meter, quantity }]
          const draft = settled(store.load([reserve('x', line(1))], now), workspace, now)
          const most = judge(draft, line(1), 'admin').lines[0]!.maxAllowed
          if (most !== null) {
            expect(judge(draft, line(most + 1), 'admin').allowed).toBe(false)
            expect(runOnce(store, [reserve(`over_${meter}`, line(most + 1))], now)[0]).toMatchObject({ status: 402 })
          }
          if (most === 0) continue
          expect(judge(draft, line(most ?? maxQuantity), 'admin').allowed).toBe(true)
          expect(runOnce(store, [reserve(`all_${meter}`, line(most ?? maxQuantity))], now)[0]).toMatchObject({
            status: 201,
          })
        }
      },
    ),
    { numRuns: 300 },
  )
})
