/** What a customer can do in the portal, within what its configuration offers. */
import { agendaOf } from './agenda.ts'
import { draftOf } from './billing.ts'
import { changesOf } from './changes.ts'
import type { Invoice } from './invoice-object.ts'
import { compareLengths, later } from './months.ts'
import { makePaymentMethod } from './payment-methods.ts'
import type { Configuration } from './portal-configuration-object.ts'
import { phaseItem, phaseItemsOf, phaseObject, type Schedule } from './schedule-phases.ts'
import { release } from './schedule-run.ts'
import { changeItems, type ChangeRequest } from './subscription-change.ts'
import { saveChange } from './subscription-change-event.ts'
import { cancelNow } from './subscription-end.ts'
import {
  idOf,
  intervalOf,
  periodAmount,
  periodOf,
  type RecurringPrice,
  type Subscription,
} from './subscription-object.ts'
import { scheduleFrom, updateSchedule } from './subscription-schedules.ts'
import { applyChange, cancelledAt, wouldDecline } from './subscription-update.ts'
import type { Tx } from './wire.ts'

export type PlanChange = { when: 'now'; due: Invoice | undefined } | { when: 'period_end'; at: number }

/** When a change would take effect and what would be due at once. Nothing is stored. */
export async function previewPlan(
  tx: Tx,
  subscription: Subscription,
  price: RecurringPrice,
  configuration: Configuration,
): Promise<PlanChange> {
  if (waits(subscription, price, configuration)) return { when: 'period_end', at: periodOf(subscription).end }
  const change = await changeItems(
    tx,
    endedTrial(tx, subscription, configuration),
    requestOf(tx, subscription, price, configuration),
  )
  if (!change.invoiceNow) return { when: 'now', due: undefined }
  const { pending } = await agendaOf(tx, subscription.id)
  const period = { start: tx.now, end: tx.now }
  const lines = [...pending, ...change.lines]
  const due = await draftOf(tx, change.subscription, { lines, reason: 'subscription_update', period })
  return { when: 'now', due }
}

/** Makes the change, at once or by a schedule at the period's end. A card that would decline changes nothing. */
export async function changePlan(
  tx: Tx,
  subscription: Subscription,
  price: RecurringPrice,
  configuration: Configuration,
): Promise<'changed' | 'scheduled' | 'declined'> {
  const free = await withoutSchedule(tx, subscription)
  if (waits(free, price, configuration)) {
    await schedulePlan(tx, free, price)
    return 'scheduled'
  }
  const { due } = { due: undefined, ...(await previewPlan(tx, free, price, configuration)) }
  if (due !== undefined && due.amount_due > 0 && (await wouldDecline(tx, free))) return 'declined'
  const request = requestOf(tx, free, price, configuration)
  await applyChange(tx, free, endedTrial(tx, free, configuration), await agendaOf(tx, free.id), request)
  return 'changed'
}

/** Does one of the configuration's conditions put it off to the period's end? */
function waits(subscription: Subscription, price: RecurringPrice, { features }: Configuration): boolean {
  const [item] = subscription.items.data
  if (item === undefined || subscription.status === 'trialing') return false
  return features.subscription_update.schedule_at_period_end.conditions.some(({ type }) =>
    type === 'decreasing_item_amount'
      ? periodAmount({ price, quantity: item.quantity ?? 1 }) < periodAmount(item)
      : compareLengths(price.recurring, intervalOf(item)) < 0,
  )
}

function requestOf(
  tx: Tx,
  subscription: Subscription,
  price: RecurringPrice,
  { features }: Configuration,
): ChangeRequest {
  const update = features.subscription_update
  const endsTrial = subscription.status === 'trialing' && update.trial_update_behavior === 'end_trial'
  return {
    items: subscription.items.data.slice(0, 1).map(({ id }) => ({ id, price, param: 'items[0]' })),
    proration: endsTrial ? 'none' : update.proration_behavior,
    at: tx.now,
    restart: endsTrial || update.billing_cycle_anchor === 'now',
  }
}

