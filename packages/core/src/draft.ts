/**
 * One workspace at one instant, while a batch is decided: what was loaded, and the final state of every row that changed.
 * Nothing handed in is altered, so a batch that fails halfway leaves nothing behind. Each row comes out at most once.
 */
import { planOf, type Catalog, type Meter, type Plan } from './catalog.ts'
import {
  grantKey,
  type AnswerRow,
  type BalanceRow,
  type Books,
  type Changes,
  type EntryRow,
  type GrantRow,
  type ReservationRow,
  type StoredKind,
  type SubscriptionRow,
  type WorkspaceBooks,
  type WorkspaceRow,
} from './books.ts'
import { BalanceShelf } from './balance-shelf.ts'
import { moved } from './booking.ts'
import { Shelf } from './shelf.ts'
import { type Instant, type Limit, type MeterId, type Quantity, type Status, type WorkspaceId } from './words.ts'
import type { SourceType } from './wire.ts'

/** Who time's own entries are booked for: expiries, lapses, renewals. */
export const clockActor = 'headroom'

export interface Source {
  type: SourceType
  id: string
}

export class Draft {
  readonly t: Instant
  /** More is due than one round settles (or the due rows were not loaded): the workspace's operations wait for the next round. */
  again = false
  workspace: WorkspaceRow | undefined
  readonly reservations: Shelf<ReservationRow>
  readonly grants: Shelf<GrantRow>
  readonly answers: Shelf<AnswerRow>
  readonly entries: EntryRow[] = []
  readonly #id: WorkspaceId
  readonly #books: Books
  readonly #loaded: WorkspaceBooks
  readonly #versionBefore: number | null
  #subscription: SubscriptionRow | undefined
  #subscriptionWritten = false
  #workspaceWritten = false
  readonly #balances: BalanceShelf
  #grantsOfPeriod: Map<string, GrantRow> | undefined

  /** At `now`, or at the workspace's own last instant if the clock went back. */
  constructor(books: Books, id: WorkspaceId, now: Instant) {
    const loaded = books.workspaces.get(id)
    if (!loaded) throw new Error(`Not loaded: workspace ${id}`)
    this.#id = id
    this.#books = books
    this.#loaded = loaded
    this.workspace = loaded.workspace && { ...loaded.workspace }
    this.#subscription = loaded.subscription
    this.#versionBefore = loaded.workspace?.version ?? null
    this.t = Math.max(now, loaded.workspace?.at ?? now)
    this.#balances = new BalanceShelf(loaded.balances)
    const reservations = loaded.due?.length ? new Map(loaded.reservations) : loaded.reservations
    for (const row of loaded.due ?? []) reservations.set(row.id, row)
    this.reservations = new Shelf(reservations)
    const grants = loaded.periodGrants?.length ? new Map(loaded.grants) : loaded.grants
    for (const row of loaded.periodGrants ?? []) grants.set(grantKey(row.sourceType, row.sourceId, row.meter), row)
    // From the start, not when first asked for: a grant of this very batch belongs to them too.
    if (loaded.periodGrants) {
      const keyed = loaded.periodGrants.map((row) => [grantKey(row.sourceType, row.sourceId, row.meter), row] as const)
      this.#grantsOfPeriod = new Map(keyed)
    }
    this.grants = new Shelf(grants)
    this.answers = new Shelf(loaded.answers)
  }

  // What stands

  /** The subscription of a workspace that exists. */
  get subscription(): SubscriptionRow {
    if (!this.#subscription) throw new Error(`No subscription: ${this.#id}`)
    return this.#subscription
  }

  set subscription(row: SubscriptionRow) {
    this.#subscription = row
    this.#subscriptionWritten = true
  }

  get status(): Status {
    const { status, graceUntil } = this.subscription
    return status === 'past_due' && graceUntil !== null && graceUntil <= this.t ? 'overdue' : status
  }

  /** The catalog the running period was opened from. */
  get catalog(): Catalog {
    return this.#catalog(this.subscription.catalog)
  }

  /** The catalog that new periods and plan changes are made from. */
  get newestCatalog(): Catalog {
    return this.#catalog(this.#books.catalog)
  }

  get plan(): Plan {
    const plan = planOf(this.catalog, this.subscription.plan)
    if (!plan) throw new Error(`Plan ${this.subscription.plan} is not in catalog ${this.subscription.catalog}`)
    return plan
  }

  get meters(): Meter[] {
    return this.catalog.meters
  }

  #catalog(version: string): Catalog {
    const catalog = this.#books.catalogs.get(version)
    if (!catalog) throw new Error(`Not loaded: catalog ${version}`)
    return catalog
  }

