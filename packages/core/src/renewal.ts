/** What time does to a workspace, and how its periods open and close (decisions §5, §6). */
import type { GrantRow, ReservationRow, SubscriptionRow, WorkspaceRow } from './books.ts'
import { settleRound } from './books.ts'
import { allowanceOf, contactsOf, planOf, type Catalog } from './catalog.ts'
import { clockActor, partOfLimit, type Draft } from './draft.ts'
import { instantText, periodAt } from './periods.ts'
import type { Instant, Limit, MeterId, Quantity } from './words.ts'

/**
 * Books everything due up to the draft's instant in time order, each at its own due instant, before any operation (heart M8).
 * At most `round` overdue holds; when more are due, `draft.again` is set and nothing else may be decided yet.
 */
export function settle(draft: Draft, due: ReservationRow[] | undefined, round = settleRound): void {
  const { workspace, t } = draft
  if (!workspace || workspace.wakeAt > t) return
  if (!due) {
    draft.again = true
    return
  }
  const last = Math.min(due.length, round)
  draft.again = due.length > last && due[last]!.expiresAt <= t
  let next = 0
  const expireUntil = (until: Instant) => {
    while (next < last && due[next]!.expiresAt <= until) expire(draft, due[next++]!)
  }
  for (;;) {
    expireUntil(Math.min(t, workspace.periodEnd))
    if (workspace.periodEnd > t || (draft.again && next === last)) break
    lapse(draft, workspace.periodEnd)
    applyPending(draft, workspace.periodEnd)
    const { anchor, pending } = draft.subscription
    // Missed months leave no rows, but a change that lies among them leaves the last period before it: so the past can be told.
    // Only a round that cannot finish opens the very next period: every hold ends within it.
    const until = pending && pending.at <= t ? pending.at - 1 : t
    const period = periodAt(anchor, draft.again ? workspace.periodEnd : until)
    expireUntil(Math.min(t, period.start - 1))
    open(draft, period.start, period.end, period.start, clockActor)
  }
  workspace.wakeAt = workspace.periodEnd
  if (next < due.length) draft.wake(due[next]!.expiresAt)
  draft.touch()
}

/** A new workspace begins: its first period is the one that holds this instant. */
export function begin(draft: Draft, subscription: SubscriptionRow): void {
  const { start, end } = periodAt(subscription.anchor, draft.t)
  draft.subscription = subscription
  draft.workspace = {
    workspace: subscription.workspace,
    seq: 0,
    version: 0,
    at: draft.t,
    wakeAt: end,
    periodStart: start,
    periodEnd: end,
    openFrom: start,
  }
  open(draft, start, end, draft.t, clockActor)
}

/** How far the provider's clock may run ahead of ours: an anchor so close ahead has begun already. */
const clockSkew = 5 * 60_000

/**
 * When the period that holds `t` ends; a trial is one period up to its end, however long it is (decisions §6).
 * Without the allowance for skew a subscription that began "in two seconds" would have a first period of two seconds, and what was
 * bought would lapse with it.
 */
export function endOfPeriod({ anchor, status }: SubscriptionRow, t: Instant): Instant {
  if (anchor > t && status === 'trialing') return anchor
  return periodAt(anchor, anchor - t <= clockSkew ? Math.max(t, anchor) : t).end
}

/** Another anchor: the running period closes now, on the plan it had, and a new one opens until the new anchor's next boundary. */
export function restartPeriod(draft: Draft, after: SubscriptionRow, actor: string): void {
  const { t } = draft
  const end = endOfPeriod(after, t)
  // A period that began this very instant has not run yet: it only ends elsewhere.
  if (t === draft.existing().periodStart) return prolongPeriod(draft, after, actor)
  const carried = unspentAddOns(draft)
  lapse(draft, t, carried)
  redate(draft, t)
  draft.subscription = after
  open(draft, t, end, t, actor)
  for (const { grant, rest } of carried) {
    const spentBefore = grant.spentBefore + (partOfLimit(grant) - rest)
    draft.putGrant({ ...grant, periodStart: t, spentBefore })
    draft.book('grant', grant.meter, rest, { type: grant.sourceType, id: grant.sourceId }, actor)
  }
}

/** Another anchor, the same period: it goes on and only ends elsewhere. */
export function prolongPeriod(draft: Draft, after: SubscriptionRow, actor: string): void {
  draft.subscription = after
  const end = endOfPeriod(after, draft.t)
  if (end !== draft.existing().periodEnd) {
    redate(draft, end)
    draft.wake(end)
  }
  raiseAllowances(draft, actor)
}

/** Each allowance of the running period rises to the plan's, and never falls (decisions §6, "same anchor"). */
export function raiseAllowances(draft: Draft, actor: string): void {
  const { plan: id, contacts } = draft.subscription
  const { periodStart } = draft.existing()
  const grants = new Map(draft.periodGrants.filter((row) => row.sourceType === 'plan').map((row) => [row.meter, row]))
  for (const meter of draft.meters) {
    const allowance = allowanceOf(draft.plan, contacts, meter.id)
    if (allowance === undefined) continue
    const grant = grants.get(meter.id) ?? planGrant(draft, meter.id, periodStart, 0)
    if (grant.quantity === null || (allowance !== null && allowance <= grant.quantity)) continue
    draft.putGrant({ ...grant, quantity: allowance })
    const more = allowance === null ? null : allowance - grant.quantity
    draft.book('adjust', meter.id, more, { type: 'plan', id }, actor)
  }
}

function expire(draft: Draft, hold: ReservationRow): void {
  const at = hold.expiresAt
  for (const line of hold.lines) {
    const rest = line.reserved - line.used
    if (rest <= 0) continue
    const source = { type: 'reservation', id: hold.id } as const
    draft.book('expire', line.meter, rest, source, clockActor, { at, periodStart: hold.periodStart })
  }
  draft.putReservation(expired(hold))
}

