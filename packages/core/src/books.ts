/**
 * The rows `decide` works on, and what it wants written. Loading is strict: a key that was not asked for throws,
 * a key that was asked for and is not there gives undefined. So deciding on the part that was loaded equals deciding on everything.
 */
import type { Catalog } from './catalog.ts'
import type { Instant, Interval, Limit, MeterId, Quantity, Status, WorkspaceId } from './words.ts'
import type { EntryKind, ReservationState, SourceType } from './wire.ts'

export interface WorkspaceRow {
  workspace: WorkspaceId
  /** The last ledger entry's number: 1, 2, 3 … without gaps. */
  seq: number
  /** Moves with every write to any row of the workspace: the fence, and the id of usage events. */
  version: number
  /** The last decided instant; never goes back. */
  at: Instant
  /** Not later than the next instant at which time alone changes something. */
  wakeAt: Instant
  periodStart: Instant
  periodEnd: Instant
  /** The oldest period that still has reserved quantities, else the current one. */
  openFrom: Instant
}

export interface PendingChange {
  plan: string
  contacts: number | null
  interval: Interval
  at: Instant
}

export interface SubscriptionRow {
  workspace: WorkspaceId
  name: string
  plan: string
  contacts: number | null
  interval: Interval
  /** The catalog version this workspace's periods are opened from. */
  catalog: string
  status: Exclude<Status, 'overdue'>
  anchor: Instant
  graceUntil: Instant | null
  pending: PendingChange | null
  createdAt: Instant
  /** Hash of the content it was created with. */
  request: string
  /** The payment provider's name of the live subscription; null: nobody pays, the plan is set by a key. */
  reference: string | null
  /** The number of the reading of the provider that was applied last: an older one changes nothing. */
  reading: number
}

export interface BalanceRow {
  workspace: WorkspaceId
  periodStart: Instant
  periodEnd: Instant
  meter: MeterId
  limit: Limit
  used: Quantity
  reserved: Quantity
  /** max(0, used + reserved − limit); 0 when unlimited. A gated operation never raises it. */
  overage: Quantity
}

export interface ReservationLine {
  meter: MeterId
  requested: Quantity
  reserved: Quantity
  used: Quantity
}

export interface ReservationRow {
  workspace: WorkspaceId
  id: string
  state: ReservationState
  late: boolean
  periodStart: Instant
  createdAt: Instant
  expiresAt: Instant
  closedAt: Instant | null
  /** Hash of the content it was made with. */
  request: string
  /** Hash of the operation that ended it: the same ending again gives the first answer. */
  ending: string | null
  lines: ReservationLine[]
  reference: string | null
  metadata: Record<string, unknown> | null
}

export interface GrantRow {
  workspace: WorkspaceId
  sourceType: 'plan' | 'purchase' | 'operator'
  sourceId: string
  meter: MeterId
  periodStart: Instant
  /** Null: unlimited, only from a plan. */
  quantity: Limit
  takenBack: Quantity
  /** What was spent of it in a period that a moved anchor closed; quantity − takenBack − spentBefore is its part of the limit. */
  spentBefore: Quantity
  grantedAt: Instant
  reason: string | null
}

/** The ledger's kinds; on the wire `commit_late` is a `commit` that moves nothing out of reserved (the hold had expired before). */
export type StoredKind = EntryKind | 'commit_late'

/** One entry, one number, one direction; append-only. */
export interface EntryRow {
  workspace: WorkspaceId
  seq: number
  meter: MeterId
  at: Instant
  periodStart: Instant
  kind: StoredKind
  /** Null: unlimited, only for a plan's grant or adjust. */
  quantity: Limit
  sourceType: SourceType
  sourceId: string
  actor: string
  limitAfter: Limit
  usedAfter: Quantity
  reservedAfter: Quantity
  /** Overage follows from the other three, but not its change when a limit becomes unlimited: so that is kept. */
  overageChange: number
}

export interface AnswerRow {
  workspace: WorkspaceId
  key: string
  request: string
  status: number
  body: string
  at: Instant
}

/** Everything loaded for one workspace under its lock. */
export interface WorkspaceBooks {
  /** Undefined: looked for and not there. */
  workspace: WorkspaceRow | undefined
  subscription: SubscriptionRow | undefined
  /** All of the periods ≥ openFrom, and those of the reservations and grants named. */
  balances: BalanceRow[]
  reservations: Map<string, ReservationRow | undefined>
  /** Held reservations by expiry, then id, from wakeAt on, at most `settleRound` + 1; undefined while wakeAt lies ahead. */
  due: ReservationRow[] | undefined
  /** By grantKey(); those of the sources named, and with `periodGrants` all of the current period. */
  grants: Map<string, GrantRow | undefined>
  periodGrants: GrantRow[] | undefined
  answers: Map<string, AnswerRow | undefined>
}

export interface Books {
  workspaces: Map<WorkspaceId, WorkspaceBooks>
  /** By version. */
  catalogs: Map<string, Catalog>
  /** The version new periods and workspaces start from. */
  catalog: string
}

export interface Changes {
  workspaces: { row: WorkspaceRow; versionBefore: number | null }[]
  subscriptions: { created: SubscriptionRow[]; changed: SubscriptionRow[] }
  balances: { created: BalanceRow[]; changed: BalanceRow[] }
  reservations: { created: ReservationRow[]; changed: ReservationRow[] }
  grants: { created: GrantRow[]; changed: GrantRow[] }
  entries: EntryRow[]
  answers: AnswerRow[]
}

/** How many overdue holds one round settles; while more are due the workspace's operations wait for the next round. */
export const settleRound = 200

export const grantKey = (sourceType: string, sourceId: string, meter: MeterId): string =>
  `${sourceType} ${sourceId} ${meter}`
