import { expect, test } from 'vitest'
import { Flights, type Flight } from '../src/flights.ts'

const flight = (): Flight => ({ name: '', batch: [], again: [], arrival: Promise.resolve(undefined) })

test('two batches of a lane are on their way at once, but only one small one while another lane is busy', () => {
  const busy = new Set<Flights>()
  const [one, other] = [new Flights(busy), new Flights(busy)]
  const [first, second] = [flight(), flight()]
  expect(one.most(1)).toBe(2)
  one.add(first)
  expect([one.most(1), other.most(1)]).toEqual([2, 1])
  other.add(second)
  expect([one.most(249), one.most(250)]).toEqual([1, 2])
  one.delete(first)
  expect([one.most(1), other.most(1), [...other]]).toEqual([1, 2, [second]])
  other.delete(second)
  expect([one.most(1), busy.size, other.size]).toEqual([2, 0, 0])
})
