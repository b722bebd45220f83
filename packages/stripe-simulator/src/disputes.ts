import { noSuch } from './fault.ts'
import { listOf, listParams } from './lists.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Dispute = Kinds['dispute']
type Charge = Kinds['charge']

const daysToAnswer = 9

/** The customer's bank takes the money back until the dispute is closed. A charge has one dispute: the same again. */
export async function openDispute(tx: Tx, charge: Charge): Promise<Dispute> {
  const open = await disputeOf(tx, charge)
  if (open !== undefined) return open
  const dispute: Dispute = {
    id: tx.id('dp_'),
    object: 'dispute',
    amount: charge.amount_captured - charge.amount_refunded,
    balance_transactions: [],
    charge: charge.id,
    created: tx.now,
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: noEvidence,
    evidence_details: {
      due_by: tx.now + daysToAnswer * 86_400,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: { brand: 'visa', case_type: 'chargeback', network: 'visa', network_reason_code: '10.4' },
      type: 'card',
    },
    reason: 'fraudulent',
    status: 'needs_response',
  }
  const disputed: Charge = { ...charge, disputed: true }
  await tx.put('dispute', dispute)
  await tx.put('charge', disputed)
  await tx.emit('charge.dispute.created', dispute)
  await tx.emit('charge.dispute.funds_withdrawn', dispute)
  await tx.emit('charge.updated', disputed, { disputed: false })
  return dispute
}

/** Won: the money comes back. Lost: it stays with the customer. Once closed, closed. */
export async function closeDispute(tx: Tx, charge: Charge, outcome: 'won' | 'lost'): Promise<Dispute> {
  const before = await openDispute(tx, charge)
  if (before.status === 'won' || before.status === 'lost') return before
  const dispute: Dispute = {
    ...before,
    evidence_details: {
      ...before.evidence_details,
      has_evidence: true,
      submission_count: 1,
      submission_method: 'manual',
    },
    status: outcome,
  }
  await tx.put('dispute', dispute)
  await tx.emit('charge.dispute.updated', dispute, { status: before.status })
  await tx.emit('charge.dispute.closed', dispute)
  if (outcome === 'won') await tx.emit('charge.dispute.funds_reinstated', dispute)
  return dispute
}

async function disputeOf(tx: Tx, charge: Charge): Promise<Dispute | undefined> {
  return (await tx.list('dispute', { charge: charge.id }))[0]
}

const noEvidence: Dispute['evidence'] = {
  access_activity_log: null,
  billing_address: null,
  cancellation_policy: null,
  cancellation_policy_disclosure: null,
  cancellation_rebuttal: null,
  customer_communication: null,
  customer_email_address: null,
  customer_name: null,
  customer_purchase_ip: null,
  customer_signature: null,
  duplicate_charge_documentation: null,
  duplicate_charge_explanation: null,
  duplicate_charge_id: null,
  enhanced_evidence: {},
  product_description: null,
  receipt: null,
  refund_policy: null,
  refund_policy_disclosure: null,
  refund_refusal_explanation: null,
  service_date: null,
  service_documentation: null,
  shipping_address: null,
  shipping_carrier: null,
  shipping_date: null,
  shipping_documentation: null,
  shipping_tracking_number: null,
  uncategorized_file: null,
  uncategorized_text: null,
}

export const disputeRoutes: SimRoute[] = [
  {
    method: 'GET',
    path: '/v1/disputes',
    takes: [...listParams, 'charge', 'payment_intent'],
    handle: (tx, { params }) => listOf(tx, 'dispute', '/v1/disputes', params, ['charge', 'payment_intent']),
  },
  {
    method: 'GET',
    path: '/v1/disputes/:id',
    takes: [],
    async handle(tx, { ids }) {
      const dispute = await tx.get('dispute', ids.id ?? '')
      if (!dispute) throw noSuch('dispute', ids.id ?? '')
      return dispute
    },
  },
]
