import { expect, test } from 'vitest'
import { RateLimit, WindowLimit } from '../src/rate-limit.ts'

test('R38 a second’s worth at once, then as many per second as the rate says; others are not touched', () => {
  const limit = new RateLimit(50, 1000)
  const taken = (caller: string, at: number, tries: number) =>
    Array.from({ length: tries }, () => limit.take(caller, at)).filter((wait) => wait === 0).length
  expect(taken('a', 0, 60)).toBe(50)
  expect(limit.take('a', 0)).toBe(1)
  expect(taken('b', 0, 60)).toBe(50)
  expect(taken('a', 100, 60)).toBe(5)
  expect(taken('a', 60_000, 60)).toBe(50)
})

test('R102 the wait is in whole seconds, at least one', () => {
  const limit = new RateLimit(2, 60_000)
  limit.take('a', 0)
  limit.take('a', 0)
  expect(limit.take('a', 0)).toBe(30)
  expect(limit.take('a', 29_999)).toBe(1)
  expect(limit.take('a', 30_000)).toBe(0)
})

test('never more than so many new things in any window; a repeat is free, others are not touched', () => {
  const limit = new WindowLimit(3, 60_000)
  const take = (what: string, at: number, caller = 'a') => limit.take(caller, what, at)
  expect([take('1', 0), take('2', 1_000), take('3', 59_000)]).toEqual([0, 0, 0])
  expect(take('4', 59_001)).toBe(1)
  expect([take('1', 59_001), take('4', 59_001, 'b')]).toEqual([0, 0])
  // The first has left the window, the second has not.
  expect([take('4', 60_000), take('5', 60_000)]).toEqual([0, 1])
  expect(take('1', 60_000)).toBe(1)
  expect(take('6', 200_000)).toBe(0)
})
