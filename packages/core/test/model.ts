/**
 * A second reading of the rules (decisions §3-§8), written from the specification alone: one workspace, plain arrays and loops,
 * no ledger, no loading, no cleverness. `decide` must say what it says and leave the figures it leaves.
 *
 * Where the specification leaves a choice, the reading taken here is marked "Reading:".
 */
import { allowanceOf, contactsOf, meterOf, planOf } from '../src/catalog.ts'
import type { Catalog } from '../src/catalog.ts'
import type { Code, Reason } from '../src/errors.ts'
import type {
  Commit,
  CreateWorkspace,
  Extend,
  Grant,
  Operation,
  Refund,
  Release,
  Reserve,
  SetPlan,
  Use,
} from '../src/operations.ts'
import type { ReservationState } from '../src/wire.ts'
import type { Instant, Interval, Limit, Line, MeterId } from '../src/words.ts'
import { reach } from './reach.ts'

export interface Figures {
  /** What the plan gave to this period, part of the limit. */
  allowance: Limit
  limit: Limit
  used: number
  reserved: number
}

export interface Period {
  start: Instant
  end: Instant
  figures: Map<MeterId, Figures>
}

export interface Hold {
  id: string
  request: string
  ending: string | null
  state: ReservationState
  late: boolean
  period: Period
  expiresAt: Instant
  lines: { meter: MeterId; requested: number; reserved: number; used: number; returned: number }[]
}

interface Given {
  source: string
  meter: MeterId
  period: Period
  quantity: number
  /** What of it still stands in the limit of its period. */
  standing: number
  takenBack: number
  at: Instant
}

/** What the model expects of an answer. */
export interface Said {
  status: number
  code?: Code
  reason?: Reason
  /** Of a refusal: what is left of each line. */
  left?: { meter: MeterId; available: Limit; limit: Limit }[]
  /** Of a 409. */
  state?: ReservationState
  /** As it stands with this answer. */
  reservation?: Omit<Hold, 'request' | 'ending' | 'period'> & { start: Instant }
  balances?: { meter: MeterId; limit: Limit; used: number; reserved: number }[]
  replayed?: boolean
}

const second = 1000

/** The n-th boundary counted from the anchor: so many months on, the day clamped to the month's end. */
export function boundaryOf(anchor: Instant, n: number): Instant {
  const from = new Date(anchor)
  const day = from.getUTCDate()
  const month = from.getUTCMonth() + n
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const midnight = Date.UTC(from.getUTCFullYear(), month, Math.min(day, lastDay))
  return midnight + (anchor - Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), day))
}

function boundariesAround(anchor: Instant, t: Instant): { start: Instant; end: Instant } {
  let n = Math.floor((t - anchor) / (31 * 86_400 * second)) - 1
  while (boundaryOf(anchor, n + 1) <= t) n += 1
  return { start: boundaryOf(anchor, n), end: boundaryOf(anchor, n + 1) }
}

function show(status: number, hold: Hold): Said {
  const { id, state, late, expiresAt, period } = hold
  const lines = hold.lines.map((line) => ({ ...line }))
  return { status, reservation: { id, state, late, start: period.start, expiresAt, lines } }
}

const larger = (a: Limit, b: Limit): Limit => (a === null || b === null ? null : Math.max(a, b))

export class Model {
  readonly catalog: Catalog
  found = false
  content = ''
  plan = ''
  contacts: number | null = null
  interval: Interval = 'month'
  status = 'active'
  anchor: Instant = 0
  graceUntil: Instant | null = null
  pending: { plan: string; contacts: number | null; interval: Interval; at: Instant } | null = null
  periods: Period[] = []
  holds: Hold[] = []
  given: Given[] = []
  answered: { key: string; request: string; said: Said }[] = []
  t: Instant = 0

  constructor(catalog: Catalog) {
    this.catalog = catalog
  }

  get current(): Period {
    return this.periods.at(-1)!
  }

  available(figures: Figures): Limit {
    return figures.limit === null ? null : Math.max(0, figures.limit - figures.used - figures.reserved)
  }

