import type { Instant } from '@headroom/core'

/**
 * The database's clock as a lane last heard it. It only proposes the instant a batch is decided at; the write compares it with the
 * database's own (write.ts). Heard late by as long as the answer took, so it is behind rather than ahead.
 */
export interface LaneClock {
  /** Null: not heard yet. */
  now(): Instant | null
  heard(instant: Instant): void
  /** It was wrong: nothing is known until it is heard again. */
  forget(): void
}

/** How long a reading counts: clocks drift, and a database's may be set. */
const readingMs = 10_000

export class RunningClock implements LaneClock {
  /** The database's clock minus this process's, as heard in the running span and in the one before it. */
  #heard: number[] = []
  #since = -Infinity

  /** What was heard with the least delay is nearest to the truth. */
  now(): Instant | null {
    return this.#heard.length === 0 ? null : Math.floor(performance.now() + Math.max(...this.#heard))
  }

  heard(instant: Instant): void {
    const now = performance.now()
    const difference = instant - now
    if (now - this.#since > readingMs) {
      this.#heard = [difference, ...this.#heard.slice(0, 1)]
      this.#since = now
    } else this.#heard[0] = Math.max(this.#heard[0] ?? difference, difference)
  }

  forget(): void {
    this.#heard = []
    this.#since = -Infinity
  }
}

/** The test clock stands until it is set. */
export class StandingClock implements LaneClock {
  #instant: Instant | null = null

  now(): Instant | null {
    return this.#instant
  }

  heard(instant: Instant): void {
    this.#instant = instant
  }

  forget(): void {
    this.#instant = null
  }
}
