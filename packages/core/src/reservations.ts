/** Reserve, commit, release, extend (decisions §4). */
import type { ReservationLine, ReservationRow } from './books.ts'
import { meterOf } from './catalog.ts'
import type { Draft } from './draft.ts'
import type { Answer, Commit, Extend, Release, Reserve } from './operations.ts'
import { refusal } from './problem.ts'
import { invalid, refused, unknownReservation } from './refusals.ts'
import { available, judge, lineFaults } from './verdict.ts'
import { reservationWire } from './view.ts'
import type { Line } from './words.ts'

export function reserve(draft: Draft, operation: Reserve): Answer {
  const { id, lines, partial, viewer, requestId } = operation
  const existing = draft.reservations.get(id)
  if (existing) {
    if (existing.request === operation.request) return shown(draft, existing)
    const detail = `Reservation ${id} was made with other content. Use a new id for a new reservation.`
    return refusal('reservation_mismatch', detail, requestId)
  }
  const faults = lineFaults(draft, lines)
  if (faults.length > 0) return invalid(requestId, faults)
  const verdict = judge(draft, lines, viewer)
  const granted = lines.map((line): ReservationLine => {
    const left = available(draft.balance(line.meter))
    const reserved = partial && left !== null ? Math.min(left, line.quantity) : line.quantity
    return { meter: line.meter, requested: line.quantity, reserved, used: 0 }
  })
  const fits =
    verdict.allowed || (partial && verdict.lines.some(({ maxAllowed }) => maxAllowed !== 0) && granted[0]!.reserved > 0)
  if (!fits) return refused(draft, verdict, requestId)
  const row: ReservationRow = {
    workspace: operation.workspace,
    id,
    state: 'held',
    late: false,
    periodStart: draft.workspace!.periodStart,
    createdAt: draft.t,
    expiresAt: draft.t + operation.ttlSeconds * 1000,
    closedAt: null,
    request: operation.request,
    ending: null,
    lines: granted,
    reference: operation.reference,
    metadata: operation.metadata,
  }
  const held = granted.map(({ meter, reserved }) => ({ meter, quantity: reserved }))
  bookLines(draft, 'reserve', row, held, operation.actor)
  draft.putReservation(row)
  draft.wake(row.expiresAt)
  return { ...shown(draft, row), status: 201 }
}

export function commit(draft: Draft, operation: Commit): Answer {
  const { requestId, actor } = operation
  const row = draft.reservations.get(operation.id)
  if (!row) return unknownReservation(requestId)
  const ending = `commit ${operation.request}`
  if (row.state === 'expired' && fitsLate(draft, row, operation.lines)) {
    bookLines(draft, 'commit_late', row, operation.lines, actor)
    return close(draft, { ...row, late: true, lines: withUsed(row, operation.lines) }, 'committed', ending)
  }
  if (row.state !== 'held') return afterEnding(draft, row, ending, requestId)
  const fault = commitFault(draft, row, operation)
  if (fault) return fault
  const { held, excess } = divide(row, operation.lines)
  bookLines(draft, 'commit', row, held, actor)
  bookLines(draft, 'use', row, excess, actor)
  const after = { ...row, lines: withUsed(row, operation.lines) }
  if (!operation.final) {
    draft.putReservation(after)
    return shown(draft, after)
  }
  bookLines(draft, 'release', after, remainder(after), actor)
  return close(draft, after, 'committed', ending)
}

export function release(draft: Draft, operation: Release): Answer {
  const row = draft.reservations.get(operation.id)
  if (!row) return unknownReservation(operation.requestId)
  if (row.state !== 'held') return afterEnding(draft, row, 'release', operation.requestId)
  bookLines(draft, 'release', row, remainder(row), operation.actor)
  return close(draft, row, 'released', 'release')
}

export function extend(draft: Draft, operation: Extend): Answer {
  const row = draft.reservations.get(operation.id)
  if (!row) return unknownReservation(operation.requestId)
  if (row.state !== 'held') return afterEnding(draft, row, null, operation.requestId)
  const expiresAt = Math.max(row.expiresAt, draft.t + operation.ttlSeconds * 1000)
  if (expiresAt === row.expiresAt) return shown(draft, row)
  const after = { ...row, expiresAt }
  draft.putReservation(after)
  return shown(draft, after)
}

