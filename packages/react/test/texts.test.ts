import { expect, test } from 'vitest'
import { counted, day, exactMoney, instant, money, number, timeOfDay } from '../src/index.ts'

test('A19 numbers are whole and grouped, with the word that fits', () => {
  const words = { one: 'lead', many: 'leads' }
  expect([0, 999, 1000, 9_007_199_254_740_991].map(number)).toEqual(['0', '999', '1,000', '9,007,199,254,740,991'])
  expect([0, 1, 2].map((quantity) => counted(quantity, words))).toEqual(['0 leads', '1 lead', '2 leads'])
})

test('A140 money shows cents only where there are some', () => {
  expect([0, 9900, 7920, 249_900, 5].map((cents) => money(cents, 'usd'))).toEqual([
    '$0',
    '$99',
    '$79.20',
    '$2,499',
    '$0.05',
  ])
  expect(money(1200, 'jpy')).toBe('¥1,200')
})

test('A37 what is about to be paid has all its digits', () => {
  expect([7000, 270_000, 5].map((cents) => exactMoney(cents, 'usd'))).toEqual(['$70.00', '$2,700.00', '$0.05'])
  expect(exactMoney(1200, 'jpy')).toBe('¥1,200')
})

test('instants are read in UTC, whatever the zone of the machine', () => {
  expect(instant('2026-12-01T09:14:00Z')).toBe('1 Dec 2026, 09:14 UTC')
  expect(instant('2026-09-30T23:59:59.999Z')).toBe('30 Sep 2026, 23:59 UTC')
  expect(instant('2027-01-01T00:00:00Z')).toBe('1 Jan 2027, 00:00 UTC')
  expect(day('2026-12-01T09:14:00Z')).toBe('1 Dec 2026')
  expect(timeOfDay('2026-12-01T09:14:00Z')).toBe('09:14 UTC')
})
