/** POST /v1/invoices/create_preview: the invoice that would come next, or each time, also for a change that nobody has made. Nothing is stored. */
import { agendaOf, hasEnded } from './agenda.ts'
import { draftOf } from './billing.ts'
import { badParameter, noSuch, StripeFault } from './fault.ts'
import type { Params } from './form.ts'
import type { Reduction } from './discounts.ts'
import type { Invoice, Line } from './invoice-object.ts'
import { onlyKnows } from './known-parameters.ts'
import { periodLine } from './lines.ts'
import { later, periodAt, type Span } from './months.ts'
import { changesTo } from './schedule-run.ts'
import { changeItems } from './subscription-change.ts'
import { idOf, intervalOf, type Item, type Subscription } from './subscription-object.ts'
import { changeFrom } from './subscription-update.ts'
import { subscriptionById } from './subscriptions.ts'
import type { Tx } from './wire.ts'

export const previewTakes = ['subscription', 'customer', 'preview_mode', 'subscription_details', 'discounts']

const detailNames = ['items', 'proration_behavior', 'proration_date', 'billing_cycle_anchor', 'cancel_at_period_end']

/**
 * `next` (Stripe's default): the invoice at once if the change makes one, else the renewal with what is pending, in the phase that runs then.
 * `recurring`: whole periods of the items alone, which is what is billed each time.
 */
export async function createPreview(tx: Tx, params: Params): Promise<Invoice> {
  const subscription = await subscriptionById(tx, params.text('subscription'), 'subscription')
  if (params.has('customer') && params.text('customer') !== idOf(subscription.customer)) {
    throw badParameter('customer', `The subscription ${subscription.id} is of another customer.`)
  }
  if (hasEnded(subscription)) throw nothingUpcoming(subscription)
  const mode = params.choice('preview_mode', ['next', 'recurring']) ?? 'next'
  const details = params.sub('subscription_details')
  if (details !== undefined) onlyKnows(details, detailNames)
  const request = details && (await changeFrom(tx, subscription, details))
  const changes = request !== undefined && (request.items.length > 0 || request.restart)
  const change = changes ? await changeItems(tx, subscription, request) : { subscription, lines: [], invoiceNow: false }
  const preview = { tx, params, subscription: change.subscription }
  if (mode === 'recurring') return previewOf(preview, await recurringLines(tx, change.subscription), tx.now)
  if (change.invoiceNow) return previewOf(preview, change.lines, tx.now)

  const { pending } = await agendaOf(tx, subscription.id)
  if (cancels(subscription, details)) {
    if (pending.length + change.lines.length === 0) throw nothingUpcoming(subscription)
    return previewOf(preview, [...pending, ...change.lines], nextEnd(subscription))
  }
  const at = nextEnd(change.subscription)
  const renewed = changes ? change.subscription : await inNextPhase(tx, change.subscription, at)
  const lines = [...pending, ...change.lines, ...(await renewalLines(tx, renewed, at))]
  return previewOf({ ...preview, subscription: renewed }, lines, at)
}

const nextEnd = (subscription: Subscription): number =>
  Math.min(...subscription.items.data.map((item) => item.current_period_end))

function cancels(subscription: Subscription, details: Params | undefined): boolean {
  if (details?.has('cancel_at_period_end')) return details.flag('cancel_at_period_end') === true
  return subscription.cancel_at !== null && subscription.cancel_at <= nextEnd(subscription)
}

/** A schedule may have other items by then. */
async function inNextPhase(tx: Tx, subscription: Subscription, at: number): Promise<Subscription> {
  const id = subscription.schedule
  const schedule = id === null ? undefined : await tx.get('subscription_schedule', idOf(id))
  const phase = schedule?.phases.find(({ start_date: start, end_date: end }) => start <= at && at < end)
  if (phase === undefined || phase.start_date < at) return subscription
  const items = await changesTo(tx, subscription, phase.items)
  // As if it were now the boundary: other items, and nothing to prorate.
  const change = await changeItems(
    tx,
    { ...subscription, status: 'trialing' },
    { items, proration: 'none', at, restart: false },
  )
  const anew = change.subscription.items.data.some((item, place) => {
    const before = subscription.items.data[place]
    return before !== undefined && intervalOf(before).interval !== intervalOf(item).interval
  })
  const anchor = anew ? at : subscription.billing_cycle_anchor
  return { ...change.subscription, status: subscription.status, billing_cycle_anchor: anchor }
}

async function renewalLines(tx: Tx, subscription: Subscription, at: number): Promise<Line[]> {
  const lines: Line[] = []
  for (const item of subscription.items.data.filter((each) => each.current_period_end <= at)) {
    lines.push(await periodLine(tx, subscription, item, periodFrom(subscription, item, at)))
  }
  return lines
}

function periodFrom(subscription: Subscription, item: Item, at: number): Span {
  const { interval, interval_count: count } = intervalOf(item)
  return periodAt(subscription.billing_cycle_anchor, interval, count, at)
}

async function recurringLines(tx: Tx, subscription: Subscription): Promise<Line[]> {
  const lines: Line[] = []
  for (const item of subscription.items.data) {
    const { interval, interval_count: count } = intervalOf(item)
    const start = item.current_period_end
    lines.push(await periodLine(tx, subscription, item, { start, end: later(start, interval, count) }))
  }
  return lines
}

async function previewOf(
  { tx, params, subscription }: { tx: Tx; params: Params; subscription: Subscription },
  lines: Line[],
  at: number,
): Promise<Invoice> {
  const now = tx.now
  const period = {
    start: Math.min(...subscription.items.data.map((item) => item.current_period_start)),
    end: at,
  }
  const id = tx.id('upcoming_in_')
  try {
    tx.now = at
    const reductions = params.has('discounts') ? await reductionsFrom(tx, params) : undefined
    const draft = await draftOf(
      tx,
      subscription,
      { lines, reason: 'subscription_cycle', period, ...(reductions && { reductions }) },
      id,
    )
    return { ...draft, billing_reason: 'upcoming', next_payment_attempt: at, auto_advance: false }
  } finally {
    tx.now = now
  }
}

/** Coupons that nobody has redeemed yet. */
async function reductionsFrom(tx: Tx, params: Params): Promise<Reduction[]> {
  const reductions: Reduction[] = []
  for (const sent of params.list('discounts')) {
    const id = sent.text('coupon')
    const coupon = await tx.get('coupon', id)
    if (coupon === undefined) throw noSuch('coupon', id, sent.nameOf('coupon'))
    reductions.push({ discount: tx.id('di_'), percentOff: coupon.percent_off, amountOff: coupon.amount_off })
  }
  return reductions
}

const nothingUpcoming = (subscription: Subscription): StripeFault =>
  new StripeFault(404, {
    type: 'invalid_request_error',
    code: 'invoice_upcoming_none',
    message: `No upcoming invoices for customer: ${idOf(subscription.customer)}`,
  })
