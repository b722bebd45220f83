/** Rebuilds the books from their ledger now and then: what must never differ is looked at before somebody else finds it. */
import type { EngineInterface } from '@headroom/engine'
import type { Log } from './log.ts'

/** A start has other things to do. */
const firstAfterMs = 60_000

export class BooksWatch {
  readonly figures = { audit_differences: 0, audits_total: 0, audit_failures_total: 0 }
  readonly #engine: EngineInterface
  readonly #log: Log
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | null = null
  #lookedAt = performance.now()

  constructor(engine: EngineInterface, log: Log) {
    this.#engine = engine
    this.#log = log
  }

  /** How long ago the books were last found as they are; before the first time, since the start. */
  get ageSeconds(): number {
    return (performance.now() - this.#lookedAt) / 1000
  }

  start(everyMs: number): void {
    // Servers that were started together do not look together.
    const next = (inMs: number) => {
      const some = inMs * (0.9 + Math.random() * 0.2)
      this.#timer = setTimeout(() => void this.look().then(() => this.#timer && next(everyMs)), some).unref()
    }
    next(Math.min(firstAfterMs, everyMs))
  }

  /** One look; a repeat during it shares it. What differs is said in the log, and stays in the figures until a look finds it mended. */
  look(): Promise<void> {
    this.#running ??= this.#look().finally(() => (this.#running = null))
    return this.#running
  }

  /** A look under way ends when the engine stops. */
  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    try {
      const { differences } = await this.#engine.audit()
      this.figures.audits_total += 1
      this.figures.audit_differences = differences.length
      this.#lookedAt = performance.now()
      for (const difference of differences) this.#log.error({ alarm: 'books_differ' }, difference)
    } catch (fault) {
      this.figures.audit_failures_total += 1
      this.#log.warn({ err: fault }, 'the books could not be looked through')
    }
  }
}
