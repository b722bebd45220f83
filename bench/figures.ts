import type { Result } from './section.ts'

/** What one run of a contender gave. */
export interface Measured {
  opsPerSecond: number
  p50Ms: number
  p99Ms: number
  operations: number
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** The smallest value that at least this share of all is not above (nearest rank), of values in ascending order. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]!
}

/** Speed and latencies of one run. */
export function measured(latencies: number[], elapsedMs: number): Measured {
  const sorted = Float64Array.from(latencies).sort()
  return {
    opsPerSecond: sorted.length / (elapsedMs / 1000),
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    operations: sorted.length,
  }
}

/** A line of the table from the rounds that count. */
export function result(of: Pick<Result, 'contender' | 'workload' | 'callers'>, rounds: readonly Measured[]): Result {
  const speeds = rounds.map(({ opsPerSecond }) => opsPerSecond)
  return {
    contender: of.contender,
    workload: of.workload,
    callers: of.callers,
    opsPerSecond: { min: Math.min(...speeds), median: median(speeds), max: Math.max(...speeds) },
    p50Ms: median(rounds.map(({ p50Ms }) => p50Ms)),
    p99Ms: median(rounds.map(({ p99Ms }) => p99Ms)),
  }
}

/** The median of the ratios round by round: neighbours in time, so that a slow minute of the machine weighs on both. */
export function ratioOf(
  above: readonly Measured[],
  below: readonly Measured[],
  figure: (measured: Measured) => number = ({ opsPerSecond }) => opsPerSecond,
): number {
  return median(above.map((one, round) => figure(one) / figure(below[round]!)))
}

/** Above this spread between rounds the machine was not quiet. */
const noisyAbove = 1.3

export function isNoisy(rounds: readonly Measured[]): boolean {
  const speeds = rounds.map(({ opsPerSecond }) => opsPerSecond)
  return Math.max(...speeds) > noisyAbove * Math.min(...speeds)
}
