import type { Waiting } from './queue.ts'
import { Spread } from './spread.ts'

/** What a lane has done since it began, for /metrics. */
export class LaneFigures {
  operations = 0
  batches = 0
  reads = 0
  retries = 0
  reconnects = 0
  /** How long each waited for its turn, in seconds, and how many shared a transaction. */
  readonly waits = new Spread([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2])
  readonly sizes = new Spread([1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000])

  taken(batch: readonly Waiting[]): void {
    this.sizes.add(batch.length)
    const now = performance.now()
    for (const { since } of batch) this.waits.add((now - since) / 1000)
  }
}
