/** A client whose answers a test gives one by one, and whose stream it opens, speaks through and cuts. */
import type { EventsOptions, Page, ReservationWire, UsageWire } from '@headroom/sdk'
import type { HeadroomClient } from '../src/index.ts'

interface Asked<Answer> {
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

export class ScriptedSource implements HeadroomClient {
  readonly loads: Asked<UsageWire>[] = []
  readonly lists: Asked<Page<ReservationWire>>[] = []
  readonly streams: Stream[] = []

  usage = () => new Promise<UsageWire>((resolve, reject) => void this.loads.push({ resolve, reject }))

  reservations = () =>
    new Promise<Page<ReservationWire>>((resolve, reject) => void this.lists.push({ resolve, reject }))

  events = (_: string, options: EventsOptions = {}) => {
    const stream = new Stream(options)
    this.streams.push(stream)
    return stream.read()
  }
}

class Stream {
  readonly #options: EventsOptions
  #queue: UsageWire[] = []
  #refused: Error | null = null
  #wake = () => {}

  constructor(options: EventsOptions) {
    this.#options = options
    options.signal?.addEventListener('abort', () => this.#wake())
  }

  open(): void {
    this.#options.onConnection?.(true)
  }

  send(usage: UsageWire): void {
    this.#queue.push(usage)
    this.#wake()
  }

  /** The connection is lost; the client will open it again by itself. */
  drop(): void {
    this.#options.onConnection?.(false)
  }

  refuse(error: Error): void {
    this.#refused = error
    this.#wake()
  }

  get ended(): boolean {
    return this.#options.signal?.aborted ?? false
  }

  async *read(): AsyncGenerator<UsageWire, void, undefined> {
    while (!this.ended) {
      if (this.#refused) throw this.#refused
      const next = this.#queue.shift()
      if (next) yield next
      else await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }
}
