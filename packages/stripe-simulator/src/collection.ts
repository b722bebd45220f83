/** Paying invoices: the charge, what it does to the invoice, and what that does to the subscription. */
import type { Agenda, Retry } from './agenda.ts'
import { invoicePaymentObject, type Invoice } from './invoice-object.ts'
import { charge } from './payments.ts'
import { idOf, type Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

/** As under "Manage failed payments" in Stripe's dashboard: days, each counted from the attempt before; after the last it is unpaid. */
const retryDays = [3, 5, 7]

/** A draft becomes an open invoice with a number; credit of the customer is used up, or left, by it. */
export async function finalize(tx: Tx, draft: Invoice): Promise<Invoice> {
  const customer = draft.customer === null ? undefined : await tx.get('customer', idOf(draft.customer))
  const endingBalance = Math.min(0, draft.total + draft.starting_balance)
  if (customer !== undefined && endingBalance !== customer.balance) {
    const changed = { ...customer, balance: endingBalance }
    await tx.put('customer', changed)
    await tx.emit('customer.updated', changed, { balance: customer.balance })
  }
  const page = `${tx.publicUrl}/portal/invoices/${draft.id}`
  const invoice: Invoice = {
    ...draft,
    status: 'open',
    effective_at: tx.now,
    ending_balance: endingBalance,
    hosted_invoice_url: page,
    invoice_pdf: page,
    number: draft.number ?? (await nextNumber(tx, draft)),
    status_transitions: { ...draft.status_transitions, finalized_at: tx.now },
  }
  await tx.put('invoice', invoice)
  await tx.emit('invoice.finalized', invoice)
  return invoice
}

async function nextNumber(tx: Tx, draft: Invoice): Promise<string> {
  const customer = draft.customer === null ? '' : idOf(draft.customer)
  const count = (await tx.list('invoice', { customer })).length
  return `${customer.slice(-8).toUpperCase()}-${String(count).padStart(4, '0')}`
}

export interface Collected {
  invoice: Invoice
  ok: boolean
}

/** Charges what is due; nothing due is paid at once. Without a payment method it fails as a declined card does. */
export async function collect(tx: Tx, open: Invoice, paymentMethod: string | null): Promise<Collected> {
  if (open.amount_remaining === 0) return { invoice: await paid(tx, open, open.payments), ok: true }
  const attempted: Invoice = { ...open, attempted: true, attempt_count: open.attempt_count + 1 }
  if (paymentMethod === null || open.customer === null) return { invoice: await failed(tx, attempted), ok: false }
  const { intent, ok } = await charge(tx, {
    customer: idOf(open.customer),
    amount: open.amount_remaining,
    currency: open.currency,
    description: open.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update',
    paymentMethod,
    metadata: {},
    invoice: open.id,
  })
  const payment = invoicePaymentObject({ id: tx.id('inpay_'), invoice: open, intent: intent.id, paid: ok, now: tx.now })
  const earlier = (open.payments?.data ?? []).map((before) => ({ ...before, is_default: false, status: 'canceled' }))
  const payments = open.payments && { ...open.payments, data: [payment, ...earlier] }
  if (ok) return { invoice: await paid(tx, attempted, payments), ok }
  return { invoice: await failed(tx, { ...attempted, ...(payments && { payments }) }), ok }
}

async function paid(tx: Tx, invoice: Invoice, payments: Invoice['payments']): Promise<Invoice> {
  const done: Invoice = {
    ...invoice,
    ...(payments && { payments }),
    status: 'paid',
    attempted: true,
    auto_advance: false,
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    next_payment_attempt: null,
    status_transitions: { ...invoice.status_transitions, paid_at: tx.now },
  }
  await tx.put('invoice', done)
  await tx.emit('invoice.paid', done)
  await tx.emit('invoice.payment_succeeded', done)
  return done
}

/** The next attempt is put on the invoice by who knows of one: `afterFailure`. */
async function failed(tx: Tx, invoice: Invoice): Promise<Invoice> {
  await tx.put('invoice', invoice)
  return invoice
}

/** After a decline: when it is tried again, and the state of the subscription meanwhile or, after the last attempt, for good. */
export async function afterFailure(
  tx: Tx,
  invoice: Invoice,
  before: Retry | null,
): Promise<{ retry: Retry | null; status: 'past_due' | 'unpaid' }> {
  const attempts = before?.invoice === invoice.id ? before.attempts + 1 : 1
  const days = retryDays[attempts - 1]
  const retry = days === undefined ? null : { invoice: invoice.id, at: tx.now + days * 86_400, attempts }
  const told: Invoice = { ...invoice, next_payment_attempt: retry?.at ?? null, auto_advance: retry !== null }
  await tx.put('invoice', told)
  await tx.emit('invoice.payment_failed', told)
  await tx.emit('invoice.updated', told, { attempt_count: invoice.attempt_count - 1 })
  return { retry, status: retry === null ? 'unpaid' : 'past_due' }
}

/** Which card pays: the subscription's, else the customer's. */
export async function paymentMethodOf(tx: Tx, subscription: Subscription): Promise<string | null> {
  if (subscription.default_payment_method !== null) return idOf(subscription.default_payment_method)
  const customer = await tx.get('customer', idOf(subscription.customer))
  const method = customer?.invoice_settings.default_payment_method ?? null
  return method === null ? null : idOf(method)
}

/** What a payment of its latest invoice does to a subscription. */
export function afterPayment(
  subscription: Subscription,
  agenda: Agenda,
): { subscription: Subscription; agenda: Agenda } {
  const waits = ['incomplete', 'past_due', 'unpaid'].includes(subscription.status)
  return {
    subscription: waits ? { ...subscription, status: 'active' } : subscription,
    agenda: { ...agenda, retry: null },
  }
}
