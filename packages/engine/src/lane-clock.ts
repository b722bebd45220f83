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

export class RunningClock implements LaneClock {
  #ahead: number | null = null

  now(): Instant | null {
    return this.#ahead === null ? null : Math.floor(performance.now() + this.#ahead)
  }

  /** What was heard with the least delay is nearest to the truth. */
  heard(instant: Instant): void {
    this.#ahead = Math.max(this.#ahead ?? -Infinity, instant - performance.now())
  }

  forget(): void {
    this.#ahead = null
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
