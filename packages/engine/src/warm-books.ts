import type { Books, BalanceRow, Changes, Instant, Operation, WorkspaceBooks } from '@headroom/core'

/** How many workspaces and reservations a lane keeps in mind, and how many reservations of one workspace. */
const workspacesMost = 20_000
const reservationsMost = 10_000
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
  readonly #workspaces = new Map<string, WorkspaceBooks>()
  readonly #contested = new Map<string, { until: number; span: number }>()

  /** The workspaces that must be locked and read before these operations can be decided at this instant; null: it is not known. */
  cold(operations: readonly Operation[], now: Instant | null): Set<string> {
    const cold = new Set<string>()
    for (const operation of operations) {
      const { workspace } = operation
      if (!cold.has(workspace) && (now === null || !this.#knows(operation, now))) cold.add(workspace)
    }
    return cold
  }

  #knows(operation: Operation, now: Instant): boolean {
    const books = this.#workspaces.get(operation.workspace)
    if (!books?.workspace || books.workspace.wakeAt <= now || this.#isContested(operation.workspace)) return false
    switch (operation.op) {
      case 'use':
        return true
      case 'reserve':
      case 'commit':
      case 'release':
      case 'extend': {
        const row = books.reservations.get(operation.id)
        // A reservation nobody here has heard of is taken for new: the key of its row tells otherwise.
        if (row === undefined) return operation.op === 'reserve'
        return row.periodStart >= books.workspace.openFrom
      }
      default:
        return false
    }
  }

  /** What was read under the lock; with the same version it adds to what is remembered, with another one it replaces it. */
  adopt(read: ReadonlyMap<string, WorkspaceBooks>): void {
    for (const [workspace, books] of read) {
      const known = this.#workspaces.get(workspace)
      if (known?.workspace && known.workspace.version === books.workspace?.version) {
        for (const [id, row] of books.reservations) known.reservations.set(id, row)
        books.reservations = known.reservations
      }
      this.#workspaces.delete(workspace)
      this.#workspaces.set(workspace, books)
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
    for (const operation of operations) {
      const { workspace, key } = operation
      const books = workspaces.get(workspace) ?? this.#of(workspace)
      workspaces.set(workspace, books)
      if (cold.has(workspace)) continue
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
      else this.#workspaces.delete(workspace)
    }
    dropOldest(this.#workspaces, workspacesMost)
  }

  #of(workspace: string): WorkspaceBooks {
    return this.#workspaces.get(workspace)!
  }

  /** What was decided on these was not written. */
  forget(workspaces: Iterable<string>): void {
    for (const workspace of workspaces) this.#workspaces.delete(workspace)
  }

  /** Somebody else has written to one of these: until that has calmed down, they are read under the lock. */
  contest(workspaces: Iterable<string>): void {
    const now = performance.now()
    for (const workspace of workspaces) {
      const span = Math.min(contestedMostMs, (this.#contested.get(workspace)?.span ?? contestedMs / 2) * 2)
      this.#contested.delete(workspace)
      this.#contested.set(workspace, { until: now + span, span })
    }
    dropOldest(this.#contested, workspacesMost)
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

function replace(balances: BalanceRow[], row: BalanceRow): void {
  const at = balances.findIndex(({ periodStart, meter }) => periodStart === row.periodStart && meter === row.meter)
  balances[at] = row
}

/** Grants, answers and overdue reservations are read each time; what is over, and what is not there, is not worth its memory. */
function onlyWhatLasts(books: WorkspaceBooks, openFrom: Instant): void {
  books.due = undefined
  books.periodGrants = undefined
  if (books.grants.size > 0) books.grants = new Map()
  if (books.answers.size > 0) books.answers = new Map()
  if (books.balances.some(({ periodStart }) => periodStart < openFrom))
    books.balances = books.balances.filter(({ periodStart }) => periodStart >= openFrom)
  if (books.reservations.size > reservationsMost) dropOldest(books.reservations, reservationsMost / 2)
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return
    map.delete(key)
  }
}
