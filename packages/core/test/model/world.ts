/** The model's state, what time does to it, and the gate: who may start how much. */
import { allowanceOf, planOf, type Catalog } from '../../src/catalog.ts'
import type { Code, Reason } from '../../src/errors.ts'
import type { ReservationState } from '../../src/wire.ts'
import type { Instant, Interval, Limit, Line, MeterId } from '../../src/words.ts'
import { reach } from '../reach.ts'

export interface Figures {
  /** What the plan gave to this period, part of the limit. */
  allowance: Limit
  limit: Limit
  used: number
  reserved: number
  /** What was left when the period closed, and came along nowhere. */
  lapsed: number
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

export interface Given {
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

export const second = 1000

/** The n-th boundary counted from the anchor: so many months on, the day clamped to the month's end. */
export function boundaryOf(anchor: Instant, n: number): Instant {
  const from = new Date(anchor)
  const day = from.getUTCDate()
  const month = from.getUTCMonth() + n
  const lastDay = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate()
  const midnight = Date.UTC(from.getUTCFullYear(), month, Math.min(day, lastDay))
  return midnight + (anchor - Date.UTC(from.getUTCFullYear(), from.getUTCMonth(), day))
}

export function boundariesAround(anchor: Instant, t: Instant): { start: Instant; end: Instant } {
  let n = Math.floor((t - anchor) / (31 * 86_400 * second)) - 1
  while (boundaryOf(anchor, n + 1) <= t) n += 1
  return { start: boundaryOf(anchor, n), end: boundaryOf(anchor, n + 1) }
}

export class World {
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
  /** What the payment provider calls the subscription that is followed, and the number of the last reading of it. */
  reference: string | null = null
  reading = 0
  /** When time last took a pending change up. */
  takenUpAt: Instant | null = null
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

  expire(hold: Hold): void {
    if (hold.expiresAt === this.t) reach('expired at exactly expiresAt')
    if (hold.period !== this.current) reach('expired after its period had ended')
    if (hold.lines.some((line) => line.used > 0)) reach('expired after a part')
    this.giveBack(hold)
    hold.state = 'expired'
  }

  closePeriod(): void {
    const old = this.current
    if (old.end === this.t) reach('period ended at exactly its end')
    if (this.holds.some((hold) => hold.state === 'held' && hold.period === old)) reach('reset with a held reservation')
    if (this.given.some((grant) => grant.period === old && grant.standing > 0)) reach('add-on lapsed at reset')
    if (boundaryOf(this.anchor, 0) === old.end) reach('trial ended')
    if (this.pending && this.pending.at <= old.end) {
      this.takeUp(this.pending, old.end)
      this.takenUpAt = old.end
    } else if (this.pending && this.pending.at > this.t) reach('pending change waits for the end of the year')
    // Reading: a change among missed months leaves the period before it, with the plan that stood until then.
    const isAmongMissed = this.pending !== null && this.pending.at <= this.t
    const next = boundariesAround(this.anchor, isAmongMissed ? this.pending!.at - 1 : this.t)
    if (isAmongMissed) reach('pending change applied after missed months')
    if (next.start > old.end) reach('months were missed')
    if (this.t - old.end > 36 * 31 * 86_400 * second) reach('36 months were missed')
    for (const figures of old.figures.values()) figures.lapsed = this.available(figures) ?? 0
    this.open(next.start, next.end)
  }

  /** Reading: an instant inside a period waits for its end; monthly ↔ yearly counts anew from where the change is taken up. */
  takeUp(change: NonNullable<World['pending']>, at: Instant): void {
    this.pending = null
    // Reading: a plan that is not offered cannot be opened; the one that runs goes on.
    if (!this.offered(change)) return reach('pending change to an unknown plan dropped')
    reach('pending change applied')
    if (change.at < at) reach('pending change inside a period waits for its end')
    if (this.interval === 'year') reach('pending change of a yearly plan applied')
    const paid = this.plan !== this.catalog.freePlan && change.plan !== this.catalog.freePlan
    if (paid && this.interval !== change.interval) this.anchor = at
    this.plan = change.plan
    this.contacts = change.contacts
    this.interval = change.interval
  }

  offered({ plan: id, contacts }: { plan: string; contacts: number | null }): boolean {
    return planOf(this.catalog, id)?.prices.some((price) => price.contacts === contacts) ?? false
  }

  /**
   * The end of a period that begins at t with the anchor as it is. A trial is one period up to its end, however long.
   * Reading: two clocks are never quite the same; an anchor up to five minutes ahead has begun.
   */
  endFrom(t: Instant): Instant {
    if (this.status === 'trialing' && this.anchor > t) return this.anchor
    if (this.anchor > t && this.anchor - t <= 300 * second) return boundaryOf(this.anchor, 1)
    return boundariesAround(this.anchor, t).end
  }

  open(start: Instant, end: Instant): void {
    const figures = new Map<MeterId, Figures>()
    for (const meter of this.catalog.meters) {
      const allowance = this.allowance(meter.id)
      figures.set(meter.id, { allowance, limit: allowance, used: 0, reserved: 0, lapsed: 0 })
    }
    this.periods.push({ start, end, figures })
  }

  inPlan(meter: MeterId): boolean {
    return allowanceOf(planOf(this.catalog, this.plan)!, this.contacts, meter) !== undefined
  }

  allowance(meter: MeterId): Limit {
    const allowance = allowanceOf(planOf(this.catalog, this.plan)!, this.contacts, meter)
    return allowance === undefined ? 0 : allowance
  }

  // Gate

  refusal(lines: Line[], taken: number[], partial: boolean): Said | undefined {
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

  taken(lines: Line[]): number[] {
    return lines.map((line) => {
      const available = this.available(this.current.figures.get(line.meter)!)
      return available === null ? line.quantity : Math.min(line.quantity, available)
    })
  }

  giveBack(hold: Hold): void {
    for (const line of hold.lines) {
      line.returned = Math.max(0, line.reserved - line.used)
      hold.period.figures.get(line.meter)!.reserved -= line.returned
    }
  }
}
