/** What Stripe says of a purchase now: its Checkout Session, and what became of the money. */
import type Stripe from 'stripe'

export interface Reading {
  session: Stripe.Checkout.Session
  intent: Stripe.PaymentIntent | null
  charge: Stripe.Charge | null
  disputes: Stripe.Dispute[]
  /** Of a plan. */
  subscription: Stripe.Subscription | null
}

/** Always read afresh: an event carries what was so when it was made (decisions 0019). */
export async function readCheckout(stripe: Stripe, id: string): Promise<Reading> {
  const session = await stripe.checkout.sessions.retrieve(id, {
    expand: ['line_items', 'payment_intent.latest_charge', 'invoice.payments', 'subscription'],
  })
  const intent = objectOf(session.payment_intent) ?? (await intentOfInvoice(stripe, session))
  const charge = objectOf(intent?.latest_charge ?? null)
  const disputes = charge?.disputed ? (await stripe.disputes.list({ charge: charge.id, limit: 100 })).data : []
  return { session, intent, charge, disputes, subscription: objectOf(session.subscription) }
}

/** A plan is paid by the first invoice of its subscription. */
async function intentOfInvoice(stripe: Stripe, session: Stripe.Checkout.Session): Promise<Stripe.PaymentIntent | null> {
  const payments = objectOf(session.invoice)?.payments?.data ?? []
  const paid = payments.find(({ status }) => status === 'paid') ?? payments[0]
  const intent = paid?.payment.payment_intent
  if (!intent) return null
  const id = typeof intent === 'string' ? intent : intent.id
  return stripe.paymentIntents.retrieve(id, { expand: ['latest_charge'] })
}

const objectOf = <T extends object>(expandable: string | T | null | undefined): T | null =>
  typeof expandable === 'object' ? expandable : null
