/** A checker that never complains has checked nothing: here it is told of books that are wrong. */
import { expect, test } from 'vitest'
import { boundaryOf } from './periods.ts'
import { answered, entry, iso, start, violated, workspace } from './right-books.ts'

test('a history that is right is not complained about', () => {
  expect(violated(() => {})).toEqual([])
})

test('what was answered and is not in the books is missed', () => {
  const found = violated(({ history }) => {
    const body = { lines: [{ meter: 'leads', quantity: 1 }], mode: 'enforce', reference: `${workspace}_e_s0_2` }
    answered(history, 'use', `/v1/workspaces/${workspace}/use`, body, 200, { balances: [] })
  })
  expect(found).toContain('I12 it was answered and is not in the books')
})

test('what stands in the books and nobody asked for is found', () => {
  const found = violated(({ books }) => {
    books.entries.push(
      entry(5, {
        at: start + 1_000,
        kind: 'use',
        source: 'use',
        sourceId: `${workspace}_e_s0_9`,
        quantity: 5,
        used: 35,
      }),
    )
    books.balances[0]!.used = 35
    books.seq = 5
  })
  expect(found).toEqual(['I12 nobody asked for this'])
})

test('gated work above the limit, a wrong sum and a gap in the ledger are found', () => {
  expect(violated(({ books }) => void Object.assign(books.balances[0]!, { used: 31 }))).toContain(
    'I3 a balance is not the sum of its entries',
  )
  expect(violated(({ books }) => void books.entries.splice(2, 1))).toContain(
    'I10 the ledger has a gap or a repeat, 3 was expected',
  )
  const above = violated(({ books }) => {
    for (const one of books.entries)
      if (one.kind === 'reserve') Object.assign(one, { quantity: 10_001, reserved: 10_001, overageChange: 1 })
  })
  expect(above).toContain('I1 gated work passed the limit')
})

test('a reservation that returns twice, or is still held after its time, is found', () => {
  const twice = violated(({ books }) => {
    books.entries.push({ ...books.entries[3]!, seq: 5, reserved: -10 })
    books.seq = 5
  })
  expect(twice).toEqual(expect.arrayContaining(['I6 0 were left to return', 'I2 a figure is negative']))
  const late = violated(({ books }) => {
    for (const row of books.reservations.values()) Object.assign(row, { expiresAt: start + 1_000 })
  })
  expect(late).toContain('I6 entry 3 settles what had expired')
})

test('a period that is none of the anchor, and a stray from another workspace, are found', () => {
  const drifted = violated(
    ({ books }) => void Object.assign(books.balances[0]!, { periodEnd: Date.parse('2028-02-28T08:00:00Z') }),
  )
  expect(drifted).toContain('I8 a period from 2028-01-31T08')
  const strayed = violated(({ books }) => void Object.assign(books.entries[2]!, { sourceId: 'fixed-hot_r_s0_1' }))
  expect(strayed).toContain('I11 fixed-hot_r_s0_1 has come here from another workspace')
})

test('a reading that never stood, and what comes before what was answered before it, are found', () => {
  const read = violated(({ history }) => {
    const shown = { period: { start: iso(start) }, meters: [{ meter: 'leads', limit: 10_000, used: 0, reserved: 40 }] }
    answered(history, 'usage', `/v1/workspaces/${workspace}/usage`, {}, 200, shown)
  })
  expect(read).toEqual(['I12 leads was read as it never stood between entries 4 and Infinity'])
  const never = violated(({ history }) => {
    const shown = { period: { start: iso(start) }, meters: [{ meter: 'leads', limit: 10_000, used: 29, reserved: 0 }] }
    answered(history, 'usage', `/v1/workspaces/${workspace}/usage`, {}, 200, shown)
  })
  expect(never).toEqual(['I12 leads was read as it never stood between entries 4 and Infinity'])
})

test('a repeat that says something else is found', () => {
  const found = violated(({ history }) => {
    const call = history.calls[0]!
    call.asked.key = 'k'
    call.repeat = { ...call.answer!, text: '{}', replayed: true }
  })
  expect(found).toEqual(
    expect.arrayContaining([
      'I9 a repeat is answered otherwise',
      'I9 what is stored under a key is not what was answered',
    ]),
  )
})

test('boundaries: the last of a month stays the last, whatever lies between', () => {
  const anchor = Date.parse('2027-12-31T10:00:00.000Z')
  const days = [0, 1, 2, 3, 14].map((n) => iso(boundaryOf(anchor, n)).slice(0, 10))
  expect(days).toEqual(['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2029-02-28'])
})
