import type { Instant } from '@headroom/core'

/**
 * The database's clock as a lane last heard it. It only proposes the instant a batch is decided at; the write compares it with the
 * database's own (write.ts).
 */
export interface LaneClock {
  /** Later than anything the database's clock has shown anybody so far, by a few milliseconds at most. Null: not heard yet. */
  now(): Instant | null
  /** The instant that came back, and when it was asked for by performance.now(). */
  heard(instant: Instant, askedAt: number): void
  /** It was wrong: nothing is known until it is heard again. */
  forget(): void
}

/** How long a reading counts: clocks drift, and a database's may be set. */
const readingMs = 10_000

export class RunningClock implements LaneClock {
  /** How far the database's clock is ahead of this process's at most, as heard in the running span and in the one before it. */
  #ahead: number[] = []
  #since = -Infinity

  /**
   * The database read its clock after it was asked, so it cannot be further ahead than this; the reading that came back fastest is the
   * nearest to the truth. One millisecond is cut off what is heard, and another makes it later than what a reader was shown.
   */
  now(): Instant | null {
    return this.#ahead.length === 0 ? null : Math.floor(performance.now() + Math.min(...this.#ahead)) + 2
  }

  heard(instant: Instant, askedAt: number): void {
    const ahead = instant - askedAt
    const now = performance.now()
    if (now - this.#since > readingMs) {
      this.#ahead = [ahead, ...this.#ahead.slice(0, 1)]
      this.#since = now
    } else this.#ahead[0] = Math.min(this.#ahead[0] ?? ahead, ahead)
  }

  forget(): void {
    this.#ahead = []
    this.#since = -Infinity
  }
}

/** The test clock stands until it is set; before its first setting it runs, and then nothing is known without asking. */
export class StandingClock implements LaneClock {
  #instant: Instant | null = null
  #stands = false

  now(): Instant | null {
    return this.#stands ? this.#instant : null
  }

  heard(instant: Instant, _askedAt?: number): void {
    this.#stands = instant === this.#instant
    this.#instant = instant
  }

  forget(): void {
    this.#stands = false
    this.#instant = null
  }
}
