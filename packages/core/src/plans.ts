/** Which plan a workspace is on, from its creation on (decisions §6). */
import type { PendingChange, SubscriptionRow } from './books.ts'
import { contactsOf, planOf } from './catalog.ts'
import type { Draft } from './draft.ts'
import type { Answer, CreateWorkspace, SetPlan } from './operations.ts'
import { yearEnd } from './periods.ts'
import { refusal } from './problem.ts'
import { begin, intervalMoves, raiseAllowances, restartPeriod } from './renewal.ts'
import { invalid } from './refusals.ts'
import { workspaceWire } from './view.ts'

/** Repeats by id: the same content answers 200, other content 422. */
export function create(draft: Draft, operation: CreateWorkspace): Answer {
  const { workspace, requestId } = operation
  if (draft.workspace) {
    if (draft.subscription.request === operation.request) return { status: 200, body: workspaceWire(draft) }
    return refusal('workspace_mismatch', `Workspace ${workspace} was created with other content.`, requestId)
  }
  const catalog = draft.newestCatalog
  const plan = planOf(catalog, operation.plan)
  const contacts = plan && contactsOf(plan, operation.contacts)
  if (!plan || contacts === undefined) return unknownPlan(draft, operation)
  begin(draft, {
    workspace,
    name: operation.name,
    plan: plan.id,
    contacts,
    interval: plan.id === catalog.freePlan ? 'month' : operation.interval,
    catalog: catalog.version,
    status: 'active',
    anchor: operation.anchor ?? draft.t,
    graceUntil: null,
    pending: null,
    createdAt: draft.t,
    request: operation.request,
    reference: null,
    reading: 0,
  })
  return { status: 201, body: workspaceWire(draft) }
}

export function unknownPlan(
  draft: Draft,
  { plan, contacts, requestId }: Pick<SetPlan, 'plan' | 'contacts' | 'requestId'>,
): Answer {
  const known = planOf(draft.newestCatalog, plan)
  if (!known) return invalid(requestId, [{ path: 'plan', message: `"${plan}" is not one of this catalog's plans` }])
  const volumes = known.prices.flatMap((price) => (price.contacts === null ? [] : [price.contacts]))
  const offer = volumes.length === 0 ? 'it has no contact volumes' : `choose one of ${volumes.join(', ')}`
  return invalid(requestId, [{ path: 'contacts', message: `${contacts} is not offered on ${plan}: ${offer}` }])
}

/**
 * With the same anchor: at once, every allowance the larger of old and new until the period ends, what is used and reserved stays.
 * With another anchor (or another interval between paid plans): the period closes now and a new one opens (decisions §6).
 * At the period's end: noted as pending; the plan of now cancels what is pending. A status counts at once either way.
 */
export function setPlan(draft: Draft, operation: SetPlan): Answer {
  const before = draft.subscription
  const catalog = draft.newestCatalog
  const plan = planOf(catalog, operation.plan)
  const contacts = plan && contactsOf(plan, operation.contacts)
  if (!plan || contacts === undefined) return unknownPlan(draft, operation)
  const interval = plan.id === catalog.freePlan ? 'month' : (operation.interval ?? before.interval)
  const target = { plan: plan.id, contacts, interval }
  const { periodEnd } = draft.existing()
  const status = operation.status ?? before.status
  const graceUntil = operation.status === null ? before.graceUntil : operation.graceUntil
  if (operation.when === 'periodEnd') {
    const same = before.plan === plan.id && before.contacts === contacts && before.interval === interval
    // The paid year in which the running period ends: a trial belongs to none, it ends when the first one begins.
    const at = before.interval === 'year' ? yearEnd(before.anchor, periodEnd - 1) : periodEnd
    const pending = same ? null : { ...target, at }
    const after = { ...before, status, graceUntil, pending }
    if (differs(after, before)) draft.subscription = after
    if (pending) draft.wake(at)
    return { status: 200, body: workspaceWire(draft) }
  }
  const anchor = operation.anchor ?? (intervalMoves(draft, before, target) ? draft.t : before.anchor)
  const after = { ...before, ...target, catalog: catalog.version, anchor, status, graceUntil, pending: null }
  if (anchor !== before.anchor) restartPeriod(draft, after, operation.actor)
  else {
    if (differs(after, before)) draft.subscription = after
    raiseAllowances(draft, operation.actor)
  }
  return { status: 200, body: workspaceWire(draft) }
}

/** Field by field: a stored pending change comes back with its fields in another order. */
export function differs(after: SubscriptionRow, before: SubscriptionRow): boolean {
  const { pending, ...rest } = after
  if ((Object.keys(rest) as (keyof typeof rest)[]).some((field) => rest[field] !== before[field])) return true
  if (pending === null || before.pending === null) return pending !== before.pending
  return (Object.keys(pending) as (keyof PendingChange)[]).some((field) => pending[field] !== before.pending?.[field])
}
