import { noSuch } from './fault.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Intent = Kinds['payment_intent']

export interface NewIntent {
  customer: string | null
  /** Cents. */
  amount: number
  currency: string
  description: string | null
  metadata: Record<string, string>
  receiptEmail?: string | null
  setupFutureUsage?: 'off_session' | 'on_session' | null
  /** The invoice that is paid by it. */
  invoice?: string
}

/** A new intent that waits for a payment method. */
export async function newIntent(tx: Tx, request: NewIntent): Promise<Intent> {
  const id = tx.id('pi_')
  const intent: Intent = {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: request.amount,
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: { enabled: true },
    canceled_at: null,
    cancellation_reason: null,
    capture_method: 'automatic_async',
    client_secret: `${id}_secret_${tx.id('s_').slice(2)}`,
    confirmation_method: 'automatic',
    created: tx.now,
    currency: request.currency,
    customer: request.customer,
    customer_account: null,
    description: request.description,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: request.metadata,
    next_action: null,
    on_behalf_of: null,
    ...(request.invoice === undefined
      ? {}
      : { payment_details: { customer_reference: null, order_reference: request.invoice } }),
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: {},
    payment_method_types: ['card', 'us_bank_account'],
    payment_record: null,
    processing: null,
    receipt_email: request.receiptEmail ?? null,
    review: null,
    setup_future_usage: request.setupFutureUsage ?? null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  }
  await tx.put('payment_intent', intent)
  await tx.emit('payment_intent.created', intent)
  return intent
}

export const paymentIntentRoutes: SimRoute[] = [
  {
    method: 'GET',
    path: '/v1/payment_intents',
    takes: [...listParams, 'customer'],
    handle: (tx, { params }) => listOf(tx, 'payment_intent', '/v1/payment_intents', params, ['customer']),
  },
  {
    method: 'GET',
    path: '/v1/payment_intents/:id',
    takes: ['client_secret'],
    handle: (tx, { ids }) => intentOf(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/payment_intents/:id',
    takes: ['metadata', 'description', 'receipt_email'],
    async handle(tx, { ids, params }) {
      const intent = await intentOf(tx, ids.id ?? '')
      const changed: Intent = {
        ...intent,
        metadata: changedMetadata(intent.metadata, params),
        description: params.has('description') ? (params.optionalText('description') ?? null) : intent.description,
        receipt_email: params.optionalText('receipt_email') ?? intent.receipt_email,
      }
      await tx.put('payment_intent', changed)
      return changed
    },
  },
]

async function intentOf(tx: Tx, id: string): Promise<Intent> {
  const intent = await tx.get('payment_intent', id)
  if (!intent) throw noSuch('payment_intent', id)
  return intent
}
