/** Subscriptions, items and discounts as Stripe answers them (API 2026-10-28.endive, flexible billing mode): every field is there. */
import type { Kinds } from './wire.ts'

export type Subscription = Kinds['subscription']
export type Item = Subscription['items']['data'][number]
export type Price = Kinds['price']

/** A recurring price with its interval at hand. */
export type RecurringPrice = Price & { recurring: NonNullable<Price['recurring']> }

export interface NewSubscription {
  id: string
  customer: string
  currency: string
  items: Item[]
  paymentMethod: string | null
  anchor: number
  now: number
  status: Subscription['status']
  trialEnd: number | null
  description: string | null
  metadata: Record<string, string>
  discounts: string[]
}

export function subscriptionObject(from: NewSubscription): Subscription {
  return {
    id: from.id,
    object: 'subscription',
    application: null,
    application_fee_percent: null,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null },
    billing_cycle_anchor: from.anchor,
    billing_cycle_anchor_config: null,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible', updated_at: from.now },
    billing_schedules: [],
    billing_thresholds: null,
    cancel_at: null,
    cancel_at_period_end: false,
    canceled_at: null,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: from.now,
    currency: from.currency,
    customer: from.customer,
    customer_account: null,
    days_until_due: null,
    default_payment_method: from.paymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: from.description,
    discounts: from.discounts,
    ended_at: null,
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: {
      object: 'list',
      data: from.items,
      has_more: false,
      url: `/v1/subscription_items?subscription=${from.id}`,
    },
    latest_invoice: null,
    livemode: false,
    managed_payments: { enabled: false },
    metadata: from.metadata,
    next_pending_invoice_item_invoice: null,
    on_behalf_of: null,
    pause_collection: null,
    payment_settings: {
      payment_method_options: null,
      payment_method_types: null,
      save_default_payment_method: 'off',
    },
    pending_invoice_item_interval: null,
    pending_setup_intent: null,
    pending_update: null,
    schedule: null,
    start_date: from.now,
    status: from.status,
    test_clock: null,
    transfer_data: null,
    trial_end: from.trialEnd,
    trial_settings: { end_behavior: { billing_cycle_anchor: null, missing_payment_method: 'create_invoice' } },
    trial_start: from.trialEnd === null ? null : from.now,
  }
}

export interface NewItem {
  id: string
  subscription: string
  price: RecurringPrice
  quantity: number
  period: { start: number; end: number }
  now: number
  metadata?: Record<string, string>
}

export function itemObject(from: NewItem): Item {
  return {
    id: from.id,
    object: 'subscription_item',
    billed_until: from.period.end,
    billing_thresholds: null,
    created: from.now,
    current_period_end: from.period.end,
    current_period_start: from.period.start,
    current_trial: null,
    discounts: [],
    metadata: from.metadata ?? {},
    plan: planObject(from.price),
    price: from.price,
    quantity: from.quantity,
    subscription: from.subscription,
    tax_rates: [],
  }
}

/** The older name of a price, which every item still carries beside it. */
function planObject(price: RecurringPrice): Item['plan'] {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring.interval,
    interval_count: price.recurring.interval_count,
    livemode: false,
    metadata: price.metadata,
    meter: price.recurring.meter,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: price.tiers_mode,
    transform_usage: null,
    trial_period_days: price.recurring.trial_period_days,
    usage_type: price.recurring.usage_type,
  }
}

export interface NewDiscount {
  id: string
  coupon: string
  customer: string
  subscription: string
  start: number
  end: number | null
}

export function discountObject(from: NewDiscount): Kinds['discount'] {
  return {
    id: from.id,
    object: 'discount',
    checkout_session: null,
    customer: from.customer,
    customer_account: null,
    end: from.end,
    invoice: null,
    invoice_item: null,
    promotion_code: null,
    source: { coupon: from.coupon, type: 'coupon' },
    start: from.start,
    subscription: from.subscription,
    subscription_item: null,
  }
}

/** The id behind a field that may have been expanded. */
export const idOf = (field: string | { id: string }): string => (typeof field === 'string' ? field : field.id)

/** A price is bought again each interval only if it says so; the items of a subscription always do. */
export const isRecurring = (price: Price): price is RecurringPrice => price.recurring !== null

/** The interval of an item; every item has one. */
export function intervalOf(item: Item): RecurringPrice['recurring'] {
  if (item.price.recurring === null) throw new Error(`${item.id} has the one-time price ${item.price.id}`)
  return item.price.recurring
}

/** What an item costs in a whole period, in cents, before discounts. */
export const periodAmount = (item: { price: Price; quantity?: number }): number =>
  (item.price.unit_amount ?? 0) * (item.quantity ?? 1)

/** The end of the period that ends first, and the start of the one that began last. */
export const periodOf = (subscription: Subscription): { start: number; end: number } => ({
  start: Math.max(...subscription.items.data.map((item) => item.current_period_start)),
  end: Math.min(...subscription.items.data.map((item) => item.current_period_end)),
})
