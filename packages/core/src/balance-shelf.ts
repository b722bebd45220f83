import type { BalanceRow } from './books.ts'
import type { Instant, MeterId } from './words.ts'

/** A balance while a batch is decided, and how it has to be written; null: it has not changed. */
export interface Slot {
  row: BalanceRow
  write: 'created' | 'changed' | null
}

/** Balances by period and meter: what was loaded and what was written over it, without a text to be made for every look. */
export class BalanceShelf {
  readonly #periods = new Map<Instant, Map<MeterId, Slot>>()
  readonly #written: Slot[] = []

  constructor(loaded: readonly BalanceRow[]) {
    for (const row of loaded) this.#meters(row.periodStart).set(row.meter, { row, write: null })
  }

  get(periodStart: Instant, meter: MeterId): BalanceRow | undefined {
    return this.#periods.get(periodStart)?.get(meter)?.row
  }

  put(row: BalanceRow): void {
    const meters = this.#meters(row.periodStart)
    const slot = meters.get(row.meter)
    if (!slot) {
      const created: Slot = { row, write: 'created' }
      meters.set(row.meter, created)
      this.#written.push(created)
      return
    }
    slot.row = row
    if (slot.write !== null) return
    slot.write = 'changed'
    this.#written.push(slot)
  }

  ofPeriod(periodStart: Instant): BalanceRow[] {
    return [...(this.#periods.get(periodStart)?.values() ?? [])].map(({ row }) => row)
  }

  /** The oldest period in which something is still reserved. */
  oldestReserved(): Instant {
    let oldest = Infinity
    for (const [periodStart, meters] of this.#periods) {
      if (periodStart >= oldest) continue
      for (const { row } of meters.values()) if (row.reserved > 0) oldest = periodStart
    }
    return oldest
  }

  /** In the order in which they were first written. */
  get written(): readonly Slot[] {
    return this.#written
  }

  #meters(periodStart: Instant): Map<MeterId, Slot> {
    let meters = this.#periods.get(periodStart)
    if (!meters) this.#periods.set(periodStart, (meters = new Map()))
    return meters
  }
}
