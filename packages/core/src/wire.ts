/**
 * The shapes of the HTTP interface, as TypeScript sees them. The server's schemas and the SDK's answers are held to these types.
 * Instants on the wire are RFC 3339 UTC text, money is integer cents, a null limit is unlimited.
 */
import type { Interval, Limit, Line, MeterId, Quantity, Role, Status } from './words.ts'
import type { Code, Reason } from './errors.ts'

export interface PeriodWire {
  start: string
  end: string
}

export interface WorkspaceWire {
  id: string
  name: string
  plan: string
  contacts: number | null
  interval: Interval
  status: Status
  anchor: string
  createdAt: string
}

export interface MeterUsageWire {
  meter: MeterId
  label: string
  /** What one of it is called ("lead", "send", "AI credit"), and many as in "600 leads left". */
  unit: string
  units: string
  /** What the bar counts: "1,200 of 5,000 leads", "1 of 3 AI campaigns". */
  counted: { one: string; many: string }
  used: Quantity
  reserved: Quantity
  limit: Limit
  /** limit − used − reserved, never below 0; null when unlimited. */
  available: Limit
  overage: Quantity
  /** The add-on that tops this meter up on this plan, or null where none is offered (unlimited, or the plan may not buy). */
  addOn: string | null
}

export interface AddOnWire {
  id: string
  blockSize: number
  blockCents: number
  currency: string
  brings: Line[]
}

export interface PriceWire {
  monthlyCents: number
  currency: string
  source: 'stripe' | 'predicted'
  billed: 'monthly' | 'yearly'
}

export interface PendingChangeWire {
  plan: string
  contacts: number | null
  interval: Interval
  at: string
}

export interface UsageWire {
  workspace: string
  plan: {
    id: string
    name: string
    description: string
    interval: Interval
    contacts: number | null
    status: Status
    pendingChange: PendingChangeWire | null
    /** Somebody pays for it: it is changed with the payment provider, not by a key. */
    subscribed: boolean
    /** While a payment is due: from here on nothing new starts. */
    graceUntil: string | null
  }
  /** Null for callers that may not see money (any browser token but an Admin's), and in `usage` events. */
  price: PriceWire | null
  period: PeriodWire
  asOf: string
  meters: MeterUsageWire[]
  /** What the purchase dialogs show; null for callers that may not buy. */
  addOns: AddOnWire[] | null
}

export type ActionWire =
  | { kind: 'upgrade_plan'; label: string; meter: MeterId; href: string }
  | {
      kind: 'buy_credits'
      label: string
      meter: MeterId
      addOn: string
      blocks: number
      totalCents: number
      currency: string
      href: string
    }
  | { kind: 'manage_plan'; label: string; meter: MeterId; href: string }
  | { kind: 'ask_admin'; label: string; meter: MeterId }
  | { kind: 'lower_quantity'; label: string; meter: MeterId; quantity: Quantity }
  | { kind: 'wait_until'; label: string; meter: MeterId; at: string }

export interface VerdictLineWire {
  meter: MeterId
  requested: Quantity
  available: Limit
  limit: Limit
  /** The most this line may ask for now; null when unlimited. */
  maxAllowed: Limit
}

export interface VerdictWire {
  allowed: boolean
  reason: Reason
  resetsAt: string
  lines: VerdictLineWire[]
  /** Already resolved for the plan and the viewer; the first one is the inline one. Empty when allowed. */
  actions: ActionWire[]
}

export type ReservationState = 'held' | 'committed' | 'released' | 'expired'

export interface ReservationLineWire {
  meter: MeterId
  requested: Quantity
  /** What was set aside in the beginning. */
  reserved: Quantity
  used: Quantity
  /** What went back to the balance; reserved = used + returned once it is closed (an overrun only adds to used). */
  returned: Quantity
}

export interface ReservationWire {
  id: string
  workspace: string
  state: ReservationState
  period: PeriodWire
  createdAt: string
  expiresAt: string
  closedAt: string | null
  reference: string | null
  metadata: Record<string, unknown> | null
  late: boolean
  lines: ReservationLineWire[]
}

export interface BalanceWire {
  meter: MeterId
  period: PeriodWire
  limit: Limit
  used: Quantity
  reserved: Quantity
  available: Limit
  overage: Quantity
}

export interface BalancesWire {
  workspace: string
  asOf: string
  balances: BalanceWire[]
}

export type EntryKind = 'grant' | 'reserve' | 'commit' | 'release' | 'expire' | 'use' | 'lapse' | 'adjust' | 'refund'
export type SourceType = 'plan' | 'purchase' | 'reservation' | 'use' | 'operator'

export interface EntryWire {
  id: string
  seq: number
  at: string
  meter: MeterId
  period: string
  kind: EntryKind
  quantity: Limit
  change: { limit: Limit; used: number; reserved: number; overage: number }
  after: { limit: Limit; used: Quantity; reserved: Quantity; overage: Quantity }
  source: { type: SourceType; id: string }
  actor: string
}

export interface Page<Item> {
  data: Item[]
  nextCursor: string | null
}

export interface GrantWire {
  id: string
  workspace: string
  meter: MeterId
  quantity: Quantity
  reason: string
  period: PeriodWire
  createdAt: string
}

export interface ExplainWire {
  meter: MeterId
  balance: BalanceWire
  /**
   * The quantities of the sentences about `limit`, `used` and `reserved` add up to the balance's; the last sentence says what is
   * `available`. Behind each stand at the most 50 ledger entries.
   */
  sentences: {
    text: string
    figure: 'limit' | 'used' | 'reserved' | 'available'
    quantity: Limit
    entries: string[]
  }[]
}

export interface HistoryWire {
  /** Meter by meter in the catalog's order, each with its newest period first; twelve at the most. */
  data: {
    meter: MeterId
    period: PeriodWire
    limit: Limit
    used: Quantity
    /** By UTC date from the period's first to today's, zeros included; empty for every period but the running one. */
    days: { date: string; used: Quantity }[]
  }[]
}

export interface CatalogWire {
  version: string
  currency: string
  meters: { id: MeterId; label: string; unit: string; units: string; counted: { one: string; many: string } }[]
  plans: {
    id: string
    name: string
    description: string
    family: string
    /** With what each volume allows for a period. */
    prices: {
      contacts: number | null
      monthCents: number
      yearCents: number
      allowances: Record<MeterId, Limit>
    }[]
    /** Of the smallest volume. */
    allowances: Record<MeterId, Limit>
  }[]
  addOns: { id: string; meter: MeterId; blockSize: number; brings: Line[] }[]
}

export interface KeyWire {
  id: string
  name: string
  scope: 'full' | 'read'
  workspace: string | null
  createdAt: string
  expiresAt: string | null
  lastUsedAt: string | null
}

/** A problem document (RFC 9457). A 402 carries the verdict's fields beside it, a 409 on a closed reservation its `state`. */
export interface ProblemWire extends Partial<VerdictWire> {
  type: string
  title: string
  status: number
  detail: string
  code: Code
  requestId: string
  errors?: { path: string; message: string }[]
  state?: ReservationState
}

/** One item of POST /v1/batch: `op` and `workspace`, then the fields of the single request. */
export interface BatchItemWire {
  op: 'reserve' | 'commit' | 'release' | 'extend' | 'use' | 'check'
  workspace: string
  id?: string
  idempotencyKey?: string
  lines?: Line[]
  partial?: boolean
  ttlSeconds?: number
  reference?: string | null
  metadata?: Record<string, unknown> | null
  final?: boolean
  mode?: 'enforce' | 'record'
}

export interface Viewer {
  role: Role
  viewerId: string | null
}
