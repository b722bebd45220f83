/** The subscription as the payment provider has it: what was paid for decides the plan, nothing else does (decisions §6). */
import type { SubscriptionRow } from './books.ts'
import { planOf } from './catalog.ts'
import type { Draft } from './draft.ts'
import type { Answer, SyncSubscription } from './operations.ts'
import { periodAt } from './periods.ts'
import { differs, unknownPlan } from './plans.ts'
import { endOfPeriod, offeringCatalog, prolongPeriod, raiseAllowances, restartPeriod, takenUp } from './renewal.ts'
import { workspaceWire } from './view.ts'
import type { Interval } from './words.ts'

/**
 * Brings the plan to what the provider says. An older reading than the last one applied changes nothing, a repeat neither.
 * The same anchor: every allowance the larger of old and new. Another anchor: the period closes now and a new one opens.
 * An ended subscription: Free, its anchor stays; where none was followed, the plan stays as a key has set it.
 * A plan that no catalog offers is refused with 422 and nothing changes, so that the same reading may be sent again.
 */
export function syncSubscription(draft: Draft, operation: SyncSubscription): Answer {
  const { reading, subscription, actor, requestId } = operation
  const before = draft.subscription
  if (reading > before.reading) {
    if (subscription === null) follow(draft, { ...(before.reference === null ? before : ended(draft)), reading }, actor)
    else if (!offeringCatalog(draft, subscription)) return unknownPlan(draft, { ...subscription, requestId })
    else follow(draft, inForce(draft, { ...before, ...subscription, reading }), actor)
  }
  return { status: 200, body: workspaceWire(draft) }
}

function ended(draft: Draft): SubscriptionRow {
  const { freePlan: plan } = draft.newestCatalog
  const { contacts } = planOf(draft.newestCatalog, plan)!.prices[0]!
  const free = { plan, contacts, interval: 'month', reference: null } as const
  return { ...draft.subscription, ...free, status: 'active', graceUntil: null, pending: null }
}

/**
 * What counts now: a change whose instant has passed is in force, also when the reading was made just before it, or when the provider
 * has not got round to it. Else a plan that time has lowered already would be raised again.
 */
function inForce(draft: Draft, read: SubscriptionRow): SubscriptionRow {
  const pending = read.pending && withInterval(draft, read.pending)
  const row = { ...withInterval(draft, read), pending }
  return pending && pending.at <= draft.t ? takenUp(draft, row, pending.at) : row
}

/** Free has no interval to pay in. */
function withInterval<Chosen extends { plan: string; interval: Interval }>(draft: Draft, chosen: Chosen): Chosen {
  return chosen.plan === draft.newestCatalog.freePlan ? { ...chosen, interval: 'month' } : chosen
}

function follow(draft: Draft, after: SubscriptionRow, actor: string): void {
  const before = draft.subscription
  // A changed catalog counts from the next period or change of plan on, not from the next reading.
  const samePlan = after.plan === before.plan && after.contacts === before.contacts
  const row = { ...after, catalog: samePlan ? before.catalog : offeringCatalog(draft, after)!.version }
  if (row.anchor === before.anchor) {
    // Written also where only the count of readings moves: a reading that comes late must find that it is late.
    draft.subscription = row
    if (differs({ ...row, reading: before.reading }, before)) raiseAllowances(draft, actor)
  } else if (goesOn(draft, before, row)) prolongPeriod(draft, row, actor)
  else restartPeriod(draft, row, actor)
}

/**
 * Another anchor closes nothing where the running period is the new anchor's too: it ends or began at one of its boundaries, as when a
 * change that time has taken up is confirmed from another month. Nor does a trial that is given another end: it stays one period.
 */
function goesOn(draft: Draft, before: SubscriptionRow, after: SubscriptionRow): boolean {
  const { periodStart, periodEnd } = draft.existing()
  const { t } = draft
  if (periodAt(after.anchor, t).start === periodStart || endOfPeriod(after, t) === periodEnd) return true
  const stillTrial = before.status === 'trialing' && after.status === 'trialing' && after.anchor > t
  return stillTrial && after.reference === before.reference
}
