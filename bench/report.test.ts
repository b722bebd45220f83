import { expect, test } from 'vitest'
import { ratiosOf } from './engine-ratios.ts'
import { lineup, type TurnName } from './lineup.ts'
import { isMet, reportOf } from './report.ts'
import type { Section } from './section.ts'

const round = (opsPerSecond: number) => [{ opsPerSecond, p50Ms: 1000 / opsPerSecond, p99Ms: 1, operations: 1 }]
const everything = new Map((Object.keys(lineup) as TurnName[]).map((name, index) => [name, round(index + 1)]))

const section: Section = {
  results: [
    {
      contender: 'typical',
      workload: 'hot',
      callers: 64,
      opsPerSecond: { min: 1, median: 2, max: 3 },
      p50Ms: 4,
      p99Ms: 5,
    },
  ],
  ratios: [
    { name: 'hot64VsTypical', value: 51.5, goal: { atLeast: 50 } },
    { name: 'coldStartSeconds', value: 3.5, goal: { atMost: 3 } },
    { name: 'hot2000VsRedisAlways', value: null, goal: { atLeast: 2 }, note: 'no redis-server on the PATH' },
    { name: 'zipf64VsTypical', value: 7, goal: null },
  ],
  noisy: ['typical, hot'],
}

test('the JSON holds machine, settings, results and ratios by name', () => {
  const about = { machine: '2 × a processor', postgres: { fsync: 'on' }, rounds: 3, seconds: 4 }
  expect(JSON.parse(JSON.stringify(reportOf(about, [section, { results: [], ratios: [], noisy: [] }])))).toEqual({
    ...about,
    results: section.results,
    ratios: { hot64VsTypical: 51.5, coldStartSeconds: 3.5, hot2000VsRedisAlways: null, zipf64VsTypical: 7 },
    goals: {
      hot64VsTypical: { atLeast: 50, met: true },
      coldStartSeconds: { atMost: 3, met: false },
      hot2000VsRedisAlways: { atLeast: 2, met: null },
    },
    noisy: ['typical, hot'],
  })
})

test('a goal is met at its very value', () => {
  expect(isMet({ name: 'a', value: 50, goal: { atLeast: 50 } })).toBe(true)
  expect(isMet({ name: 'a', value: 3, goal: { atMost: 3 } })).toBe(true)
  expect(isMet({ name: 'a', value: 3, goal: null })).toBe(null)
})

test('the six ratios with goals are there, each ours over theirs', () => {
  const ratios = ratiosOf(everything)
  expect(ratios.filter(({ goal }) => goal).map(({ name, goal }) => [name, goal])).toEqual([
    ['hot64VsTypical', { atLeast: 50 }],
    ['hot2000VsTypical', { atLeast: 75 }],
    ['spread64VsTypical', { atLeast: 10 }],
    ['spread4000VsTypical', { atLeast: 25 }],
    ['hot64P50Typical', { atLeast: 45 }],
    ['hot2000VsRedisAlways', { atLeast: 2 }],
  ])
  const speedOf = (name: TurnName) => everything.get(name)![0]!.opsPerSecond
  expect(ratios[0]!.value).toBe(speedOf('headroomHot') / speedOf('typicalHot'))
  expect(ratios[4]!.value).toBeCloseTo(speedOf('headroomHot') / speedOf('typicalHot'))
})

test('without Redis its ratios are null and say why', () => {
  const without = new Map([...everything].filter(([name]) => lineup[name].who !== 'redis'))
  const missing = ratiosOf(without).filter(({ value }) => value === null)
  expect(missing.map(({ name }) => name)).toEqual([
    'hot2000VsRedisAlways',
    'hot64VsRedisAlways',
    'spread64VsRedisAlways',
  ])
  for (const { note } of missing) expect(note).toBe('no redis-server on the PATH')
})
