/** A Stripe subscription in our words. Pure: what it needs besides is handed in. */
import type { Instant, PendingChange, SyncSubscription } from '@headroom/core'
import type Stripe from 'stripe'
import { planOfPrice, type PlanChoice } from './price-names.ts'

export type Statement = NonNullable<SyncSubscription['subscription']>

/** After a failed payment nothing changes for so long; then nothing new starts (decisions §6). */
const graceMs = 7 * 86_400_000

/** The price is not one of ours, so nothing can be said of what it brings: it brings nothing, loudly. */
export class UnknownPrice extends Error {
  override name = 'UnknownPrice'
}

const liveStates = new Set<string>(['trialing', 'active', 'past_due', 'unpaid', 'paused'])

export const isLive = ({ status }: Stripe.Subscription): boolean => liveStates.has(status)

/**
 * What may be followed, the best first: the one that is followed already, else the newest that pays for a plan of ours. Whatever else
 * of the merchant's a customer pays for has nothing to do with us. `items` must be complete.
 */
export function candidates(all: readonly Stripe.Subscription[], followed: string | null): Stripe.Subscription[] {
  return all
    .filter((one) => isLive(one) && (one.id === followed || isOurs(one)))
    .toSorted(
      (a, b) =>
        Number(b.id === followed) - Number(a.id === followed) || b.created - a.created || (a.id < b.id ? 1 : -1),
    )
}

/** A price that names a plan is meant to be ours, also where the rest of it cannot be understood. */
export const isOurs = ({ items }: Stripe.Subscription): boolean =>
  items.data.some(({ price: { metadata } }) => metadata['headroom_plan'] && !metadata['headroom_addon'])

export interface Beside {
  /** What the schedule's next phase pays for; undefined where there is none. */
  nextPrice: Stripe.Price | undefined
  /** What a workspace is without paying. */
  free: PlanChoice
  /** Until when a payment already was excused: that does not grow with another unpaid invoice. */
  graceUntil: Instant | null
}

export function translate(subscription: Stripe.Subscription, beside: Beside): Statement {
  const { item, choice } = planItem(subscription)
  const { status } = subscription
  const isTrial = status === 'trialing' && subscription.trial_end !== null
  return {
    reference: subscription.id,
    ...choice,
    anchor: ms(isTrial ? subscription.trial_end! : subscription.billing_cycle_anchor),
    status: ourStatus(subscription),
    graceUntil: status === 'past_due' ? graceUntil(subscription, beside.graceUntil) : null,
    pending: pendingChange(subscription, item, choice, beside),
  }
}

const ms = (seconds: number): Instant => seconds * 1000

/** The one item that pays for a plan; others may stand beside it. */
function planItem({ id, items }: Stripe.Subscription): { item: Stripe.SubscriptionItem; choice: PlanChoice } {
  const ours = items.data.flatMap((item) => {
    const choice = planOfPrice(item.price)
    return choice ? [{ item, choice }] : []
  })
  if (ours.length === 1) return ours[0]!
  const prices = items.data.map(({ price }) => price.id).join(', ')
  throw new UnknownPrice(`${id} has ${ours.length} prices of a plan of ours among ${prices}`)
}

function ourStatus({ status, pause_collection: pause }: Stripe.Subscription): Statement['status'] {
  if (pause !== null || status === 'paused' || status === 'unpaid') return 'suspended'
  if (status === 'trialing') return 'trialing'
  return status === 'past_due' ? 'past_due' : 'active'
}

function graceUntil({ latest_invoice: invoice, created }: Stripe.Subscription, before: Instant | null): Instant {
  const isThere = typeof invoice === 'object' && invoice !== null
  // An invoice that is sent may be paid until its day; one that is charged is due when it is made.
  const since = isThere ? (invoice.due_date ?? invoice.created) : created
  const until = ms(since) + graceMs
  return before === null ? until : Math.min(before, until)
}

function pendingChange(
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  now: PlanChoice,
  { nextPrice, free }: Beside,
): PendingChange | null {
  const ends = subscription.cancel_at ?? (subscription.cancel_at_period_end ? item.current_period_end : null)
  if (ends !== null) return { ...free, at: ms(ends) }
  const next = nextPhase(subscription)
  if (next === undefined) return null
  if (next === 'ends') return { ...free, at: ms(scheduleOf(subscription)!.current_phase!.end_date) }
  const choice = nextPrice && planOfPrice(nextPrice)
  if (!choice) throw new UnknownPrice(`${subscription.id} changes to ${nextPrice?.id}, which is not a price of ours`)
  const same = choice.plan === now.plan && choice.contacts === now.contacts && choice.interval === now.interval
  return same ? null : { ...choice, at: ms(next.start_date) }
}

function scheduleOf({ schedule }: Stripe.Subscription): Stripe.SubscriptionSchedule | null {
  return typeof schedule === 'object' ? schedule : null
}

/** The phase after the running one; 'ends': the subscription ends with the running one. */
export function nextPhase(subscription: Stripe.Subscription): Stripe.SubscriptionSchedule.Phase | 'ends' | undefined {
  const schedule = scheduleOf(subscription)
  const current = schedule?.current_phase
  if (!schedule || !current || schedule.status !== 'active') return undefined
  const next = schedule.phases
    .filter(({ start_date: start }) => start >= current.end_date)
    .toSorted((a, b) => a.start_date - b.start_date)[0]
  return next ?? (schedule.end_behavior === 'cancel' ? 'ends' : undefined)
}
