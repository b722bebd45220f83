/**
 * Our interface over HTTP beside an ordinary application over HTTP and beside a server that does nothing. Each server has a
 * process of its own and its own books in one database of this section; the load comes from the bench's process.
 */
import { makeDatabase, tidy } from './database.ts'
import { isNoisy, ratioOf, result, type Measured } from './figures.ts'
import { batches, checkers, pairs, readers } from './http-callers.ts'
import { measureHttp } from './http-load.ts'
import { startServer, type ServerOrder, type ServerProcess } from './http-process.ts'
import type { Bench, Ratio, Section } from './section.ts'

const limit = 1_000_000_000
const spread = 10_000
const connections = 64
const key = 'hr_sk_bench_0123456789abcdef'

const shapes = { pairs, batches, readers, checkers }

interface Run {
  contender: ServerOrder['kind']
  workload: string
  shape: keyof typeof shapes
  workspaces: number
}

const runs: Record<string, Run> = {
  typical: { contender: 'typical', workload: 'http hot', shape: 'pairs', workspaces: 1 },
  bare: { contender: 'bare', workload: 'http hot', shape: 'pairs', workspaces: 1 },
  single: { contender: 'headroom', workload: 'http hot', shape: 'pairs', workspaces: 1 },
  batch: { contender: 'headroom', workload: 'http hot, batches of 100', shape: 'batches', workspaces: 1 },
  typicalSpread: { contender: 'typical', workload: 'http spread', shape: 'pairs', workspaces: spread },
  singleSpread: { contender: 'headroom', workload: 'http spread', shape: 'pairs', workspaces: spread },
  batchSpread: { contender: 'headroom', workload: 'http spread, batches of 100', shape: 'batches', workspaces: spread },
  usage: { contender: 'headroom', workload: 'http usage, unchanged (304)', shape: 'readers', workspaces: spread },
  check: { contender: 'headroom', workload: 'http check', shape: 'checkers', workspaces: spread },
}

export async function http(bench: Bench): Promise<Section> {
  // What another section left behind is in nobody's way here.
  const database = await makeDatabase(bench.postgres, 'bench_http')
  const order = { urls: database, workspaces: spread, limit, key }
  // One after the other: making the workspaces keeps both cores busy.
  const servers: Record<ServerOrder['kind'], ServerProcess> = {
    bare: await startServer({ ...order, kind: 'bare' }),
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
      const { contender, workload } = runs[name]!
      return result({ contender: `${contender} over HTTP`, workload, callers: connections }, rounds)
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
  { contender, workload, shape, workspaces }: Run,
  seconds: number,
  run: string,
): Promise<Measured> {
  const keepsBooks = contender !== 'bare' && (shape === 'pairs' || shape === 'batches')
  const before = keepsBooks ? await server.totals() : null
  const asking = { key, workspaces, run }
  const measured = await measureHttp(server.port, connections, seconds, (caller) => shapes[shape](asking, caller))
  if (before === null) return measured
  const after = await server.totals()
  const [used, entries] = [after.used - before.used, after.entries - before.entries]
  if (used !== measured.operations / 2 || entries < measured.operations || after.reserved !== 0 || after.over !== 0)
    throw new Error(
      `${contender}, ${workload}: ${measured.operations} acknowledged; its tables say ${used} used in ${entries} entries, ${after.reserved} reserved, ${after.over} over`,
    )
  return measured
}

function ratiosOf(measured: Record<string, Measured[]>): Ratio[] {
  const of = (above: string, below: string) => ratioOf(measured[above]!, measured[below]!)
  return [
    { name: 'httpSingleVsTypicalHttp', value: of('single', 'typical'), goal: { atLeast: 20 } },
    { name: 'httpBatchVsTypicalHttp', value: of('batch', 'typical'), goal: { atLeast: 60 } },
    { name: 'httpSingleVsBare', value: of('single', 'bare'), goal: { atLeast: 0.6 } },
    { name: 'httpSpreadSingleVsTypicalHttp', value: of('singleSpread', 'typicalSpread'), goal: null },
    { name: 'httpSpreadBatchVsTypicalHttp', value: of('batchSpread', 'typicalSpread'), goal: null },
  ]
}
