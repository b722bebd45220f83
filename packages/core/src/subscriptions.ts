/** The subscription as the payment provider has it: what was paid for decides the plan, nothing else does (decisions §6). */
import type { SubscriptionRow } from './books.ts'
import { contactsOf, planOf } from './catalog.ts'
import type { Draft } from './draft.ts'
import type { Answer, SyncSubscription } from './operations.ts'
import { differs, unknownPlan } from './plans.ts'
import { endOfPeriod, raiseAllowances, restartPeriod } from './renewal.ts'
import { workspaceWire } from './view.ts'

/**
 * Brings the plan to what the provider says. An older reading than the last one applied changes nothing, a repeat neither.
 * The same anchor: every allowance the larger of old and new. Another anchor: the period closes now and a new one opens.
 * An ended subscription: Free, its anchor stays; one that was not ours to follow leaves the plan as a key has set it.
 */
export function syncSubscription(draft: Draft, operation: SyncSubscription): Answer {
  const before = draft.subscription
  const { reading, subscription } = operation
  const answer = (): Answer => ({ status: 200, body: workspaceWire(draft) })
  if (reading <= before.reading) return answer()
  if (subscription === null) {
    follow(draft, { ...(before.reference === null ? before : ended(draft, before)), reading }, operation.actor)
    return answer()
  }
  const catalog = draft.newestCatalog
  const plan = planOf(catalog, subscription.plan)
  if (!plan || contactsOf(plan, subscription.contacts) !== subscription.contacts) {
    return unknownPlan(draft, { ...subscription, requestId: operation.requestId })
  }
  follow(draft, { ...before, ...subscription, catalog: catalog.version, reading }, operation.actor)
  return answer()
}

function ended(draft: Draft, before: SubscriptionRow): SubscriptionRow {
  const { freePlan: plan } = draft.newestCatalog
  const contacts = planOf(draft.newestCatalog, plan)!.prices[0]!.contacts
  const free = { plan, contacts, interval: 'month', catalog: draft.newestCatalog.version } as const
  return { ...before, ...free, status: 'active', graceUntil: null, pending: null, reference: null }
}

function follow(draft: Draft, after: SubscriptionRow, actor: string): void {
  const before = draft.subscription
  // Written also where only the count of readings moves: a reading that comes late must find that it is late.
  draft.subscription = after
  if (after.pending) draft.wake(after.pending.at)
  if (!differs({ ...after, reading: before.reading }, before)) return
  // An anchor that leaves the running period where it is (a twelfth renewal counted from another month) closes nothing.
  const moves = after.anchor !== before.anchor && endOfPeriod(after, draft.t) !== draft.existing().periodEnd
  if (moves) restartPeriod(draft, actor)
  else raiseAllowances(draft, actor)
}
