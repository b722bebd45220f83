import { agendaOf, keep } from './agenda.ts'
import { bill, type Billed } from './billing.ts'
import { redeem } from './discounts.ts'
import { badParameter } from './fault.ts'
import type { Params } from './form.ts'
import type { Invoice } from './invoice-object.ts'
import { periodLine, trialLine } from './lines.ts'
import { periodAt } from './months.ts'
import { saveChange } from './subscription-change-event.ts'
import { isRecurring, itemObject, subscriptionObject, type Price, type Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

export interface Start {
  customer: string
  items: readonly { price: Price | string; quantity?: number; metadata?: Record<string, string> }[]
  /** Null: the customer's default is charged. */
  paymentMethod?: string | null
  trialDays?: number
  /** Takes the place of trialDays. */
  trialEnd?: number
  metadata?: Record<string, string>
  description?: string | null
  /** Ids of coupons. */
  coupons?: readonly string[]
}

/**
 * Begins a subscription and pays its first invoice at once. With a trial that invoice is of 0 and the billing cycle is anchored at the
 * trial's end; when the payment is declined the subscription is `incomplete`. Events in Stripe's order: the subscription is created
 * incomplete, its invoice is made and paid, the subscription turns active.
 */
export async function startSubscription(
  tx: Tx,
  start: Start,
): Promise<{ subscription: Subscription; invoice: Invoice }> {
  const trialEnd = start.trialEnd ?? (start.trialDays ? tx.now + start.trialDays * 86_400 : null)
  const fresh = await assemble(tx, start, trialEnd)
  const agenda = await agendaOf(tx, fresh.id)
  await keep(tx, fresh, agenda)
  await tx.emit('customer.subscription.created', fresh)

  const period = { start: tx.now, end: tx.now }
  const lineOf = trialEnd === null ? periodLine : trialLine
  const lines = []
  for (const item of fresh.items.data) {
    lines.push(await lineOf(tx, fresh, item, { start: item.current_period_start, end: item.current_period_end }))
  }
  const billed: Billed = await bill(tx, fresh, agenda, { lines, reason: 'subscription_create', period })
  const subscription = await saveChange(tx, fresh, billed.subscription, billed.agenda)
  return { subscription, invoice: billed.invoice }
}

async function assemble(tx: Tx, start: Start, trialEnd: number | null): Promise<Subscription> {
  const id = tx.id('sub_')
  const anchor = trialEnd ?? tx.now
  const items = []
  for (const [at, { price: named, quantity, metadata }] of start.items.entries()) {
    const price = typeof named === 'string' ? await tx.get('price', named) : named
    if (price === undefined || !isRecurring(price)) {
      throw badParameter(
        `items[${at}][price]`,
        'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
      )
    }
    const { interval, interval_count: count } = price.recurring
    const period = trialEnd === null ? periodAt(anchor, interval, count, tx.now) : { start: tx.now, end: trialEnd }
    const item = { id: tx.id('si_'), subscription: id, price, quantity: quantity ?? 1, period, now: tx.now }
    items.push(itemObject({ ...item, ...(metadata && { metadata }) }))
  }
  const [first] = items
  if (first === undefined) throw badParameter('items', 'Missing required param: items.', 'parameter_missing')
  const coupons = (start.coupons ?? []).map((coupon, at) => ({ id: coupon, param: `discounts[${at}][coupon]` }))
  return subscriptionObject({
    id,
    customer: start.customer,
    currency: first.price.currency,
    items,
    paymentMethod: start.paymentMethod ?? null,
    anchor,
    now: tx.now,
    status: trialEnd === null ? 'incomplete' : 'trialing',
    trialEnd,
    description: start.description ?? null,
    metadata: start.metadata ?? {},
    discounts: await redeem(tx, { id, customer: start.customer }, coupons),
  })
}

/** The coupons that `discounts[0][coupon]` names for something new. */
export const couponsFrom = (params: Params): string[] =>
  params.list('discounts').map((discount) => discount.text('coupon'))
