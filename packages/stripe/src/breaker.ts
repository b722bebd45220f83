const failuresToOpen = 5
const windowMs = 10_000
const openMs = 30_000

/** Stops asking who does not answer: open after 5 failures within 10 s; after 30 s one may try. Real time. */
export class Breaker {
  readonly #now: () => number
  #failures: number[] = []
  #openUntil: number | null = null

  constructor(now: () => number = Date.now) {
    this.#now = now
  }

  /** May one ask now? While it is open, the first after 30 s may, and the next only after that one has failed or 30 s more. */
  mayAsk(): boolean {
    if (this.#openUntil === null) return true
    if (this.#now() < this.#openUntil) return false
    this.#openUntil = this.#now() + openMs
    return true
  }

  succeeded(): void {
    this.#failures = []
    this.#openUntil = null
  }

  failed(): void {
    const now = this.#now()
    this.#failures = [...this.#failures.filter((at) => at > now - windowMs), now]
    if (this.#openUntil !== null || this.#failures.length >= failuresToOpen) this.#openUntil = now + openMs
  }

  get isOpen(): boolean {
    return this.#openUntil !== null
  }
}
