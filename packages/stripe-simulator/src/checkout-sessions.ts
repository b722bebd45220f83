import { intentionOf } from './checkout-intention.ts'
import { checkoutLines, linesOf } from './checkout-lines.ts'
import { sessionObject, type Session } from './checkout-session-object.ts'
import { customerNamed } from './customers.ts'
import { badParameter, noSuch, StripeFault } from './fault.ts'
import type { Params } from './form.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import type { SimRoute } from './route.ts'
import { expireSession } from './session-expiry.ts'
import type { Tx } from './wire.ts'

const shortestSeconds = 30 * 60
const longestSeconds = 24 * 3600

/** payment_method_types is not among them: Stripe took it away with this version of its API. */
const takes = [
  'mode',
  'line_items',
  'success_url',
  'cancel_url',
  'customer',
  'customer_email',
  'customer_creation',
  'customer_update',
  'client_reference_id',
  'metadata',
  'payment_intent_data',
  'subscription_data',
  'invoice_creation',
  'expires_at',
  'discounts',
  'ui_mode',
  'currency',
  'locale',
  'submit_type',
  'allow_promotion_codes',
  'allowed_payment_method_types',
  'automatic_tax',
  'billing_address_collection',
  'payment_method_collection',
  'saved_payment_method_options',
] as const

export const checkoutSessionRoutes: SimRoute[] = [
  { method: 'POST', path: '/v1/checkout/sessions', takes, handle: (tx, { params }) => createSession(tx, params) },
  {
    method: 'GET',
    path: '/v1/checkout/sessions',
    takes: [...listParams, 'customer', 'payment_intent', 'subscription', 'status'],
    handle: (tx, { params }) =>
      listOf(tx, 'checkout.session', '/v1/checkout/sessions', params, [
        'customer',
        'payment_intent',
        'subscription',
        'status',
      ]),
  },
  {
    method: 'GET',
    path: '/v1/checkout/sessions/:id',
    takes: [],
    handle: (tx, { ids }) => sessionById(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/checkout/sessions/:id',
    takes: ['metadata'],
    async handle(tx, { ids, params }) {
      const session = await sessionById(tx, ids.id ?? '')
      const changed = { ...session, metadata: changedMetadata(session.metadata, params) }
      await tx.put('checkout.session', changed)
      return changed
    },
  },
  {
    method: 'GET',
    path: '/v1/checkout/sessions/:id/line_items',
    takes: listParams,
    async handle(tx, { ids, params }) {
      const session = await sessionById(tx, ids.id ?? '')
      const lines = linesOf(session)
      const limit = params.whole('limit') ?? 10
      const after = lines.findIndex((line) => line.id === params.optionalText('starting_after'))
      const data = lines.slice(after + 1, after + 1 + limit)
      const url = `/v1/checkout/sessions/${session.id}/line_items`
      return { object: 'list', data, has_more: after + 1 + limit < lines.length, url }
    },
  },
  {
    method: 'POST',
    path: '/v1/checkout/sessions/:id/expire',
    takes: [],
    async handle(tx, { ids }) {
      const session = await sessionById(tx, ids.id ?? '')
      if (session.status !== 'open') {
        throw new StripeFault(400, {
          type: 'invalid_request_error',
          message: `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${session.status}\`.`,
        })
      }
      return expireSession(tx, session)
    },
  },
]

export async function sessionById(tx: Tx, id: string): Promise<Session> {
  const session = await tx.get('checkout.session', id)
  if (!session) throw noSuch('checkout.session', id)
  return session
}

async function createSession(tx: Tx, params: Params): Promise<Session> {
  const mode = params.choice('mode', ['payment', 'subscription'])
  if (mode === undefined) throw badParameter('mode', 'Missing required param: mode.', 'parameter_missing')
  if ((params.optionalText('ui_mode') ?? 'hosted_page') !== 'hosted_page') {
    throw badParameter('ui_mode', 'This simulator has hosted pages only: ui_mode must be hosted_page.')
  }
  if (params.sub('invoice_creation')?.flag('enabled') === true) {
    throw badParameter(
      'invoice_creation',
      'This simulator makes no invoices for payments: the receipt is the charge’s.',
    )
  }
  const id = tx.id('cs_test_')
  const customer = params.optionalText('customer') ?? null
  if (customer !== null) await customerNamed(tx, customer)
  if (customer !== null && params.has('customer_email')) {
    throw badParameter('customer_email', 'You may only specify one of these parameters: customer, customer_email.')
  }
  const trial = params.sub('subscription_data')
  const free = (trial?.whole('trial_period_days') ?? 0) > 0 || trial?.whole('trial_end') !== undefined
  const { lines, currency, items } = await checkoutLines(tx, params, { mode, free })
  const intention = intentionOf(params, { id, mode, items, now: tx.now })
  const session = sessionObject({
    id,
    mode,
    now: tx.now,
    expiresAt: expiresAt(tx, params),
    url: `${tx.publicUrl}/pay/${id}`,
    successUrl: url(params, 'success_url') ?? params.text('success_url'),
    cancelUrl: url(params, 'cancel_url') ?? null,
    currency,
    lines,
    customer,
    customerCreation: customerCreation(params, mode, customer),
    customerEmail: params.optionalText('customer_email') ?? null,
    clientReferenceId: params.optionalText('client_reference_id') ?? null,
    discounts: intention.coupons,
    locale: null,
    metadata: metadataOf(params),
    submitType: params.choice('submit_type', ['auto', 'book', 'donate', 'pay', 'subscribe']) ?? null,
  })
  await tx.put('checkout.session', session)
  await tx.put('checkout.intention', intention)
  return session
}

function expiresAt(tx: Tx, params: Params): number {
  const at = params.whole('expires_at')
  if (at === undefined) return tx.now + longestSeconds
  if (at < tx.now + shortestSeconds || at > tx.now + longestSeconds) {
    throw badParameter(
      'expires_at',
      'The `expires_at` timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation.',
    )
  }
  return at
}

function url(params: Params, name: string): string | undefined {
  const text = params.optionalText(name)
  if (text !== undefined && !URL.canParse(text)) throw badParameter(name, 'Not a valid URL', 'url_invalid')
  return text
}

function customerCreation(
  params: Params,
  mode: 'payment' | 'subscription',
  customer: string | null,
): Session['customer_creation'] {
  if (customer !== null) return null
  if (mode === 'subscription') return 'always'
  return params.choice('customer_creation', ['always', 'if_required']) ?? 'if_required'
}