  /** One operation at the instant t: first what time alone has made due, then what was asked. */
  do(operation: Operation, t: Instant): Said {
    this.t = t
    if (this.found) this.settle(t)
    else if (operation.op !== 'create-workspace') return { status: 404, code: 'not_found' }
    const before = this.answered.find((answer) => answer.key === operation.key)
    if (before) {
      reach(before.request === operation.request ? 'key repeated' : 'key used with another request')
      if (before.request === operation.request) return { ...before.said, replayed: true }
      return { status: 422, code: 'idempotency_mismatch' }
    }
    const said = this.act(operation)
    if (operation.key !== null) {
      this.answered.push({ key: operation.key, request: operation.request, said })
    }
    return said
  }

  private act(operation: Operation): Said {
    switch (operation.op) {
      case 'create-workspace':
        return this.create(operation)
      case 'reserve':
        return this.reserve(operation)
      case 'commit':
        return this.commit(operation)
      case 'release':
        return this.release(operation)
      case 'extend':
        return this.extend(operation)
      case 'use':
        return this.use(operation)
      case 'grant':
        return this.grant(operation)
      case 'refund':
        return this.refund(operation)
      case 'set-plan':
        return this.setPlan(operation)
      case 'settle':
        return { status: 200 }
    }
  }

  // Time

  settle(t: Instant): void {
    this.t = t
    for (;;) {
      const next = this.holds
        .filter((hold) => hold.state === 'held')
        .reduce<Hold | undefined>(
          (first, hold) => (!first || hold.expiresAt < first.expiresAt ? hold : first),
          undefined,
        )
      const end = this.current.end
      // A hold that ends with its period expires first; it makes no difference to any figure.
      if (next && next.expiresAt <= this.t && next.expiresAt <= end) this.expire(next)
      else if (end <= this.t) this.closePeriod()
      else if (next && next.expiresAt <= this.t) this.expire(next)
      else return
    }
  }

  private expire(hold: Hold): void {
    if (hold.expiresAt === this.t) reach('expired at exactly expiresAt')
    if (hold.period !== this.current) reach('expired after its period had ended')
    if (hold.lines.some((line) => line.used > 0)) reach('expired after a part')
    this.giveBack(hold)
    hold.state = 'expired'
  }

  private closePeriod(): void {
    const old = this.current
    if (old.end === this.t) reach('period ended at exactly its end')
    if (this.holds.some((hold) => hold.state === 'held' && hold.period === old)) reach('reset with a held reservation')
    if (this.given.some((grant) => grant.period === old && grant.standing > 0)) reach('add-on lapsed at reset')
    if (boundaryOf(this.anchor, 0) === old.end) reach('trial ended')
    const next = boundariesAround(this.anchor, this.t)
    if (next.start > old.end) reach('months were missed')
    if (this.t - old.end > 36 * 31 * 86_400 * second) reach('36 months were missed')
    if (this.pending && this.pending.at <= next.start) {
      reach(this.pending.at < next.start ? 'pending change applied after missed months' : 'pending change applied')
      if (this.interval === 'year') reach('pending change of a yearly plan applied')
      this.plan = this.pending.plan
      this.contacts = this.pending.contacts
      this.interval = this.pending.interval
      this.pending = null
    } else if (this.pending) reach('pending change waits for the end of the year')
    this.open(next.start, next.end)
  }

  private open(start: Instant, end: Instant): void {
    const figures = new Map<MeterId, Figures>()
    for (const meter of this.catalog.meters) {
      const allowance = this.allowance(meter.id)
      figures.set(meter.id, { allowance, limit: allowance, used: 0, reserved: 0 })
    }
    this.periods.push({ start, end, figures })
  }

  private inPlan(meter: MeterId): boolean {
    return allowanceOf(planOf(this.catalog, this.plan)!, this.contacts, meter) !== undefined
  }

  private allowance(meter: MeterId): Limit {
    const allowance = allowanceOf(planOf(this.catalog, this.plan)!, this.contacts, meter)
    return allowance === undefined ? 0 : allowance
  }

  // Workspace and plan

  private create(operation: CreateWorkspace): Said {
    if (this.found) {
      reach(this.content === operation.request ? 'create repeated' : 'create with other content')
      return this.content === operation.request ? { status: 200 } : { status: 422, code: 'workspace_mismatch' }
    }
    this.found = true
    this.content = operation.request
    this.plan = operation.plan
    this.contacts = contactsOf(planOf(this.catalog, operation.plan)!, operation.contacts)!
    this.interval = operation.interval
    this.anchor = operation.anchor ?? this.t
    const { start, end } = boundariesAround(this.anchor, this.t)
    this.open(start, end)
    return { status: 201 }
  }

