/**
 * Our interface over HTTP beside an ordinary application over HTTP and beside a server that does nothing. Each server has a
 * process of its own and its own books in one database of this section; the load comes from the bench's process.
 */
import { checkBooks } from './books.ts'
import { makeDatabase, tidy } from './database.ts'
import { isNoisy, ratioOf, result, type Measured } from './figures.ts'
import { batches, checkers, pairs, readers } from './http-callers.ts'
import { measureHttp } from './http-load.ts'
import { startServer, type ServerOrder, type ServerProcess } from './http-process.ts'
import type { Bench, Ratio, Section } from './section.ts'

const limit = 1_000_000_000
const spread = 10_000
/** Enough that the next requests are being read while the database writes the last. */
const singles = 256
const batchers = 16
const key = 'hr_sk_bench_0123456789abcdef'

const shapes = { pairs, batches, readers, checkers }

interface Run {
  contender: ServerOrder['kind']
  workload: string
  shape: keyof typeof shapes
  workspaces: number
  callers: number
}

const runs: Record<string, Run> = {
  typical: { contender: 'typical', workload: 'http hot', shape: 'pairs', workspaces: 1, callers: singles },
  bare: { contender: 'bare', workload: 'http hot', shape: 'pairs', workspaces: 1, callers: singles },
  plain: { contender: 'plain', workload: 'http hot', shape: 'pairs', workspaces: 1, callers: singles },
  single: { contender: 'headroom', workload: 'http hot', shape: 'pairs', workspaces: 1, callers: singles },
  batch: {
    contender: 'headroom',
    workload: 'http hot, batches of 100',
    shape: 'batches',
    workspaces: 1,
    callers: batchers,
  },
  typicalSpread: {
    contender: 'typical',
    workload: 'http spread',
    shape: 'pairs',
    workspaces: spread,
    callers: singles,
  },
  singleSpread: {
    contender: 'headroom',
    workload: 'http spread',
    shape: 'pairs',
    workspaces: spread,
    callers: singles,
  },
  batchSpread: {
    contender: 'headroom',
    workload: 'http spread, batches of 100',
    shape: 'batches',
    workspaces: spread,
    callers: batchers,
  },
  usage: {
    contender: 'headroom',
    workload: 'http usage, unchanged (304)',
    shape: 'readers',
    workspaces: spread,
    callers: singles,
  },
  check: { contender: 'headroom', workload: 'http check', shape: 'checkers', workspaces: spread, callers: singles },
}

export async function http(bench: Bench): Promise<Section> {
  // What another section left behind is in nobody's way here.
  const database = await makeDatabase(bench.postgres, 'bench_http')
  const order = { urls: database, workspaces: spread, limit, key }
  // One after the other: making the workspaces keeps both cores busy.
  const servers: Record<ServerOrder['kind'], ServerProcess> = {
    bare: await startServer({ ...order, kind: 'bare' }),
    plain: await startServer({ ...order, kind: 'plain' }),
    typical: await startServer({ ...order, kind: 'typical' }),
    headroom: await startServer({ ...order, kind: 'headroom' }),
  }
  try {
    const measured: Record<string, Measured[]> = {}
    for (let round = 0; round <= bench.rounds; round += 1) {
      for (const [name, run] of Object.entries(runs)) {
        // Round 0 warms up and does not count.
        await tidy(database)
        const one = await checked(servers[run.contender], run, round === 0 ? 1 : bench.seconds, `${name}_${round}`)
        bench.log(`round ${round}, ${run.contender}, ${run.workload}: ${Math.round(one.opsPerSecond)}/s`)
        if (round > 0) (measured[name] ??= []).push(one)
      }
    }
    const results = Object.entries(measured).map(([name, rounds]) => {
      const { contender, workload, callers } = runs[name]!
      return result({ contender: `${contender} over HTTP`, workload, callers }, rounds)
    })
    const noisy = ['typical', 'typicalSpread'].filter((name) => isNoisy(measured[name]!))
    return {
      results,
      ratios: ratiosOf(measured),
      noisy: noisy.map((name) => `typical over HTTP, ${runs[name]!.workload}`),
    }
  } finally {
    for (const server of Object.values(servers)) await server.stop()
    await database.drop()
  }
}

/** One run, and what was acknowledged held against the contender's tables. */
async function checked(
  server: ServerProcess,
  { contender, shape, workspaces, callers }: Run,
  seconds: number,
  run: string,
): Promise<Measured> {
  const keepsBooks = contender !== 'bare' && contender !== 'plain' && (shape === 'pairs' || shape === 'batches')
  const before = keepsBooks ? await server.totals() : null
  const asking = { key, workspaces, run }
  const measured = await measureHttp(server.port, callers, seconds, (caller) => shapes[shape](asking, caller))
  if (before === null) return measured
  const { operations } = measured
  const acknowledged = { used: operations / 2, reserved: 0, entries: operations }
  checkBooks({ name: `${contender} over HTTP` }, before, await server.totals(), acknowledged)
  return measured
}

function ratiosOf(measured: Record<string, Measured[]>): Ratio[] {
  const of = (above: string, below: string) => ratioOf(measured[above]!, measured[below]!)
  return [
    { name: 'httpSingleVsTypicalHttp', value: of('single', 'typical'), goal: { atLeast: 20 } },
    { name: 'httpBatchVsTypicalHttp', value: of('batch', 'typical'), goal: { atLeast: 60 } },
    { name: 'httpSingleVsBare', value: of('single', 'bare'), goal: { atLeast: 0.6 } },
    { name: 'httpSingleVsPlain', value: of('single', 'plain'), goal: null },
    { name: 'httpSpreadSingleVsTypicalHttp', value: of('singleSpread', 'typicalSpread'), goal: null },
    { name: 'httpSpreadBatchVsTypicalHttp', value: of('batchSpread', 'typicalSpread'), goal: null },
  ]
}
