/** The lines of an invoice: whole periods, and prorations to the second, in whole cents. */
import { lineObject, type Line } from './invoice-object.ts'
import { dayText, type Span } from './months.ts'
import { idOf, intervalOf, periodAmount, type Item, type Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

/** The share of an amount that falls on what is left of a period, rounded half away from zero; 0 outside of it. */
export function prorate(cents: number, period: Span, at: number): number {
  const left = Math.min(Math.max(period.end - at, 0), period.end - period.start)
  return Math.sign(cents) * Math.round((Math.abs(cents) * left) / (period.end - period.start))
}

/** A whole period of an item. */
export async function periodLine(tx: Tx, subscription: Subscription, item: Item, period: Span): Promise<Line> {
  const { interval, interval_count: count } = intervalOf(item)
  const each = count === 1 ? interval : `${count} ${interval}s`
  const price = `$${((item.price.unit_amount ?? 0) / 100).toFixed(2)}`
  return line(tx, subscription, item, {
    amount: periodAmount(item),
    description: `${item.quantity ?? 1} × ${await productName(tx, item)} (at ${price} / ${each})`,
    period,
    proration: false,
  })
}

/** What a trial costs: a line of 0, so that the first invoice says what was begun. */
export async function trialLine(tx: Tx, subscription: Subscription, item: Item, period: Span): Promise<Line> {
  const description = `Free trial for ${item.quantity ?? 1} × ${await productName(tx, item)}`
  return line(tx, subscription, item, { amount: 0, description, period, proration: false })
}

/** Gives back what was paid for the rest of the period. */
export async function creditLine(tx: Tx, subscription: Subscription, item: Item, at: number): Promise<Line> {
  return line(tx, subscription, item, {
    amount: -prorate(periodAmount(item), spanOf(item), at) || 0,
    description: `Unused time on ${await productName(tx, item)} after ${dayText(at)}`,
    period: { start: at, end: item.current_period_end },
    proration: true,
  })
}

/** Charges for the rest of the period. */
export async function remainderLine(tx: Tx, subscription: Subscription, item: Item, at: number): Promise<Line> {
  return line(tx, subscription, item, {
    amount: prorate(periodAmount(item), spanOf(item), at),
    description: `Remaining time on ${await productName(tx, item)} after ${dayText(at)}`,
    period: { start: at, end: item.current_period_end },
    proration: true,
  })
}

export async function productName(tx: Tx, item: { price: Item['price'] }): Promise<string> {
  const id = idOf(item.price.product)
  return (await tx.get('product', id))?.name ?? id
}

const spanOf = (item: Item): Span => ({ start: item.current_period_start, end: item.current_period_end })

function line(
  tx: Tx,
  subscription: Subscription,
  item: Item,
  what: { amount: number; description: string; period: Span; proration: boolean },
): Line {
  return lineObject({
    id: tx.id('il_'),
    currency: subscription.currency,
    subscription: subscription.id,
    subscriptionItem: item.id,
    price: {
      id: item.price.id,
      product: idOf(item.price.product),
      unitAmountDecimal: item.price.unit_amount_decimal,
    },
    quantity: item.quantity ?? 1,
    metadata: subscription.metadata,
    ...what,
  })
}
