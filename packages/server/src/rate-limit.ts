/** How often a caller may ask: as many per second as the rate says, or so many different things in any one minute. */

const mostBuckets = 100_000

interface Bucket {
  left: number
  at: number
}

/** Token buckets, one per caller: a second's worth may come at once, after that as many per second as the rate says. */
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

/** Counts different things in a window that moves: never more than `most` in any `windowMs`. Asking for the same again is free. */
export class WindowLimit {
  readonly #callers = new Map<string, Map<string, number>>()
  readonly #most: number
  readonly #windowMs: number

  constructor(most: number, windowMs: number) {
    this.#most = most
    this.#windowMs = windowMs
  }

  /** Takes one for `what`; 0 when there is room, else the whole seconds until there will be. */
  take(caller: string, what: string, now: number = performance.now()): number {
    this.#forget(now)
    const taken = this.#callers.get(caller) ?? new Map<string, number>()
    for (const [thing, at] of taken) if (at <= now - this.#windowMs) taken.delete(thing)
    if (taken.has(what)) return 0
    // In the order of their coming: the first one is the first to make room.
    const [first = now] = taken.values()
    if (taken.size >= this.#most) return Math.max(1, Math.ceil((first + this.#windowMs - now) / 1000))
    taken.set(what, now)
    // Put behind the others: whoever asked longest ago stands first.
    this.#callers.delete(caller)
    this.#callers.set(caller, taken)
    return 0
  }

  /** Those whose last thing has left the window. */
  #forget(now: number): void {
    for (const [caller, taken] of this.#callers) {
      const [last = 0] = [...taken.values()].slice(-1)
      if (last > now - this.#windowMs) return
      this.#callers.delete(caller)
    }
  }
}