  /** A balance of the running period, or of the one named. A meter the period was opened without has none: limit 0, nothing used. */
  balance(meter: MeterId, periodStart?: Instant): BalanceRow {
    const workspace = this.existing()
    const start = periodStart ?? workspace.periodStart
    const row = this.#balances.get(start, meter)
    if (row) return row
    if (start < workspace.openFrom) throw new Error(`Not loaded: period ${start} of ${this.#id}`)
    const periodEnd = this.periodEnd(start)
    return { workspace: this.#id, periodStart: start, periodEnd, meter, limit: 0, used: 0, reserved: 0, overage: 0 }
  }

  /** When a period that is loaded ended or ends: an anchor that moved may have ended it early. */
  periodEnd(periodStart: Instant): Instant {
    const workspace = this.existing()
    if (periodStart === workspace.periodStart) return workspace.periodEnd
    const [row] = this.#balances.ofPeriod(periodStart)
    if (row) return row.periodEnd
    throw new Error(`Not loaded: period ${periodStart} of ${this.#id}`)
  }

  /** All grants of the running period; only where the operation asked for them to be loaded, or the period is new. */
  get periodGrants(): GrantRow[] {
    if (!this.#grantsOfPeriod) throw new Error(`Not loaded: grants of ${this.#id}`)
    const { periodStart } = this.existing()
    return [...this.#grantsOfPeriod.values()].filter((row) => row.periodStart === periodStart)
  }

  balancesOf(periodStart: Instant): BalanceRow[] {
    return this.#balances.ofPeriod(periodStart)
  }

  /** A period that opens has no grants yet. */
  beginPeriodGrants(): void {
    this.#grantsOfPeriod = new Map()
  }

  existing(): WorkspaceRow {
    if (!this.workspace) throw new Error(`No such workspace: ${this.#id}`)
    return this.workspace
  }

  // What is booked

  /** The only place where a figure moves: one entry, one quantity, one direction. */
  book(
    kind: StoredKind,
    meter: MeterId,
    quantity: Limit,
    source: Source,
    actor: string,
    { at = this.t, periodStart }: { at?: Instant; periodStart?: Instant } = {},
  ): void {
    const workspace = this.existing()
    const before = this.balance(meter, periodStart)
    const row = moved(before, kind, quantity)
    this.putBalance(row)
    workspace.seq += 1
    this.entries.push({
      workspace: this.#id,
      seq: workspace.seq,
      meter,
      at,
      periodStart: row.periodStart,
      kind,
      quantity,
      sourceType: source.type,
      sourceId: source.id,
      actor,
      limitAfter: row.limit,
      usedAfter: row.used,
      reservedAfter: row.reserved,
      overageChange: row.overage - before.overage,
    })
  }

  putReservation(row: ReservationRow): void {
    this.reservations.put(row.id, row)
    this.#workspaceWritten = true
  }

  putGrant(row: GrantRow): void {
    const key = grantKey(row.sourceType, row.sourceId, row.meter)
    this.grants.put(key, row)
    this.#grantsOfPeriod?.set(key, row)
    this.#workspaceWritten = true
  }

  /** Something besides the balances changed: the workspace's version moves. */
  touch(): void {
    this.#workspaceWritten = true
  }

  /** Time alone changes something at this instant: whoever comes then settles first. */
  wake(at: Instant): void {
    const workspace = this.existing()
    workspace.wakeAt = Math.min(workspace.wakeAt, at)
  }

  putBalance(row: BalanceRow): void {
    this.#balances.put(row)
  }

  // What comes out

  collect(into: Changes): void {
    for (const { row, write } of this.#balances.written) into.balances[write!].push(row)
    this.reservations.changes(into.reservations.created, into.reservations.changed)
    this.grants.changes(into.grants.created, into.grants.changed)
    this.answers.changes(into.answers, into.answers)
    for (const entry of this.entries) into.entries.push(entry)
    if (this.#subscriptionWritten) {
      into.subscriptions[this.#loaded.subscription ? 'changed' : 'created'].push(this.subscription)
    }
    const written =
      this.#workspaceWritten ||
      this.#subscriptionWritten ||
      this.entries.length > 0 ||
      this.#balances.written.length > 0
    if (!this.workspace || !written) return
    const row = { ...this.workspace, at: this.t, version: this.workspace.version + 1, openFrom: this.#openFrom() }
    into.workspaces.push({ row, versionBefore: this.#versionBefore })
  }

  /** The oldest period in which something is still reserved; every period from there on is loaded with the workspace. */
  #openFrom(): Instant {
    const { openFrom, periodStart } = this.existing()
    return openFrom === periodStart ? periodStart : Math.min(periodStart, this.#balances.oldestReserved())
  }
}

/** A grant's part of the running period's limit. */
export const partOfLimit = (grant: GrantRow): Quantity => (grant.quantity ?? 0) - grant.takenBack - grant.spentBefore
