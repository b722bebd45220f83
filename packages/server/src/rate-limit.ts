/** Token buckets, one per caller: a second's worth may come at once, after that as many per second as the rate says. */

const mostBuckets = 100_000

interface Bucket {
  left: number
  at: number
}

export class RateLimit {
  readonly #buckets = new Map<string, Bucket>()
  readonly #burst: number
  readonly #perMs: number

  /** `burst` requests at once, refilled over `windowMs`. */
  constructor(burst: number, windowMs: number) {
    this.#burst = burst
    this.#perMs = burst / windowMs
  }

  /** Takes one; 0 when it was there, else the whole seconds to wait. */
  take(caller: string, now: number = performance.now()): number {
    const bucket = this.#bucket(caller, now)
    if (bucket.left < 1) return Math.max(1, Math.ceil((1 - bucket.left) / this.#perMs / 1000))
    bucket.left -= 1
    return 0
  }

  #bucket(caller: string, now: number): Bucket {
    const found = this.#buckets.get(caller)
    if (found) {
      found.left = Math.min(this.#burst, found.left + Math.max(0, now - found.at) * this.#perMs)
      found.at = now
      return found
    }
    if (this.#buckets.size >= mostBuckets) this.#forgetOldest()
    const made = { left: this.#burst, at: now }
    this.#buckets.set(caller, made)
    return made
  }

  /** A Map keeps the order of insertion; the tenth that came first is the likeliest to be full again. */
  #forgetOldest(): void {
    let toForget = mostBuckets / 10
    for (const caller of this.#buckets.keys()) {
      if (toForget-- === 0) return
      this.#buckets.delete(caller)
    }
  }
}