  private setPlan(operation: SetPlan): Said {
    const contacts = contactsOf(planOf(this.catalog, operation.plan)!, operation.contacts)!
    if (operation.status !== null) {
      this.status = operation.status
      this.graceUntil = operation.graceUntil
    }
    const { plan, interval } = operation
    if (operation.when === 'periodEnd') {
      let n = 0
      const step = this.interval === 'year' ? 12 : 1
      while (boundaryOf(this.anchor, n) > this.t) n -= step
      while (boundaryOf(this.anchor, n) <= this.t) n += step
      // Reading: to ask for the plan of now, from the period's end on, is to call a pending change off.
      const same = this.plan === plan && this.contacts === contacts && this.interval === interval
      if (same && this.pending) reach('pending change called off')
      this.pending = same ? null : { plan, contacts, interval, at: boundaryOf(this.anchor, n) }
      return { status: 200 }
    }
    if (this.pending) reach('pending change replaced')
    // Reading: monthly ↔ yearly between paid plans moves the anchor to this instant where none is named.
    const paid = this.plan !== this.catalog.freePlan && plan !== this.catalog.freePlan
    const anchor = operation.anchor ?? (paid && this.interval !== interval ? this.t : this.anchor)
    this.pending = null
    this.plan = plan
    this.contacts = contacts
    this.interval = interval
    if (anchor !== this.anchor) this.moveAnchor(anchor)
    else this.raiseAllowances()
    return { status: 200 }
  }

  /** Until the period ends each allowance is the larger of old and new; used, reserved and add-ons stay. */
  private raiseAllowances(): void {
    for (const [meter, figures] of this.current.figures) {
      const allowance = this.allowance(meter)
      const raised = larger(figures.allowance, allowance)
      if (raised === figures.allowance && raised !== allowance) reach('downgrade now keeps the limit')
      if (raised !== figures.allowance && figures.used > 0) reach('upgrade keeps used')
      if (raised !== figures.allowance && figures.reserved > 0) reach('upgrade keeps reserved')
      if (raised === null && figures.allowance !== null) reach('upgrade to unlimited')
      if (figures.limit !== null)
        figures.limit = raised === null ? null : figures.limit + raised - (figures.allowance ?? 0)
      figures.allowance = raised
    }
  }

  /**
   * Reading: the new period starts at this very instant (periods never overlap) and ends at the new anchor's next boundary.
   * Reading: a period that began this very instant has not run yet; it only gets the other end.
   * Reading: what is still reserved in the closed period counts as spent; operators' grants are carried like add-ons.
   */
  private moveAnchor(anchor: Instant): void {
    const old = this.current
    if (this.holds.some((hold) => hold.state === 'held')) reach('anchor moved with a held reservation')
    this.anchor = anchor
    const { end } = boundariesAround(anchor, this.t)
    if (old.start === this.t) {
      reach('anchor moved in the first instant of a period')
      old.end = end
      return this.raiseAllowances()
    }
    this.open(this.t, end)
    for (const [meter, figures] of old.figures) {
      let spent = figures.allowance === null ? 0 : Math.max(0, figures.used + figures.reserved - figures.allowance)
      const grants = this.given.filter((grant) => grant.period === old && grant.meter === meter)
      grants.sort((a, b) => a.at - b.at)
      for (const grant of grants) {
        const eaten = Math.min(spent, grant.standing)
        spent -= eaten
        if (eaten > 0)
          reach(eaten === grant.standing ? 'anchor moved over a spent add-on' : 'anchor moved over a half-spent add-on')
        if (eaten === grant.standing) continue
        reach('anchor moved and carried an unspent add-on')
        grant.standing -= eaten
        grant.period = this.current
        const opened = this.current.figures.get(meter)!
        if (opened.limit !== null) opened.limit += grant.standing
      }
    }
  }

  // Gate

