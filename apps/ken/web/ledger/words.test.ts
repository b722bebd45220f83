import { expect, test } from 'vitest'
import { periodText } from './words.ts'

test('a period is named by its days, and by its times where it ended on its first', () => {
  const from = (start: string, end: string) => periodText({ start: `2026-${start}Z`, end: `2026-${end}Z` })
  expect(from('10-26T08:10:00', '11-26T08:10:00')).toBe('26 Oct 2026 to 26 Nov 2026')
  expect(from('11-26T08:10:00', '11-26T09:14:00')).toBe('26 Nov 2026, 08:10 to 09:14 UTC')
  expect(from('11-26T08:10:05', '11-26T08:10:50')).toBe('26 Nov 2026, 08:10 UTC')
})
