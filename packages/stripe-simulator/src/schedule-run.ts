/** A schedule at work: its phases begin, and after the last it lets the subscription go or ends it. */
import type { Agenda } from './agenda.ts'
import { compareLengths } from './months.ts'
import type { Phase, PhaseItem, Schedule } from './schedule-phases.ts'
import { withItems, type ItemChange } from './subscription-change.ts'
import { saveChange } from './subscription-change-event.ts'
import { end } from './subscription-end.ts'
import {
  idOf,
  intervalOf,
  isRecurring,
  itemObject,
  periodOf,
  type RecurringPrice,
  type Subscription,
} from './subscription-object.ts'
import { applyChange } from './subscription-update.ts'
import type { Tx } from './wire.ts'

/**
 * The running phase is over. The next one begins, or the schedule does what it does at its end. When the phase begins with a period, the
 * subscription is answered with its new items and not stored: it is to be renewed with them, from this instant if the interval is another.
 */
export async function nextPhase(
  tx: Tx,
  subscription: Subscription,
  agenda: Agenda,
  schedule: Schedule,
): Promise<Subscription | undefined> {
  const next = schedule.phases.find((phase) => phase.start_date >= (schedule.current_phase?.end_date ?? 0))
  if (next === undefined) {
    await finish(tx, subscription, agenda, schedule)
    return undefined
  }
  await enter(tx, schedule, next)
  if (periodOf(subscription).end > tx.now) {
    await applyChange(tx, subscription, subscription, agenda, {
      items: await changesTo(tx, subscription, next.items),
      proration: next.proration_behavior,
      at: tx.now,
      restart: next.billing_cycle_anchor === 'phase_start',
    })
    return undefined
  }
  return withPhase(tx, subscription, next)
}

/** The changes that make the items of a phase out of those there are: in their order; what is left over goes. */
export async function changesTo(
  tx: Tx,
  subscription: Subscription,
  items: readonly PhaseItem[],
): Promise<ItemChange[]> {
  const there = subscription.items.data
  const changes: ItemChange[] = there.slice(items.length).map(({ id }) => ({ id, deleted: true, param: 'items' }))
  for (const [at, item] of items.entries()) {
    const param = `phases[0][items][${at}]`
    const price = await scheduledPrice(tx, idOf(item.price))
    const id = there[at]?.id
    changes.push({ price, quantity: item.quantity ?? 1, param, ...(id !== undefined && { id }) })
  }
  return changes
}

export const phaseNow = (phases: readonly Phase[], now: number): Phase | undefined =>
  phases.find((phase) => phase.start_date <= now && now < phase.end_date)

/** The schedule is done with the subscription, which goes on as it is. */
export async function release(
  tx: Tx,
  subscription: Subscription,
  agenda: Agenda,
  schedule: Schedule,
): Promise<{ schedule: Schedule; subscription: Subscription }> {
  const released: Schedule = {
    ...schedule,
    current_phase: null,
    released_at: tx.now,
    released_subscription: subscription.id,
    status: 'released',
    subscription: null,
  }
  await tx.put('subscription_schedule', released)
  await tx.emit('subscription_schedule.released', released)
  const free = await saveChange(tx, subscription, { ...subscription, schedule: null }, agenda)
  return { schedule: released, subscription: free }
}

async function finish(tx: Tx, subscription: Subscription, agenda: Agenda, schedule: Schedule): Promise<void> {
  if (schedule.end_behavior !== 'cancel') {
    await release(tx, subscription, agenda, schedule)
    return
  }
  const completed: Schedule = { ...schedule, completed_at: tx.now, current_phase: null, status: 'completed' }
  await tx.put('subscription_schedule', completed)
  await tx.emit('subscription_schedule.completed', completed)
  await end(tx, { ...subscription, schedule: null }, agenda)
}

async function enter(tx: Tx, schedule: Schedule, phase: Phase): Promise<void> {
  const current = { start_date: phase.start_date, end_date: phase.end_date }
  const entered: Schedule = { ...schedule, current_phase: current, status: 'active' }
  await tx.put('subscription_schedule', entered)
  await tx.emit('subscription_schedule.updated', entered, { current_phase: schedule.current_phase })
}

/** The phase's items, with the periods that have just ended. */
async function withPhase(tx: Tx, subscription: Subscription, phase: Phase): Promise<Subscription> {
  const old = subscription.items.data
  const period = { start: periodOf(subscription).start, end: tx.now }
  const items = []
  for (const [at, { price: id, quantity }] of phase.items.entries()) {
    const price = await scheduledPrice(tx, idOf(id))
    const before = old[at]
    const fresh = itemObject({
      id: before?.id ?? tx.id('si_'),
      subscription: subscription.id,
      price,
      quantity: quantity ?? 1,
      period,
      now: before?.created ?? tx.now,
      metadata: before?.metadata ?? {},
    })
    items.push(fresh)
  }
  const anew = items.some((item, at) => {
    const before = old[at]
    return before !== undefined && compareLengths(intervalOf(before), intervalOf(item)) !== 0
  })
  const restarts = anew || phase.billing_cycle_anchor === 'phase_start'
  return withItems(
    {
      ...subscription,
      metadata: { ...subscription.metadata, ...phase.metadata },
      ...(restarts && { billing_cycle_anchor: tx.now }),
    },
    items,
  )
}

/** Checked when it was scheduled; that it has been archived since changes nothing. */
async function scheduledPrice(tx: Tx, id: string): Promise<RecurringPrice> {
  const price = await tx.get('price', id)
  if (price === undefined || !isRecurring(price))
    throw new Error(`A schedule has the price ${id}, which is not recurring`)
  return price
}
