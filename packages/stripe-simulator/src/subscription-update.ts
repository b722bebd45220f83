/** POST /v1/subscriptions/:id: what each parameter does. Items and their money stand in subscription-change.ts. */
import { agendaOf, hasEnded, type Agenda } from './agenda.ts'
import { bill } from './billing.ts'
import { paymentMethodOf } from './collection.ts'
import { discountsFrom } from './discounts.ts'
import { badParameter, noSuch, StripeFault } from './fault.ts'
import type { Params } from './form.ts'
import { onlyKnows } from './known-parameters.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import { isDeclining } from './payment-methods.ts'
import { phaseFollowsItems } from './schedule-phases.ts'
import { changeItems, type ChangeRequest, type ItemChange } from './subscription-change.ts'
import { saveChange } from './subscription-change-event.ts'
import { idOf, isRecurring, periodOf, type RecurringPrice, type Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

export const updateTakes = [
  'items',
  'proration_behavior',
  'proration_date',
  'billing_cycle_anchor',
  'cancel_at_period_end',
  'cancel_at',
  'cancellation_details',
  'trial_end',
  'pause_collection',
  'metadata',
  'description',
  'discounts',
  'default_payment_method',
  'payment_behavior',
  'payment_settings',
  'collection_method',
  'off_session',
]

export async function updateSubscription(tx: Tx, before: Subscription, params: Params): Promise<Subscription> {
  if (hasEnded(before)) {
    const message = 'A canceled subscription can only update its cancellation_details and metadata.'
    const allowed = params.names().every((name) => ['metadata', 'cancellation_details', 'expand'].includes(name))
    if (!allowed) throw badParameter('id', message, 'invalid_canceled_subscription_fields')
  }
  let subscription = await withPlainFields(tx, before, params)
  subscription = withCancellation(tx, subscription, params)
  const request = await changeFrom(tx, subscription, params)
  const agenda = await agendaOf(tx, before.id)
  if (params.has('trial_end')) return withTrial(tx, before, subscription, agenda, request, params)
  if (request.items.length === 0 && !request.restart) return saveChange(tx, before, subscription, agenda)
  return applyChange(tx, before, subscription, agenda, request, params.optionalText('payment_behavior'))
}

/** Changes the items, with the invoice that the change calls for, and stores what became of it. */
export async function applyChange(
  tx: Tx,
  before: Subscription,
  subscription: Subscription,
  agenda: Agenda,
  request: ChangeRequest,
  paymentBehavior?: string,
): Promise<Subscription> {
  const change = await changeItems(tx, subscription, request)
  if (change.invoiceNow && paymentBehavior === 'error_if_incomplete') await refuseDecline(tx, subscription)
  await phaseFollowsItems(tx, change.subscription)
  if (!change.invoiceNow) {
    const pending = [...agenda.pending, ...change.lines]
    return saveChange(tx, before, change.subscription, { ...agenda, pending })
  }
  const billed = await bill(tx, change.subscription, agenda, {
    lines: change.lines,
    reason: 'subscription_update',
    period: { start: tx.now, end: tx.now },
    prorationDate: request.at,
  })
  return saveChange(tx, before, billed.subscription, billed.agenda)
}

/** What the parameters say about items; no items and no restart is no change. */
export async function changeFrom(tx: Tx, subscription: Subscription, params: Params): Promise<ChangeRequest> {
  const at = params.whole('proration_date') ?? tx.now
  const period = periodOf(subscription)
  if (params.has('proration_date') && (at < period.start || at > period.end)) {
    throw badParameter('proration_date', 'The proration date must be within the current period.')
  }
  const proration = params.choice('proration_behavior', ['always_invoice', 'create_prorations', 'none'])
  return {
    items: await itemsFrom(tx, params),
    proration: proration ?? 'create_prorations',
    at,
    restart: params.sub('billing_cycle_anchor')?.choice('type', ['now', 'unchanged']) === 'now',
  }
}

/** `items[0][id|price|quantity|deleted|metadata]` */
export async function itemsFrom(tx: Tx, params: Params): Promise<ItemChange[]> {
  const changes: ItemChange[] = []
  for (const [at, item] of params.list('items').entries()) {
    const param = `items[${at}]`
    onlyKnows(item, ['id', 'price', 'quantity', 'deleted', 'metadata'])
    const id = item.optionalText('id')
    const price = item.optionalText('price')
    const quantity = item.whole('quantity')
    if (id === undefined && price === undefined) {
      throw badParameter(`${param}[price]`, `Missing required param: ${param}[price].`, 'parameter_missing')
    }
    if (quantity !== undefined && quantity < 0) {
      throw badParameter(`${param}[quantity]`, 'This value must be greater than or equal to 0.')
    }
    changes.push({
      param,
      ...(id !== undefined && { id }),
      ...(price !== undefined && { price: await recurringPrice(tx, price, `${param}[price]`) }),
      ...(quantity !== undefined && { quantity }),
      ...(item.has('metadata') && { metadata: metadataOf(item) }),
      deleted: item.flag('deleted') ?? false,
    })
  }
  return changes
}

/** A price that may be chosen: recurring and active. */
export async function recurringPrice(tx: Tx, id: string, param: string): Promise<RecurringPrice> {
  const price = await tx.get('price', id)
  if (price === undefined) throw noSuch('price', id, param)
  if (!isRecurring(price)) {
    throw badParameter(
      param,
      'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
    )
  }
  if (!price.active)
    throw badParameter(param, 'The price specified is inactive. This field only accepts active prices.')
  return price
}

async function withPlainFields(tx: Tx, before: Subscription, params: Params): Promise<Subscription> {
  const method = params.optionalText('default_payment_method')
  if (method !== undefined && (await tx.get('payment_method', method)) === undefined) {
    throw noSuch('PaymentMethod', method, 'default_payment_method')
  }
  const discounts = await discountsFrom(tx, params, { id: before.id, customer: idOf(before.customer) })
  const pause = params.sub('pause_collection')
  return {
    ...before,
    metadata: changedMetadata(before.metadata, params),
    ...(params.has('description') && { description: params.optionalText('description') ?? null }),
    ...(method !== undefined && { default_payment_method: method }),
    ...(discounts !== undefined && { discounts }),
    ...(params.has('pause_collection') && {
      pause_collection:
        pause === undefined
          ? null
          : {
              behavior: pause.choice('behavior', ['keep_as_draft', 'mark_uncollectible', 'void']) ?? 'void',
              resumes_at: pause.whole('resumes_at') ?? null,
            },
    }),
  }
}

/** A date, the period's end, or neither any more. */
function withCancellation(tx: Tx, before: Subscription, params: Params): Subscription {
  if (!params.has('cancel_at') && !params.has('cancel_at_period_end')) return before
  if (before.schedule !== null) {
    const message = `The subscription is managed by the subscription schedule \`${idOf(before.schedule)}\`, and updating any cancelation behavior directly is not allowed. Please update the schedule instead.`
    throw badParameter(params.has('cancel_at') ? 'cancel_at' : 'cancel_at_period_end', message)
  }
  const atPeriodEnd = params.flag('cancel_at_period_end') ?? false
  const at = atPeriodEnd ? periodOf(before).end : cancelAtFrom(tx, before, params)
  return cancelledAt(before, at, tx.now, {
    atPeriodEnd,
    comment: params.sub('cancellation_details')?.optionalText('comment') ?? null,
  })
}

function cancelAtFrom(tx: Tx, before: Subscription, params: Params): number | null {
  const text = params.optionalText('cancel_at')
  if (text === undefined) return null
  if (text === 'min_period_end') return periodOf(before).end
  if (text === 'max_period_end') return Math.max(...before.items.data.map((item) => item.current_period_end))
  const at = params.whole('cancel_at')
  if (at === undefined || at <= tx.now) throw badParameter('cancel_at', 'Invalid timestamp: must be in the future.')
  return at
}

/** Null takes the cancellation back. */
export function cancelledAt(
  before: Subscription,
  at: number | null,
  now: number,
  { atPeriodEnd, comment }: { atPeriodEnd: boolean; comment: string | null },
): Subscription {
  const none = { comment: null, feedback: null, feedback_option: null, reason: null }
  return {
    ...before,
    cancel_at: at,
    cancel_at_period_end: atPeriodEnd,
    canceled_at: at === null ? null : now,
    cancellation_details: at === null ? none : { ...none, comment, reason: 'cancellation_requested' },
  }
}

/** 'now' ends the trial: the first whole period begins and is invoiced. A date begins a trial or moves its end, and the anchor with it. */
async function withTrial(
  tx: Tx,
  before: Subscription,
  subscription: Subscription,
  agenda: Agenda,
  request: ChangeRequest,
  params: Params,
): Promise<Subscription> {
  if (params.text('trial_end') === 'now') {
    const ended: Subscription = { ...subscription, status: 'active', trial_end: tx.now }
    const paid = { ...request, restart: true, proration: 'none' as const }
    return applyChange(tx, before, ended, agenda, paid, params.optionalText('payment_behavior'))
  }
  const end = params.whole('trial_end') ?? 0
  if (end <= tx.now)
    throw badParameter('trial_end', 'Invalid timestamp: must be an integer Unix timestamp in the future.')
  const items = subscription.items.data.map((item) => ({ ...item, billed_until: end, current_period_end: end }))
  const trialing: Subscription = {
    ...subscription,
    billing_cycle_anchor: end,
    items: { ...subscription.items, data: items },
    status: 'trialing',
    trial_end: end,
    trial_start: subscription.trial_start ?? tx.now,
  }
  const { subscription: changed } = await changeItems(tx, trialing, request)
  return saveChange(tx, before, changed, { ...agenda, trialWarned: false })
}

/** Nothing is changed when the card would decline. */
async function refuseDecline(tx: Tx, subscription: Subscription): Promise<void> {
  if (!(await wouldDecline(tx, subscription))) return
  throw new StripeFault(402, {
    type: 'card_error',
    code: 'card_declined',
    decline_code: 'generic_decline',
    message: 'Your card was declined.',
  })
}

export async function wouldDecline(tx: Tx, subscription: Subscription): Promise<boolean> {
  const id = await paymentMethodOf(tx, subscription)
  const method = id === null ? undefined : await tx.get('payment_method', id)
  return method === undefined || isDeclining(method)
}
