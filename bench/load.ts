import { checkBooks, type Acknowledged } from './books.ts'
import type { Contender } from './contender.ts'
import { measured, type Measured } from './figures.ts'
import { generator, uniform, zipf, type Pick } from './picks.ts'

export interface Workload {
  name: string
  workspaces: number
  callers: number
  seconds: number
  /** How the callers spread over the workspaces. Default uniform. */
  spread?: 'uniform' | 'zipf'
  /** What a caller does in a turn: reserve and commit (default), or nine checks and a reserve. */
  turn?: 'pair' | 'checks'
}

interface Run {
  latencies: number[]
  elapsedMs: number
  acknowledged: Acknowledged
}

/** Runs a workload and compares what was acknowledged with the contender's tables. */
export async function measure(contender: Contender, workload: Workload, run: string): Promise<Measured> {
  const before = await contender.totals()
  const { latencies, elapsedMs, acknowledged } = await load(contender, workload, run)
  checkBooks(contender, before, await contender.totals(), acknowledged)
  return measured(latencies, elapsedMs)
}

/** How one caller over a hundred cold workspaces fares while all others ask for the hot one: only the one is measured. */
export async function measureBeside(contender: Contender, hot: Workload, run: string): Promise<Measured> {
  const before = await contender.totals()
  const [beside, one] = await Promise.all([
    load(contender, hot, run),
    load(contender, { ...hot, workspaces: 100, callers: 1 }, `${run}_beside`, 1),
  ])
  checkBooks(contender, before, await contender.totals(), {
    used: beside.acknowledged.used + one.acknowledged.used,
    reserved: beside.acknowledged.reserved + one.acknowledged.reserved,
    entries: beside.acknowledged.entries + one.acknowledged.entries,
  })
  return measured(one.latencies, one.elapsedMs)
}

/** Closed loop: each caller does one thing after the other, all callers at once. `first` is the number of the first workspace. */
async function load(contender: Contender, workload: Workload, run: string, first = 0): Promise<Run> {
  const { workspaces, callers, seconds } = workload
  const random = generator(callers)
  const pick: Pick = workload.spread === 'zipf' ? zipf(workspaces, random) : uniform(workspaces, random)
  const latencies: number[] = []
  const acknowledged = { used: 0, reserved: 0, entries: 0 }
  const turn = workload.turn === 'checks' ? checks : contender.counter ? count : pair

  const start = performance.now()
  const end = start + seconds * 1000
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let number = 0; performance.now() < end; number++) await turn(first + pick(), `${run}_${caller}_${number}`)
    }),
  )
  return { latencies, elapsedMs: performance.now() - start, acknowledged }

  async function pair(workspace: number, id: string): Promise<void> {
    await timed(() => contender.reserve(workspace, id, 1))
    await timed(() => contender.commit(workspace, id, 1))
    acknowledged.used += 1
    acknowledged.entries += 2
  }

  async function count(workspace: number, id: string): Promise<void> {
    await timed(() => contender.reserve(workspace, id, 1))
    acknowledged.used += 1
  }

  async function checks(workspace: number, id: string): Promise<void> {
    for (let number = 0; number < 9; number++) await timed(() => contender.check!(workspace, 1))
    await timed(() => contender.reserve(workspace, id, 1))
    acknowledged.reserved += 1
    acknowledged.entries += 1
  }

  async function timed(work: () => Promise<boolean>): Promise<void> {
    const from = performance.now()
    if (!(await work())) throw new Error(`${contender.name} refused what fits`)
    latencies.push(performance.now() - from)
  }
}
