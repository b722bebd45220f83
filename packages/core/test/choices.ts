/** Plain bytes as choices: one byte each, the first alternative where they are used up, so that a failing history shrinks to its story. */
export class Choices {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length
  }

  /** 0 … n − 1, n up to 256; 0 when the bytes are used up. */
  below(n: number): number {
    const byte = this.#bytes[this.#at++] ?? 0
    return byte % n
  }

  one<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)]!
  }

  /** True so many times of 256. */
  chance(of256: number): boolean {
    return this.below(256) >= 256 - of256
  }

  /** Picks by weight; the first is what exhausted bytes give. */
  weighted<Item>(items: readonly (readonly [weight: number, item: Item])[]): Item {
    const total = items.reduce((sum, [weight]) => sum + weight, 0)
    let at = Math.floor((this.below(256) * total) / 256)
    for (const [weight, item] of items) {
      if (at < weight) return item
      at -= weight
    }
    throw new Error('weights')
  }
}
