import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import { changesOf } from './changes.ts'
import type { SimRoute } from './route.ts'
import type { Kinds, Tx } from './wire.ts'

type Customer = Kinds['customer']

export interface NewCustomer {
  email?: string | null
  name?: string | null
  phone?: string | null
  description?: string | null
  metadata?: Record<string, string>
}

export async function makeCustomer(tx: Tx, from: NewCustomer): Promise<Customer> {
  const id = tx.id('cus_')
  const customer: Customer = {
    id,
    object: 'customer',
    address: null,
    balance: 0,
    created: tx.now,
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: from.description ?? null,
    discount: null,
    email: from.email ?? null,
    invoice_prefix: id.slice(-8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: from.metadata ?? {},
    name: from.name ?? null,
    next_invoice_sequence: 1,
    phone: from.phone ?? null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  }
  await tx.put('customer', customer)
  await tx.emit('customer.created', customer)
  return customer
}

/** The customer that a parameter names, or 400. */
export async function customerNamed(tx: Tx, id: string, param = 'customer'): Promise<Customer> {
  const customer = await tx.get('customer', id)
  if (!customer) throw noSuch('customer', id, param)
  return customer
}

const fields = ['email', 'name', 'phone', 'description', 'metadata', 'invoice_settings'] as const

export const customerRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/customers',
    takes: [...fields, 'preferred_locales', 'tax_exempt', 'validate'],
    handle: (tx, { params }) =>
      makeCustomer(tx, {
        email: params.optionalText('email') ?? null,
        name: params.optionalText('name') ?? null,
        phone: params.optionalText('phone') ?? null,
        description: params.optionalText('description') ?? null,
        metadata: metadataOf(params),
      }),
  },
  {
    method: 'GET',
    path: '/v1/customers',
    takes: [...listParams, 'email'],
    handle: (tx, { params }) => listOf(tx, 'customer', '/v1/customers', params, ['email']),
  },
  {
    method: 'GET',
    path: '/v1/customers/:id',
    takes: [],
    handle: (tx, { ids }) => customerOf(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/customers/:id',
    takes: [...fields, 'preferred_locales', 'tax_exempt', 'validate'],
    async handle(tx, { ids, params }) {
      const before = await customerOf(tx, ids.id ?? '')
      const after: Customer = {
        ...before,
        ...changedTexts(before, params),
        invoice_settings: await changedInvoiceSettings(tx, before, params),
        metadata: changedMetadata(before.metadata, params),
      }
      await tx.put('customer', after)
      const changes = changesOf(before, after)
      if (changes !== undefined) await tx.emit('customer.updated', after, changes)
      return after
    },
  },
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods',
    takes: [...listParams, 'type', 'allow_redisplay'],
    async handle(tx, { ids, params }) {
      const { id } = await customerOf(tx, ids.id ?? '')
      return listOf(tx, 'payment_method', `/v1/customers/${id}/payment_methods`, params, ['type'], { customer: id })
    },
  },
  {
    method: 'GET',
    path: '/v1/customers/:id/payment_methods/:method',
    takes: [],
    async handle(tx, { ids }) {
      const method = await tx.get('payment_method', ids.method ?? '')
      if (method?.customer !== ids.id) throw noSuch('PaymentMethod', ids.method ?? '')
      return method ?? {}
    },
  },
]

async function customerOf(tx: Tx, id: string): Promise<Customer> {
  const customer = await tx.get('customer', id)
  if (!customer) throw noSuch('customer', id)
  return customer
}

function changedTexts(before: Customer, params: Params): Pick<Customer, 'email' | 'name' | 'phone' | 'description'> {
  const text = (name: 'email' | 'name' | 'phone' | 'description'): string | null =>
    params.has(name) ? (params.optionalText(name) ?? null) : (before[name] ?? null)
  return { email: text('email'), name: text('name'), phone: text('phone'), description: text('description') }
}

async function changedInvoiceSettings(tx: Tx, before: Customer, params: Params): Promise<Customer['invoice_settings']> {
  const sent = params.sub('invoice_settings')
  if (sent === undefined || !sent.has('default_payment_method')) return before.invoice_settings
  const id = sent.optionalText('default_payment_method') ?? null
  const method = id === null ? undefined : await tx.get('payment_method', id)
  if (id !== null && method?.customer !== before.id) {
    throw badParameter(
      sent.nameOf('default_payment_method'),
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      'resource_missing',
    )
  }
  return { ...before.invoice_settings, default_payment_method: id }
}
