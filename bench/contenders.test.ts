import { testDatabase } from '@headroom/local-postgres/test'
import { afterEach, describe, expect, test } from 'vitest'
import { contest } from './contest.ts'
import type { Contender } from './contender.ts'
import { headroom } from './headroom.ts'
import { measure, measureBeside } from './load.ts'
import { oneStatement } from './one-statement.ts'
import { rateLimiter } from './rate-limiter.ts'
import { redis } from './redis.ts'
import { findRedis } from './redis-server.ts'
import { typical } from './typical.ts'

const redisPath = await findRedis()
const limit = 10

type Urls = { url: string; ownerUrl: string }
const starts: Record<string, (urls: Urls, workspaces: number, limit: number) => Promise<Contender>> = {
  typical: ({ ownerUrl }, ...setup) => typical(ownerUrl, ...setup),
  'typical on three meters': ({ ownerUrl }, ...setup) => typical(ownerUrl, ...setup, 3),
  'one-statement': ({ ownerUrl }, ...setup) => oneStatement(ownerUrl, ...setup),
  'rate-limiter-flexible': ({ ownerUrl }, _, limit) => rateLimiter(ownerUrl, limit),
  headroom: (urls, ...setup) => headroom(urls, ...setup),
  'headroom on three meters': (urls, ...setup) => headroom(urls, ...setup, { meters: 3 }),
  'headroom with keys': (urls, ...setup) => headroom(urls, ...setup, { keyed: true }),
  ...(redisPath && { redis: (_, ...setup) => redis(redisPath, ...setup) }),
}

const opened: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one.stop()
})

/** The test run's PostgreSQL does not wait for the disk, which is what the bench refuses: here it counts as if it did. */
async function started(name: string, workspaces: number, limit: number): Promise<Contender> {
  const database = await testDatabase()
  opened.push({ stop: () => database.drop() })
  const contender = await starts[name]!(database, workspaces, limit)
  opened.push({ stop: () => contender.stop() })
  return { ...contender, totals: async () => ({ ...(await contender.totals()), durable: true }) }
}

describe.each(Object.keys(starts))('%s', (name) => {
  test('twenty ask for one of ten: ten win, and asking again changes nothing', async () => {
    await contest(await started(name, 1, limit), limit)
  })

  test('keeps its books under load', async () => {
    const contender = await started(name, 20, 1_000_000)
    const workload = { name: 'zipf', workspaces: 20, callers: 8, seconds: 0.05, spread: 'zipf' } as const
    const { operations } = await measure(contender, workload, 'a')
    expect(operations).toBeGreaterThanOrEqual(8)
    await measure(contender, { ...workload, spread: 'uniform' }, 'b')
    if (contender.check) await measure(contender, { ...workload, turn: 'checks' }, 'c')
    await contender.audit?.()
  })
})

test('one caller on cold workspaces is measured alone, and all are counted', async () => {
  const contender = await started('typical', 101, 1_000_000)
  const hot = { name: 'hot', workspaces: 1, callers: 8, seconds: 0.2 }
  const { operations } = await measureBeside(contender, hot, 'beside')
  expect(operations).toBeGreaterThanOrEqual(2)
  expect((await contender.totals()).entries).toBeGreaterThan(operations)
})

test('a check is refused where nothing is left', async () => {
  for (const name of ['typical', 'headroom']) {
    const contender = await started(name, 1, 2)
    expect(await contender.check!(0, 2)).toBe(true)
    await contender.reserve(0, 'first', 1)
    expect(await contender.check!(0, 2)).toBe(false)
  }
})