/** A hold lasts while t < expiresAt. Lists use it too: an overdue hold never shows as held, swept or not. */
export const isOverdue = ({ state, expiresAt }: ReservationRow, t: Instant): boolean =>
  state === 'held' && expiresAt <= t
export const expired = (hold: ReservationRow): ReservationRow => ({
  ...hold,
  state: 'expired',
  closedAt: hold.expiresAt,
})

interface Carried {
  grant: GrantRow
  rest: Quantity
}

/** What is left at the end of a period is lost (acceptance 84-86): an entry says so, no figure changes. */
function lapse(draft: Draft, at: Instant, carried: Carried[] = []): void {
  const source = { type: 'plan', id: draft.subscription.plan } as const
  for (const meter of draft.meters) {
    const { limit, used, reserved } = draft.balance(meter.id)
    const kept = carried.reduce((sum, { grant, rest }) => (grant.meter === meter.id ? sum + rest : sum), 0)
    const unused = limit === null ? 0 : limit - used - reserved - kept
    if (unused > 0) draft.book('lapse', meter.id, unused, source, clockActor, { at })
  }
}

function redate(draft: Draft, end: Instant): void {
  const workspace = draft.existing()
  for (const row of draft.balancesOf(workspace.periodStart)) draft.putBalance({ ...row, periodEnd: end })
  workspace.periodEnd = end
}

function applyPending(draft: Draft, at: Instant): void {
  const { pending } = draft.subscription
  if (pending && pending.at <= at) draft.subscription = takenUp(draft, draft.subscription, at)
}

/**
 * The subscription with its pending change taken up at an instant. Monthly ↔ yearly counts anew from there: a paid year has twelve
 * periods (decisions §5, §6). A plan that no catalog offers any more cannot be opened: the workspace stays on the one it has.
 */
export function takenUp(draft: Draft, before: SubscriptionRow, at: Instant): SubscriptionRow {
  const { plan, contacts, interval } = before.pending!
  const anchor = intervalMoves(draft, before, { plan, interval }) ? at : before.anchor
  const after = { ...before, plan, contacts, interval, anchor, pending: null }
  return offeringCatalog(draft, after) ? after : { ...before, pending: null }
}

/** The newest catalog that offers the plan, of those a running workspace may be on; undefined where none does. */
export function offeringCatalog(draft: Draft, chosen: Pick<SubscriptionRow, 'plan' | 'contacts'>): Catalog | undefined {
  return [draft.newestCatalog, draft.catalog].find((catalog) => offers(catalog, chosen))
}

/** Opens a period with the plan's allowances, from the newest catalog that still offers the plan. */
function open(draft: Draft, start: Instant, end: Instant, at: Instant, actor: string): void {
  const workspace: WorkspaceRow = draft.existing()
  const newest = draft.newestCatalog
  if (draft.subscription.catalog !== newest.version && offers(newest, draft.subscription)) {
    draft.subscription = { ...draft.subscription, catalog: newest.version }
  }
  workspace.periodStart = start
  workspace.periodEnd = end
  draft.beginPeriodGrants()
  const { plan, contacts } = draft.subscription
  for (const meter of draft.meters) {
    draft.putBalance(draft.balance(meter.id))
    const allowance = allowanceOf(draft.plan, contacts, meter.id)
    if (allowance === undefined) continue
    draft.putGrant({ ...planGrant(draft, meter.id, start, allowance), grantedAt: at })
    if (allowance !== 0) draft.book('grant', meter.id, allowance, { type: 'plan', id: plan }, actor, { at })
  }
  draft.wake(end)
}

/** The plan's own grant: one per period and meter, so its source is the period's start. */
function planGrant(draft: Draft, meter: MeterId, periodStart: Instant, quantity: Limit): GrantRow {
  return {
    workspace: draft.subscription.workspace,
    sourceType: 'plan',
    sourceId: instantText(periodStart),
    meter,
    periodStart,
    quantity,
    takenBack: 0,
    spentBefore: 0,
    grantedAt: draft.t,
    reason: null,
  }
}

/** The allowance counts as spent first, then add-ons, oldest first; what is held counts as spent (decisions §6). */
function unspentAddOns(draft: Draft): Carried[] {
  return draft.meters.flatMap((meter) => {
    const { limit, used, reserved } = draft.balance(meter.id)
    const addOns = draft.periodGrants
      .filter((row) => row.meter === meter.id && row.sourceType !== 'plan')
      .toSorted((a, b) => a.grantedAt - b.grantedAt || (a.sourceId < b.sourceId ? -1 : 1))
    const fromAddOns = addOns.reduce((sum, row) => sum + partOfLimit(row), 0)
    let spent = limit === null ? 0 : Math.max(0, used + reserved - (limit - fromAddOns))
    return addOns.flatMap((grant) => {
      const part = partOfLimit(grant)
      const gone = Math.min(part, spent)
      spent -= gone
      return part > gone ? [{ grant, rest: part - gone }] : []
    })
  })
}

/** A change of interval between paid plans moves the anchor; Free has no interval to change. */
export function intervalMoves(draft: Draft, before: Chosen, after: Chosen): boolean {
  const { freePlan } = draft.newestCatalog
  return before.interval !== after.interval && before.plan !== freePlan && after.plan !== freePlan
}

type Chosen = Pick<SubscriptionRow, 'plan' | 'interval'>

const offers = (catalog: Catalog, { plan: id, contacts }: Pick<SubscriptionRow, 'plan' | 'contacts'>): boolean => {
  const plan = planOf(catalog, id)
  return plan !== undefined && contactsOf(plan, contacts) === contacts
}
