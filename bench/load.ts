import type { Contender } from './contender.ts'

export interface Measured {
  opsPerSecond: number
  p50Ms: number
  p99Ms: number
  operations: number
}

export interface Workload {
  name: string
  workspaces: number
  callers: number
  seconds: number
}

/** Closed loop: each caller reserves, then commits, then starts over. What was acknowledged is compared with the contender's tables. */
export async function measure(
  contender: Contender,
  { workspaces, callers, seconds }: Workload,
  run: string,
): Promise<Measured> {
  const before = await contender.totals()
  const latencies: number[] = []
  const acknowledged = { used: 0, entries: 0 }
  const start = performance.now()
  const end = start + seconds * 1000
  async function timed(work: () => Promise<boolean>): Promise<void> {
    const from = performance.now()
    if (!(await work())) throw new Error(`${contender.name} refused what fits`)
    latencies.push(performance.now() - from)
    acknowledged.entries += 1
  }
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      for (let turn = 0; performance.now() < end; turn++) {
        const workspace = workspaces === 1 ? 0 : Math.floor(Math.random() * workspaces)
        const id = `${run}_${caller}_${turn}`
        await timed(() => contender.reserve(workspace, id, 1))
        await timed(() => contender.commit(workspace, id, 1))
        acknowledged.used += 1
      }
    }),
  )
  const elapsed = (performance.now() - start) / 1000
  const after = await contender.totals()
  if (after.used - before.used !== acknowledged.used || after.reserved !== 0 || after.over !== 0) {
    throw new Error(
      `${contender.name}: acknowledged ${acknowledged.used}, its tables say ${after.used - before.used}, reserved ${after.reserved}`,
    )
  }
  if (after.entries - before.entries < acknowledged.entries)
    throw new Error(`${contender.name}: ledger entries are missing`)
  latencies.sort((a, b) => a - b)
  const at = (share: number) => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))]!
  return { opsPerSecond: latencies.length / elapsed, p50Ms: at(0.5), p99Ms: at(0.99), operations: latencies.length }
}
