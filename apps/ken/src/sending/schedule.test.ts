import { expect, test } from 'vitest'
import { everyHour, mustStartInTime, nextOpening, schedule, type Schedule } from './schedule.ts'

const weekdays: Schedule = { startAt: null, days: [1, 2, 3, 4, 5], fromHour: 9, untilHour: 17 }
const at = (instant: string) => new Date(instant)

// 2031-03-07 is a Friday.
test.for([
  ['within its hours at once', weekdays, '2031-03-07T12:30:15.250Z', '2031-03-07T12:30:15.250Z'],
  ['before its hours at the first of them', weekdays, '2031-03-07T03:00:00Z', '2031-03-07T09:00:00.000Z'],
  ['at its last hour no more', weekdays, '2031-03-07T17:00:00Z', '2031-03-10T09:00:00.000Z'],
  ['on another day on the next of its days', weekdays, '2031-03-08T12:00:00Z', '2031-03-10T09:00:00.000Z'],
  [
    'a week later where its one day is over',
    { ...weekdays, days: [5] },
    '2031-03-07T17:00:00Z',
    '2031-03-14T09:00:00.000Z',
  ],
  [
    'not before its start',
    { ...everyHour, startAt: '2031-04-01T08:15:00.000Z' },
    '2031-03-07T12:00:00Z',
    '2031-04-01T08:15:00.000Z',
  ],
  ['always', everyHour, '2031-12-31T23:59:59.999Z', '2031-12-31T23:59:59.999Z'],
] as const)('a schedule opens %s', ([, given, from, opens]) => {
  expect(nextOpening({ ...given, days: [...given.days] }, at(from)).toISOString()).toBe(opens)
})

test('a schedule that never opens is refused, and its start is kept in UTC', () => {
  const start = { ...weekdays, startAt: '2031-03-07T12:00:00+02:00', days: [5, 1] }
  expect(schedule.parse(start)).toEqual({ ...weekdays, startAt: '2031-03-07T10:00:00.000Z', days: [1, 5] })
  for (const wrong of [
    { days: [] },
    { days: [8] },
    { days: [1, 1] },
    { fromHour: 9, untilHour: 9 },
    { startAt: 'soon' },
  ])
    expect(schedule.safeParse({ ...weekdays, ...wrong }).success, JSON.stringify(wrong)).toBe(false)
})

test('a schedule starts two years ahead at the most', () => {
  const now = at('2031-03-07T12:00:00Z')
  const starts = (startAt: string | null) => () => mustStartInTime({ ...weekdays, startAt }, now)
  for (const startAt of [null, '2020-01-01T00:00:00.000Z', '2033-03-07T12:00:00.000Z'])
    expect(starts(startAt), String(startAt)).not.toThrow()
  expect(starts('2033-03-07T12:00:00.001Z')).toThrow('Start on 2033-03-07 at the latest')
})
