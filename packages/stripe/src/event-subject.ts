/** What an event is about. Its object only says where to look; what is so now is read again (decisions 0019). */
import type { InboxEvent } from '@headroom/engine'
import type Stripe from 'stripe'
import type { Context } from './context.ts'
import { madeAgain, workspaceAgain } from './made-again.ts'

/** The types we act on, by where they lead. These are what an endpoint at Stripe has to send us. */
const leads = {
  checkout: [
    'checkout.session.completed',
    'checkout.session.async_payment_succeeded',
    'checkout.session.async_payment_failed',
    'checkout.session.expired',
  ],
  payment: [
    'charge.refunded',
    'refund.created',
    'refund.updated',
    'refund.failed',
    'charge.dispute.created',
    'charge.dispute.updated',
    'charge.dispute.closed',
    'charge.dispute.funds_withdrawn',
    'charge.dispute.funds_reinstated',
  ],
  customer: [
    'customer.subscription.created',
    'customer.subscription.updated',
    'customer.subscription.deleted',
    'customer.subscription.paused',
    'customer.subscription.resumed',
    'customer.subscription.trial_will_end',
    'subscription_schedule.created',
    'subscription_schedule.updated',
    'subscription_schedule.released',
    'subscription_schedule.canceled',
    'subscription_schedule.completed',
    'subscription_schedule.aborted',
    'invoice.paid',
    'invoice.payment_failed',
    'invoice.marked_uncollectible',
    'invoice.voided',
  ],
} as const satisfies Record<string, readonly Stripe.Event['type'][]>

export const handledEvents: readonly string[] = Object.values(leads).flat()
const handled = new Set(handledEvents)
export const isHandled = (type: string): boolean => handled.has(type)

export type Subject =
  | { kind: 'purchase'; workspace: string; id: string; hasFailed: boolean }
  | { kind: 'workspace'; workspace: string }
  /** Money that has nothing to do with a purchase: the renewal of a subscription, for instance. */
  | { kind: 'nothing' }
  /** It names something of ours that we do not have. */
  | { kind: 'foreign'; why: string }

interface Named {
  id?: string
  client_reference_id?: string | null
  metadata?: Record<string, string> | null
  payment_intent?: string | { id: string } | null
  customer?: string | { id: string } | null
  status?: string | null
}

/** Whom to look after. Throws where the event lacks what its type must have. */
export async function subjectOf(context: Context, event: InboxEvent): Promise<Subject> {
  const { object } = (JSON.parse(event.body) as { data: { object: Named } }).data
  const { type } = event
  const isOf = (types: readonly string[]) => types.includes(type)
  if (isOf(leads.checkout)) return ofSession(context, object, type === 'checkout.session.async_payment_failed')
  if (isOf(leads.payment)) return ofPayment(context, idOf(object.payment_intent))
  if (isOf(leads.customer)) return ofCustomer(context, idOf(object.customer))
  return { kind: 'nothing' }
}

/** Only a purchase that we have stored, and that was opened in this session or in none yet. */
async function ofSession(context: Context, session: Named, hasFailed: boolean): Promise<Subject> {
  const { engine } = context
  const { id, client_reference_id: purchase, metadata } = session
  const workspace = metadata?.['workspace']
  const found = purchase && workspace ? await engine.purchases.get(workspace, purchase) : undefined
  const row = found ?? (await madeAgain(context, session))
  if (!row || !id || row.id !== purchase || metadata?.['purchase'] !== purchase) {
    return { kind: 'foreign', why: `${id} is not the checkout of a purchase of ours` }
  }
  // Its answer was lost on the way to us: it is known by our key, which nobody else has.
  if (row.session === null)
    await engine.purchases.change(row.workspace, row.id, ['pending', 'expired'], { session: id })
  else if (row.session !== id) {
    // Two were opened under changed parameters; the one nobody was sent to was closed by us.
    if (session.status === 'expired') return { kind: 'nothing' }
    return { kind: 'foreign', why: `${id} names ${row.id}, which was opened in ${row.session}` }
  }
  return { kind: 'purchase', workspace: row.workspace, id: row.id, hasFailed }
}

async function ofPayment(context: Context, intent: string | null): Promise<Subject> {
  const { engine, stripe } = context
  if (intent === null) return { kind: 'nothing' }
  const [known] = await engine.purchases.byReceipt(intent)
  if (known) return { kind: 'purchase', workspace: known.workspace, id: known.id, hasFailed: false }
  const [session] = (await stripe.checkout.sessions.list({ payment_intent: intent, limit: 1 })).data
  if (!session) return { kind: 'nothing' }
  const row = (await engine.purchases.byReceipt(session.id))[0] ?? (await madeAgain(context, session))
  return row ? { kind: 'purchase', workspace: row.workspace, id: row.id, hasFailed: false } : { kind: 'nothing' }
}

async function ofCustomer(context: Context, customer: string | null): Promise<Subject> {
  if (customer === null) throw new Error('The event names no customer')
  const known = await context.engine.customers.workspaceOf(customer)
  const workspace = known ?? (await workspaceAgain(context, customer))
  if (workspace === undefined) return { kind: 'foreign', why: `${customer} is not the customer of a workspace of ours` }
  return { kind: 'workspace', workspace }
}

const idOf = (named: string | { id: string } | null | undefined): string | null =>
  typeof named === 'object' ? (named?.id ?? null) : (named ?? null)