  private refusal(lines: Line[], taken: number[], partial: boolean): Said | undefined {
    const left = lines.map(({ meter }) => {
      const figures = this.current.figures.get(meter)!
      return { meter, available: this.available(figures), limit: figures.limit }
    })
    const refuse = (reason: Reason): Said => ({ status: 402, code: 'insufficient_credits', reason, left })
    if (this.status === 'suspended') return refuse('workspace_suspended')
    if (this.status === 'past_due' && this.graceUntil !== null && this.t >= this.graceUntil) {
      if (this.t === this.graceUntil) reach('overdue at exactly the end of grace')
      return refuse('payment_overdue')
    }
    const short = lines.filter((line, index) => taken[index]! < line.quantity)
    if (partial ? taken[0]! >= 1 : short.length === 0) return undefined
    if (!partial && !short.includes(lines[0]!)) reach('refused for a later line only')
    // Reading: a plan without the meter is the reason only where nothing was granted besides.
    const absent = (meter: MeterId) => !this.inPlan(meter) && this.current.figures.get(meter)!.limit === 0
    return refuse(short.some((line) => absent(line.meter)) ? 'meter_not_in_plan' : 'limit_reached')
  }

  private taken(lines: Line[]): number[] {
    return lines.map((line) => {
      const available = this.available(this.current.figures.get(line.meter)!)
      return available === null ? line.quantity : Math.min(line.quantity, available)
    })
  }

  // Reservations

  private reserve(operation: Reserve): Said {
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

  private commit(operation: Commit): Said {
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

  private commitClosed(hold: Hold, operation: Commit): Said {
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

  private count(hold: Hold, lines: Line[]): void {
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

  private giveBack(hold: Hold): void {
    for (const line of hold.lines) {
      line.returned = Math.max(0, line.reserved - line.used)
      hold.period.figures.get(line.meter)!.reserved -= line.returned
    }
  }

  private end(hold: Hold, state: ReservationState, request: string): Said {
    hold.state = state
    hold.ending = request
    return show(200, hold)
  }

  private release(operation: Release): Said {
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

  private extend(operation: Extend): Said {
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

  // Use, grant, refund

  private use(operation: Use): Said {
    if (operation.mode === 'enforce') {
      const refused = this.refusal(operation.lines, this.taken(operation.lines), false)
      if (refused) {
        reach(`use refused: ${refused.reason}`)
        return refused
      }
    }
    for (const { meter, quantity } of operation.lines) {
      const figures = this.current.figures.get(meter)!
      figures.used += quantity
      if (operation.mode === 'record' && figures.limit !== null && figures.used + figures.reserved > figures.limit)
        reach('record above the limit')
      if (operation.mode === 'record' && !this.inPlan(meter)) reach('record of a meter not in the plan')
      if (figures.limit === null) reach('use on an unlimited meter')
      if (operation.mode === 'enforce' && this.available(figures) === 0) reach('use takes exactly the rest')
    }
    const balances = operation.lines.map(({ meter }) => {
      const { limit, used, reserved } = this.current.figures.get(meter)!
      return { meter, limit, used, reserved }
    })
    return { status: 200, balances }
  }

  private grant(operation: Grant): Said {
    const source = `${operation.source.type} ${operation.source.id}`
    if (this.given.some((grant) => grant.source === source)) {
      reach('grant repeated')
      return { status: 200 }
    }
    for (const { meter, quantity } of operation.lines) {
      const figures = this.current.figures.get(meter)!
      reach(
        figures.limit === null
          ? 'grant on an unlimited meter'
          : figures.used + figures.reserved >= figures.limit
            ? 'grant opens a full meter'
            : 'grant',
      )
      if (figures.limit !== null) figures.limit += quantity
      this.given.push({ source, meter, period: this.current, quantity, standing: quantity, takenBack: 0, at: this.t })
    }
    return { status: 201 }
  }

  private refund(operation: Refund): Said {
    const source = `${operation.source.type} ${operation.source.id}`
    if (!this.given.some((grant) => grant.source === source)) return { status: 404, code: 'not_found' }
    for (const line of operation.lines) {
      const grant = this.given.find((grant) => grant.source === source && grant.meter === line.meter)
      if (!grant) continue
      const total = Math.min(line.quantity, grant.quantity)
      if (total <= grant.takenBack) {
        reach('refund repeated changes nothing')
        continue
      }
      const taken = Math.min(total - grant.takenBack, grant.standing)
      grant.takenBack = total
      // Reading: decisions §7 before heart.md: of a closed period no figure changes.
      if (grant.period !== this.current) {
        reach('refund of a closed period')
        continue
      }
      grant.standing -= taken
      const figures = this.current.figures.get(line.meter)!
      if (figures.limit === null) continue
      figures.limit -= taken
      reach(
        figures.used + figures.reserved > figures.limit
          ? 'refund of what was spent makes overage'
          : 'refund lowers the limit',
      )
    }
    return { status: 200 }
  }
}
