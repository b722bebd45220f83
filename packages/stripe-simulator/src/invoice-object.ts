/** Invoices and their lines as Stripe answers them (API 2026-10-28.endive): every field is there, and nothing that older versions had. */
import type { Kinds } from './wire.ts'

export type Invoice = Kinds['invoice']
export type Line = Invoice['lines']['data'][number]
export type InvoicePayment = NonNullable<Invoice['payments']>['data'][number]

export interface NewLine {
  id: string
  amount: number
  currency: string
  description: string
  subscription: string
  subscriptionItem: string
  price: { id: string; product: string; unitAmountDecimal: string | null }
  quantity: number
  period: { start: number; end: number }
  proration: boolean
  metadata: Record<string, string>
}

export function lineObject(from: NewLine): Line {
  return {
    id: from.id,
    object: 'line_item',
    amount: from.amount,
    currency: from.currency,
    description: from.description,
    discount_amounts: [],
    discountable: true,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: from.metadata,
    parent: {
      invoice_item_details: null,
      subscription_item_details: {
        invoice_item: null,
        proration: from.proration,
        proration_details: { credited_items: null },
        subscription: from.subscription,
        subscription_item: from.subscriptionItem,
      },
      type: 'subscription_item_details',
    },
    period: from.period,
    pretax_credit_amounts: [],
    pricing: {
      price_details: { price: from.price.id, product: from.price.product },
      type: 'price_details',
      unit_amount_decimal: from.price.unitAmountDecimal,
    },
    quantity: from.quantity,
    quantity_decimal: String(from.quantity),
    subscription: from.subscription,
    subtotal: from.amount,
    taxes: [],
  }
}

export interface NewInvoice {
  id: string
  number: string | null
  now: number
  reason: NonNullable<Invoice['billing_reason']>
  customer: Kinds['customer']
  subscription: { id: string; metadata: Record<string, string>; paymentMethod: string | null }
  currency: string
  /** Already discounted (discounts.ts). */
  lines: Line[]
  discounts: string[]
  discountAmounts: { amount: number; discount: string }[]
  /** The period that ended, as Stripe means it: the lines carry the one that is paid for. */
  period: { start: number; end: number }
  prorationDate?: number
}

/** A draft. What is due is the total less the customer's credit (a balance below 0), and never below 0. */
export function invoiceObject(from: NewInvoice): Invoice {
  const subtotal = from.lines.reduce((sum, line) => sum + line.amount, 0)
  const total = subtotal - from.discountAmounts.reduce((sum, { amount }) => sum + amount, 0)
  const startingBalance = from.customer.balance
  const due = Math.max(0, total + startingBalance)
  return {
    id: from.id,
    object: 'invoice',
    account_country: 'US',
    account_name: 'Simulated',
    account_tax_ids: null,
    amount_due: due,
    amount_overpaid: 0,
    amount_paid: 0,
    amount_paid_off_stripe: 0,
    amount_remaining: due,
    amount_shipping: 0,
    application: null,
    attempt_count: 0,
    attempted: false,
    auto_advance: true,
    automatic_tax: { disabled_reason: null, enabled: false, liability: null, provider: null, status: null },
    automatically_finalizes_at: null,
    billing_reason: from.reason,
    collection_method: 'charge_automatically',
    created: from.now,
    currency: from.currency,
    custom_fields: null,
    customer: from.customer.id,
    customer_account: null,
    customer_address: from.customer.address ?? null,
    customer_email: from.customer.email,
    customer_name: from.customer.name ?? null,
    customer_phone: from.customer.phone ?? null,
    customer_shipping: null,
    customer_tax_exempt: 'none',
    customer_tax_ids: [],
    default_payment_method: from.subscription.paymentMethod,
    default_source: null,
    default_tax_rates: [],
    description: null,
    discounts: from.discounts,
    due_date: null,
    effective_at: null,
    ending_balance: null,
    footer: null,
    from_invoice: null,
    hosted_invoice_url: null,
    invoice_pdf: null,
    issuer: { type: 'self' },
    last_finalization_error: null,
    latest_revision: null,
    lines: {
      object: 'list',
      data: from.lines.map((line) => ({ ...line, invoice: from.id })),
      has_more: false,
      url: `/v1/invoices/${from.id}/lines`,
    },
    livemode: false,
    metadata: {},
    next_payment_attempt: null,
    number: from.number,
    on_behalf_of: null,
    parent: {
      quote_details: null,
      subscription_details: {
        metadata: from.subscription.metadata,
        subscription: from.subscription.id,
        ...(from.prorationDate === undefined ? {} : { subscription_proration_date: from.prorationDate }),
      },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    payments: { object: 'list', data: [], has_more: false, url: `/v1/invoice_payments?invoice=${from.id}` },
    period_end: from.period.end,
    period_start: from.period.start,
    post_payment_credit_notes_amount: 0,
    pre_payment_credit_notes_amount: 0,
    receipt_number: null,
    rendering: null,
    shipping_cost: null,
    shipping_details: null,
    starting_balance: startingBalance,
    statement_descriptor: null,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
    subtotal,
    subtotal_excluding_tax: subtotal,
    test_clock: null,
    total,
    total_discount_amounts: from.discountAmounts,
    total_excluding_tax: total,
    total_pretax_credit_amounts: from.discountAmounts.map(({ amount, discount }) => ({
      amount,
      discount,
      type: 'discount',
    })),
    total_taxes: [],
    webhooks_delivered_at: from.now,
  }
}

/** The charge or intent that an invoice was, or was to be, paid with. */
export function invoicePaymentObject(from: {
  id: string
  invoice: Invoice
  intent: string
  paid: boolean
  now: number
}): InvoicePayment {
  return {
    id: from.id,
    object: 'invoice_payment',
    amount_paid: from.paid ? from.invoice.amount_remaining : null,
    amount_requested: from.invoice.amount_remaining,
    created: from.now,
    currency: from.invoice.currency,
    invoice: from.invoice.id,
    is_default: true,
    livemode: false,
    payment: { payment_intent: from.intent, type: 'payment_intent' },
    status: from.paid ? 'paid' : 'open',
    status_transitions: { canceled_at: null, paid_at: from.paid ? from.now : null },
  }
}

/** The subscription an invoice is of, if it is of one. */
export function subscriptionOfInvoice(invoice: Invoice): string | null {
  const subscription = invoice.parent?.subscription_details?.subscription
  return subscription === undefined ? null : typeof subscription === 'string' ? subscription : subscription.id
}
