/** A client whose answers a test gives one by one, and whose stream it opens, speaks through and cuts. */
import type {
  CallOptions,
  CatalogWire,
  CheckoutWire,
  EntryWire,
  EventsOptions,
  ExplainWire,
  HistoryWire,
  MeterId,
  NewCheckout,
  Page,
  PageRequest,
  PortalRequest,
  PurchaseWire,
  ReservationWire,
  UsageWire,
} from '@headroom/sdk'
import type { HeadroomClient } from '../src/index.ts'

interface Asked<Answer> {
  /** With what it was asked. */
  request?: unknown
  options?: CallOptions | undefined
  resolve: (answer: Answer) => void
  reject: (error: Error) => void
}

export class ScriptedSource implements HeadroomClient {
  readonly loads: Asked<UsageWire>[] = []
  readonly lists: Asked<Page<ReservationWire>>[] = []
  readonly catalogs: Asked<CatalogWire>[] = []
  readonly checkouts: Asked<CheckoutWire>[] = []
  readonly portals: Asked<{ url: string }>[] = []
  readonly pages: Asked<Page<PurchaseWire>>[] = []
  readonly reconciled: Asked<PurchaseWire>[] = []
  readonly explanations: Asked<ExplainWire>[] = []
  readonly entries: Asked<Page<EntryWire>>[] = []
  readonly histories: Asked<HistoryWire>[] = []
  readonly streams: Stream[] = []

  usage = (_: string, options?: CallOptions) => asked(this.loads, undefined, options)

  reservations = () => asked(this.lists)

  catalog = () => asked(this.catalogs)

  explain = (_: string, meter: MeterId, options?: CallOptions) => asked(this.explanations, meter, options)

  ledger = (_: string, request?: object, options?: CallOptions) => asked(this.entries, request, options)

  history = (_: string, request?: object, options?: CallOptions) => asked(this.histories, request, options)

  purchases = {
    checkout: (_: string, request: NewCheckout, options?: CallOptions) => asked(this.checkouts, request, options),
    portal: (_: string, request?: PortalRequest, options?: CallOptions) => asked(this.portals, request, options),
    list: (_: string, request?: PageRequest) => asked(this.pages, request),
    reconcile: (_: string, id: string, options?: CallOptions) => asked(this.reconciled, id, options),
  }

  events = (_: string, options: EventsOptions = {}) => {
    const stream = new Stream(options)
    this.streams.push(stream)
    return stream.read()
  }
}

/** As fetch does it: what is aborted rejects with the signal's reason. */
function asked<Answer>(all: Asked<Answer>[], request?: unknown, options?: CallOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    options?.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error))
    all.push({ request, options, resolve, reject })
  })
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
