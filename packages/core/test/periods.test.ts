/** Periods against an independent oracle (Temporal), and the cases everybody gets wrong by name. */
import { createHash } from 'node:crypto'
import { Temporal } from 'temporal-polyfill'
import { expect, test } from 'vitest'
import { boundary, periodAt, yearEnd } from '../src/periods.ts'

const at = (text: string) => Date.parse(text)
const text = (instant: number) => new Date(instant).toISOString().replace('.000Z', 'Z')

/** What Temporal says: months added to the anchor's calendar date, the day clamped. */
function oracle(anchor: Temporal.PlainDateTime, n: number): number {
  return anchor.add({ months: n }, { overflow: 'constrain' }).toZonedDateTime('UTC').epochMilliseconds
}

const days = Array.from({ length: 31 }, (_, index) => index + 1)
const timesOfDay = ['00:00:00', '23:59:59.999']
const first = at('1970-01-01T00:00:00Z')
const last = at('2101-01-01T00:00:00Z')

// January has all 31 days; 2024 stands in the middle, so that n runs far to both sides.
const anchors = days.flatMap((day) => timesOfDay.map((time) => `2024-01-${String(day).padStart(2, '0')}T${time}`))

test.each(anchors)('every month from 1970 to 2100 counted from %s is what Temporal says', (local) => {
  const plain = Temporal.PlainDateTime.from(local)
  const anchor = at(`${local}Z`)
  let months = 0
  for (let n = -649; n <= 924; n++) {
    const start = oracle(plain, n)
    const end = oracle(plain, n + 1)
    if (start < first || start >= last) continue
    months += 1
    const period = { n, start, end }
    // toBe is checked by hand: 97,000 expectations with messages would take seconds.
    if (boundary(anchor, n) !== start) expect(text(boundary(anchor, n)), `boundary ${n}`).toBe(text(start))
    for (const t of [start, start + 1, start + 14 * 86_400_000, end - 1]) {
      const found = periodAt(anchor, t)
      if (found.n !== n || found.start !== start || found.end !== end) expect(found, text(t)).toMatchObject(period)
    }
  }
  expect(months).toBeGreaterThanOrEqual(131 * 12 - 1)
})

test('anchors of every day of a leap year agree with Temporal for 20 years on', () => {
  for (let day = 0; day < 366; day++) {
    const anchor = at('2028-01-01T12:34:56.789Z') + day * 86_400_000
    const plain = Temporal.Instant.fromEpochMilliseconds(anchor).toZonedDateTimeISO('UTC').toPlainDateTime()
    for (let n = -24; n <= 240; n++) {
      if (boundary(anchor, n) !== oracle(plain, n)) expect(text(boundary(anchor, n))).toBe(text(oracle(plain, n)))
    }
  }
})

test('A151 a paid year has twelve releases, and its end is the anchor moved by years', () => {
  for (const local of anchors) {
    const plain = Temporal.PlainDateTime.from(local)
    const anchor = at(`${local}Z`)
    for (let year = -50; year <= 75; year++) {
      const start = plain.add({ years: year }).toZonedDateTime('UTC').epochMilliseconds
      const end = plain.add({ years: year + 1 }).toZonedDateTime('UTC').epochMilliseconds
      let releases = 0
      for (let t = start; t < end; t = periodAt(anchor, t).end) releases += 1
      if (releases !== 12) expect(releases, `${local} + ${year} years`).toBe(12)
      for (const t of [start, start + 1, end - 1]) {
        if (yearEnd(anchor, t) !== end) expect(text(yearEnd(anchor, t)), text(t)).toBe(text(end))
      }
    }
  }
})

const named: [story: string, anchor: string, boundaries: Record<number, string>][] = [
  [
    'January 31 is clamped and comes back',
    '2026-01-31T00:00:00Z',
    { 0: '2026-01-31', 1: '2026-02-28', 2: '2026-03-31', 3: '2026-04-30', 4: '2026-05-31', 12: '2027-01-31' },
  ],
  [
    'in a leap year February has a 29th',
    '2024-01-31T00:00:00Z',
    { 1: '2024-02-29', 2: '2024-03-31', 13: '2025-02-28' },
  ],
  ['2000 was a leap year', '1999-12-31T00:00:00Z', { 2: '2000-02-29', 3: '2000-03-31' }],
  ['2100 is none', '2099-12-31T00:00:00Z', { 2: '2100-02-28', 3: '2100-03-31' }],
  [
    'a leap day is the 28th in common years and the 29th in leap years',
    '2024-02-29T00:00:00Z',
    { 12: '2025-02-28', 24: '2026-02-28', 36: '2027-02-28', 48: '2028-02-29' },
  ],
  ['May 31 is followed by June 30, not July 1', '2026-05-31T00:00:00Z', { 1: '2026-06-30', 2: '2026-07-31' }],
  [
    'a trial counts back from its end',
    '2026-03-31T00:00:00Z',
    { '-1': '2026-02-28', '-2': '2026-01-31', 0: '2026-03-31' },
  ],
  ['before 1970 all the same', '1970-01-30T00:00:00Z', { '-1': '1969-12-30', '-11': '1969-02-28' }],
]

test.each(named)('%s', (_story, anchor, boundaries) => {
  for (const [n, expected] of Object.entries(boundaries)) {
    expect(text(boundary(at(anchor), Number(n))), `n = ${n}`).toBe(`${expected}T00:00:00Z`)
  }
})

test('periods are half-open: the last millisecond counts, the end does not', () => {
  const anchor = at('2026-01-31T10:00:00Z')
  const february = { start: at('2026-01-31T10:00:00Z'), end: at('2026-02-28T10:00:00Z') }
  expect(periodAt(anchor, february.start)).toMatchObject(february)
  expect(periodAt(anchor, february.end - 1)).toMatchObject(february)
  expect(periodAt(anchor, february.end)).toMatchObject({ start: february.end, end: at('2026-03-31T10:00:00Z') })
  expect(periodAt(anchor, february.start - 1)).toMatchObject({ end: february.start })
})

test('the time of day stays the same to the millisecond', () => {
  expect(text(boundary(at('2026-01-31T23:59:59.999Z'), 1))).toBe('2026-02-28T23:59:59.999Z')
})

const zones = [
  'America/New_York',
  'Europe/London',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'Etc/GMT+12',
]

test('the time zone of the process makes no difference', () => {
  const before = process.env['TZ']
  const everything = () => {
    const hash = createHash('sha256')
    for (let day = 1; day <= 31; day++) {
      for (const timeOfDay of [0, 86_399_999]) {
        const anchor = Date.UTC(2024, 0, day) + timeOfDay
        for (let n = -600; n < 900; n += 7) {
          const start = boundary(anchor, n)
          hash.update(`${start} ${periodAt(anchor, start).end} ${periodAt(anchor, start - 1).start}\n`)
        }
      }
    }
    return hash.digest('hex')
  }
  const digests = new Set<string>()
  const offsets = new Set<number>()
  try {
    for (const zone of ['UTC', ...zones]) {
      process.env['TZ'] = zone
      offsets.add(new Date(Date.UTC(2024, 0, 15)).getTimezoneOffset())
      digests.add(everything())
    }
  } finally {
    if (before === undefined) delete process.env['TZ']
    else process.env['TZ'] = before
  }
  // The zones really took effect: UTC, London in winter like it, and five that differ.
  expect(offsets.size).toBeGreaterThanOrEqual(5)
  expect(digests.size).toBe(1)
})
