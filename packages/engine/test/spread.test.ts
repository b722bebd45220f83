import { expect, test } from 'vitest'
import { Spread } from '../src/spread.ts'

test('what is at most a bound counts in it and in all above, and several are one', () => {
  const [one, other] = [new Spread([1, 10]), new Spread([1, 10])]
  for (const figure of [0.5, 1, 2]) one.add(figure)
  for (const figure of [10, 11]) other.add(figure)
  expect(Spread.figures('size', [one, other])).toEqual({
    'size_bucket{le="1"}': 2,
    'size_bucket{le="10"}': 4,
    'size_bucket{le="+Inf"}': 5,
    size_sum: 24.5,
    size_count: 5,
  })
  expect(Spread.figures('size', [one], 'route="a"')).toEqual({
    'size_bucket{route="a",le="1"}': 2,
    'size_bucket{route="a",le="10"}': 3,
    'size_bucket{route="a",le="+Inf"}': 3,
    'size_sum{route="a"}': 3.5,
    'size_count{route="a"}': 3,
  })
})
