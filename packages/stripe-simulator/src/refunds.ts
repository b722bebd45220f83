import { badParameter, noSuch, StripeFault } from './fault.ts'
import { listOf, listParams } from './lists.ts'
import { metadataOf } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Refund = Kinds['refund']
type Charge = Kinds['charge']

/** Gives back this many cents of the charge, all that is left when no amount is named. More than is left, or a disputed charge, is refused. */
export async function refund(
  tx: Tx,
  charge: Charge,
  options: { amount?: number; reason?: Refund['reason']; metadata?: Record<string, string> } = {},
): Promise<Refund> {
  const left = charge.amount_captured - charge.amount_refunded
  const amount = options.amount ?? left
  refuse(charge, amount, left)
  const made: Refund = {
    id: tx.id('re_'),
    object: 'refund',
    amount,
    balance_transaction: tx.id('txn_'),
    charge: charge.id,
    created: tx.now,
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata: options.metadata ?? {},
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason: options.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: 'succeeded',
    transfer_reversal: null,
  }
  const after: Charge = {
    ...charge,
    amount_refunded: charge.amount_refunded + amount,
    refunded: amount === left,
  }
  await tx.put('refund', made)
  await tx.put('charge', after)
  await tx.emit('refund.created', made)
  await tx.emit('charge.refunded', after, { amount_refunded: charge.amount_refunded, refunded: charge.refunded })
  await tx.emit('refund.updated', made, { destination_details: { card: {} } })
  return made
}

/** The charge that paid this intent. */
export async function chargePaying(tx: Tx, intentId: string): Promise<Charge | undefined> {
  const charges = await tx.list('charge', { payment_intent: intentId, status: 'succeeded' })
  return charges[0]
}

function refuse(charge: Charge, amount: number, left: number): void {
  if (charge.disputed) {
    throw already('charge_disputed', `Charge ${charge.id} has been charged back; cannot issue a refund.`)
  }
  if (left <= 0) {
    throw already('charge_already_refunded', `Charge ${charge.id} has already been refunded.`)
  }
  if (amount < 1) throw badParameter('amount', 'Invalid positive integer', 'parameter_invalid_integer')
  if (amount > left) {
    throw badParameter(
      'amount',
      `Refund amount (${money(amount)}) is greater than unrefunded amount on charge (${money(left)})`,
    )
  }
}

const already = (code: string, message: string): StripeFault =>
  new StripeFault(400, { type: 'invalid_request_error', code, message })

const money = (cents: number): string => `$${(cents / 100).toFixed(2)}`

export const refundRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/refunds',
    takes: ['amount', 'charge', 'payment_intent', 'reason', 'metadata', 'instructions_email'],
    async handle(tx, { params }) {
      const amount = params.whole('amount')
      const reason = params.choice('reason', ['duplicate', 'fraudulent', 'requested_by_customer'])
      return refund(tx, await chargeNamed(tx, params.optionalText('charge'), params.optionalText('payment_intent')), {
        ...(amount === undefined ? {} : { amount }),
        ...(reason === undefined ? {} : { reason }),
        metadata: metadataOf(params),
      })
    },
  },
  {
    method: 'GET',
    path: '/v1/refunds',
    takes: [...listParams, 'charge', 'payment_intent'],
    handle: (tx, { params }) => listOf(tx, 'refund', '/v1/refunds', params, ['charge', 'payment_intent']),
  },
  {
    method: 'GET',
    path: '/v1/refunds/:id',
    takes: [],
    async handle(tx, { ids }) {
      const found = await tx.get('refund', ids.id ?? '')
      if (!found) throw noSuch('refund', ids.id ?? '')
      return found
    },
  },
]

async function chargeNamed(tx: Tx, chargeId: string | undefined, intentId: string | undefined): Promise<Charge> {
  if (chargeId !== undefined) {
    const charge = await tx.get('charge', chargeId)
    if (!charge) throw noSuch('charge', chargeId, 'charge')
    return charge
  }
  if (intentId === undefined) {
    throw badParameter(
      'charge',
      'One of the following params should be provided for this request: payment_intent or charge.',
    )
  }
  if (!(await tx.get('payment_intent', intentId))) throw noSuch('payment_intent', intentId, 'payment_intent')
  const charge = await chargePaying(tx, intentId)
  if (!charge) {
    throw badParameter(
      'payment_intent',
      `This PaymentIntent (${intentId}) does not have a successful charge to refund.`,
    )
  }
  return charge
}