const endedTrial = (tx: Tx, subscription: Subscription, { features }: Configuration): Subscription =>
  subscription.status === 'trialing' && features.subscription_update.trial_update_behavior === 'end_trial'
    ? { ...subscription, status: 'active', trial_end: tx.now }
    : subscription

/** Two phases, as Stripe's portal makes them: what there is until the period ends, then the new price for one period; then the schedule lets go. */
async function schedulePlan(tx: Tx, subscription: Subscription, price: RecurringPrice): Promise<void> {
  const schedule = await scheduleFrom(tx, subscription)
  const { start, end } = periodOf(subscription)
  const { interval, interval_count: count } = price.recurring
  const { currency, metadata } = subscription
  const [first, ...others] = phaseItemsOf(subscription)
  const items = [phaseItem(price.id, first?.quantity ?? 1), ...others]
  const shared = { currency, metadata, proration: 'none' as const }
  await updateSchedule(tx, schedule, {
    phases: [
      phaseObject({ ...shared, span: { start, end }, items: phaseItemsOf(subscription) }),
      phaseObject({ ...shared, span: { start: end, end: later(end, interval, count) }, items }),
    ],
    endBehavior: 'release',
    proration: 'none',
  })
}

/** Takes a change back that has been scheduled; without one nothing happens. */
export async function withoutSchedule(tx: Tx, subscription: Subscription): Promise<Subscription> {
  if (subscription.schedule === null) return subscription
  const schedule = await tx.get('subscription_schedule', idOf(subscription.schedule))
  if (schedule === undefined) return subscription
  return (await release(tx, subscription, await agendaOf(tx, subscription.id), schedule)).subscription
}

/** What is scheduled to come, if something is. */
export async function comingPhase(tx: Tx, subscription: Subscription): Promise<Schedule['phases'][number] | undefined> {
  if (subscription.schedule === null) return undefined
  const schedule = await tx.get('subscription_schedule', idOf(subscription.schedule))
  return schedule?.phases.find((phase) => phase.start_date > tx.now)
}

/** At the period's end: flexible billing has the date in cancel_at, and cancel_at_period_end stays false. */
export async function cancelFromPortal(tx: Tx, subscription: Subscription, { features }: Configuration): Promise<void> {
  const free = await withoutSchedule(tx, subscription)
  if (features.subscription_cancel.mode === 'immediately') {
    const prorate = features.subscription_cancel.proration_behavior === 'create_prorations'
    await cancelNow(tx, free, { prorate, invoiceNow: prorate, comment: null })
    return
  }
  const at = periodOf(free).end
  const ending = cancelledAt(free, at, tx.now, { atPeriodEnd: false, comment: null })
  await saveChange(tx, free, ending, await agendaOf(tx, free.id))
}

export async function keepFromPortal(tx: Tx, subscription: Subscription): Promise<void> {
  const kept = cancelledAt(subscription, null, tx.now, { atPeriodEnd: false, comment: null })
  await saveChange(tx, subscription, kept, await agendaOf(tx, subscription.id))
}

/** A new card becomes the default of the customer and of everything the customer subscribes to. */
export async function newCard(tx: Tx, customerId: string, kind: 'good_card' | 'declining_card'): Promise<void> {
  const customer = await tx.get('customer', customerId)
  if (customer === undefined) return
  const { email, name = null } = customer
  const card = await makePaymentMethod(tx, { customer: customerId, kind, email, name: name ?? null })
  const settings = { ...customer.invoice_settings, default_payment_method: card.id }
  const changed = { ...customer, invoice_settings: settings }
  await tx.put('customer', changed)
  await tx.emit('customer.updated', changed, changesOf(customer, changed))
  for (const subscription of await tx.list('subscription', { customer: customerId })) {
    if (subscription.ended_at !== null) continue
    const paying = { ...subscription, default_payment_method: card.id }
    await saveChange(tx, subscription, paying, await agendaOf(tx, subscription.id))
  }
}
