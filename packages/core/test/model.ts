/**
 * A second reading of the rules (decisions §3-§8), written from the specification alone: one workspace, plain arrays and loops,
 * no ledger, no loading, no cleverness. `decide` must say what it says and leave the figures it leaves.
 *
 * Where the specification leaves a choice, the reading taken is marked "Reading:", here and in model/.
 */
import { contactsOf, planOf } from '../src/catalog.ts'
import type { CreateWorkspace, Grant, Operation, Refund, Use } from '../src/operations.ts'
import type { Instant } from '../src/words.ts'
import { Plans } from './model/plans.ts'
import { boundariesAround, type Said } from './model/world.ts'
import { reach } from './reach.ts'

export class Model extends Plans {
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
    // A fault of form is not kept: mended, the same key may be sent again.
    if (operation.key !== null && said.code !== 'invalid_request') {
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
        return this.sync(operation)
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
