import { expect, test } from 'vitest'
import { capInWords, capOf, withinCap } from './target.ts'

test('A100 A102 the cap is the smallest of what is found, what is left and what a list takes, and says which', () => {
  const cases = [
    [1_430, 640, 'Up to 640: that is what is left of your leads.'],
    [430, 640, 'Up to 430: so many of the people found could still count.'],
    [640, 640, 'Up to 640: so many of the people found could still count.'],
    [90_000, 70_000, 'Up to 50,000: as many as one list takes.'],
    [90_000, null, 'Up to 50,000: as many as one list takes.'],
    [1_430, 0, 'No leads are left: the build can be finished, and its campaign imports when there are some.'],
    [0, null, 'Nobody of these could still count. Change the filters to find people.'],
  ] as const
  for (const [estimate, available, words] of cases) expect(capInWords(capOf(estimate, available)!)).toBe(words)
})

test('A82 unlimited leads do not cap', () => {
  expect(capOf(1_430, null)).toEqual({ most: 1_430, why: 'estimate' })
})

test('while the balance or the count is not known there is no cap to speak of', () => {
  expect(capOf(undefined, 640)).toBeNull()
  expect(capOf(1_430, undefined)).toBeNull()
})

test('a number that is too high is lowered to the cap; where nothing is left it is kept for later', () => {
  expect(withinCap(900, { most: 640, why: 'available' })).toBe(640)
  expect(withinCap(640, { most: 640, why: 'available' })).toBe(640)
  expect(withinCap(-3, { most: 640, why: 'available' })).toBe(1)
  expect(withinCap(2.6, null)).toBe(3)
  expect(withinCap(900, { most: 0, why: 'available' })).toBe(900)
})
