/** How a subscription ends, pauses and resumes. */
import { agendaOf, hasEnded, keep, type Agenda } from './agenda.ts'
import { bill, settleInvoice } from './billing.ts'
import { badParameter, StripeFault } from './fault.ts'
import { creditLine, periodLine } from './lines.ts'
import { periodAt } from './months.ts'
import { withItems, restartItem } from './subscription-change.ts'
import { changesOf } from './changes.ts'
import { saveChange } from './subscription-change-event.ts'
import { idOf, intervalOf, type Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

/** Ends it at once. `prorate` gives back the unused time, which only an invoice at once (`invoiceNow`) can turn into credit. */
export async function cancelNow(
  tx: Tx,
  subscription: Subscription,
  options: { prorate: boolean; invoiceNow: boolean; comment: string | null },
): Promise<Subscription> {
  if (hasEnded(subscription)) {
    throw new StripeFault(404, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      message: `No such subscription: '${subscription.id}'`,
      param: 'id',
    })
  }
  let agenda = await agendaOf(tx, subscription.id)
  let current = subscription
  if (options.prorate) {
    for (const item of subscription.items.data) {
      agenda = { ...agenda, pending: [...agenda.pending, await creditLine(tx, subscription, item, tx.now)] }
    }
  }
  if (options.invoiceNow && agenda.pending.length > 0) {
    const period = { start: tx.now, end: tx.now }
    const billed = await bill(tx, current, agenda, { lines: [], reason: 'subscription_update', period })
    current = billed.subscription
    agenda = billed.agenda
  }
  const details = { comment: options.comment, feedback: null, feedback_option: null }
  return end(tx, { ...current, cancellation_details: { ...details, reason: 'cancellation_requested' } }, agenda)
}

/** It is over at this instant; a schedule it has is over with it. */
export async function end(tx: Tx, subscription: Subscription, agenda: Agenda): Promise<Subscription> {
  if (subscription.schedule !== null) await endSchedule(tx, idOf(subscription.schedule))
  const ended: Subscription = {
    ...subscription,
    status: 'canceled',
    canceled_at: subscription.canceled_at ?? tx.now,
    ended_at: tx.now,
    pause_collection: null,
    schedule: null,
  }
  await keep(tx, ended, { ...agenda, retry: null, pending: [] })
  await tx.emit('customer.subscription.deleted', ended)
  return ended
}

async function endSchedule(tx: Tx, id: string): Promise<void> {
  const schedule = await tx.get('subscription_schedule', id)
  if (schedule === undefined) return
  const ended = { ...schedule, status: 'canceled' as const, canceled_at: tx.now, current_phase: null }
  await tx.put('subscription_schedule', ended)
  await tx.emit('subscription_schedule.canceled', ended)
}

/** No periods and no invoices until it is resumed. */
export async function pauseNow(tx: Tx, before: Subscription): Promise<Subscription> {
  if (before.status !== 'active' && before.status !== 'trialing' && before.status !== 'past_due') {
    throw badParameter('id', `A subscription that is ${before.status} cannot be paused.`)
  }
  const paused: Subscription = {
    ...before,
    status: 'paused',
    status_details: {
      paused: { subscription: { type: 'pause_requested' }, transitioned_at: tx.now, type: 'subscription' },
    },
  }
  await keep(tx, paused, await agendaOf(tx, before.id))
  await tx.emit('customer.subscription.paused', paused, changesOf(before, paused))
  await tx.emit('customer.subscription.updated', paused, changesOf(before, paused))
  return paused
}

/** 'now': a whole period begins and is invoiced. 'unchanged': the period that runs by the old anchor goes on, unless it is over. */
export async function resumeNow(tx: Tx, before: Subscription, anchor: 'now' | 'unchanged'): Promise<Subscription> {
  if (before.status !== 'paused') {
    throw badParameter('id', `The subscription is ${before.status}: only a paused subscription can be resumed.`)
  }
  const { status_details: _, ...rest } = before
  const active: Subscription = { ...rest, status: 'active' }
  const agenda = await agendaOf(tx, before.id)
  const items = active.items.data.map((item) => {
    if (anchor === 'now') return restartItem(item, tx.now)
    const { interval, interval_count: count } = intervalOf(item)
    const period = periodAt(active.billing_cycle_anchor, interval, count, tx.now)
    return { ...item, billed_until: period.end, current_period_start: period.start, current_period_end: period.end }
  })
  const changed = withItems(anchor === 'now' ? { ...active, billing_cycle_anchor: tx.now } : active, items)
  const begun = items.filter((item, at) => item.current_period_end !== before.items.data[at]?.current_period_end)
  const lines = []
  for (const item of begun) {
    const period = { start: item.current_period_start, end: item.current_period_end }
    lines.push(await periodLine(tx, changed, item, period))
  }
  const billed =
    lines.length === 0
      ? { subscription: changed, agenda }
      : await bill(tx, changed, agenda, {
          lines,
          reason: 'subscription_update',
          period: { start: tx.now, end: tx.now },
        })
  await keep(tx, billed.subscription, billed.agenda)
  await tx.emit('customer.subscription.resumed', billed.subscription, changesOf(before, billed.subscription))
  return saveChange(tx, before, billed.subscription, billed.agenda)
}

/** Pays the open invoice of one that is past due or unpaid. */
export async function payOpen(
  tx: Tx,
  subscription: Subscription,
  invoiceId: string,
  paymentMethod?: string,
): Promise<{ subscription: Subscription; ok: boolean }> {
  const open = await tx.get('invoice', invoiceId)
  if (open === undefined || open.status !== 'open') return { subscription, ok: open?.status === 'paid' }
  const agenda = await agendaOf(tx, subscription.id)
  const billed = await settleInvoice(tx, subscription, agenda, open, paymentMethod)
  return { subscription: await saveChange(tx, subscription, billed.subscription, billed.agenda), ok: billed.ok }
}
