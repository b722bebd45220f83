/** How figures are spread, for /metrics: so many were at most this much. Adding one costs a comparison or two. */
export class Spread {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  /** Upper bounds, ascending; what is above the last is counted too. */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = Array.from({ length: bounds.length + 1 }, () => 0)
  }

  add(figure: number): void {
    let at = 0
    while (at < this.#bounds.length && figure > this.#bounds[at]!) at += 1
    this.#counts[at]! += 1
    this.#sum += figure
  }

  /** Several as one, as a Prometheus histogram has them: `name_bucket{le="1"}`, each with all that are smaller, `name_sum`, `name_count`. */
  static figures(name: string, spreads: readonly Spread[], labels = ''): Record<string, number> {
    const figures: Record<string, number> = {}
    const [first] = spreads
    const bounds = first ? first.#bounds : []
    const [before, alone] = labels === '' ? ['', ''] : [`${labels},`, `{${labels}}`]
    let count = 0
    for (const [at, bound] of [...bounds, '+Inf'].entries()) {
      for (const spread of spreads) count += spread.#counts[at]!
      figures[`${name}_bucket{${before}le="${bound}"}`] = count
    }
    figures[`${name}_sum${alone}`] = spreads.reduce((sum, spread) => sum + spread.#sum, 0)
    figures[`${name}_count${alone}`] = count
    return figures
  }
}
