/** Payment methods as the hosted pages make them: nobody types a real number here. */
import { badParameter, noSuch } from './fault.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata } from './metadata.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

export type PaymentMethodKind = 'good_card' | 'declining_card' | 'bank_debit'

/** Stripe's number for a card that can be saved and then declines every charge ends like this. */
export const decliningLast4 = '0341'
const goodLast4 = '4242'

/** A new payment method that belongs to the customer (or to nobody: a guest's). The customer's default is not touched. */
export async function makePaymentMethod(
  tx: Tx,
  options: { customer: string | null; kind: PaymentMethodKind; email?: string | null; name?: string | null },
): Promise<Kinds['payment_method']> {
  const { customer, kind, email = null, name = null } = options
  const method: Kinds['payment_method'] = {
    id: tx.id('pm_'),
    object: 'payment_method',
    allow_redisplay: 'limited',
    billing_details: { address: null, email, name, phone: null, tax_id: null },
    created: tx.now,
    customer,
    customer_account: null,
    livemode: false,
    metadata: {},
    ...(kind === 'bank_debit'
      ? { type: 'us_bank_account' as const, us_bank_account: bankAccount() }
      : { type: 'card' as const, card: card(kind === 'good_card' ? goodLast4 : decliningLast4) }),
  }
  await tx.put('payment_method', method)
  if (customer !== null) await tx.emit('payment_method.attached', method)
  return method
}

export const isDeclining = (method: Kinds['payment_method']): boolean => method.card?.last4 === decliningLast4

/** What happens to a card at the bank: no event tells of it, the next charge does. */
export async function setDeclining(tx: Tx, method: Kinds['payment_method'], declines: boolean): Promise<void> {
  await tx.put('payment_method', { ...method, type: 'card', card: card(declines ? decliningLast4 : goodLast4) })
}

const card = (last4: string): NonNullable<Kinds['payment_method']['card']> => ({
  brand: 'visa',
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
  country: 'US',
  display_brand: 'visa',
  exp_month: 12,
  exp_year: 2034,
  fingerprint: `simulated${last4}`,
  funding: 'credit',
  generated_from: null,
  last4,
  networks: { available: ['visa'], preferred: null },
  regulated_status: 'unregulated',
  three_d_secure_usage: { supported: true },
  wallet: null,
})

const bankAccount = (): NonNullable<Kinds['payment_method']['us_bank_account']> => ({
  account_holder_type: 'company',
  account_type: 'checking',
  bank_name: 'STRIPE TEST BANK',
  financial_connections_account: null,
  fingerprint: 'simulated6789',
  last4: '6789',
  networks: { preferred: 'ach', supported: ['ach'] },
  routing_number: '110000000',
  status_details: {},
})

export const paymentMethodRoutes: SimRoute[] = [
  {
    method: 'GET',
    path: '/v1/payment_methods',
    takes: [...listParams, 'customer', 'type', 'allow_redisplay'],
    handle: (tx, { params }) => listOf(tx, 'payment_method', '/v1/payment_methods', params, ['customer', 'type']),
  },
  {
    method: 'GET',
    path: '/v1/payment_methods/:id',
    takes: [],
    handle: (tx, { ids }) => paymentMethodOf(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id',
    takes: ['metadata', 'allow_redisplay', 'billing_details', 'card', 'us_bank_account'],
    async handle(tx, { ids, params }) {
      const method = await paymentMethodOf(tx, ids.id ?? '')
      const changed = { ...method, metadata: changedMetadata(method.metadata, params) }
      await tx.put('payment_method', changed)
      await tx.emit('payment_method.updated', changed)
      return changed
    },
  },
  {
    method: 'POST',
    path: '/v1/payment_methods/:id/attach',
    takes: ['customer'],
    async handle(tx, { ids, params }) {
      const customer = params.text('customer')
      if (!(await tx.get('customer', customer))) throw noSuch('customer', customer, 'customer')
      const method = await paymentMethodOf(tx, ids.id ?? '')
      if (method.customer !== null && method.customer !== customer) {
        throw badParameter('customer', 'The payment method you provided has already been attached to a customer.')
      }
      const attached = { ...method, customer }
      await tx.put('payment_method', attached)
      await tx.emit('payment_method.attached', attached)
      return attached
    },
  },
]

async function paymentMethodOf(tx: Tx, id: string): Promise<Kinds['payment_method']> {
  const method = await tx.get('payment_method', id)
  if (!method) throw noSuch('PaymentMethod', id)
  return method
}
