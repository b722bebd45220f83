/** How a Checkout Session ends: by the hosted page, or by a control call. */
import type { CheckoutIntention } from './checkout-intention.ts'
import type { Session } from './checkout-session-object.ts'
import { makeCustomer } from './customers.ts'
import { newIntent } from './payment-intents.ts'
import { makePaymentMethod, type PaymentMethodKind } from './payment-methods.ts'
import { beginDebit, decline, finishDebit, succeed } from './payments.ts'
import { expireSession } from './session-expiry.ts'
import { idOf } from './subscription-object.ts'
import { startSubscription } from './subscriptions.ts'
import type { Kinds, Tx } from './wire.ts'

export const outcomes = ['paid', 'declined', 'async_pending', 'async_paid', 'async_failed', 'expired'] as const
export type Outcome = (typeof outcomes)[number]

export interface Payer {
  email: string | null
  name: string | null
}

/**
 * The session after this outcome. A declined one stays open; `async_paid` and `async_failed` of an open session first make
 * it pending. Whatever cannot happen any more changes nothing: a paid session stays paid, an expired one expired.
 */
export async function conclude(
  tx: Tx,
  session: Session,
  outcome: Outcome,
  payer: Payer = { email: null, name: null },
): Promise<Session> {
  if (session.status === 'open') {
    if (outcome === 'expired') return expireSession(tx, session)
    if (outcome === 'declined') return declined(tx, session, payer)
    if (outcome === 'paid') return paid(tx, session, payer)
    const pending = await debited(tx, session, payer)
    return outcome === 'async_pending' ? pending : conclude(tx, pending, outcome, payer)
  }
  if (session.status !== 'complete' || session.payment_status !== 'unpaid') return session
  if (outcome === 'async_paid') return debitSettled(tx, session, 'paid')
  return outcome === 'async_failed' ? debitSettled(tx, session, 'failed') : session
}

async function paid(tx: Tx, open: Session, payer: Payer): Promise<Session> {
  const { session, method, intention } = await attempt(tx, open, payer, 'good_card')
  const completed = await complete(tx, session, payer)
  const done =
    session.mode === 'payment'
      ? await takePayment(tx, completed, intention, method)
      : await subscribe(tx, completed, intention, method)
  await tx.emit('checkout.session.completed', done)
  return done
}

async function takePayment(
  tx: Tx,
  session: Session,
  intention: CheckoutIntention,
  method: Kinds['payment_method'],
): Promise<Session> {
  const { intent } = await succeed(tx, await intentOf(tx, session, intention), method)
  return store(tx, { ...session, payment_intent: intent.id, payment_status: 'paid' })
}

async function subscribe(
  tx: Tx,
  session: Session,
  intention: CheckoutIntention,
  method: Kinds['payment_method'],
): Promise<Session> {
  const { subscription, invoice } = await startSubscription(tx, {
    customer: ownerOf(session),
    items: intention.items,
    paymentMethod: method.id,
    metadata: intention.metadata,
    description: intention.description,
    coupons: intention.coupons,
    trialDays: intention.trialDays,
    ...(intention.trialEnd === null ? {} : { trialEnd: intention.trialEnd }),
  })
  return store(tx, {
    ...session,
    subscription: subscription.id,
    invoice: invoice.id ?? null,
    payment_status: session.amount_total === 0 ? 'no_payment_required' : 'paid',
  })
}

/** Nothing is made in subscription mode: Stripe makes the subscription only once the payment method is good. */
async function declined(tx: Tx, open: Session, payer: Payer): Promise<Session> {
  if (open.mode !== 'payment') return open
  const { session, method, intention } = await attempt(tx, open, payer, 'declining_card')
  const { intent } = await decline(tx, await intentOf(tx, session, intention), method)
  return store(tx, { ...session, payment_intent: intent.id })
}

