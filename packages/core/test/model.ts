/**
 * A second reading of the rules (decisions §3-§8), written from the specification alone: one workspace, plain arrays and loops,
 * no ledger, no loading, no cleverness. `decide` must say what it says and leave the figures it leaves.
 *
 * Where the specification leaves a choice, the reading taken is marked "Reading:", here and in model/.
 */
import { contactsOf, planOf } from '../src/catalog.ts'
import type { CreateWorkspace, Grant, Operation, Refund, SetPlan, Use } from '../src/operations.ts'
import type { Instant, Limit } from '../src/words.ts'
import { Reservations } from './model/reservations.ts'
import { boundariesAround, boundaryOf, type Said } from './model/world.ts'
import { reach } from './reach.ts'

const larger = (a: Limit, b: Limit): Limit => (a === null || b === null ? null : Math.max(a, b))

export class Model extends Reservations {
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
      case 'sync-subscription':
        throw new Error('The histories do not read subscriptions yet')
      case 'settle':
        return { status: 200 }
    }
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
    this.interval = operation.plan === this.catalog.freePlan ? 'month' : operation.interval
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
    const { plan } = operation
    // Reading: Free has no interval to pay in.
    const interval = plan === this.catalog.freePlan ? 'month' : (operation.interval ?? this.interval)
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
