import type { Books, BalanceRow, Changes, Instant, Operation, WorkspaceBooks } from '@headroom/core'

/** How many workspaces a lane keeps in mind, and how many held reservations in all of them. */
const workspacesMost = 10_000
const reservationsMost = 50_000
/** A workspace that others write too is asked about before it is decided on: for so long, twice as long each time, at most. */
const contestedMs = 1_000
const contestedMostMs = 60_000

/** What was taken for not there without having been looked for. */
export interface Absent {
  reservations: { workspace: string; name: string }[]
  answers: { workspace: string; name: string }[]
}

/**
 * What a lane remembers of the workspaces it has written: their rows as its last batch left them. Nothing is answered from memory: the
 * write compares the version it was decided on, and the instant, so what was remembered wrongly is a conflict and is read again.
 * Everything remembered of a workspace was true at the version remembered with it, and is for as long as that version stands: every
 * write to any of its rows moves it.
 */
export class WarmBooks {
  /** The ones used longest ago come first. */
  readonly #workspaces = new Map<string, WorkspaceBooks>()
  /** How many reservations of each are remembered, and of all. */
  readonly #counts = new Map<string, number>()
  #count = 0
  /** The versions that a batch which failed was decided on: when they are read anew it shows whether somebody else has moved them. */
  readonly #doubted = new Map<string, number>()
  readonly #contested = new Map<string, { until: number; span: number }>()

  /** The workspaces that must be locked and read before these operations can be decided at this instant; null: it is not known. */
  cold(operations: readonly Operation[], now: Instant | null): Set<string> {
    const cold = new Set<string>()
    let last: string | undefined
    let books: WorkspaceBooks | undefined
    for (const operation of operations) {
      const { workspace } = operation
      // Those of one workspace come one after another: what is true of all of them is asked once.
      if (workspace !== last) {
        last = workspace
        books = cold.has(workspace) ? undefined : this.#awake(workspace, now)
        if (!books) cold.add(workspace)
      }
      if (books && !knows(books, operation)) {
        cold.add(workspace)
        books = undefined
      }
    }
    return cold
  }