/** The bank debit is on its way. A subscription begins when it has arrived. */
async function debited(tx: Tx, open: Session, payer: Payer): Promise<Session> {
  const { session, method, intention } = await attempt(tx, open, payer, 'bank_debit')
  const completed = await complete(tx, session, payer)
  if (session.mode === 'payment') {
    const { intent } = await beginDebit(tx, await intentOf(tx, session, intention), method)
    completed.payment_intent = intent.id
  }
  const pending = await store(tx, completed)
  await tx.emit('checkout.session.completed', pending)
  return pending
}

async function debitSettled(tx: Tx, session: Session, outcome: 'paid' | 'failed'): Promise<Session> {
  const intention = await intentionOf(tx, session)
  if (intention.debitEnded) return session
  await tx.put('checkout.intention', { ...intention, debitEnded: true })
  let settled = session
  if (session.mode === 'payment') {
    await finishDebit(tx, await intentOf(tx, session, intention), outcome)
    if (outcome === 'paid') settled = await store(tx, { ...session, payment_status: 'paid' })
  } else if (outcome === 'paid') {
    const method = await makePaymentMethod(tx, { customer: ownerOf(session), kind: 'bank_debit' })
    settled = await subscribe(tx, session, intention, method)
  }
  await tx.emit(
    outcome === 'paid' ? 'checkout.session.async_payment_succeeded' : 'checkout.session.async_payment_failed',
    settled,
  )
  return settled
}

/** Who pays and with what. Stripe makes the customer when there is none and one is needed. */
async function attempt(
  tx: Tx,
  open: Session,
  payer: Payer,
  kind: PaymentMethodKind,
): Promise<{ session: Session; method: Kinds['payment_method']; intention: CheckoutIntention }> {
  const intention = await intentionOf(tx, open)
  const email = payer.email ?? open.customer_email
  const session =
    open.customer === null && open.customer_creation === 'always'
      ? { ...open, customer: (await makeCustomer(tx, { email, name: payer.name })).id }
      : open
  const saved = session.mode === 'subscription' || intention.setupFutureUsage !== null
  const owner = saved && kind !== 'declining_card' ? session.customer : null
  const customer = typeof owner === 'string' ? owner : null
  return { session, intention, method: await makePaymentMethod(tx, { customer, kind, email, name: payer.name }) }
}

async function complete(tx: Tx, session: Session, payer: Payer): Promise<Session> {
  const customer = typeof session.customer === 'string' ? await tx.get('customer', session.customer) : undefined
  return {
    ...session,
    customer_details: {
      address: null,
      business_name: null,
      email: payer.email ?? customer?.email ?? session.customer_email,
      individual_name: null,
      name: payer.name ?? customer?.name ?? null,
      phone: null,
      tax_exempt: 'none',
      tax_ids: [],
    },
    status: 'complete',
    url: null,
  }
}

/** A subscription's session has a customer once somebody pays. */
function ownerOf(session: Session): string {
  if (session.customer === null) throw new Error(`${session.id} has no customer`)
  return idOf(session.customer)
}

/** The session's intent: one for all its attempts. */
async function intentOf(tx: Tx, session: Session, intention: CheckoutIntention): Promise<Kinds['payment_intent']> {
  const known =
    typeof session.payment_intent === 'string' ? await tx.get('payment_intent', session.payment_intent) : undefined
  if (known !== undefined) return known
  return newIntent(tx, {
    customer: typeof session.customer === 'string' ? session.customer : null,
    amount: session.amount_total ?? 0,
    currency: session.currency ?? 'usd',
    description: intention.description,
    metadata: intention.metadata,
    receiptEmail: intention.receiptEmail,
    setupFutureUsage: intention.setupFutureUsage,
  })
}

async function intentionOf(tx: Tx, session: Session): Promise<CheckoutIntention> {
  const intention = await tx.get('checkout.intention', session.id)
  if (intention === undefined) throw new Error(`${session.id} has no intention beside it`)
  return intention
}

async function store(tx: Tx, session: Session): Promise<Session> {
  await tx.put('checkout.session', session)
  return session
}
