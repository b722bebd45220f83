/** What callers hand to the client. The answers are core's wire types; these are the questions. */
import type { EntryKind, Interval, Line, MeterId, Quantity, ReservationState, Role } from '@headroom/core'

/** What every call accepts beside its content. */
export interface CallOptions {
  /**
   * Your own key for this request (1-255 visible ASCII). Use it where the work has a name that outlives the process: the same key and
   * content has one effect, however often and from wherever it is sent. Without it the client makes one for each call.
   */
  idempotencyKey?: string
  /** Ends the call early; the promise then rejects with the signal's reason. */
  signal?: AbortSignal
  /** Instead of the client's own, for each attempt of this call. */
  timeoutMs?: number
  /** Instead of the client's own: 0 for what a person can ask again. */
  maxRetries?: number
}

export interface NewWorkspace {
  id?: string
  name: string
  plan?: string
  contacts?: number | null
  interval?: Interval
  anchor?: string
}

export interface PlanChange {
  plan: string
  contacts?: number | null
  interval?: Interval
  when?: 'now' | 'periodEnd'
}

export interface NewReservation {
  /** Your name for it: asking again with the same name and content gives the same reservation. */
  id?: string
  lines: Line[]
  /** Take what is left of each line instead of refusing. */
  partial?: boolean
  ttlSeconds?: number
  reference?: string | null
  metadata?: Record<string, unknown> | null
}

export interface CommitRequest {
  /** What was used since the last part. */
  lines: Line[]
  /** false keeps the reservation open for more parts. */
  final?: boolean
}

export interface UseRequest {
  lines: Line[]
  /** `enforce` refuses what does not fit; `record` counts what has already happened, also above the limit. */
  mode: 'enforce' | 'record'
  reference?: string | null
}

export interface NewGrant {
  meter: MeterId
  quantity: Quantity
  reason: string
}

export interface PageRequest {
  cursor?: string
  limit?: number
}

export interface ReservationFilter extends PageRequest {
  state?: ReservationState
}

export interface LedgerFilter {
  meter?: MeterId
  /** The start of the period, as in an entry's `period`. */
  period?: string
  kind?: EntryKind
}

export interface NewToken {
  role: Role
  viewerId: string
  ttlSeconds?: number
}

export interface NewKey {
  name: string
  scope: 'full' | 'read'
  workspace?: string | null
  expiresAt?: string | null
}

/** For whom a backend asks: it resolves the actions of a verdict and is the ledger's actor. It takes no right from the key. */
export interface ViewerOf {
  role: Role
  viewerId?: string
}
