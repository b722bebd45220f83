/**
 * Plays the database for `decide`: hands out exactly the rows that books.ts promises for a batch, and takes the changes only as a
 * database would: a row written once, no insert over a row that is there, the fence on the workspace's version, the CHECKs.
 */
import {
  grantKey,
  settleRound,
  type AnswerRow,
  type BalanceRow,
  type Books,
  type Changes,
  type EntryRow,
  type GrantRow,
  type ReservationRow,
  type SubscriptionRow,
  type WorkspaceBooks,
  type WorkspaceRow,
} from '../src/books.ts'
import type { Catalog } from '../src/catalog.ts'
import { needs } from '../src/needs.ts'
import type { Operation } from '../src/operations.ts'
import { maxFigure, type Instant, type WorkspaceId } from '../src/words.ts'

/** A map that knows what was asked for: reading anything else is a fault. Only a plan's own grant is new with its period and looked up by nobody. */
class Loaded<Row> extends Map<string, Row | undefined> {
  override get(key: string): Row | undefined {
    if (!super.has(key) && !key.startsWith('plan ')) throw new Error(`read without having been loaded: ${key}`)
    return super.get(key)
  }
}

/** A table: rows by key. Rows go in and out as frozen values, so that nobody changes one behind our back. */
class Table<Row extends { workspace: WorkspaceId }> {
  readonly rows = new Map<string, Row>()
  readonly #name: string
  readonly #key: (row: Row) => string
  readonly #check: (row: Row) => void

  constructor(name: string, key: (row: Row) => string, check: (row: Row) => void = () => {}) {
    this.#name = name
    this.#key = key
    this.#check = check
  }

  write({ created, changed }: { created: Row[]; changed: Row[] }, written: Set<string>): void {
    this.insert(created, written)
    this.update(changed, written)
  }

