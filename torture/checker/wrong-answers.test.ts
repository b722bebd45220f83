/** The same of answers: each is wrong in one way, beside books in which all is right. */
import { expect, test } from 'vitest'
import { History, knownAt } from '../history.ts'
import { checkMeanwhile } from './check.ts'
import { answered, catalog, end, iso, right, start, violated, workspace } from './right-books.ts'
import { Violations } from './violations.ts'

const base = `/v1/workspaces/${workspace}`
const id = `${workspace}_r_s0_1`

test('what nobody could ever say anything about is found', () => {
  const found = violated(({ history }) => {
    const body = { lines: [{ meter: 'leads', quantity: 1 }], mode: 'enforce', reference: `${workspace}_e_s0_2` }
    const call = history.begin('s0', workspace, 'use', { method: 'POST', path: `${base}/use`, body, key: 'u' })
    call.isGivenUp = true
  })
  expect(found).toEqual(['I12 it was asked until the end, and nobody could say what became of it'])
})

test('an extension that was answered and is lost, and an ending with other figures, are found', () => {
  const line = { meter: 'leads', requested: 40, reserved: 40, used: 0, returned: 0 }
  const extended = violated(({ history }) => {
    const said = { state: 'held', late: false, expiresAt: iso(start + 900_000), lines: [line] }
    answered(history, 'extend', `${base}/reservations/${id}/extend`, { ttlSeconds: 900 }, 200, said)
  })
  expect(extended).toEqual(['I12 it expires earlier than call 2 was answered'])
  const ended = violated(({ history }) => {
    const said = {
      ...JSON.parse(history.calls[1]!.answer!.text),
      lines: [{ ...line, used: 29, returned: 11 }],
    } as object
    history.calls[1]!.answer!.text = JSON.stringify(said)
  })
  expect(ended).toEqual(['I12 call 1 was answered 29 of 40 used of leads, and that is not so'])
})

test('a page of the ledger that leaves out what was answered, or shows it otherwise, is found', () => {
  const page = (change: (data: { seq: number; quantity: number }[]) => object[]) =>
    violated(({ books, history }) => {
      const data = books.entries.toReversed().map((entry) => ({
        ...entry,
        at: iso(entry.at),
        period: iso(entry.period),
        quantity: entry.quantity!,
        after: { limit: entry.limit, used: entry.used, reserved: entry.reserved },
        source: { type: entry.source, id: entry.sourceId },
      }))
      answered(history, 'ledger', `${base}/ledger`, {}, 200, { data: change(data) })
    })
  expect(page((data) => data)).toEqual([])
  expect(page((data) => data.slice(1))).toEqual(['I12 the ledger was shown without entry 4, answered before'])
  expect(page((data) => data.toSpliced(1, 1))).toContain('I10 entry 3 was not shown')
  expect(page(([first, ...rest]) => [{ ...first!, quantity: 9 }, ...rest])).toEqual([
    'I10 entry 4 is not as it was shown',
  ])
})

test('a verdict by figures that never stood, or against them, is found', () => {
  const verdict = (available: number, allowed: boolean) =>
    violated(({ history }) => {
      const lines = [{ meter: 'leads', requested: 50, available, limit: 10_000 }]
      const said = { allowed, reason: allowed ? 'ok' : 'limit_reached', resetsAt: iso(end), lines }
      answered(history, 'check', `${base}/check`, { lines: [{ meter: 'leads', quantity: 50 }] }, 200, said)
    })
  expect(verdict(9_970, true)).toEqual([])
  expect(verdict(9_970, false)).toEqual(['I1 it was judged wrongly'])
  expect(verdict(9_971, true)).toEqual([
    'I12 it was judged by figures of leads that never stood between entries 4 and Infinity',
  ])
})

