/** Subscription schedules: made from a subscription, with phases that change it later. */
import { agendaOf, keep } from './agenda.ts'
import { changesOf } from './changes.ts'
import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { onlyKnows } from './known-parameters.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import { later, type Span } from './months.ts'
import type { SimRoute } from './route.ts'
import { phaseItem, phaseItemsOf, phaseObject, type Phase, type PhaseItem, type Schedule } from './schedule-phases.ts'
import { changesTo, phaseNow, release } from './schedule-run.ts'
import { cancelNow } from './subscription-end.ts'
import { saveChange } from './subscription-change-event.ts'
import { idOf, periodOf, type Subscription } from './subscription-object.ts'
import { applyChange, recurringPrice } from './subscription-update.ts'
import { subscriptionById } from './subscriptions.ts'
import type { Tx } from './wire.ts'

export const subscriptionScheduleRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/subscription_schedules',
    takes: ['from_subscription', 'metadata'],
    async handle(tx, { params }) {
      const id = params.text('from_subscription')
      const subscription = await subscriptionById(tx, id, 'from_subscription')
      return scheduleFrom(tx, subscription, metadataOf(params))
    },
  },
  {
    method: 'GET',
    path: '/v1/subscription_schedules',
    takes: [...listParams, 'customer'],
    handle: (tx, { params }) => listOf(tx, 'subscription_schedule', '/v1/subscription_schedules', params, ['customer']),
  },
  {
    method: 'GET',
    path: '/v1/subscription_schedules/:id',
    takes: [],
    handle: (tx, { ids }) => scheduleById(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/subscription_schedules/:id',
    takes: ['phases', 'end_behavior', 'metadata', 'proration_behavior'],
    async handle(tx, { ids, params }) {
      const schedule = open(await scheduleById(tx, ids.id ?? ''), 'updated')
      return updateSchedule(tx, schedule, {
        metadata: changedMetadata(schedule.metadata, params),
        endBehavior: params.choice('end_behavior', ['cancel', 'release']) ?? schedule.end_behavior,
        proration:
          params.choice('proration_behavior', ['always_invoice', 'create_prorations', 'none']) ?? 'create_prorations',
        phases: params.has('phases') ? await phasesFrom(tx, schedule, params) : schedule.phases,
      })
    },
  },
  {
    method: 'POST',
    path: '/v1/subscription_schedules/:id/release',
    takes: ['preserve_cancel_date'],
    async handle(tx, { ids }) {
      const schedule = open(await scheduleById(tx, ids.id ?? ''), 'released')
      const subscription = await subscriptionById(tx, subscriptionOf(schedule))
      return (await release(tx, subscription, await agendaOf(tx, subscription.id), schedule)).schedule
    },
  },
  {
    method: 'POST',
    path: '/v1/subscription_schedules/:id/cancel',
    takes: ['invoice_now', 'prorate'],
    async handle(tx, { ids, params }) {
      const schedule = open(await scheduleById(tx, ids.id ?? ''), 'canceled')
      await cancelNow(tx, await subscriptionById(tx, subscriptionOf(schedule)), {
        prorate: params.flag('prorate') ?? true,
        invoiceNow: params.flag('invoice_now') ?? true,
        comment: null,
      })
      return scheduleById(tx, schedule.id)
    },
  },
]

/** One phase: what the subscription is now, until its period ends. It is tied to the subscription until it is released. */
export async function scheduleFrom(
  tx: Tx,
  before: Subscription,
  metadata: Record<string, string> = {},
): Promise<Schedule> {
  if (before.schedule !== null) {
    const message = `You cannot migrate a subscription that is already attached to a schedule: \`${idOf(before.schedule)}\`.`
    throw badParameter('from_subscription', message)
  }
  const span = periodOf(before)
  const phase = phaseObject({
    span,
    items: phaseItemsOf(before),
    currency: before.currency,
    proration: 'create_prorations',
    metadata: before.metadata,
  })
  const schedule = scheduleObject(tx, before, phase, metadata)
  await tx.put('subscription_schedule', schedule)
  await tx.emit('subscription_schedule.created', schedule)
  await saveChange(tx, before, { ...before, schedule: schedule.id }, await agendaOf(tx, before.id))
  return schedule
}

function scheduleObject(tx: Tx, from: Subscription, phase: Phase, metadata: Record<string, string>): Schedule {
  return {
    id: tx.id('sub_sched_'),
    object: 'subscription_schedule',
    application: null,
    billing_mode: from.billing_mode,
    canceled_at: null,
    completed_at: null,
    created: tx.now,
    current_phase: { start_date: phase.start_date, end_date: phase.end_date },
    customer: from.customer,
    customer_account: null,
    default_settings: {
      application_fee_percent: null,
      automatic_tax: { disabled_reason: null, enabled: false, liability: null },
      billing_cycle_anchor: 'automatic',
      billing_thresholds: null,
      collection_method: 'charge_automatically',
      default_payment_method: null,
      description: null,
      invoice_settings: {
        account_tax_ids: null,
        custom_fields: null,
        days_until_due: null,
        description: null,
        footer: null,
        issuer: { type: 'self' },
      },
      on_behalf_of: null,
      transfer_data: null,
    },
    end_behavior: 'release',
    livemode: false,
    metadata,
    pause_schedules: [],
    phases: [phase],
    released_at: null,
    released_subscription: null,
    status: 'active',
    subscription: from.id,
    test_clock: null,
  }
}

