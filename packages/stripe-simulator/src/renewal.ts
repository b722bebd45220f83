/** What time does to subscriptions: renewals, trial ends, phases, cancellations, retries, each at its own instant and in order. */
import {
  agendaOf,
  dueOf,
  incompleteSeconds,
  keep,
  nextPhaseChange,
  trialWarningSeconds,
  type Agenda,
} from './agenda.ts'
import { chargeDraft, makeDraft, type Billed } from './billing.ts'
import { periodLine } from './lines.ts'
import { periodAt } from './months.ts'
import { nextPhase } from './schedule-run.ts'
import { withItems } from './subscription-change.ts'
import { saveChange } from './subscription-change-event.ts'
import { end, payOpen } from './subscription-end.ts'
import { idOf, intervalOf, periodOf, type Item, type Subscription } from './subscription-object.ts'
import type { Kinds, Tx } from './wire.ts'

/**
 * Does everything that is due by tx.now, in the order of time; tx.now is the due instant meanwhile, so that what is made carries it, and is
 * restored at the end. While nothing is due it reads one row.
 */
export async function settleBilling(tx: Tx): Promise<void> {
  const until = tx.now
  const next = await agendaOf(tx, 'next')
  if (next.due === null || next.due > until) return
  const due = new Map<string, number>()
  for (const agenda of await tx.list('agenda', { live: true })) if (agenda.due !== null) due.set(agenda.id, agenda.due)
  try {
    for (let first = earliest(due, until); first !== undefined; first = earliest(due, until)) {
      const { id, at } = first
      tx.now = at
      await doAllDue(tx, id)
      const then = (await agendaOf(tx, id)).due
      if (then === null) due.delete(id)
      else due.set(id, then)
    }
  } finally {
    tx.now = until
  }
  const left = Math.min(...due.values())
  await tx.put('agenda', { ...next, live: false, due: Number.isFinite(left) ? left : null })
}

function earliest(due: ReadonlyMap<string, number>, until: number): { id: string; at: number } | undefined {
  let first: { id: string; at: number } | undefined
  for (const [id, at] of due) if (at <= until && (first === undefined || at < first.at)) first = { id, at }
  return first
}

/** At one instant several things may be due: the trial ends, and so the first period begins. */
async function doAllDue(tx: Tx, id: string): Promise<void> {
  for (let steps = 0; steps < 12; steps += 1) {
    const subscription = await tx.get('subscription', id)
    if (subscription === undefined) return
    const agenda = await agendaOf(tx, id)
    const schedule =
      subscription.schedule === null ? undefined : await tx.get('subscription_schedule', idOf(subscription.schedule))
    const due = dueOf(subscription, agenda, schedule)
    if (due === null || due > tx.now) return
    await doNext(tx, subscription, agenda, schedule)
  }
  throw new Error(`${id} has something due at ${tx.now} that does not get done`)
}

async function doNext(
  tx: Tx,
  subscription: Subscription,
  agenda: Agenda,
  schedule: Kinds['subscription_schedule'] | undefined,
): Promise<void> {
  const passed = (instant: number | null | undefined): boolean =>
    instant !== null && instant !== undefined && instant <= tx.now
  const { status, trial_end: trialEnd, cancel_at: cancelAt, pause_collection: pause } = subscription

  if (status === 'incomplete') {
    if (passed(subscription.created + incompleteSeconds)) await expire(tx, subscription, agenda)
  } else if (
    status === 'trialing' &&
    !agenda.trialWarned &&
    trialEnd !== null &&
    passed(trialEnd - trialWarningSeconds)
  ) {
    await keep(tx, subscription, { ...agenda, trialWarned: true })
    await tx.emit('customer.subscription.trial_will_end', subscription)
  } else if (passed(cancelAt)) {
    await end(tx, subscription, agenda)
  } else if (passed(pause?.resumes_at)) {
    await saveChange(tx, subscription, { ...subscription, pause_collection: null }, agenda)
  } else if (status !== 'paused' && schedule !== undefined && passed(nextPhaseChange(schedule))) {
    const moved = await nextPhase(tx, subscription, agenda, schedule)
    // The new items are renewed in the same breath: one event tells of both.
    if (moved !== undefined) await renew(tx, subscription, moved, agenda)
  } else if (status !== 'paused' && passed(periodOf(subscription).end)) {
    await renew(tx, subscription, subscription, agenda)
  } else if (agenda.retry !== null && passed(agenda.retry.at)) {
    await retry(tx, subscription, agenda, agenda.retry.invoice)
  }
}

/** The items whose period has ended get the next one, counted from the anchor, and an invoice for it. */
async function renew(tx: Tx, before: Subscription, current: Subscription, agenda: Agenda): Promise<void> {
  const ended = current.items.data.filter((item) => item.current_period_end <= tx.now)
  const items = current.items.data.map((item) => (ended.includes(item) ? withNextPeriod(current, item) : item))
  const moved = withItems(current.status === 'trialing' ? { ...current, status: 'active' } : current, items)
  const lines = []
  for (const item of items.filter((_, at) => ended.includes(current.items.data[at] as Item))) {
    lines.push(await periodLine(tx, moved, item, { start: item.current_period_start, end: item.current_period_end }))
  }
  const period = {
    start: Math.min(...ended.map((item) => item.current_period_start)),
    end: Math.max(...ended.map((item) => item.current_period_end)),
  }
  const made = await makeDraft(tx, moved, agenda, { lines, reason: 'subscription_cycle', period })
  await saveChange(tx, before, made.subscription, made.agenda)
  await saveBilled(tx, made.subscription, await chargeDraft(tx, made))
}

function withNextPeriod(subscription: Subscription, item: Item): Item {
  const { interval, interval_count: count } = intervalOf(item)
  const period = periodAt(subscription.billing_cycle_anchor, interval, count, item.current_period_end)
  return { ...item, billed_until: period.end, current_period_start: period.start, current_period_end: period.end }
}

async function retry(tx: Tx, subscription: Subscription, agenda: Agenda, invoice: string): Promise<void> {
  const open = await tx.get('invoice', invoice)
  if (open?.status !== 'open') return keep(tx, subscription, { ...agenda, retry: null })
  const { subscription: after } = await payOpen(tx, subscription, invoice)
  if (after.status === 'canceled') await endUnpaid(tx, after)
}

async function saveBilled(tx: Tx, before: Subscription, billed: Billed): Promise<void> {
  if (billed.subscription.status === 'canceled') await endUnpaid(tx, billed.subscription)
  else await saveChange(tx, before, billed.subscription, billed.agenda)
}

async function endUnpaid(tx: Tx, subscription: Subscription): Promise<void> {
  const details = { comment: null, feedback: null, feedback_option: null, reason: 'payment_failed' as const }
  await end(tx, { ...subscription, cancellation_details: details }, await agendaOf(tx, subscription.id))
}

/** The first invoice was not paid in time. */
async function expire(tx: Tx, subscription: Subscription, agenda: Agenda): Promise<void> {
  const invoice =
    subscription.latest_invoice === null ? undefined : await tx.get('invoice', idOf(subscription.latest_invoice))
  if (invoice?.status === 'open') {
    const transitions = { ...invoice.status_transitions, voided_at: tx.now }
    const voided = { ...invoice, status: 'void' as const, status_transitions: transitions }
    await tx.put('invoice', voided)
    await tx.emit('invoice.voided', voided)
  }
  await saveChange(tx, subscription, { ...subscription, status: 'incomplete_expired', ended_at: tx.now }, agenda)
}
