/** One invoice of a subscription, from its lines to its payment. */
import { hasEnded, type Agenda } from './agenda.ts'
import { afterFailure, afterPayment, collect, finalize, paymentMethodOf } from './collection.ts'
import { applyDiscounts, reductionsOf, remainingDiscounts, type Reduction } from './discounts.ts'
import { invoiceObject, type Invoice, type Line } from './invoice-object.ts'
import type { Span } from './months.ts'
import { idOf, type Subscription } from './subscription-object.ts'
import type { Tx } from './wire.ts'

export interface Bill {
  lines: Line[]
  reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update'
  /** The period that ended; for a first invoice the instant. */
  period: Span
  prorationDate?: number
  /** In place of the subscription's own discounts. */
  reductions?: Reduction[]
}

export interface Billed {
  subscription: Subscription
  agenda: Agenda
  invoice: Invoice
  ok: boolean
}

/**
 * Makes the invoice, finalizes it and charges it, at once: Stripe leaves a renewal's draft open for an hour, here it is not waited for.
 * Takes pending prorations along. The subscription and its agenda come back changed; the caller stores them.
 */
export async function bill(tx: Tx, subscription: Subscription, agenda: Agenda, what: Bill): Promise<Billed> {
  return chargeDraft(tx, await makeDraft(tx, subscription, agenda, what))
}

/** The first half: the invoice is there, nobody has been charged. */
export async function makeDraft(
  tx: Tx,
  subscription: Subscription,
  agenda: Agenda,
  what: Bill,
): Promise<Omit<Billed, 'ok'>> {
  const invoice = await draftOf(tx, subscription, { ...what, lines: [...agenda.pending, ...what.lines] })
  await tx.put('invoice', invoice)
  await tx.emit('invoice.created', invoice)
  // A trial's invoice of 0 does not use up a coupon for one invoice.
  const spent = invoice.subtotal !== 0
  const discounts = spent
    ? await remainingDiscounts(tx, subscription.discounts.map(idOf), tx.now)
    : subscription.discounts
  return {
    subscription: { ...subscription, latest_invoice: invoice.id, discounts },
    agenda: { ...agenda, pending: [] },
    invoice,
  }
}

/** The second half. Nobody is charged for an unpaid subscription, nor while collection is paused: the drafts pile up, or are written off. */
export async function chargeDraft(tx: Tx, made: Omit<Billed, 'ok'>): Promise<Billed> {
  const { subscription, agenda, invoice: draft } = made
  if (subscription.status === 'unpaid') return { ...made, invoice: await leaveDraft(tx, draft), ok: false }
  const pause = subscription.pause_collection?.behavior
  if (pause === 'keep_as_draft') return { ...made, invoice: await leaveDraft(tx, draft), ok: true }
  const open = await finalize(tx, draft)
  if (pause !== undefined) return { ...made, invoice: await writeOff(tx, open, pause), ok: true }
  return settleInvoice(tx, subscription, agenda, open)
}

/** Charges an open invoice of a subscription, with the consequences for both. */
export async function settleInvoice(
  tx: Tx,
  subscription: Subscription,
  agenda: Agenda,
  open: Invoice,
  paymentMethod?: string,
): Promise<Billed> {
  const { invoice, ok } = await collect(tx, open, paymentMethod ?? (await paymentMethodOf(tx, subscription)))
  // An older invoice, or one of a subscription that is over, changes the subscription no more.
  const decides =
    !hasEnded(subscription) && subscription.latest_invoice !== null && idOf(subscription.latest_invoice) === invoice.id
  if (ok) return { ...(decides ? afterPayment(subscription, agenda) : { subscription, agenda }), invoice, ok }
  if (!decides || subscription.status === 'unpaid' || invoice.billing_reason === 'subscription_create') {
    await tx.emit('invoice.payment_failed', invoice)
    return { subscription, agenda, invoice, ok }
  }
  const { retry, status } = await afterFailure(tx, invoice, agenda.retry)
  const told = (await tx.get('invoice', invoice.id)) ?? invoice
  return { subscription: { ...subscription, status }, agenda: { ...agenda, retry }, invoice: told, ok }
}

/** The invoice as it would be: nothing is stored. */
export async function draftOf(tx: Tx, subscription: Subscription, what: Bill, id = tx.id('in_')): Promise<Invoice> {
  const customerId = idOf(subscription.customer)
  const customer = await tx.get('customer', customerId)
  if (customer === undefined) throw new Error(`${subscription.id} is of ${customerId}, who is not there`)
  const reductions = what.reductions ?? (await reductionsOf(tx, subscription.discounts.map(idOf), tx.now))
  const { lines, amounts } = applyDiscounts(what.lines, reductions)
  return invoiceObject({
    id,
    number: null,
    now: tx.now,
    reason: what.reason,
    customer,
    subscription: { id: subscription.id, metadata: subscription.metadata, paymentMethod: null },
    currency: subscription.currency,
    lines,
    discounts: reductions.map(({ discount }) => discount),
    discountAmounts: amounts,
    period: what.period,
    ...(what.prorationDate === undefined ? {} : { prorationDate: what.prorationDate }),
  })
}

async function leaveDraft(tx: Tx, draft: Invoice): Promise<Invoice> {
  const left: Invoice = { ...draft, auto_advance: false }
  await tx.put('invoice', left)
  return left
}

async function writeOff(tx: Tx, open: Invoice, behavior: 'void' | 'mark_uncollectible'): Promise<Invoice> {
  const transitions = open.status_transitions
  const done: Invoice =
    behavior === 'void'
      ? { ...open, status: 'void', status_transitions: { ...transitions, voided_at: tx.now } }
      : { ...open, status: 'uncollectible', status_transitions: { ...transitions, marked_uncollectible_at: tx.now } }
  await tx.put('invoice', done)
  await tx.emit(behavior === 'void' ? 'invoice.voided' : 'invoice.marked_uncollectible', done)
  return done
}
