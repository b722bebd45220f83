import { contest } from './contest.ts'
import type { Contender } from './contender.ts'
import { makeDatabase, tidy, type Database } from './database.ts'
import { checkFlushed } from './flushed.ts'
import { headroom } from './headroom.ts'
import type { Who } from './lineup.ts'
import { oneStatement } from './one-statement.ts'
import { rateLimiter } from './rate-limiter.ts'
import { redis } from './redis.ts'
import { findRedis } from './redis-server.ts'
import type { Bench } from './section.ts'
import { typical } from './typical.ts'

const limit = 1_000_000_000
/** So many units are contested before anything is measured. */
const contested = 50

type Start = (database: Database, workspaces: number, limit: number) => Promise<Contender>

/** How each begins on an empty database. */
const starts: Record<Exclude<Who, 'redis'>, Start> = {
  typical: ({ ownerUrl }, ...setup) => typical(ownerUrl, ...setup),
  typicalThree: ({ ownerUrl }, ...setup) => typical(ownerUrl, ...setup, 3),
  oneStatement: ({ ownerUrl }, ...setup) => oneStatement(ownerUrl, ...setup),
  rateLimiter: ({ ownerUrl }, _, limit) => rateLimiter(ownerUrl, limit),
  headroom: (database, ...setup) => headroom(database, ...setup),
  headroomThree: (database, ...setup) => headroom(database, ...setup, { meters: 3 }),
  headroomKeyed: (database, ...setup) => headroom(database, ...setup, { keyed: true }),
}

export interface Running {
  contender: Contender
  /** Done after each of its runs. */
  tidy(): Promise<void>
  stop(): Promise<void>
}

/**
 * Starts all that can run here, each on a database of its own, once it has shown on another one that it can count, and here
 * that what it answers is on disk. A contender that cannot run here is missing.
 */
export async function startContenders(bench: Bench, workspaces: number): Promise<Partial<Record<Who, Running>>> {
  const path = await findRedis()
  const all: Partial<Record<Who, Start>> = { ...starts, ...(path && { redis: (_, ...setup) => redis(path, ...setup) }) }
  const running: Partial<Record<Who, Running>> = {}
  for (const [who, start] of Object.entries(all) as [Who, Start][]) {
    await proved(bench, `contest_${who.toLowerCase()}`, start)
    const database = await makeDatabase(bench.postgres, `bench_${who.toLowerCase()}`)
    const contender = await start(database, workspaces, limit)
    if (who !== 'redis') await checkFlushed(contender, database.adminUrl)
    await tidy(database)
    running[who] = {
      contender,
      tidy: () => tidy(database),
      async stop() {
        await contender.stop()
        await database.drop()
      },
    }
  }
  return running
}

async function proved(bench: Bench, name: string, start: Start): Promise<void> {
  const database = await makeDatabase(bench.postgres, name)
  const contender = await start(database, 1, contested)
  try {
    await contest(contender, contested)
  } finally {
    await contender.stop()
  }
  await database.drop()
}
