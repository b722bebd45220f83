/** The model's plans: set by a key, or read from the payment provider. */
import { contactsOf, planOf } from '../../src/catalog.ts'
import type { SetPlan, SyncSubscription } from '../../src/operations.ts'
import type { Instant, Limit } from '../../src/words.ts'
import { reach } from '../reach.ts'
import { Reservations } from './reservations.ts'
import { boundariesAround, boundaryOf, second, type Said } from './world.ts'

const larger = (a: Limit, b: Limit): Limit => (a === null || b === null ? null : Math.max(a, b))

export class Plans extends Reservations {
  protected setPlan(operation: SetPlan): Said {
    const contacts = contactsOf(planOf(this.catalog, operation.plan)!, operation.contacts)!
    if (operation.status !== null) {
      this.status = operation.status
      this.graceUntil = operation.graceUntil
    }
    const { plan } = operation
    // Reading: Free has no interval to pay in.
    const interval = plan === this.catalog.freePlan ? 'month' : (operation.interval ?? this.interval)
    if (operation.when === 'periodEnd') {
      let n = 0
      const step = this.interval === 'year' ? 12 : 1
      while (boundaryOf(this.anchor, n) >= this.current.end) n -= step
      while (boundaryOf(this.anchor, n) < this.current.end) n += step
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
    const end = this.endFrom(this.t)
    if (old.start === this.t) {
      reach('anchor moved in the first instant of a period')
      old.end = end
      return this.raiseAllowances()
    }
    this.open(this.t, end)
    for (const [meter, figures] of old.figures) {
      figures.lapsed = this.available(figures) ?? 0
      let spent = figures.allowance === null ? 0 : Math.max(0, figures.used + figures.reserved - figures.allowance)
      const grants = this.given.filter((grant) => grant.period === old && grant.meter === meter)
      // Reading: of the same instant, by the source's id.
      grants.sort((a, b) => a.at - b.at || (a.source.split(' ')[1]! < b.source.split(' ')[1]! ? -1 : 1))
      for (const grant of grants) {
        const eaten = Math.min(spent, grant.standing)
        spent -= eaten
        if (eaten > 0)
          reach(eaten === grant.standing ? 'anchor moved over a spent add-on' : 'anchor moved over a half-spent add-on')
        if (eaten === grant.standing) continue
        reach('anchor moved and carried an unspent add-on')
        grant.standing -= eaten
        if (figures.limit !== null) figures.lapsed -= grant.standing
        grant.period = this.current
        const opened = this.current.figures.get(meter)!
        if (opened.limit !== null) opened.limit += grant.standing
      }
    }
  }

  /** Of several readings the newest counts, whenever it comes. */
  protected sync({ reading, subscription }: SyncSubscription): Said {
    if (reading <= this.reading) {
      reach(reading === this.reading ? 'reading repeated changes nothing' : 'older reading changes nothing')
      return { status: 200 }
    }
    if (subscription === null) {
      this.reading = reading
      if (this.reference === null) reach('no subscription: the plan of a key stays')
      else this.cancelled()
      return { status: 200 }
    }
    if (!this.offered(subscription)) {
      reach('subscription to an unknown plan refused')
      return { status: 422, code: 'invalid_request' }
    }
    this.reading = reading
    this.follow(subscription)
    return { status: 200 }
  }

  private cancelled(): void {
    reach(
      this.plan === this.catalog.freePlan ? 'cancelled by time, then confirmed' : 'cancelled: Free, the anchor stays',
    )
    this.reference = null
    this.plan = this.catalog.freePlan
    this.contacts = null
    this.interval = 'month'
    this.status = 'active'
    this.graceUntil = null
    this.pending = null
    this.raiseAllowances()
  }

  private follow(read: NonNullable<SyncSubscription['subscription']>): void {
    const before = this.chosen()
    const anchorBefore = this.anchor
    const wasTrial = this.status === 'trialing' && this.reference === read.reference
    const resumes = this.status === 'suspended' && read.status === 'active'
    if (this.reference === null)
      reach(read.status === 'trialing' ? 'first subscription: a trial' : 'first subscription')
    const { freePlan } = this.catalog
    this.reference = read.reference
    this.status = read.status
    this.graceUntil = read.graceUntil
    this.plan = read.plan
    this.contacts = read.contacts
    // Reading: Free has no interval to pay in, also not from an instant to come on.
    this.interval = read.plan === freePlan ? 'month' : read.interval
    this.anchor = read.anchor
    this.pending = read.pending && { ...read.pending }
    if (this.pending?.plan === freePlan) this.pending.interval = 'month'
    // Reading: a change whose instant has passed is in force, whatever else the reading says.
    if (this.pending && this.pending.at <= this.t) {
      reach('pending change of a reading was due already')
      this.takeUp(this.pending, this.pending.at)
    }
    const changed = JSON.stringify(this.chosen()) !== JSON.stringify(before)
    if (!changed && this.takenUpAt === this.current.start) reach('pending applied by time, then confirmed')
    if (this.anchor === anchorBefore) {
      if (changed) reach('plan read with the same anchor')
      return this.raiseAllowances()
    }
    const { start } = boundariesAround(this.anchor, this.t)
    const end = this.endFrom(this.t)
    if (end > this.current.end && this.status === 'trialing' && end - this.t > 32 * 86_400 * second)
      reach('trial longer than a month')
    // Reading: an anchor that has the running period begin or end where it does closes nothing.
    const sameTrial = wasTrial && this.status === 'trialing' && this.anchor > this.t
    if (!sameTrial && start !== this.current.start && end !== this.current.end) {
      reach(resumes ? 'resumed: the anchor moves' : 'read with another anchor')
      return this.moveAnchor(this.anchor)
    }
    reach(sameTrial ? 'trial given another end' : 'read with another anchor of the same period')
    this.current.end = end
    this.raiseAllowances()
  }

  private chosen() {
    return { plan: this.plan, contacts: this.contacts, interval: this.interval }
  }
}
