/** How money is taken: an intent, its charges, and the events of both in Stripe's order. */
import { failedCharge, newCharge, paidCharge } from './charges.ts'
import { newIntent, type NewIntent } from './payment-intents.ts'
import { isDeclining } from './payment-methods.ts'
import type { Kinds, Tx } from './wire.ts'

type Intent = Kinds['payment_intent']

export interface Payment {
  intent: Intent
  charge: Kinds['charge'] | null
  ok: boolean
}

/**
 * Takes the money at once: an intent, a charge, their events. The declining card (last4 0341) declines, so does a payment
 * method that does not exist: without one there is no charge, only an intent that waits for a method. An invoice is named
 * where Stripe names it: in payment_details.order_reference.
 */
export async function charge(
  tx: Tx,
  request: Omit<NewIntent, 'receiptEmail' | 'setupFutureUsage'> & { paymentMethod: string | null },
): Promise<Payment> {
  const intent = await newIntent(tx, request)
  const method = request.paymentMethod === null ? undefined : await tx.get('payment_method', request.paymentMethod)
  if (method === undefined) return { intent, charge: null, ok: false }
  return isDeclining(method) ? decline(tx, intent, method) : succeed(tx, intent, method)
}

/** The attempt succeeds. */
export async function succeed(tx: Tx, intent: Intent, method: Kinds['payment_method']): Promise<Payment> {
  return settled(tx, intent, newCharge(tx, intent, method))
}

/** The attempt is declined: the intent waits for another payment method. */
export async function decline(tx: Tx, intent: Intent, method: Kinds['payment_method']): Promise<Payment> {
  return refused(tx, intent, newCharge(tx, intent, method))
}

/** A bank debit is on its way: days may pass until `finish`. */
export async function beginDebit(tx: Tx, intent: Intent, method: Kinds['payment_method']): Promise<Payment> {
  const charge = newCharge(tx, intent, method)
  const waiting: Intent = { ...intent, latest_charge: charge.id, payment_method: method.id, status: 'processing' }
  await tx.put('charge', charge)
  await tx.put('payment_intent', waiting)
  await tx.emit('payment_intent.processing', waiting)
  await tx.emit('charge.pending', charge)
  return { intent: waiting, charge, ok: true }
}

/** The bank has answered. */
export async function finishDebit(tx: Tx, intent: Intent, outcome: 'paid' | 'failed'): Promise<Payment> {
  const charge = typeof intent.latest_charge === 'string' ? await tx.get('charge', intent.latest_charge) : undefined
  if (charge === undefined) throw new Error(`${intent.id} has no charge that could be settled`)
  return outcome === 'paid' ? settled(tx, intent, charge) : refused(tx, intent, charge)
}

async function settled(tx: Tx, intent: Intent, pending: Kinds['charge']): Promise<Payment> {
  const charge = paidCharge(tx, pending)
  // Stripe books it a moment later, and says so.
  const beforeBooking: Kinds['charge'] = { ...charge, balance_transaction: null }
  const paid: Intent = {
    ...intent,
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    payment_method: charge.payment_method,
    status: 'succeeded',
  }
  await tx.put('charge', charge)
  await tx.put('payment_intent', paid)
  await tx.emit('charge.succeeded', beforeBooking)
  await tx.emit('payment_intent.succeeded', paid)
  await tx.emit('charge.updated', charge, { balance_transaction: null })
  return { intent: paid, charge, ok: true }
}

async function refused(tx: Tx, intent: Intent, pending: Kinds['charge']): Promise<Payment> {
  const charge = failedCharge(pending)
  const waiting: Intent = {
    ...intent,
    last_payment_error: {
      charge: charge.id,
      code: charge.failure_code === 'insufficient_funds' ? 'insufficient_funds' : 'card_declined',
      decline_code: 'generic_decline',
      message: charge.failure_message ?? 'Your card was declined.',
      type: 'card_error',
    },
    latest_charge: charge.id,
    payment_method: null,
    status: 'requires_payment_method',
  }
  await tx.put('charge', charge)
  await tx.put('payment_intent', waiting)
  await tx.emit('charge.failed', charge)
  await tx.emit('payment_intent.payment_failed', waiting)
  return { intent: waiting, charge, ok: false }
}