  /** What can be decided on without reading, unless the operation itself asks for more. */
  #awake(workspace: string, now: Instant | null): WorkspaceBooks | undefined {
    const books = this.#workspaces.get(workspace)
    const row = books?.workspace
    return now !== null && row && row.wakeAt > Math.max(now, row.at) && !this.#isContested(workspace)
      ? books
      : undefined
  }

  /** What was read under the lock; with the same version it adds to what is remembered, with another one it replaces it. */
  adopt(read: ReadonlyMap<string, WorkspaceBooks>): void {
    for (const [workspace, books] of read) {
      const known = this.#workspaces.get(workspace)
      this.#forget(workspace)
      const doubted = this.#doubted.get(workspace)
      this.#doubted.delete(workspace)
      if (doubted !== undefined && doubted !== books.workspace?.version) this.#contest(workspace)
      if (known?.workspace && known.workspace.version === books.workspace?.version) {
        for (const [id, row] of books.reservations) known.reservations.set(id, row)
        books.reservations = known.reservations
      }
      this.#remember(workspace, books)
    }
  }

  /**
   * The books for a batch. What it names and nobody has heard of is in them as not there; `cold` are the workspaces that were read just
   * now, of which that is known.
   */
  books(
    operations: readonly Operation[],
    cold: ReadonlySet<string>,
  ): { workspaces: Books['workspaces']; absent: Absent } {
    const workspaces = new Map<string, WorkspaceBooks>()
    const absent: Absent = { reservations: [], answers: [] }
    let last: string | undefined
    let books!: WorkspaceBooks
    let isCold = false
    for (const operation of operations) {
      const { workspace, key } = operation
      if (workspace !== last) {
        last = workspace
        books = this.#of(workspace)
        isCold = cold.has(workspace)
        workspaces.set(workspace, books)
      }
      if (isCold) continue
      if (key !== null && !books.answers.has(key)) {
        books.answers.set(key, undefined)
        absent.answers.push({ workspace, name: key })
      }
      if (operation.op === 'reserve' && books.reservations.get(operation.id) === undefined) {
        books.reservations.set(operation.id, undefined)
        absent.reservations.push({ workspace, name: operation.id })
      }
    }
    return { workspaces, absent }
  }

  /** Remembers what was decided, as if it were written: if it is not, it is forgotten. */
  keep(decidedOn: Books['workspaces'], changes: Changes): void {
    for (const { row } of changes.workspaces) this.#of(row.workspace).workspace = row
    for (const row of [...changes.subscriptions.created, ...changes.subscriptions.changed])
      this.#of(row.workspace).subscription = row
    for (const row of changes.balances.created) this.#of(row.workspace).balances.push(row)
    for (const row of changes.balances.changed) replace(this.#of(row.workspace).balances, row)
    for (const row of changes.reservations.created) this.#of(row.workspace).reservations.set(row.id, row)
    for (const row of changes.reservations.changed) this.#of(row.workspace).reservations.set(row.id, row)
    for (const [workspace, books] of decidedOn) {
      if (books.workspace) onlyWhatLasts(books, books.workspace.openFrom)
      else this.#forget(workspace)
    }
  }

  /** After a batch: what is over or was not there is not worth its memory, nor is what was used longest ago when there is too much. */
  tidy(decidedOn: Books['workspaces'], operations: readonly Operation[], changes: Changes): void {
    for (const { workspace, id, state } of changes.reservations.changed) {
      if (state !== 'held') decidedOn.get(workspace)!.reservations.delete(id)
    }
    for (const operation of operations) {
      if (!('id' in operation)) continue
      const { reservations } = decidedOn.get(operation.workspace)!
      if (reservations.get(operation.id)?.state !== 'held') reservations.delete(operation.id)
    }
    for (const [workspace, books] of decidedOn) {
      if (this.#workspaces.get(workspace) !== books) continue
      this.#forget(workspace)
      this.#remember(workspace, books)
    }
    for (const workspace of this.#workspaces.keys()) {
      if (this.#workspaces.size <= workspacesMost && this.#count <= reservationsMost) break
      this.#forget(workspace)
    }
  }

  /** How much is remembered. */
  get size(): { workspaces: number; reservations: number } {
    return { workspaces: this.#workspaces.size, reservations: this.#count }
  }

  #remember(workspace: string, books: WorkspaceBooks): void {
    this.#workspaces.set(workspace, books)
    this.#counts.set(workspace, books.reservations.size)
    this.#count += books.reservations.size
  }

  #of(workspace: string): WorkspaceBooks {
    return this.#workspaces.get(workspace)!
  }

  /** What was decided on these was not written. */
  forget(workspaces: Iterable<string>): void {
    for (const workspace of workspaces) this.#forget(workspace)
  }

  #forget(workspace: string): void {
    this.#count -= this.#counts.get(workspace) ?? 0
    this.#counts.delete(workspace)
    this.#workspaces.delete(workspace)
  }

  /** The comparison failed for one of these, decided on these versions: the next reading tells for which, if for any. */
  doubt(versions: Iterable<readonly [workspace: string, version: number]>): void {
    for (const [workspace, version] of versions) this.#doubted.set(workspace, version)
  }

  /** Somebody else has written to it: until that has calmed down, it is read under the lock. */
  #contest(workspace: string): void {
    const span = Math.min(contestedMostMs, (this.#contested.get(workspace)?.span ?? contestedMs / 2) * 2)
    this.#contested.delete(workspace)
    this.#contested.set(workspace, { until: performance.now() + span, span })
    for (const oldest of this.#contested.keys()) {
      if (this.#contested.size <= workspacesMost) break
      this.#contested.delete(oldest)
    }
  }

  #isContested(workspace: string): boolean {
    if (this.#contested.size === 0) return false
    const contested = this.#contested.get(workspace)
    if (!contested) return false
    if (contested.until > performance.now()) return true
    // Calm for as long again, and it is forgotten.
    if (contested.until + contested.span < performance.now()) this.#contested.delete(workspace)
    return false
  }
}

/** Whether all that the operation names is known. */
function knows(books: WorkspaceBooks, operation: Operation): boolean {
  switch (operation.op) {
    case 'use':
      return true
    case 'reserve':
    case 'commit':
    case 'release':
    case 'extend': {
      const row = books.reservations.get(operation.id)
      // A reservation nobody here has heard of is taken for new: the key of its row tells otherwise.
      return row === undefined ? operation.op === 'reserve' : row.periodStart >= books.workspace!.openFrom
    }
    default:
      return false
  }
}

function replace(balances: BalanceRow[], row: BalanceRow): void {
  const at = balances.findIndex(({ periodStart, meter }) => periodStart === row.periodStart && meter === row.meter)
  balances[at] = row
}

/** Grants, answers and overdue reservations are read each time; periods that nothing is held in are not needed again. */
function onlyWhatLasts(books: WorkspaceBooks, openFrom: Instant): void {
  books.due = undefined
  books.periodGrants = undefined
  if (books.grants.size > 0) books.grants = new Map()
  if (books.answers.size > 0) books.answers = new Map()
  if (books.balances.some(({ periodStart }) => periodStart < openFrom))
    books.balances = books.balances.filter(({ periodStart }) => periodStart >= openFrom)
}
