import { expect, test } from 'vitest'
import { prorate } from '../src/lines.ts'
import { later, periodAt } from '../src/months.ts'

const at = (text: string): number => Date.parse(text) / 1000
const text = (t: number): string => new Date(t * 1000).toISOString().slice(0, 16)

test('a month from the 31st ends with the month and comes back to the 31st: it is counted from the anchor, not from the last period', () => {
  const anchor = at('2026-01-31T10:30:00Z')
  const ends = Array.from({ length: 5 }, (_, n) => text(later(anchor, 'month', n)))
  expect(ends).toEqual([
    '2026-01-31T10:30',
    '2026-02-28T10:30',
    '2026-03-31T10:30',
    '2026-04-30T10:30',
    '2026-05-31T10:30',
  ])
})

test('a year from a leap day is February 28, and the leap day again after four', () => {
  const anchor = at('2024-02-29T00:00:00Z')
  expect([1, 2, 4].map((n) => text(later(anchor, 'year', n)))).toEqual([
    '2025-02-28T00:00',
    '2026-02-28T00:00',
    '2028-02-29T00:00',
  ])
})

test('every instant is in exactly one period, and the end of one is the start of the next', () => {
  for (const [interval, count] of [
    ['day', 1],
    ['week', 2],
    ['month', 1],
    ['month', 3],
    ['year', 1],
  ] as const) {
    const anchor = at('2026-01-31T23:59:59Z')
    for (let t = at('2024-11-01T00:00:00Z'); t < at('2028-04-01T00:00:00Z'); t += 86_399 * 3) {
      const { start, end } = periodAt(anchor, interval, count, t)
      expect(start <= t && t < end).toBe(true)
      expect(periodAt(anchor, interval, count, end).start).toBe(end)
      expect(periodAt(anchor, interval, count, end - 1)).toEqual({ start, end })
    }
  }
})

test('what is left of a period and what is used of it make the whole, to the cent', () => {
  const period = { start: at('2026-02-01T00:00:00Z'), end: at('2026-03-01T00:00:00Z') }
  expect(prorate(9_900, period, period.start)).toBe(9_900)
  expect(prorate(9_900, period, at('2026-02-15T00:00:00Z'))).toBe(4_950)
  expect(prorate(-9_900, period, at('2026-02-15T00:00:00Z'))).toBe(-4_950)
  expect(prorate(9_900, period, period.end + 5)).toBe(0)
  expect(prorate(1, period, period.start + 1)).toBe(1)
})
