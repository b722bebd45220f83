/** What must hold after every step: the model's answers and figures, and the invariants of the books (reliability I1-I10). */
import type { EntryRow, ReservationRow, WorkspaceRow } from '../src/books.ts'
import type { Answer } from '../src/operations.ts'
import type { Limit } from '../src/words.ts'
import type { Model } from './model.ts'
import { boundariesAround, type Said } from './model/world.ts'
import type { Store } from './store.ts'

const iso = (instant: number) => new Date(instant).toISOString()

export function same(what: string, given: unknown, expected: unknown): void {
  if (JSON.stringify(given) === JSON.stringify(expected)) return
  throw new Error(`${what}:\n  decide ${JSON.stringify(given)}\n  model  ${JSON.stringify(expected)}`)
}

type Body = Record<string, unknown> & {
  lines?: Record<string, unknown>[]
  period?: { start: string }
  balances?: Record<string, unknown>[]
}

export function compareAnswer(answer: Answer, said: Said): void {
  const body = (answer.text === undefined ? answer.body : JSON.parse(answer.text)) as Body
  if (answer.status !== said.status || body['code'] !== said.code) {
    same('status', [answer.status, body['code']], [said.status, said.code])
  }
  if ((answer.replayed === true) !== (said.replayed === true)) throw new Error('replayed or not')
  if (said.reason !== undefined) {
    same('reason', body['reason'], said.reason)
    const barred = said.reason === 'payment_overdue' || said.reason === 'workspace_suspended'
    if (!barred) {
      const left = body.lines?.map(({ meter, available, limit, maxAllowed }) => ({
        meter,
        available,
        limit,
        maxAllowed,
      }))
      same(
        'left',
        left,
        said.left?.map((line) => ({ ...line, maxAllowed: line.available })),
      )
    }
  }
  if (said.state !== undefined) same('state', body['state'], said.state)
  if (said.balances !== undefined) {
    const shown = body.balances?.map(({ meter, limit, used, reserved }) => ({ meter, limit, used, reserved }))
    const order = (a: { meter?: unknown }, b: { meter?: unknown }) => (String(a.meter) < String(b.meter) ? -1 : 1)
    same('balances', shown?.sort(order), said.balances.toSorted(order))
  }
  if (said.reservation !== undefined) {
    const { id, state, late, expiresAt, start } = said.reservation
    const given = [body['id'], body['state'], body['late'], body['expiresAt'], body.period?.start]
    same('reservation', given, [id, state, late, iso(expiresAt), iso(start)])
    const lines = body.lines?.map(({ meter, requested, reserved, used, returned }) => [
      meter,
      requested,
      reserved,
      used,
      returned,
    ])
    same(
      'lines',
      lines,
      said.reservation.lines.map((line) => [line.meter, line.requested, line.reserved, line.used, line.returned]),
    )
  }
}

interface Sums {
  limit: Limit
  used: number
  reserved: number
}

const nothing: Sums = { limit: 0, used: 0, reserved: 0 }

/** Texts are made only for what differs: this is asked millions of times. */
function sameFigures(what: () => string, given: Sums | undefined, expected: Sums): void {
  const { limit, used, reserved } = expected
  if (given && given.limit === limit && given.used === used && given.reserved === reserved) return
  same(what(), given && { limit: given.limit, used: given.used, reserved: given.reserved }, { limit, used, reserved })
}

/** Watches one workspace's rows from step to step. */
export class Watch {
  readonly #store: Store
  readonly #model: Model
  readonly #workspace: string
  readonly #sums = new Map<string, Sums>()
  readonly #lapsed = new Map<string, number>()
  readonly #states = new Map<string, ReservationRow['state']>()
  /** A round has left something due for the next one. */
  unfinished = false
  #entriesSeen = 0
  #lastAt = -Infinity

  constructor(store: Store, model: Model, workspace: string) {
    this.#store = store
    this.#model = model
    this.#workspace = workspace
  }

