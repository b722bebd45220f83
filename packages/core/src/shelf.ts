/** Rows by key: what was loaded and what was written over it. Asking for a key that was never loaded is a fault of ours, and throws. */
export class Shelf<Row> {
  readonly #loaded: Map<string, Row | undefined>
  readonly #written = new Map<string, Row>()

  constructor(loaded: Map<string, Row | undefined>) {
    this.#loaded = loaded
  }

  get(key: string): Row | undefined {
    const written = this.#written.get(key)
    if (written !== undefined) return written
    if (!this.#loaded.has(key)) throw new Error(`Not loaded: ${key}`)
    return this.#loaded.get(key)
  }

  put(key: string, row: Row): void {
    this.#written.set(key, row)
  }

  changes(created: Row[], changed: Row[]): boolean {
    for (const [key, row] of this.#written) (this.#loaded.get(key) === undefined ? created : changed).push(row)
    return this.#written.size > 0
  }
}
