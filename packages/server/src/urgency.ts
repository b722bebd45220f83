/**
 * What goes on under overload and what is put off. Every request belongs to one of three kinds; what can wait is refused first, and
 * what counts, reserve to batch and the payment provider's webhook, is bounded by the engine's queue alone.
 */
import { unavailable } from '@headroom/engine'
import { Gate } from './gate.ts'
import type { Refused } from './problem.ts'

/** first: counts or frees credits · usual: cheap, somebody looks at it · later: long lists, explanations, exports, the beginning of long work. */
export type Urgency = 'first' | 'usual' | 'later'

export const urgencies = ['first', 'usual', 'later'] as const

/** While so many of the first kind are under way, the others would only take from them. */
const firstBeforeUsual = 2_000
const firstBeforeLater = 500

/** An answer later than this finds nobody: our own client asks again after 10 s. */
const answerWithinMs = 9_000

export class Urgencies {
  /** Five thousand at once are served also where no more than a thousand a second can be. */
  readonly #usual = new Gate({ atOnce: 128, waiting: 10_000, patienceMs: 6_000 })
  /** Fewer than the connections there are for reading: however slow they are, the others find one. */
  readonly #later: Gate
  #first = 0

  constructor(laterAtOnce: number) {
    this.#later = new Gate({ atOnce: laterAtOnce, waiting: 500, patienceMs: 2_000 })
  }

  /** The 503 for what is not worth beginning now, in a while; asked before anything is spent on the request. Null: come in. */
  refusal(urgency: Urgency): Promise<Refused> | null {
    if (urgency === 'first') return null
    const [gate, most] = urgency === 'usual' ? [this.#usual, firstBeforeUsual] : [this.#later, firstBeforeLater]
    return this.#first >= most ? gate.turnAway() : gate.refusal()
  }

  /** Does the work when its turn comes; throws the 503 where it does not come, and then nothing has happened. */
  async pass<T>(urgency: Urgency, work: () => Promise<T>): Promise<T> {
    if (urgency !== 'first') return (urgency === 'usual' ? this.#usual : this.#later).pass(work)
    this.#first += 1
    try {
      return await work()
    } finally {
      this.#first -= 1
    }
  }

  figures(): Record<Urgency, { running: number; waiting: number; heldBack: number; shed: number }> {
    const of = (gate: Gate) => ({
      running: gate.running,
      waiting: gate.waiting,
      heldBack: gate.heldBack,
      shed: gate.figures.shed,
    })
    return {
      first: { running: this.#first, waiting: 0, heldBack: 0, shed: 0 },
      usual: of(this.#usual),
      later: of(this.#later),
    }
  }
}

/** The answer to it, or the fault that none came in time; the work itself goes on and its key or id tells what became of it. */
export const inTime = <T>(work: Promise<T>, isRead: boolean): Promise<T> =>
  within(answerWithinMs, work, () => {
    throw unavailable(isRead ? 'nothing_happened' : 'unknown', 'No answer was found in time.')
  })

/** What it comes to, or what there is to say when that takes longer: a database that has gone silent answers nobody. */
export function within<T, Late>(ms: number, work: Promise<T>, late: () => Late): Promise<T | Late> {
  // Every request comes through here twice: a race would make several promises for each.
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      try {
        resolve(late())
      } catch (fault) {
        reject(fault)
      }
    }, ms)
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (fault: unknown) => {
        clearTimeout(timer)
        reject(fault)
      },
    )
  })
}