export interface ScheduleChange {
  phases: Phase[]
  endBehavior: Schedule['end_behavior']
  proration: Phase['proration_behavior']
  metadata?: Record<string, string>
}

/** Other phases. The one that runs changes the subscription at once when its items are others. */
export async function updateSchedule(tx: Tx, before: Schedule, change: ScheduleChange): Promise<Schedule> {
  const now = phaseNow(change.phases, tx.now)
  if (now === undefined) throw badParameter('phases', 'The phases must include the current phase.')
  const changed: Schedule = {
    ...before,
    current_phase: { start_date: now.start_date, end_date: now.end_date },
    end_behavior: change.endBehavior,
    metadata: change.metadata ?? before.metadata,
    phases: change.phases,
  }
  await tx.put('subscription_schedule', changed)
  const previous = changesOf(before, changed)
  if (previous !== undefined) await tx.emit('subscription_schedule.updated', changed, previous)

  const subscription = await subscriptionById(tx, subscriptionOf(before))
  const agenda = await agendaOf(tx, subscription.id)
  if (itemsText(now.items) === itemsText(phaseItemsOf(subscription))) {
    await keep(tx, subscription, agenda)
  } else {
    const items = await changesTo(tx, subscription, now.items)
    const request = { items, proration: change.proration, at: tx.now, restart: false }
    await applyChange(tx, subscription, subscription, agenda, request)
  }
  return changed
}

const itemsText = (items: readonly PhaseItem[]): string =>
  items.map(({ price, quantity }) => `${idOf(price)}×${quantity ?? 1}`).join(' ')

const phaseNames = ['items', 'start_date', 'end_date', 'duration', 'proration_behavior', 'metadata']

/** `phases[0][items][0][price]`, `[start_date]`, `[end_date]` or `[duration]`. Each begins where the one before ended; the last may leave its end open. */
async function phasesFrom(tx: Tx, schedule: Schedule, params: Params): Promise<Phase[]> {
  const phases: Phase[] = []
  for (const sent of params.list('phases')) {
    onlyKnows(sent, phaseNames)
    const before = phases.at(-1)
    const start = instant(tx, sent, 'start_date') ?? before?.end_date ?? schedule.current_phase?.start_date ?? tx.now
    if (before !== undefined && start !== before.end_date) {
      throw badParameter(
        sent.nameOf('start_date'),
        'The phases must be contiguous: each starts when the one before ends.',
      )
    }
    if (before === undefined && start !== schedule.current_phase?.start_date) {
      throw badParameter(sent.nameOf('start_date'), 'You can not modify the start date of the current phase.')
    }
    const items: PhaseItem[] = []
    let interval = { interval: 'month', interval_count: 1 }
    for (const item of sent.list('items')) {
      const price = await recurringPrice(tx, item.text('price'), item.nameOf('price'))
      interval = price.recurring
      items.push(phaseItem(price.id, item.whole('quantity') ?? 1))
    }
    if (items.length === 0) {
      throw badParameter(sent.nameOf('items'), `Missing required param: ${sent.nameOf('items')}.`, 'parameter_missing')
    }
    const span: Span = { start, end: endOf(tx, sent, start, interval) }
    if (span.end <= start) throw badParameter(sent.nameOf('end_date'), 'A phase must end after it starts.')
    const proration = sent.choice('proration_behavior', ['always_invoice', 'create_prorations', 'none'])
    const { currency } = schedule.phases[0] ?? { currency: 'usd' }
    const metadata = metadataOf(sent)
    phases.push(phaseObject({ span, items, currency, proration: proration ?? 'create_prorations', metadata }))
  }
  if (phases.length === 0) throw badParameter('phases', 'Missing required param: phases.', 'parameter_missing')
  return phases
}

function endOf(tx: Tx, sent: Params, start: number, cycle: { interval: string; interval_count: number }): number {
  const end = instant(tx, sent, 'end_date')
  if (end !== undefined) return end
  const duration = sent.sub('duration')
  if (duration === undefined) return later(start, cycle.interval, cycle.interval_count)
  const interval = duration.choice('interval', ['day', 'week', 'month', 'year']) ?? duration.text('interval')
  return later(start, interval, duration.whole('interval_count') ?? 1)
}

const instant = (tx: Tx, sent: Params, name: string): number | undefined =>
  sent.optionalText(name) === 'now' ? tx.now : sent.whole(name)

async function scheduleById(tx: Tx, id: string): Promise<Schedule> {
  const schedule = await tx.get('subscription_schedule', id)
  if (schedule === undefined) throw noSuch('subscription schedule', id)
  return schedule
}

function open(schedule: Schedule, what: string): Schedule {
  if (schedule.status === 'active' || schedule.status === 'not_started') return schedule
  throw badParameter(
    'id',
    `You cannot perform this action: a subscription schedule that is ${schedule.status} cannot be ${what}.`,
  )
}

const subscriptionOf = (schedule: Schedule): string =>
  schedule.subscription === null ? '' : idOf(schedule.subscription)
