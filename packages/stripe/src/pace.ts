/** At most so many a second, one after the other: what runs in the background leaves Stripe's limits to those who wait. */
export class Pace {
  readonly #gapMs: number
  readonly #aheadMs: number
  #next = 0

  /** `burst`: how many may come at once after a rest. */
  constructor(perSecond: number, burst = 1) {
    this.#gapMs = 1000 / perSecond
    this.#aheadMs = (burst - 1) * this.#gapMs
  }

  async turn(): Promise<void> {
    const now = Date.now()
    const at = Math.max(now - this.#aheadMs, this.#next)
    this.#next = at + this.#gapMs
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now))
  }
}
