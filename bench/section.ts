import type { LocalPostgres } from '@headroom/local-postgres'

/** What a section is given: the one PostgreSQL of the run, and how long to measure. Databases on it: database.ts. */
export interface Bench {
  postgres: LocalPostgres
  /** Rounds that count. A section may run one more before them, to warm up. */
  rounds: number
  /** How long one contender runs at one workload within a round. */
  seconds: number
  log(line: string): void
}

/** One line of the table: a contender at a workload, over all rounds that count. */
export interface Result {
  contender: string
  workload: string
  callers: number
  opsPerSecond: { min: number; median: number; max: number }
  p50Ms: number
  p99Ms: number
}

/**
 * One figure of the table below the results: a goal of the project and what was reached. Null: could not be measured here,
 * with the reason in `note`. A ratio is the median of the ratios round by round.
 */
export interface Ratio {
  name: string
  value: number | null
  goal: { atLeast: number } | { atMost: number } | null
  note?: string
}

export interface Section {
  results: Result[]
  ratios: Ratio[]
  /** What went up and down too much for its figures to be trusted, in words. */
  noisy: string[]
  /** What must be known to read the results, in words. */
  legend?: string[]
}

export type RunSection = (bench: Bench) => Promise<Section>