  check(): void {
    const row = this.#store.workspaces.rows.get(this.#workspace)
    if (!row && !this.#model.found) return
    if (!row || !this.#model.found) throw new Error('the workspace is there for one and not for the other')
    this.#checkLedger(row.seq)
    this.#checkFigures()
    this.#checkReservations(row)
    this.#checkGrants()
    const { current } = this.#model
    if (row.periodStart !== current.start || row.periodEnd !== current.end) {
      same('period', [iso(row.periodStart), iso(row.periodEnd)], [iso(current.start), iso(current.end)])
    }
    this.#checkSubscription()
    // Every period ends at a boundary of its anchor, whatever moved it: so the next one begins where this one ends.
    if (boundariesAround(this.#model.anchor, row.periodEnd).start !== row.periodEnd)
      throw new Error(`a period ends off its anchor: ${iso(row.periodEnd)}, ${iso(this.#model.anchor)}`)
    if (row.wakeAt <= row.at) throw new Error('something that is due was left')
    if (row.wakeAt > row.periodEnd) throw new Error('wakeAt lies behind the period end')
  }

  #checkSubscription(): void {
    const row = this.#store.subscriptions.rows.get(this.#workspace)!
    const { plan, contacts, interval, status, anchor, graceUntil, reference, reading, pending } = this.#model
    const same =
      row.plan === plan &&
      row.contacts === contacts &&
      row.interval === interval &&
      row.status === status &&
      row.anchor === anchor &&
      row.graceUntil === graceUntil &&
      row.reference === reference &&
      row.reading === reading &&
      row.pending?.plan === pending?.plan &&
      row.pending?.contacts === pending?.contacts &&
      row.pending?.interval === pending?.interval &&
      row.pending?.at === pending?.at
    if (same) return
    const expected = { plan, contacts, interval, status, anchor: iso(anchor), graceUntil, reference, reading, pending }
    throw new Error(`subscription:\n  decide ${JSON.stringify(row)}\n  model  ${JSON.stringify(expected)}`)
  }

  /** I3, I4, I10: every entry moves one number one way, carries the figures after it, and follows the last one. */
  #checkLedger(seq: number): void {
    const { rows } = this.#store.entries
    if (rows.size !== seq) throw new Error(`the ledger has ${rows.size} entries, the workspace counts ${seq}`)
    for (let at = this.#entriesSeen + 1; at <= seq; at++) {
      const entry = rows.get(`${this.#workspace} ${at}`)
      if (!entry) throw new Error(`no entry ${at}`)
      if (entry.at < this.#lastAt) throw new Error(`entry ${at} lies before the one before it`)
      this.#lastAt = entry.at
      this.#add(entry)
    }
    this.#entriesSeen = seq
  }

  #add(entry: EntryRow): void {
    const key = `${entry.periodStart} ${entry.meter}`
    let sums = this.#sums.get(key)
    if (!sums) this.#sums.set(key, (sums = { ...nothing }))
    const quantity = entry.quantity ?? 0
    if (quantity < 0) throw new Error('an entry has a direction, not a sign')
    if (entry.kind === 'grant' || entry.kind === 'adjust') {
      sums.limit = entry.quantity === null || sums.limit === null ? null : sums.limit + quantity
    } else if (entry.kind === 'refund') {
      sums.limit = sums.limit === null ? null : sums.limit - quantity
    } else if (entry.kind === 'reserve') sums.reserved += quantity
    else if (entry.kind === 'release' || entry.kind === 'expire') sums.reserved -= quantity
    else if (entry.kind === 'use' || entry.kind === 'commit_late') sums.used += quantity
    else if (entry.kind === 'lapse') this.#lapsed.set(key, (this.#lapsed.get(key) ?? 0) + quantity)
    else if (entry.kind === 'commit') {
      sums.used += quantity
      sums.reserved -= quantity
    }
    const after = { limit: entry.limitAfter, used: entry.usedAfter, reserved: entry.reservedAfter }
    sameFigures(() => `figures after entry ${entry.seq} (${entry.kind} ${entry.meter})`, after, sums)
  }

  /** The model's figures, and I3 once more: balances are the sums of their entries. */
  #checkFigures(): void {
    let rows = 0
    for (const period of this.#model.periods) {
      for (const [meter, figures] of period.figures) {
        const key = `${period.start} ${meter}`
        const row = this.#store.balances.rows.get(`${this.#workspace} ${key}`)
        // A row that was never needed is the empty one.
        const empty = figures.used === 0 && figures.reserved === 0
        if (!row && empty && (figures.limit === 0 || period !== this.#model.current)) continue
        if (row) rows += 1
        const lapsed = this.#lapsed.get(key) ?? 0
        if (lapsed !== figures.lapsed) same(`lapsed of ${meter} from ${iso(period.start)}`, lapsed, figures.lapsed)
        sameFigures(() => `balance of ${meter} from ${iso(period.start)}`, row, figures)
        sameFigures(
          () => `sum of entries of ${meter} from ${iso(period.start)}`,
          this.#sums.get(key) ?? nothing,
          figures,
        )
      }
    }
    if (rows === this.#store.balances.rows.size) return
    for (const row of this.#store.balances.rows.values()) {
      if (this.#model.periods.some((period) => period.start === row.periodStart)) continue
      // Missed months leave no rows; only a round that could not finish may open one, and nothing ever happens in it.
      if (this.unfinished && row.used === 0 && row.reserved === 0) continue
      throw new Error(`a balance of a period that never was: ${JSON.stringify(row)}`)
    }
  }

  /** I5: reserved is what the held reservations hold. I6: each leaves `held` once. */
  #checkReservations(row: WorkspaceRow): void {
    const held = new Map<string, number>()
    let next = Infinity
    for (const reservation of this.#store.reservations.rows.values()) {
      const { id, state, periodStart, expiresAt, lines, late } = reservation
      const before = this.#states.get(id)
      if (before !== undefined && before !== state) {
        const allowed = before === 'held' || (before === 'expired' && state === 'committed' && late)
        if (!allowed) throw new Error(`reservation ${id} went from ${before} to ${state}`)
      }
      this.#states.set(id, state)
      if (state !== 'held') continue
      next = Math.min(next, expiresAt)
      for (const line of lines) {
        const key = `${periodStart} ${line.meter}`
        held.set(key, (held.get(key) ?? 0) + Math.max(0, line.reserved - line.used))
      }
    }
    if (row.wakeAt > next) throw new Error('wakeAt lies behind the expiry of a held reservation')
    for (const { periodStart, meter, reserved } of this.#store.balances.rows.values()) {
      const holds = held.size === 0 ? 0 : (held.get(`${periodStart} ${meter}`) ?? 0)
      if (reserved !== holds) same(`reserved of ${meter} from ${iso(periodStart)}`, reserved, holds)
      if (reserved > 0 && periodStart < row.openFrom) throw new Error(`openFrom lies behind a hold of ${meter}`)
    }
  }

  /** Which add-on was spent, and which was carried along, shows only when one of them is refunded: so it is compared at once. */
  #checkGrants(): void {
    for (const { source, meter, period, quantity, standing } of this.#model.given) {
      const row = this.#store.grants.rows.get(`${this.#workspace} ${source} ${meter}`)
      if (!row) throw new Error(`no grant ${source} of ${meter}`)
      const left = (row.quantity ?? Infinity) - row.takenBack - row.spentBefore
      if (
        row.periodStart === period.start &&
        row.quantity === quantity &&
        (left === standing || period !== this.#model.current)
      )
        continue
      same(
        `grant ${source} of ${meter}`,
        [row.quantity, left, iso(row.periodStart)],
        [quantity, standing, iso(period.start)],
      )
    }
  }
}
