import type { Kinds } from './wire.ts'

export type Session = Kinds['checkout.session']
export type SessionLine = NonNullable<Session['line_items']>['data'][number]

export interface NewSession {
  id: string
  mode: 'payment' | 'subscription'
  now: number
  expiresAt: number
  url: string
  successUrl: string
  cancelUrl: string | null
  currency: string
  lines: SessionLine[]
  customer: string | null
  customerCreation: Session['customer_creation']
  customerEmail: string | null
  clientReferenceId: string | null
  discounts: string[]
  locale: string | null
  metadata: Record<string, string>
  submitType: Session['submit_type']
}

/** An open session. Its amounts are the sums of its lines. */
export function sessionObject(from: NewSession): Session {
  const { lines, mode } = from
  const sum = (name: 'amount_subtotal' | 'amount_total' | 'amount_discount'): number =>
    lines.reduce((total, line) => total + line[name], 0)
  return {
    id: from.id,
    object: 'checkout.session',
    adaptive_pricing: { enabled: false },
    after_expiration: null,
    allow_promotion_codes: null,
    allowed_payment_method_types: null,
    amount_subtotal: sum('amount_subtotal'),
    amount_total: sum('amount_total'),
    automatic_tax: { enabled: false, liability: null, provider: null, status: null },
    billing_address_collection: null,
    cancel_url: from.cancelUrl,
    client_reference_id: from.clientReferenceId,
    client_secret: null,
    collected_information: null,
    consent: null,
    consent_collection: null,
    created: from.now,
    currency: from.currency,
    currency_conversion: null,
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer: from.customer,
    customer_account: null,
    customer_creation: from.customerCreation,
    customer_details: null,
    customer_email: from.customerEmail,
    discounts: from.discounts.map((coupon) => ({ coupon, promotion_code: null })),
    expires_at: from.expiresAt,
    integration_identifier: null,
    invoice: null,
    invoice_creation: mode === 'payment' ? noInvoice : null,
    line_items: { object: 'list', data: lines, has_more: false, url: `/v1/checkout/sessions/${from.id}/line_items` },
    livemode: false,
    locale: null,
    managed_payments: { enabled: false },
    metadata: from.metadata,
    mode,
    origin_context: null,
    payment_intent: null,
    payment_link: null,
    payment_method_collection: mode === 'subscription' ? 'always' : 'if_required',
    payment_method_configuration_details: { id: 'pmc_simulated', parent: null },
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card', 'us_bank_account'],
    payment_status: 'unpaid',
    permissions: null,
    phone_number_collection: { enabled: false },
    recovered_from: null,
    saved_payment_method_options:
      from.customer === null
        ? null
        : { allow_redisplay_filters: ['always'], payment_method_remove: 'disabled', payment_method_save: null },
    setup_intent: null,
    shipping_address_collection: null,
    shipping_cost: null,
    shipping_options: [],
    status: 'open',
    submit_type: from.submitType,
    subscription: null,
    success_url: from.successUrl,
    total_details: { amount_discount: sum('amount_discount'), amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: from.url,
    wallet_options: null,
  }
}

const noInvoice: Session['invoice_creation'] = {
  enabled: false,
  invoice_data: {
    account_tax_ids: null,
    custom_fields: null,
    description: null,
    footer: null,
    issuer: null,
    metadata: {},
    rendering_options: null,
  },
}
