/** What must be so in the end, from Stripe's own word and the rules of decisions §7 alone; and what the books say instead. */
import pg from 'pg'
import type Stripe from 'stripe'
import type { Played } from './chaos-driver.ts'
import type { Stage } from './chaos-stage.ts'

export type Quantities = Record<string, number>

export interface Truth {
  paid: boolean
  state: string
  /** Of the Checkout Session's own lines. */
  net: Quantities
  /** How often each line is granted: again where a dispute was won. */
  grants: number
}

/** What one block brings; written down here once more, so that a mistake in the catalog's reading is one too. */
const brings: Record<string, Quantities> = {
  leads: { leads: 1_000, email_sends: 4_000 },
  email_sends: { email_sends: 4_000 },
  ai_campaigns: { ai_campaigns: 1 },
}

/** By Checkout Session. */
export async function truthOf(stripe: Stripe): Promise<Map<string, Truth>> {
  const disputes = new Map<string, string>()
  for await (const { charge, status } of stripe.disputes.list({ limit: 100 })) disputes.set(idOf(charge), status)
  const truths = new Map<string, Truth>()
  const expand = ['data.line_items', 'data.payment_intent.latest_charge']
  for await (const session of stripe.checkout.sessions.list({ limit: 100, expand })) {
    truths.set(session.id, truth(session, disputes))
  }
  return truths
}

function truth(session: Stripe.Checkout.Session, disputes: Map<string, string>): Truth {
  const { line_items: items, payment_status: payment, status } = session
  const { latest_charge: charge = null, status: intent = null } =
    (session.payment_intent as Stripe.PaymentIntent | null) ?? {}
  const [item] = items!.data
  const block = brings[item!.price!.metadata['headroom_addon']!]!
  if (payment !== 'paid') {
    const failed = status === 'complete' && intent === 'requires_payment_method'
    return { paid: false, state: failed ? 'failed' : status === 'expired' ? 'expired' : 'pending', net: {}, grants: 0 }
  }
  const { id, amount, amount_refunded: refunded } = charge as Stripe.Charge
  const dispute = disputes.get(id)
  const isGone = dispute === 'needs_response' || dispute === 'lost'
  const left = (bought: number) => (isGone ? 0 : bought - Math.floor((bought * refunded) / amount))
  const net = Object.entries(block).map(([meter, of]) => [meter, left(of * item!.quantity!)])
  const state = isGone ? 'disputed' : refunded === amount ? 'refunded' : 'paid'
  return { paid: true, state, net: Object.fromEntries(net) as Quantities, grants: dispute === 'won' ? 2 : 1 }
}

const idOf = (named: string | { id: string }): string => (typeof named === 'string' ? named : named.id)

export interface Booked {
  state: string
  /** Granted − taken back, by meter. */
  net: Quantities
  /** Grants of one line, by meter. */
  grants: Quantities
}

/** By purchase. */
export async function bookedOf({ database }: Stage): Promise<Map<string, Booked>> {
  const client = new pg.Client({ connectionString: database.url, options: '-c search_path=headroom' })
  await client.connect()
  try {
    const booked = new Map<string, Booked>()
    const states = await client.query<{ id: string; state: string }>('select id, state from purchases')
    for (const { id, state } of states.rows) booked.set(id, { state, net: {}, grants: {} })
    const { rows } = await client.query<{ id: string; meter: string; grants: string; net: string }>(
      `select   replace(source_id, '_won', '') as id, meter, count(*) filter (where kind = 0) as grants,
                sum(case kind when 0 then quantity when 8 then -quantity else 0 end) as net
       from     ledger_entries
       where    source_type = 1
       group by 1, 2`,
    )
    for (const { id, meter, grants, net } of rows) {
      const purchase = booked.get(id) ?? { state: 'unknown', net: {}, grants: {} }
      purchase.net[meter] = Number(net)
      purchase.grants[meter] = Number(grants)
      booked.set(id, purchase)
    }
    return booked
  } finally {
    await client.end()
  }
}

export interface Verdict {
  paid: number
  unpaid: number
  missing: string[]
  double: string[]
  /** Purchases that show another state than Stripe's. */
  other: string[]
}

export function judge(played: Iterable<Played>, truths: Map<string, Truth>, booked: Map<string, Booked>): Verdict {
  const verdict: Verdict = { paid: 0, unpaid: 0, missing: [], double: [], other: [] }
  for (const { story, purchase, session } of played) {
    const truth = truths.get(session)!
    const { state, net, grants } = booked.get(purchase)!
    verdict[truth.paid ? 'paid' : 'unpaid'] += 1
    const says = `${purchase} (${story}): ${JSON.stringify({ state, net, grants })} instead of ${JSON.stringify(truth)}`
    for (const meter of new Set([...Object.keys(net), ...Object.keys(truth.net)])) {
      const [is, should] = [net[meter] ?? 0, truth.net[meter] ?? 0]
      if (is < should) verdict.missing.push(says)
      if (is > should || (grants[meter] ?? 0) > truth.grants) verdict.double.push(says)
    }
    if (state !== truth.state) verdict.other.push(says)
  }
  return verdict
}
