/** How many requests of one kind run at once, how many wait for a place, and for how long: the rest is told to come again. */
import { Refused } from './problem.ts'

export interface GateSize {
  atOnce: number
  waiting: number
  /** How long one waits for a place. */
  patienceMs: number
}

interface Waiting {
  since: number
  enter: () => void
  timer: NodeJS.Timeout
}

/** A line in which the next one has waited longer than this stands; a shorter wait is how many are served at once. */
const standingMs = 100

/** With a line standing for so long it is no burst any more: then only a short wait is worth it. */
const burstMs = 2_000
const shortWaitMs = 250

/**
 * So many begin in one turn of the event loop. What comes over the connections is read before the next ones begin: else a busy process
 * would serve whatever it has read, all the others would wait unread where nobody sees them, and what counts would wait among them.
 */
const beginAtOnce = 16

/**
 * Who is turned away at the door hears of it after a while: else one without patience asks again at once, and so many refusals take the
 * time of those who are served. They are let go a few at a time, however many came in one moment; whoever finds too many held back,
 * as somebody may send a thousand requests down one connection, hears at once.
 */
const heldBackMs = 1_000
const mostHeldBack = 5_000
const letGoAtOnce = 64
const letGoEveryMs = 10

/**
 * In the order of their coming. A burst waits and is served; where the line stands, each waits a quarter of a second:
 * the same number is served, and nobody stands in line for what will be too late.
 */
export class Gate {
  readonly figures = { shed: 0 }
  readonly #size: GateSize
  readonly #line = new Set<Waiting>()
  #running = 0
  #begunThisTurn = 0
  /** When it was last seen that the line does not stand. */
  #movedAt = performance.now()
  readonly #heldBack: { until: number; letGo: () => void }[] = []

  constructor(size: GateSize) {
    this.#size = size
  }

  get running(): number {
    return this.#running
  }

  get heldBack(): number {
    return this.#heldBack.length
  }

  get waiting(): number {
    return this.#line.size
  }

  /** Where there is no use in waiting, what is told, in a while; asked before anything is spent on the request. Null: come in. */
  refusal(): Promise<Refused> | null {
    const { atOnce, waiting } = this.#size
    const most = this.#isBurst(performance.now()) ? waiting : Math.min(atOnce, waiting)
    return this.#line.size < most ? null : this.turnAway()
  }

  /** What one who is turned away at the door is told, in a while. */
  async turnAway(): Promise<Refused> {
    const refused = this.#shed()
    if (this.#heldBack.length < mostHeldBack) {
      await new Promise<void>((letGo) => {
        if (this.#heldBack.push({ until: performance.now() + heldBackMs, letGo }) === 1) this.#letGoIn(heldBackMs)
      })
    }
    return refused
  }

  #letGoIn(ms: number): void {
    setTimeout(() => {
      const now = performance.now()
      const those = this.#heldBack.slice(0, letGoAtOnce).filter(({ until }) => until <= now)
      this.#heldBack.splice(0, those.length)
      for (const { letGo } of those) letGo()
      const [next] = this.#heldBack
      if (next) this.#letGoIn(Math.max(letGoEveryMs, next.until - now))
    }, ms).unref()
  }

  /** Does the work once there is a place. Throws the 503 where there is none in time: then nothing has happened. */
  async pass<T>(work: () => Promise<T>): Promise<T> {
    if (this.#line.size === 0 && this.#isOpen) this.#begin()
    else await this.#wait()
    try {
      return await work()
    } finally {
      this.#running -= 1
      this.#letIn()
    }
  }

  #shed(): Refused {
    this.figures.shed += 1
    return tooBusy()
  }

  get #isOpen(): boolean {
    return this.#running < this.#size.atOnce && this.#begunThisTurn < beginAtOnce
  }

  #begin(): void {
    this.#running += 1
    this.#begunThisTurn += 1
    if (this.#begunThisTurn > 1) return
    setImmediate(() => {
      this.#begunThisTurn = 0
      this.#letIn()
    })
  }

  async #wait(): Promise<void> {
    const { waiting, patienceMs } = this.#size
    if (this.#line.size >= waiting) throw this.#shed()
    const now = performance.now()
    if (this.#line.size === 0) this.#movedAt = now
    const patience = this.#isBurst(now) ? patienceMs : Math.min(patienceMs, shortWaitMs)
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#line.delete(one)
        reject(this.#shed())
      }, patience)
      const one: Waiting = { since: now, enter: resolve, timer }
      this.#line.add(one)
    })
  }

  #isBurst(now: number): boolean {
    return this.#line.size === 0 || now - this.#movedAt <= burstMs
  }

  /** Places go to whoever has waited longest. */
  #letIn(): void {
    const now = performance.now()
    for (const next of this.#line) {
      if (!this.#isOpen) return
      if (now - next.since < standingMs) this.#movedAt = now
      this.#line.delete(next)
      clearTimeout(next.timer)
      this.#begin()
      next.enter()
    }
  }
}

/** Not all at the same second again: those who were turned away together would come back together. */
const soonest = 1
const latest = 3

function tooBusy(): Refused {
  const seconds = soonest + Math.floor(Math.random() * (latest - soonest + 1))
  return new Refused(
    'unavailable',
    `The server has more to do than it can do at once and puts off what can wait. Nothing happened; ask again in ${seconds} s.`,
    { headers: { 'retry-after': String(seconds) } },
  )
}
