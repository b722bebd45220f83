/**
 * The client: one method per route, named by the verb. Every method asks again by itself where that can help (lost connections,
 * timeouts, 429, 502-504, a request still running) with the same bytes and key, so a repeat never acts twice. Failures are the classes
 * of errors.ts.
 */
import type {
  BalancesWire,
  BatchItemWire,
  CatalogWire,
  EntryWire,
  ExplainWire,
  GrantWire,
  HistoryWire,
  Line,
  MeterId,
  Page,
  ReservationWire,
  UsageWire,
  VerdictWire,
} from '@headroom/core'
import { batchWithKeys, type BatchResult } from './batch.ts'
import { Connection, type HeadroomOptions } from './connection.ts'
import { Keys } from './keys.ts'
import { path, query } from './path.ts'
import { Purchases } from './purchases.ts'
import type * as ask from './requests.ts'
import { TestClock } from './test-clock.ts'
import { usageEvents, type EventsOptions } from './usage-events.ts'
import { withReservation, type Work } from './with-reservation.ts'
import { Workspaces } from './workspaces.ts'

type CallOptions = ask.CallOptions

export class Headroom {
  readonly workspaces: Workspaces
  readonly keys: Keys
  /** Money in: checkout, portal, and what was bought. */
  readonly purchases: Purchases
  /** Only where the server runs with a test clock. */
  readonly testClock: TestClock
  readonly #options: HeadroomOptions
  readonly #connection: Connection

