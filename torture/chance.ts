/** Chance that can be repeated: the same seed makes the same choices in the same order. */
export class Chance {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** A stream of its own for each who chooses, so that one who is faster takes no choice from another. */
  static of(seed: number, name: string): Chance {
    let mixed = seed >>> 0
    for (const letter of name) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x01000193) >>> 0
    return new Chance(mixed)
  }

  /** From 0 up to, not including, 1 (mulberry32). */
  share(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1))
  }

  /** A whole number from 0 up to, not including, this. */
  below(count: number): number {
    return this.whole(0, count - 1)
  }

  isOneIn(count: number): boolean {
    return this.below(count) === 0
  }

  /** True in so many of a hundred. */
  percent(percent: number): boolean {
    return this.share() * 100 < percent
  }

  oneOf<T>(things: readonly T[]): T {
    return things[this.whole(0, things.length - 1)]!
  }

  /** One of them by its weight. */
  weighted<T>(things: readonly (readonly [weight: number, thing: T])[]): T {
    let at = this.share() * things.reduce((sum, [weight]) => sum + weight, 0)
    for (const [weight, thing] of things) if ((at -= weight) < 0) return thing
    return things.at(-1)![1]
  }
}
