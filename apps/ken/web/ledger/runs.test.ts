import { expect, test } from 'vitest'
import type { LedgerRow } from './api.ts'
import { runsOf, runText } from './runs.ts'

const row = (seq: number, changed: Partial<LedgerRow> = {}): LedgerRow => ({
  id: `le_${seq}`,
  seq,
  meter: 'email_sends',
  kind: 'use',
  quantity: 1,
  change: { limit: 0, used: 1, reserved: 0, overage: 0 },
  after: { limit: 8_000, used: seq, reserved: 0, overage: 0 },
  source: { type: 'use', id: 'cmp_1' },
  actor: 'ken',
  period: '2026-11-01T00:00:00.000Z',
  at: '2026-11-26T08:00:00.000Z',
  cause: { text: 'Mails of "Q4 founders"', href: '/campaigns/cmp_1' },
  by: 'Ken',
  ...changed,
})

test('only what stands directly one after another and says the same is a run; two are read one by one', () => {
  const other = { cause: { text: 'Mails of "Q1"', href: '/campaigns/cmp_2' } }
  const rows = [row(9), row(8), row(7), row(6, other), row(5), row(4), row(3, { by: 'Ada' }), row(2), row(1), row(0)]
  expect(runsOf(rows).map((run) => run.map(({ seq }) => seq))).toEqual([[9, 8, 7], [6], [5], [4], [3], [2, 1, 0]])
  expect(runsOf(rows).flat()).toEqual(rows)
  const unlimited = { change: { limit: null, used: 0, reserved: 0, overage: 0 } }
  expect(runsOf([row(3, unlimited), row(2, unlimited), row(1, unlimited)])).toHaveLength(3)
})

test('a run says what each has changed, and all of them', () => {
  const many = Array.from({ length: 1_200 }, (_, seq) => row(seq))
  expect(runText(many, '1,200')).toEqual({ each: '1,200 × Used +1', total: '= +1,200' })
  const settled = { change: { limit: 0, used: 31, reserved: -31, overage: 0 } }
  const settlements = [row(3, settled), row(2, settled), row(1, settled)]
  expect(runText(settlements, '3')).toEqual({ each: '3 × Used +31, reserved −31', total: '= Used +93, reserved −93' })
  expect(runText([row(3, settled), row(2), row(1)], '3')).toEqual({
    each: '3 entries',
    total: 'Used +33, reserved −31',
  })
})
