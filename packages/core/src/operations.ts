/** What may be asked of the books. Ids, hashes and instants are handed in: `decide` mints nothing. */
import type { PendingChange } from './books.ts'
import type { Instant, Interval, Line, MeterId, Quantity, Role, Status, WorkspaceId } from './words.ts'

interface Asked {
  workspace: WorkspaceId
  /** Hash of what the client asked, in canonical form: a repeat with other content is told apart by it. */
  request: string
  /** Idempotency key in its full scope (who and which route), or null. With a key the answer is stored with the effect. */
  key: string | null
  /** Goes into problem documents, so that a stored answer is repeated byte for byte. */
  requestId: string
  /** Recorded on every ledger entry. */
  actor: string
  /** For whom the caller asks: it resolves `actions` and takes no right away. */
  viewer: Role
}

export interface CreateWorkspace extends Asked {
  op: 'create-workspace'
  name: string
  plan: string
  contacts: number | null
  interval: Interval
  /** Null: the instant of creation. */
  anchor: Instant | null
}

export interface Reserve extends Asked {
  op: 'reserve'
  id: string
  /** The id was made for this request, not named by the client: under a key the repeat comes with another one. */
  minted?: boolean
  lines: Line[]
  /** Take what is left of each line, at least 1 of the first. */
  partial: boolean
  ttlSeconds: number
  reference: string | null
  metadata: Record<string, unknown> | null
}

export interface Commit extends Asked {
  op: 'commit'
  id: string
  /** What was used since the last part. */
  lines: Line[]
  final: boolean
}

export interface Release extends Asked {
  op: 'release'
  id: string
}

export interface Extend extends Asked {
  op: 'extend'
  id: string
  ttlSeconds: number
}

export interface Use extends Asked {
  op: 'use'
  /** Minted by the caller of `decide`; the ledger's source where no reference is given. */
  id: string
  lines: Line[]
  mode: 'enforce' | 'record'
  reference: string | null
}

export interface Grant extends Asked {
  op: 'grant'
  source: { type: 'purchase' | 'operator'; id: string }
  lines: Line[]
  reason: string | null
}

/** Takes back of a grant, in total, the quantities named: totals, not differences, so that a repeat changes nothing. */
export interface Refund extends Asked {
  op: 'refund'
  source: { type: 'purchase' | 'operator'; id: string }
  lines: { meter: MeterId; quantity: Quantity }[]
}

export interface SetPlan extends Asked {
  op: 'set-plan'
  plan: string
  contacts: number | null
  /** Null keeps the interval. */
  interval: Interval | null
  when: 'now' | 'periodEnd'
  /** A new anchor closes the running period at this instant. Null keeps the anchor, unless monthly ↔ yearly between paid plans moves it to now. */
  anchor: Instant | null
  /** Null keeps the status. */
  status: Exclude<Status, 'overdue'> | null
  /** From here on a past-due workspace is overdue: gated operations are refused. */
  graceUntil: Instant | null
}

/**
 * What the payment provider says of a workspace's subscription, whole: totals, not differences, so that a repeat changes nothing and
 * of several readings the newest wins, in whatever order they arrive (decisions §6).
 */
export interface SyncSubscription extends Asked {
  op: 'sync-subscription'
  /** Counts the readings of this workspace, in the order in which they were made. */
  reading: number
  /** Null: there is no live one. A plan that was set by a key is then left alone. */
  subscription: {
    reference: string
    plan: string
    contacts: number | null
    interval: Interval
    /** A trial's end while `trialing`, else the instant its periods count from. */
    anchor: Instant
    status: Exclude<Status, 'overdue'>
    graceUntil: Instant | null
    pending: PendingChange | null
  } | null
}

/** Books what time alone has made due; asked by the sweeper. */
export interface Settle extends Asked {
  op: 'settle'
}

export type Operation =
  CreateWorkspace | Reserve | Commit | Release | Extend | Use | Grant | Refund | SetPlan | SyncSubscription | Settle

/**
 * The answer to one operation: an HTTP status and a body in the shapes of wire.ts.
 * `text` is set where the body was stored under a key; it is what is sent, byte for byte.
 */
export interface Answer {
  status: number
  body: object
  text?: string
  replayed?: boolean
}
