import { expect, test } from 'vitest'
import { isNoisy, measured, median, percentile, ratioOf, result, type Measured } from './figures.ts'
import { generator, uniform, zipf } from './picks.ts'

const one = (opsPerSecond: number, p50Ms = 1, p99Ms = 2): Measured => ({ opsPerSecond, p50Ms, p99Ms, operations: 1 })

test('the median is the middle one, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5)
  expect(median([4, 1, 3, 100])).toBe(3.5)
})

test('a percentile is a value that was measured', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
  expect(percentile(hundred, 0.5)).toBe(50)
  expect(percentile(hundred, 0.99)).toBe(99)
  expect(percentile([7], 0.99)).toBe(7)
  expect(percentile([1, 2, 3], 0)).toBe(1)
})

test('latencies are sorted as numbers', () => {
  expect(measured([10, 9, 100], 500)).toEqual({ opsPerSecond: 6, p50Ms: 10, p99Ms: 100, operations: 3 })
})

test('a line holds the median round with its bounds', () => {
  const line = { contender: 'typical', workload: 'hot', callers: 64 }
  expect(result(line, [one(100, 5, 9), one(300, 1, 50), one(200, 3, 7)])).toEqual({
    ...line,
    opsPerSecond: { min: 100, median: 200, max: 300 },
    p50Ms: 3,
    p99Ms: 9,
  })
})

test('a ratio compares rounds, not medians: 10/1, 20/4 and 30/10 make 5', () => {
  expect(ratioOf([one(10), one(20), one(30)], [one(1), one(4), one(10)])).toBe(5)
  expect(ratioOf([one(1, 8)], [one(1, 2)], ({ p50Ms }) => p50Ms)).toBe(4)
})

test('rounds that differ by more than 30 % are noisy', () => {
  expect(isNoisy([one(100), one(130)])).toBe(false)
  expect(isNoisy([one(131), one(100)])).toBe(true)
})

test('the same seed asks for the same workspaces', () => {
  const drawn = (seed: number) => Array.from({ length: 50 }, zipf(1_000, generator(seed)))
  expect(drawn(7)).toEqual(drawn(7))
  expect(drawn(7)).not.toEqual(drawn(8))
})

test('uniform asks for each alike, zipf for the first twice as often as for the second and n times as often as for the n-th', () => {
  const counts = (pick: () => number) => {
    const counted = Array.from({ length: 10 }, () => 0)
    for (let draw = 0; draw < 100_000; draw++) counted[pick()]! += 1
    return counted
  }
  for (const count of counts(uniform(10, generator(1)))) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  const sum = 2.928_968
  counts(zipf(10, generator(1))).forEach((count, index) =>
    expect(Math.abs(count - 100_000 / sum / (index + 1))).toBeLessThan(700),
  )
})