test('a reading may show as over what time has ended, while what was decided earlier is on its way; and nothing else', () => {
  const reading = (asOf: number, figures: { used: number; reserved: number }) =>
    violated(({ history }) => {
      const said = {
        asOf: iso(asOf),
        balances: [{ meter: 'leads', period: { start: iso(start) }, limit: 10_000, ...figures }],
      }
      const call = answered(history, 'balances', `${base}/balances`, {}, 200, said)
      // Together with the commit of what it shows as expired.
      Object.assign(call, { sentAt: history.calls[1]!.sentAt, answeredAt: history.calls[1]!.answeredAt })
    })
  const never = ['I12 leads was read as it never stood between entries 2 and Infinity']
  expect(reading(start + 61_000, { used: 0, reserved: 0 })).toEqual([])
  expect(reading(start + 2_000, { used: 0, reserved: 40 })).toEqual([])
  expect(reading(start + 60_999, { used: 0, reserved: 0 })).toEqual(never)
  expect(reading(start + 61_000, { used: 0, reserved: 30 })).toEqual(never)
  expect(reading(start + 61_000, { used: 1, reserved: 0 })).toEqual(never)
})

test('a partial reservation that is refused though something was left is found', () => {
  const found = violated(({ history }) => {
    const lines = [{ meter: 'leads', requested: 20_000, available: 9_970, limit: 10_000 }]
    const said = { reason: 'limit_reached', resetsAt: iso(end), lines }
    const body = { id: `${workspace}_r_s0_7`, lines: [{ meter: 'leads', quantity: 20_000 }], partial: true }
    answered(history, 'reserve', `${base}/reservations`, body, 402, said)
  })
  expect(found).toEqual(['I1 it was judged wrongly'])
})

test('what was booked at an instant that the clock did not show meanwhile is found', () => {
  const found = violated(({ history }) => {
    const clock = history.begin('t0', null, 'clock', { method: 'POST', path: '/v1/test/clock', body: {} })
    Object.assign(clock, { sentAt: -2, answeredAt: -1 })
    clock.answer = { status: 200, text: JSON.stringify({ now: iso(start + 1_001) }), replayed: false }
  })
  expect(found.map((one) => one.slice(0, 16))).toEqual(['I8 it was booked'])
})

test('a checkout that is not there, an event nobody worked off and a batch that was not taken are found', () => {
  const found = violated(({ history, inbox }) => {
    answered(history, 'checkout', `${base}/checkout`, {}, 201, { purchaseId: 'pur_1', total: 7_000 })
    inbox.push({ id: 'evt_1', type: 'charge.refunded', state: 'waiting', note: null })
    const batch = history.begin('b0', null, 'batch', { method: 'POST', path: '/v1/batch', body: {} })
    batch.answer = { status: 413, text: '{}', replayed: false }
  })
  expect(found.toSorted()).toEqual([
    'I12 a batch was not taken',
    'I12 a checkout was answered and is not there',
    'I7 an event was not worked off',
  ])
})

test('what is answered while the books are read may stand in them or not', () => {
  const { books, history } = right()
  const from = history.tick()
  const reference = `${workspace}_e_s0_2`
  const body = { lines: [{ meter: 'leads', quantity: 1 }], mode: 'enforce', reference }
  const shown = { balances: [{ meter: 'leads', limit: 10_000, used: 31, reserved: 0 }] }
  answered(history, 'use', `${base}/use`, body, 200, shown)
  const found = (known: number) => {
    const violations = new Violations()
    const stripe = { objects: new Map(), deliveries: [] }
    const snapshot = { now: start + 5_000, books: new Map([[workspace, books]]), stripe, inbox: [] }
    const calls = knownAt(history, known, history.tick())
    checkMeanwhile(snapshot, { calls, catalog }, violations)
    return violations.found.filter((one) => one.workspace === workspace).map(({ what }) => what.split(':')[0])
  }
  expect(found(from)).toEqual([])
  expect(found(history.tick())).toContain('it was answered and is not in the books')
  expect(knownAt(new History(), 1, 2)).toEqual([])
})