const shown = (draft: Draft, row: ReservationRow): Answer => ({
  status: 200,
  body: reservationWire(row, draft.periodEnd(row.periodStart)),
})

function close(draft: Draft, row: ReservationRow, state: 'committed' | 'released', ending: string): Answer {
  const closed = { ...row, state, ending, closedAt: draft.t }
  draft.putReservation(closed)
  return shown(draft, closed)
}

/** The same ending again gives the first answer; anything else is told how it ended (api.md). */
function afterEnding(draft: Draft, row: ReservationRow, ending: string | null, requestId: string): Answer {
  if (ending !== null && row.ending === ending) return shown(draft, row)
  const { id, state } = row
  return refusal('reservation_closed', `Reservation ${id} is ${state} already.`, requestId, { state })
}

/** More than is held is refused, unless the meter records an overrun (decisions §4). */
function commitFault(draft: Draft, row: ReservationRow, { lines, final, requestId }: Commit): Answer | undefined {
  if (lines.length === 0 && !final) {
    return invalid(requestId, [{ path: 'lines', message: 'may be empty only when final' }])
  }
  const faults = lineFaults(draft, lines, 0, row.lines)
  if (faults.length > 0) return invalid(requestId, faults)
  for (const { meter, quantity } of lines) {
    const line = row.lines.find((held) => held.meter === meter)
    const rest = line ? Math.max(0, line.reserved - line.used) : 0
    const mayOverrun = line && meterOf(draft.catalog, meter)?.overrun === 'record'
    if (!line || (quantity > rest && !mayOverrun)) {
      const detail = `Reservation ${row.id} holds ${rest} more of ${meter}, not ${quantity}.`
      return refusal('exceeds_reservation', detail, requestId)
    }
  }
  return undefined
}

/** A late commit is decided anew against its own period's balance, within the grace of every meter it holds (decisions §4). */
function fitsLate(draft: Draft, row: ReservationRow, lines: readonly Line[]): boolean {
  const graces = row.lines.map(({ meter }) => meterOf(draft.catalog, meter)?.graceSeconds ?? 0)
  if (draft.t >= row.expiresAt + Math.min(...graces) * 1000) return false
  if (lineFaults(draft, lines, 0, row.lines).length > 0) return false
  return lines.every(({ meter, quantity }) => {
    const line = row.lines.find((held) => held.meter === meter)
    const mayOverrun = meterOf(draft.catalog, meter)?.overrun === 'record'
    if (!line || (quantity > Math.max(0, line.reserved - line.used) && !mayOverrun)) return false
    const left = available(draft.balance(meter, row.periodStart))
    return left === null || quantity <= left
  })
}

function divide(row: ReservationRow, lines: readonly Line[]): { held: Line[]; excess: Line[] } {
  const held: Line[] = []
  const excess: Line[] = []
  for (const { meter, quantity } of lines) {
    const line = row.lines.find((held) => held.meter === meter)!
    const rest = Math.max(0, line.reserved - line.used)
    held.push({ meter, quantity: Math.min(quantity, rest) })
    excess.push({ meter, quantity: Math.max(0, quantity - rest) })
  }
  return { held, excess }
}

function withUsed(row: ReservationRow, lines: readonly Line[]): ReservationLine[] {
  return row.lines.map((line) => {
    const used = lines.find(({ meter }) => meter === line.meter)?.quantity ?? 0
    return used === 0 ? line : { ...line, used: line.used + used }
  })
}

const remainder = (row: ReservationRow): Line[] =>
  row.lines.map(({ meter, reserved, used }) => ({ meter, quantity: Math.max(0, reserved - used) }))

/** A reservation settles in the period in which it was made, even when that has ended (decisions §4). */
function bookLines(
  draft: Draft,
  kind: 'reserve' | 'commit' | 'commit_late' | 'release' | 'use',
  row: ReservationRow,
  lines: readonly Line[],
  actor: string,
): void {
  const source = { type: 'reservation', id: row.id } as const
  for (const { meter, quantity } of lines) {
    if (quantity > 0) draft.book(kind, meter, quantity, source, actor, { periodStart: row.periodStart })
  }
}
