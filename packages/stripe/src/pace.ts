/** At most so many a second, one after the other: what runs in the background leaves Stripe's limits to those who wait. */
export class Pace {
  readonly #gapMs: number
  #next = 0

  constructor(perSecond: number) {
    this.#gapMs = 1000 / perSecond
  }

  async turn(): Promise<void> {
    const now = Date.now()
    const at = Math.max(now, this.#next)
    this.#next = at + this.#gapMs
    if (at > now) await new Promise((resolve) => setTimeout(resolve, at - now))
  }
}
