import type { Waiting } from './queue.ts'
import type { BatchFault } from './transaction.ts'

/** A batch that was decided and sent to be committed. */
export interface Flight {
  name: string
  batch: Waiting[]
  /** Those that wait for the rest of what is due: they go back to the head of their line once the batch has arrived. */
  again: Waiting[]
  /** Undefined: committed and answered. */
  arrival: Promise<BatchFault | undefined>
}

/** While the database writes one batch of a lane, the next is decided and lines up behind it. */
const flyingMost = 2
/** With so many operations at hand that is worth it also where the database has another lane's batch to write meanwhile. */
const manyOperations = 250

/**
 * The batches of one lane that are on their way. `busy` are those of an engine's lanes that have any, this one among them; what is
 * read first, or tried again after a failure, does not count.
 */
export class Flights {
  readonly #own = new Set<Flight>()
  readonly #busy: Set<Flights>

  constructor(busy: Set<Flights>) {
    this.#busy = busy
  }

  get size(): number {
    return this.#own.size
  }

  [Symbol.iterator](): IterableIterator<Flight> {
    return this.#own.values()
  }

  add(flight: Flight): void {
    this.#own.add(flight)
    this.#busy.add(this)
  }

  delete(flight: Flight): void {
    this.#own.delete(flight)
    if (this.#own.size === 0) this.#busy.delete(this)
  }

  /**
   * How many operations the next batch should have with so many waiting; 0: none leaves until another has arrived. Two small batches
   * cost the database more than one of both.
   */
  share(waiting: number): number {
    let operations = waiting
    for (const { batch } of this.#own) operations += batch.length
    const othersAreBusy = this.#busy.size > (this.#busy.has(this) ? 1 : 0)
    const most = othersAreBusy && operations < manyOperations ? 1 : flyingMost
    return this.#own.size < most ? Math.ceil(operations / most) : 0
  }
}
