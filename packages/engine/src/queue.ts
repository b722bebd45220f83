import type { Answer, Operation } from '@headroom/core'
import { unavailable } from './unavailable.ts'

const queueMost = 10_000
const queueDeadline = 2_000

/** An operation whose caller waits for its answer. */
export interface Waiting {
  operation: Operation
  /** Where it stands among all that came through this queue: what goes back takes its old place. */
  place: number
  since: number
  /** It was sent to be committed once and nobody knows what became of it. */
  isUnknown: boolean
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

/**
 * What waits in front of a lane: in the order it came within a workspace, in turns between workspaces, so that a hot one does not
 * starve the others. Bounded in number and in time; who is turned away is told that nothing happened, or that nobody knows.
 */
export class Queue {
  readonly figures = { refusedFull: 0, refusedLate: 0 }
  readonly #lines = new Map<string, Waiting[]>()
  #size = 0
  #places = 0

  get size(): number {
    return this.#size
  }

  push(operation: Operation, resolve: (answer: Answer) => void, reject: (error: Error) => void): void {
    if (this.#size >= queueMost) {
      this.figures.refusedFull += 1
      reject(unavailable('nothing_happened', 'Too many operations are waiting.'))
      return
    }
    const waiting = { operation, place: this.#places++, since: performance.now(), isUnknown: false, resolve, reject }
    const line = this.#lines.get(operation.workspace)
    if (line) line.push(waiting)
    else this.#lines.set(operation.workspace, [waiting])
    this.#size += 1
  }

  /** What was taken and could not be decided yet goes before what came after it. */
  putBack(list: readonly Waiting[]): void {
    for (const waiting of list) {
      const { workspace } = waiting.operation
      const line = this.#lines.get(workspace) ?? []
      const after = line.findIndex(({ place }) => place > waiting.place)
      line.splice(after < 0 ? line.length : after, 0, waiting)
      this.#lines.set(workspace, line)
    }
    this.#size += list.length
  }

  /** At most so many: an equal share of each waiting workspace, the rest topped up; what has waited too long is refused. */
  take(most: number): Waiting[] {
    const batch: Waiting[] = []
    const late = performance.now() - queueDeadline
    for (let share = Math.ceil(most / this.#lines.size); batch.length < most && this.#lines.size > 0;) {
      for (const [workspace, line] of this.#lines) {
        const taken = line.splice(0, Math.min(share, most - batch.length))
        this.#size -= taken.length
        // What stays goes to the end of the line.
        this.#lines.delete(workspace)
        if (line.length > 0) this.#lines.set(workspace, line)
        for (const waiting of taken) {
          if (waiting.since >= late) batch.push(waiting)
          else this.#tooLate(waiting)
        }
        if (batch.length >= most) break
      }
    }
    return batch
  }

  #tooLate(waiting: Waiting): void {
    this.figures.refusedLate += 1
    waiting.reject(unavailable(outcomeOf(waiting), 'The operation waited too long for its turn.'))
  }
}

/** What may be said to somebody who is turned away. */
const outcomeOf = ({ isUnknown }: Waiting): 'unknown' | 'nothing_happened' =>
  isUnknown ? 'unknown' : 'nothing_happened'

export function refuse(batch: readonly Waiting[], detail: string): void {
  for (const waiting of batch) waiting.reject(unavailable(outcomeOf(waiting), detail))
}
