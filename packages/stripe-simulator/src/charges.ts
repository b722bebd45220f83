import { noSuch } from './fault.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Charge = Kinds['charge']

/** A charge of this intent with this payment method, as it stands before its outcome is known: pending, nothing captured. */
export function newCharge(tx: Tx, intent: Kinds['payment_intent'], method: Kinds['payment_method']): Charge {
  const id = tx.id('ch_')
  return {
    id,
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: 'HEADROOM',
    captured: false,
    created: tx.now,
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: null,
    failure_message: null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: null,
    paid: false,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'pending',
    transfer_data: null,
    transfer_group: null,
  }
}

/** It is paid: captured, with a receipt. */
export function paidCharge(tx: Tx, charge: Charge): Charge {
  return {
    ...charge,
    amount_captured: charge.amount,
    balance_transaction: tx.id('txn_'),
    captured: true,
    outcome: {
      ...plainOutcome,
      network_status: 'approved_by_network',
      seller_message: 'Payment complete.',
      type: 'authorized',
    },
    paid: true,
    receipt_number: receiptNumber(charge.id),
    receipt_url: `${tx.publicUrl}/receipts/${charge.id}`,
    status: 'succeeded',
  }
}

/** The bank said no. */
export function failedCharge(charge: Charge): Charge {
  const isCard = charge.payment_method_details?.type === 'card'
  return {
    ...charge,
    failure_code: isCard ? 'card_declined' : 'insufficient_funds',
    failure_message: isCard ? 'Your card was declined.' : 'The account does not hold enough to cover the debit.',
    outcome: {
      ...plainOutcome,
      network_decline_code: isCard ? '05' : 'R01',
      network_status: 'declined_by_network',
      reason: 'generic_decline',
      seller_message: 'The bank did not return any further details with this decline.',
      type: 'issuer_declined',
    },
    status: 'failed',
  }
}

const plainOutcome = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  reason: null,
  risk_level: 'normal',
  risk_score: 7,
}

/** Stripe's look like 1234-5678. The same charge always has the same one. */
function receiptNumber(chargeId: string): string {
  let hash = 0
  for (const letter of chargeId) hash = (hash * 31 + letter.charCodeAt(0)) % 100_000_000
  const digits = String(hash).padStart(8, '0')
  return `${digits.slice(0, 4)}-${digits.slice(4)}`
}

function detailsOf(method: Kinds['payment_method']): Charge['payment_method_details'] {
  const { card, us_bank_account: bank } = method
  if (bank !== undefined) {
    const { account_holder_type, account_type, bank_name, fingerprint, last4, routing_number } = bank
    return {
      type: 'us_bank_account',
      us_bank_account: {
        account_holder_type,
        account_type,
        bank_name,
        fingerprint,
        last4,
        routing_number,
        payment_reference: null,
      },
    }
  }
  if (card === undefined) return { type: method.type }
  return {
    type: 'card',
    card: {
      amount_authorized: null,
      authorization_code: null,
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint ?? null,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: 'visa',
      network_transaction_id: null,
      regulated_status: 'unregulated',
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  }
}

export const chargeRoutes: SimRoute[] = [
  {
    method: 'GET',
    path: '/v1/charges',
    takes: [...listParams, 'customer', 'payment_intent', 'transfer_group'],
    handle: (tx, { params }) => listOf(tx, 'charge', '/v1/charges', params, ['customer', 'payment_intent']),
  },
  {
    method: 'GET',
    path: '/v1/charges/:id',
    takes: [],
    handle: (tx, { ids }) => chargeOf(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/charges/:id',
    takes: ['metadata', 'description', 'receipt_email'],
    async handle(tx, { ids, params }) {
      const charge = await chargeOf(tx, ids.id ?? '')
      const changed: Charge = {
        ...charge,
        metadata: changedMetadata(charge.metadata, params),
        description: params.has('description') ? (params.optionalText('description') ?? null) : charge.description,
        receipt_email: params.optionalText('receipt_email') ?? charge.receipt_email,
      }
      await tx.put('charge', changed)
      await tx.emit('charge.updated', changed, { metadata: charge.metadata, description: charge.description })
      return changed
    },
  },
]

async function chargeOf(tx: Tx, id: string): Promise<Charge> {
  const charge = await tx.get('charge', id)
  if (!charge) throw noSuch('charge', id)
  return charge
}
