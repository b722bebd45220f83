/** The model's reservations: set aside, counted, given back. */
import { meterOf } from '../../src/catalog.ts'
import type { Commit, Extend, Release, Reserve } from '../../src/operations.ts'
import type { ReservationState } from '../../src/wire.ts'
import type { Line } from '../../src/words.ts'
import { reach } from '../reach.ts'
import { second, World, type Hold, type Said } from './world.ts'

function show(status: number, hold: Hold): Said {
  const { id, state, late, expiresAt, period } = hold
  const lines = hold.lines.map((line) => ({ ...line }))
  return { status, reservation: { id, state, late, start: period.start, expiresAt, lines } }
}

export class Reservations extends World {
  reserve(operation: Reserve): Said {
    const earlier = this.holds.find((hold) => hold.id === operation.id)
    if (earlier) {
      if (earlier.request !== operation.request) return { status: 422, code: 'reservation_mismatch' }
      reach(`reserve repeated when ${earlier.state}`)
      return show(200, earlier)
    }
    const taken = this.taken(operation.lines)
    const refused = this.refusal(operation.lines, taken, operation.partial)
    if (refused) {
      reach(`reserve refused: ${refused.reason}${operation.partial ? ', partial' : ''}`)
      return refused
    }
    const lines = operation.lines.map(({ meter, quantity }, index) => {
      const figures = this.current.figures.get(meter)!
      const reserved = taken[index]!
      if (this.available(figures) === reserved) reach('reserve takes exactly the rest')
      if (figures.limit === null) reach('reserve on an unlimited meter')
      if (reserved < quantity)
        reach(index === 0 ? 'partial takes less of the first line' : 'partial takes less of a later line')
      if (reserved === 0) reach('partial takes nothing of a later line')
      figures.reserved += reserved
      return { meter, requested: quantity, reserved, used: 0, returned: 0 }
    })
    const { id, request } = operation
    const expiresAt = this.t + operation.ttlSeconds * second
    const hold: Hold = { id, request, ending: null, state: 'held', late: false, period: this.current, expiresAt, lines }
    this.holds.push(hold)
    return show(201, hold)
  }

  commit(operation: Commit): Said {
    const hold = this.holds.find((hold) => hold.id === operation.id)
    if (!hold) return { status: 404, code: 'not_found' }
    if (hold.state !== 'held') return this.commitClosed(hold, operation)
    for (const { meter, quantity } of operation.lines) {
      const line = hold.lines.find((line) => line.meter === meter)
      const rest = line ? line.reserved - Math.min(line.reserved, line.used) : 0
      if (line && quantity <= rest) continue
      if (line && meterOf(this.catalog, meter)!.overrun === 'record') continue
      reach(line ? 'commit above the reservation refused' : 'commit of a meter not held refused')
      return { status: 422, code: 'exceeds_reservation' }
    }
    if (hold.period !== this.current) reach('commit in a closed period')
    if (this.status === 'suspended') reach('commit while suspended')
    this.count(hold, operation.lines)
    if (!operation.final) {
      reach(hold.lines.every((line) => line.used >= line.reserved) ? 'part uses all and stays held' : 'part committed')
      return show(200, hold)
    }
    if (operation.lines.length < hold.lines.length) reach('final commit names not all lines')
    this.giveBack(hold)
    if (hold.lines.some((line) => line.returned > 0)) reach('final commit returns the difference')
    return this.end(hold, 'committed', operation.request)
  }

  commitClosed(hold: Hold, operation: Commit): Said {
    if (hold.state === 'committed' && hold.ending === operation.request) {
      reach(hold.late ? 'late commit repeated' : 'final commit repeated')
      return show(200, hold)
    }
    const closed: Said = { status: 409, code: 'reservation_closed', state: hold.state }
    if (hold.state !== 'expired') return closed
    // Reading: with several meters the shortest grace counts.
    const grace = Math.min(...hold.lines.map((line) => meterOf(this.catalog, line.meter)!.graceSeconds)) * second
    if (this.t >= hold.expiresAt + grace) {
      reach(this.t === hold.expiresAt + grace ? 'late commit at exactly the end of grace' : 'late commit after grace')
      return closed
    }
    for (const { meter, quantity } of operation.lines) {
      const line = hold.lines.find((line) => line.meter === meter)
      // Reading: more than was held does not fit, as if nothing had expired; a meter that records overruns asks its balance alone.
      const most = line && meterOf(this.catalog, meter)!.overrun === 'reject' ? line.reserved - line.used : Infinity
      const available = this.available(hold.period.figures.get(meter)!)
      if (line && quantity <= most && (available === null || quantity <= available)) continue
      reach(line && quantity <= most ? 'late commit refused by the balance' : 'late commit above the reservation')
      return closed
    }
    reach(operation.final ? 'late commit fits' : 'late commit of a part is final')
    if (hold.period !== this.current) reach('late commit in a closed period')
    for (const { meter, quantity } of operation.lines) {
      const line = hold.lines.find((line) => line.meter === meter)!
      line.used += quantity
      line.returned -= Math.min(quantity, line.returned)
      hold.period.figures.get(meter)!.used += quantity
    }
    hold.late = true
    return this.end(hold, 'committed', operation.request)
  }

  count(hold: Hold, lines: Line[]): void {
    for (const { meter, quantity } of lines) {
      const line = hold.lines.find((line) => line.meter === meter)!
      const figures = hold.period.figures.get(meter)!
      const rest = Math.max(0, line.reserved - line.used)
      line.used += quantity
      figures.used += quantity
      figures.reserved -= Math.min(quantity, rest)
      if (quantity > rest)
        reach(
          figures.limit !== null && figures.used + figures.reserved > figures.limit
            ? 'overrun above the limit'
            : 'overrun within the limit',
        )
    }
  }

  end(hold: Hold, state: ReservationState, request: string): Said {
    hold.state = state
    hold.ending = request
    return show(200, hold)
  }

  release(operation: Release): Said {
    const hold = this.holds.find((hold) => hold.id === operation.id)
    if (!hold) return { status: 404, code: 'not_found' }
    if (hold.state !== 'held') {
      reach(`release when ${hold.state}`)
      if (hold.state === 'released') return show(200, hold)
      return { status: 409, code: 'reservation_closed', state: hold.state }
    }
    if (hold.lines.some((line) => line.used > 0)) reach('release keeps what parts used')
    if (hold.period !== this.current) reach('release in a closed period')
    this.giveBack(hold)
    return this.end(hold, 'released', operation.request)
  }

  extend(operation: Extend): Said {
    const hold = this.holds.find((hold) => hold.id === operation.id)
    if (!hold) return { status: 404, code: 'not_found' }
    if (hold.state !== 'held') {
      reach(`extend when ${hold.state}`)
      return { status: 409, code: 'reservation_closed', state: hold.state }
    }
    const until = this.t + operation.ttlSeconds * second
    reach(until > hold.expiresAt ? 'extend moves the expiry' : 'extend never shortens')
    if (hold.expiresAt === this.t + 1) reach('extend in the last millisecond')
    hold.expiresAt = Math.max(hold.expiresAt, until)
    return show(200, hold)
  }
}