  constructor(options: HeadroomOptions) {
    this.#options = options
    this.#connection = new Connection(options)
    this.workspaces = new Workspaces(this.#connection)
    this.keys = new Keys(this.#connection)
    this.purchases = new Purchases(this.#connection)
    this.testClock = new TestClock(this.#connection)
  }

  /** The same client asking for a viewer: resolves the actions of verdicts and is the ledger's actor. With an apiKey only. */
  as(viewer: ask.ViewerOf): Headroom {
    return new Headroom({ ...this.#options, viewer })
  }

  /** Plan, price, period and meters of a workspace, now. */
  usage(workspace: string, options?: CallOptions): Promise<UsageWire> {
    return this.#get(path`/v1/workspaces/${workspace}/usage`, options)
  }

  /** Would these quantities fit now? Advice only, nothing is set aside: what must hold is a reservation. */
  check(workspace: string, lines: Line[], options?: CallOptions): Promise<VerdictWire> {
    return this.#post(path`/v1/workspaces/${workspace}/check`, { lines }, options)
  }

  /**
   * Sets quantities aside before work starts: all or nothing, or with `partial` what is left. Throws InsufficientCredits when refused;
   * the id then stays free. Asked again with the same id and content it answers the same reservation as it stands; with other content
   * it throws Mismatch.
   */
  reserve(workspace: string, request: ask.NewReservation, options?: CallOptions): Promise<ReservationWire> {
    // Under a caller's own key the body must be the same from every process, so nothing is made up here.
    const isNamed = request.id !== undefined || options?.idempotencyKey !== undefined
    const named = isNamed ? request : { ...request, id: `rsv_${crypto.randomUUID()}` }
    return this.#post(path`/v1/workspaces/${workspace}/reservations`, named, options)
  }

  reservation(workspace: string, id: string, options?: CallOptions): Promise<ReservationWire> {
    return this.#get(path`/v1/workspaces/${workspace}/reservations/${id}`, options)
  }

  /** One page, in the order of their ids; `nextCursor` is null on the last. */
  reservations(
    workspace: string,
    { state, cursor, limit }: ask.ReservationFilter = {},
    options?: CallOptions,
  ): Promise<Page<ReservationWire>> {
    return this.#get(path`/v1/workspaces/${workspace}/reservations` + query({ state, cursor, limit }), options)
  }

  /**
   * Counts what was used since the last part; a final commit (the default) returns the rest and ends the reservation, and asked again
   * with the same lines it answers the same. A part has no name of its own: pass an idempotencyKey to repeat it from another process.
   * Throws ReservationClosed when it ended otherwise, ExceedsReservation when it holds less.
   */
  commit(workspace: string, id: string, request: ask.CommitRequest, options?: CallOptions): Promise<ReservationWire> {
    const at = path`/v1/workspaces/${workspace}/reservations/${id}/commit`
    return request.final === false ? this.#postOnce(at, request, options) : this.#post(at, request, options)
  }

  /** Ends the reservation and returns what its parts did not use. Asked again: the same answer. */
  release(workspace: string, id: string, options?: CallOptions): Promise<ReservationWire> {
    return this.#post(path`/v1/workspaces/${workspace}/reservations/${id}/release`, undefined, options)
  }

  /** Keeps the reservation for at least `ttlSeconds` from now; never shortens it. Throws ReservationClosed when it has ended. */
  extend(workspace: string, id: string, ttlSeconds: number, options?: CallOptions): Promise<ReservationWire> {
    return this.#post(path`/v1/workspaces/${workspace}/reservations/${id}/extend`, { ttlSeconds }, options)
  }

  /** Counts without a reservation; answers the balances of the meters named. `enforce` throws InsufficientCredits, `record` never. */
  use(workspace: string, request: ask.UseRequest, options?: CallOptions): Promise<BalancesWire> {
    return this.#postOnce(path`/v1/workspaces/${workspace}/use`, request, options)
  }

  /**
   * Up to 1,000 operations in one request. Each has its own result in the order asked, and one that fails does not fail the rest, so
   * nothing is thrown for an item: look at its status. Items without a name of their own are given one.
   */
  async batch(operations: BatchItemWire[], options?: Omit<CallOptions, 'idempotencyKey'>): Promise<BatchResult[]> {
    const body = { operations: batchWithKeys(operations) }
    return (await this.#post<{ results: BatchResult[] }>('/v1/batch', body, options)).results
  }

  /** Adds to a meter's limit in the current period; lapses with it. */
  grant(workspace: string, request: ask.NewGrant, options?: CallOptions): Promise<GrantWire> {
    return this.#postOnce(path`/v1/workspaces/${workspace}/grants`, request, options)
  }

  /** The balances now, or as they were at a past instant. */
  balances(workspace: string, { at }: { at?: string } = {}, options?: CallOptions): Promise<BalancesWire> {
    return this.#get(path`/v1/workspaces/${workspace}/balances` + query({ at }), options)
  }

  /** One page of the ledger, newest first. */
  ledger(
    workspace: string,
    { meter, period, kind, cursor, limit }: ask.LedgerFilter & ask.PageRequest = {},
    options?: CallOptions,
  ): Promise<Page<EntryWire>> {
    return this.#get(path`/v1/workspaces/${workspace}/ledger` + query({ meter, period, kind, cursor, limit }), options)
  }

  /** Every entry, newest first, asked for page by page as the loop goes on. */
  async *ledgerEntries(
    workspace: string,
    filter: ask.LedgerFilter = {},
    options?: CallOptions,
  ): AsyncGenerator<EntryWire, void, undefined> {
    let cursor: string | null = null
    do {
      const from: ask.PageRequest = cursor === null ? { limit: 100 } : { limit: 100, cursor }
      const page: Page<EntryWire> = await this.ledger(workspace, { ...filter, ...from }, options)
      yield* page.data
      cursor = page.nextCursor
    } while (cursor !== null)
  }

  /** Why the balance of a meter is what it is, in sentences with the ledger entries behind each. */
  explain(workspace: string, meter: MeterId, options?: CallOptions): Promise<ExplainWire> {
    return this.#get(path`/v1/workspaces/${workspace}/explain/${meter}`, options)
  }

  /** What was used in each of the last twelve periods, newest first, meter by meter; day by day in the running one. */
  history(workspace: string, { meter }: { meter?: MeterId } = {}, options?: CallOptions): Promise<HistoryWire> {
    return this.#get(path`/v1/workspaces/${workspace}/history` + query({ meter }), options)
  }

  /** The usage now and after every change, until the signal aborts; see usageEvents for what it survives. */
  events(workspace: string, options: EventsOptions = {}): AsyncGenerator<UsageWire, void, undefined> {
    return usageEvents(this.#connection, path`/v1/workspaces/${workspace}/events`, options)
  }

  catalog(options?: CallOptions): Promise<CatalogWire> {
    return this.#get('/v1/catalog', options)
  }

  /** A browser token for one viewer. A lost answer leaves a token nobody holds; it ends with its ttl. */
  createToken(
    workspace: string,
    request: ask.NewToken,
    options?: CallOptions,
  ): Promise<{ token: string; expiresAt: string }> {
    // No key of our own: the server would have to keep the token readable to answer it again.
    return this.#post(path`/v1/workspaces/${workspace}/tokens`, request, options)
  }

  /** Ends all tokens and streams of a viewer: at sign-out, removal and change of role. */
  async endTokens(workspace: string, viewerId: string, options?: CallOptions): Promise<void> {
    const at = path`/v1/workspaces/${workspace}/tokens` + query({ viewerId })
    await this.#connection.ask({ ...options, method: 'DELETE', path: at })
  }

  /** Reserves, keeps the reservation alive while `work` runs, and settles it with what was used: see with-reservation.ts. */
  withReservation(workspace: string, request: ask.NewReservation, work: Work): Promise<ReservationWire> {
    return withReservation(this, workspace, request, work)
  }

  #get<Answer>(at: string, options?: CallOptions): Promise<Answer> {
    return this.#connection.ask({ ...options, method: 'GET', path: at })
  }

  /** For what is safe to repeat by itself, or by the id it names. */
  #post<Answer>(at: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.#connection.ask({ ...options, method: 'POST', path: at, body })
  }

  /** For what would act twice: the same key goes with every attempt. */
  #postOnce<Answer>(at: string, body: unknown, options?: CallOptions): Promise<Answer> {
    return this.#post(at, body, { idempotencyKey: crypto.randomUUID(), ...options })
  }
}