  insert(rows: Row[], written: Set<string>): void {
    for (const row of rows) {
      if (this.rows.has(this.#key(row))) throw new Error(`${this.#name}: ${this.#key(row)} is already there`)
      this.#put(row, written)
    }
  }

  update(rows: Row[], written: Set<string>): void {
    for (const row of rows) {
      if (!this.rows.has(this.#key(row))) throw new Error(`${this.#name}: no ${this.#key(row)} to change`)
      this.#put(row, written)
    }
  }

  #put(row: Row, written: Set<string>): void {
    const name = `${this.#name} ${this.#key(row)}`
    if (written.has(name)) throw new Error(`${name} is written twice`)
    written.add(name)
    this.#check(row)
    this.rows.set(this.#key(row), frozen(row))
  }

  of(workspace: WorkspaceId): Row[] {
    const own: Row[] = []
    for (const row of this.rows.values()) if (row.workspace === workspace) own.push(row)
    return own
  }
}

function frozen<Row extends object>(row: Row): Row {
  if ('lines' in row && Array.isArray(row.lines)) Object.freeze(row.lines.map(Object.freeze))
  return Object.freeze(row)
}

const refuse = (holds: boolean, what: string, row: unknown): void => {
  if (!holds) throw new Error(`CHECK ${what}: ${JSON.stringify(row)}`)
}
const whole = (...figures: number[]) => figures.every((figure) => Number.isSafeInteger(figure) && figure >= 0)

function checkWorkspace(row: WorkspaceRow): void {
  refuse(row.openFrom <= row.periodStart && row.periodStart < row.periodEnd, 'workspaces: period', row)
  refuse(whole(row.seq, row.version), 'workspaces: seq and version', row)
}

function checkBalance(row: BalanceRow): void {
  refuse(whole(row.used, row.reserved, row.overage), 'balances: whole figures', row)
  refuse(row.used + row.reserved <= maxFigure, 'balances: exact figures', row)
  refuse(row.limit === null || whole(row.limit), 'balances: limit', row)
  refuse(row.limit === null || row.used + row.reserved <= row.limit + row.overage, 'balances: within limit', row)
  const overage = row.limit === null ? 0 : Math.max(0, row.used + row.reserved - row.limit)
  refuse(row.overage === overage, 'balances: overage', row)
}

function checkReservation(row: ReservationRow): void {
  refuse(row.lines.length > 0, 'reservations: lines', row)
  for (const line of row.lines) {
    refuse(
      whole(line.requested, line.reserved, line.used) && line.reserved <= line.requested,
      'reservations: line',
      row,
    )
  }
  refuse((row.state === 'held') === (row.closedAt === null), 'reservations: closed_at', row)
}

export class Store {
  readonly workspaces = new Table<WorkspaceRow>('workspaces', (row) => row.workspace, checkWorkspace)
  readonly subscriptions = new Table<SubscriptionRow>('subscriptions', (row) => row.workspace)
  readonly balances = new Table<BalanceRow>(
    'balances',
    (row) => `${row.workspace} ${row.periodStart} ${row.meter}`,
    checkBalance,
  )
  readonly reservations = new Table<ReservationRow>(
    'reservations',
    (row) => `${row.workspace} ${row.id}`,
    checkReservation,
  )
  readonly grants = new Table<GrantRow>(
    'grants',
    (row) => `${row.workspace} ${grantKey(row.sourceType, row.sourceId, row.meter)}`,
    (row) => refuse(whole(row.takenBack) && (row.quantity ?? Infinity) >= row.takenBack, 'grants: taken_back', row),
  )
  readonly answers = new Table<AnswerRow>('answers', (row) => `${row.workspace} ${row.key}`)
  readonly entries = new Table<EntryRow>('ledger_entries', (row) => `${row.workspace} ${row.seq}`)
  readonly catalogs: Catalog[]

  /** The newest catalog comes last. */
  constructor(...catalogs: Catalog[]) {
    this.catalogs = catalogs
  }

  /** The rows a batch may see; `everything` loads all there is, to compare (P4). */
  load(operations: readonly Operation[], now: Instant, everything = false): Books {
    const ids = new Set(operations.map((operation) => operation.workspace))
    if (everything) for (const id of this.workspaces.rows.keys()) ids.add(id)
    const workspaces = new Map<WorkspaceId, WorkspaceBooks>()
    for (const id of ids) {
      const own = operations.filter((operation) => operation.workspace === id)
      workspaces.set(id, this.#loadOne(id, own, now, everything))
    }
    const catalogs = new Map(this.catalogs.map((catalog) => [catalog.version, catalog]))
    return { workspaces, catalogs, catalog: this.catalogs.at(-1)!.version }
  }

  #loadOne(id: WorkspaceId, operations: Operation[], now: Instant, everything: boolean): WorkspaceBooks {
    const workspace = this.workspaces.rows.get(id)
    const wanted = operations.map(needs)

    const reservations = new Loaded<ReservationRow>()
    for (const { reservation } of wanted) {
      if (reservation !== undefined) reservations.set(reservation, this.reservations.rows.get(`${id} ${reservation}`))
    }

    const ownGrants = this.grants.of(id)
    const grants = new Loaded<GrantRow>()
    for (const operation of operations) {
      if (operation.op !== 'grant' && operation.op !== 'refund') continue
      const { type, id: source } = operation.source
      for (const { meter } of operation.lines) grants.set(grantKey(type, source, meter), undefined)
      for (const row of ownGrants) {
        if (row.sourceType === type && row.sourceId === source) grants.set(grantKey(type, source, row.meter), row)
      }
    }
    let periodGrants: GrantRow[] | undefined
    if (everything || wanted.some((want) => want.periodGrants)) {
      periodGrants = ownGrants.filter((row) => row.periodStart === workspace?.periodStart)
      for (const row of periodGrants) grants.set(grantKey(row.sourceType, row.sourceId, row.meter), row)
    }

    const answers = new Loaded<AnswerRow>()
    for (const { key } of operations) if (key !== null) answers.set(key, this.answers.rows.get(`${id} ${key}`))

    if (everything) {
      for (const row of this.reservations.of(id)) reservations.set(row.id, row)
      for (const row of ownGrants) grants.set(grantKey(row.sourceType, row.sourceId, row.meter), row)
      for (const row of this.answers.of(id)) answers.set(row.key, row)
    }

    const periods = new Set([...reservations.values(), ...grants.values()].map((row) => row?.periodStart))
    const balances = this.balances
      .of(id)
      .filter((row) => everything || periods.has(row.periodStart) || row.periodStart >= (workspace?.openFrom ?? 0))

    return {
      workspace,
      subscription: this.subscriptions.rows.get(id),
      balances,
      reservations,
      due: workspace && (everything || workspace.wakeAt <= now) ? this.#due(workspace) : undefined,
      grants,
      periodGrants,
      answers,
    }
  }

  #due(workspace: WorkspaceRow): ReservationRow[] {
    return this.reservations
      .of(workspace.workspace)
      .filter((row) => row.state === 'held' && row.expiresAt >= workspace.wakeAt)
      .sort((a, b) => a.expiresAt - b.expiresAt || (a.id < b.id ? -1 : 1))
      .slice(0, settleRound + 1)
  }

  apply(changes: Changes): void {
    const written = new Set<string>()
    for (const { row, versionBefore } of changes.workspaces) {
      const stored = this.workspaces.rows.get(row.workspace)
      if ((stored?.version ?? null) !== versionBefore)
        throw new Error(`the fence: ${row.workspace} was changed meanwhile`)
      if (stored && row.version <= stored.version) throw new Error(`${row.workspace}: the version must move`)
      if (stored && row.at < stored.at) throw new Error(`${row.workspace}: time went back`)
      if (stored) this.workspaces.update([row], written)
      else this.workspaces.insert([row], written)
    }
    this.subscriptions.write(changes.subscriptions, written)
    this.balances.write(changes.balances, written)
    this.reservations.write(changes.reservations, written)
    this.grants.write(changes.grants, written)
    this.entries.insert(changes.entries, written)
    this.answers.insert(changes.answers, written)
    for (const name of written) {
      const workspace = name.split(' ')[1]!
      // An answer alone moves nothing: what was refused changes no row (P6).
      if (!name.startsWith('answers ') && !written.has(`workspaces ${workspace}`))
        throw new Error(`${name} was written without the fence of its workspace`)
    }
  }

  /** All rows, or those of one workspace, for comparing two stores as a whole. */
  dump(of?: WorkspaceId) {
    const sorted = <Row extends { workspace: WorkspaceId }>(table: Table<Row>) =>
      [...table.rows]
        .filter(([, row]) => of === undefined || row.workspace === of)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, row]) => row)
    return {
      workspaces: sorted(this.workspaces),
      subscriptions: sorted(this.subscriptions),
      balances: sorted(this.balances),
      reservations: sorted(this.reservations),
      grants: sorted(this.grants),
      answers: sorted(this.answers),
      entries: sorted(this.entries),
    }
  }
}
