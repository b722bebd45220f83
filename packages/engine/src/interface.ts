/** What the engine offers the server; one process has one Engine, several processes may share a database. */
import type {
  Answer,
  BalancesWire,
  Catalog,
  Draft,
  EntryWire,
  ExplainWire,
  HistoryWire,
  Instant,
  KeyWire,
  Line,
  Operation,
  Page,
  ReservationState,
  ReservationWire,
  Role,
  UsageWire,
  WorkspaceWire,
} from '@headroom/core'
import type { Customers } from './customers.ts'
import type { Inbox } from './inbox.ts'
import type { Purchases } from './purchases.ts'
import type { LedgerQuery } from './reader.ts'

/** An operation as the server hands it over: the engine adds the request hash. */
type WithoutHash<T> = T extends unknown ? Omit<T, 'request'> : never
export type Submission = WithoutHash<Operation>

export interface Principal {
  /** The key's or token's id, never the secret. */
  id: string
  kind: 'key' | 'token'
  /** A key's scope; a token only reads. */
  scope: 'full' | 'read'
  /** The one workspace it may see; null: all (keys only). */
  workspace: string | null
  /** A token's viewer; a key speaks as an Admin unless the request says otherwise. */
  role: Role
  viewerId: string | null
}

/** Thrown when nothing can be said: the outcome is unknown, or nothing happened because the books are out of reach. */
export interface UnavailableFault extends Error {
  code: 'unavailable'
  retryAfterSeconds: number
  outcome: 'nothing_happened' | 'unknown'
}

export interface EngineInterface {
  readonly catalog: Catalog
  readonly purchases: Purchases
  readonly customers: Customers
  readonly inbox: Inbox
  /** Applies one operation (a batch of one); the answer is given only after COMMIT. Throws UnavailableFault. */
  submit(operation: Submission): Promise<Answer>

  /** A read-only verdict (200), 422 for lines that are not well-formed, 404 for no such workspace. */
  check(workspace: string, lines: Line[], viewer: Role, requestId: string): Promise<Answer>
  workspace(workspace: string): Promise<WorkspaceWire | undefined>
  /** The workspace as core sees it, settled, for rules that only look (a quote); undefined where there is none. */
  look<T>(workspace: string, rule: (draft: Draft) => T): Promise<T | undefined>
  /** `price` and `addOns` filled as for an Admin; the server blanks them for others. */
  usage(workspace: string): Promise<{ usage: UsageWire; version: number } | undefined>
  reservation(workspace: string, id: string): Promise<ReservationWire | undefined>
  reservations(
    workspace: string,
    query: { state?: ReservationState; cursor?: string; limit: number },
  ): Promise<Page<ReservationWire> | 'bad_cursor' | undefined>
  ledger(workspace: string, query: LedgerQuery): Promise<Page<EntryWire> | 'bad_cursor' | undefined>
  /** Null `at`: now. 'out_of_range': before the workspace existed or in the future. */
  balances(workspace: string, at: Instant | null): Promise<BalancesWire | 'out_of_range' | undefined>
  explain(workspace: string, meter: string): Promise<ExplainWire | 'unknown_meter' | undefined>
  /** The last twelve periods of all meters, or of the one named; one that the workspace does not have: no rows. */
  history(workspace: string, meter?: string): Promise<HistoryWire | undefined>

  /** Calls back with the workspace's new version after every change, own or another process's, within about half a second. */
  watch(workspace: string, onVersion: (version: number) => void): () => void

  /** Undefined: no such key or token, expired, or revoked. Keys may be up to 2 s stale, tokens never. */
  authenticate(secret: string): Promise<Principal | undefined>
  createKey(input: {
    name: string
    scope: 'full' | 'read'
    workspace: string | null
    expiresAt: Instant | null
  }): Promise<{ id: string; key: string }>
  /** Makes sure the bootstrap key (environment or generated) is known; a repeat changes nothing. */
  ensureKey(secret: string, name: string): Promise<void>
  keys(): Promise<KeyWire[]>
  deleteKey(id: string): Promise<boolean>
  createToken(input: {
    workspace: string
    role: Role
    viewerId: string
    ttlSeconds: number
  }): Promise<{ token: string; expiresAt: string } | undefined>
  /** Ends a viewer's tokens with the next request. */
  endTokens(workspace: string, viewerId: string): Promise<void>

  now(): Promise<Instant>
  /** Test clock only. 'backwards': refused, the clock may not go back after its first setting. */
  setTestClock(change: { now: Instant } | { advance: string }): Promise<Instant | 'backwards' | 'bad_duration'>

  /** For /readyz: the database answers, clocks agree within 5 minutes. */
  ready(): Promise<{ ok: true } | { ok: false; why: string }>
  /** Figures for /metrics by name; one of a histogram has its bound behind the name, as in `wait_bucket{le="1"}`. */
  metrics(): Promise<Record<string, number>>
  /** Rebuilds every balance from the ledger; names the first difference. */
  audit(): Promise<{ workspaces: number; entries: number; differences: string[] }>
  /** Seals what the ledger has and no seal covers yet, as the background does every five minutes; answers how many seals it made. */
  seal(): Promise<number>
  /** Takes no new operations, finishes those queued, closes the connections. */
  stop(): Promise<void>
}

export interface EngineOptions {
  /** The application role: may not change or delete the ledger. */
  databaseUrl: string
  /** The owner that runs migrations; the application's own role where only one is given. */
  ownerUrl?: string
  catalog: Catalog
  testClock?: boolean
  lanes?: number
  sweeper?: boolean
  sealer?: boolean
  log?: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}
