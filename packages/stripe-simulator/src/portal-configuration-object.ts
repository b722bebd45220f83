/** What a portal offers: features as they were sent, over those there were, over Stripe's defaults. */
import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { onlyKnows } from './known-parameters.ts'
import type { Kinds, Tx } from './wire.ts'

export type Configuration = Kinds['billing_portal.configuration']
type Features = Configuration['features']
type Update = Features['subscription_update']
type Cancel = Features['subscription_cancel']

const prorations = ['always_invoice', 'create_prorations', 'none'] as const
const reasons = [
  'too_expensive',
  'missing_features',
  'switched_service',
  'unused',
  'customer_service',
  'too_complex',
  'low_quality',
  'other',
] as const

export const nothingOffered: Features = {
  customer_update: { allowed_updates: [], enabled: false },
  invoice_history: { enabled: false },
  payment_method_update: { enabled: false, payment_method_configuration: null },
  subscription_cancel: {
    cancellation_reason: { enabled: false, feedback_options: null, options: [...reasons] },
    enabled: false,
    mode: 'at_period_end',
    proration_behavior: 'none',
  },
  subscription_pause: { duration: { interval_options: [], type: 'indefinite' }, enabled: false },
  subscription_update: {
    billing_cycle_anchor: 'unchanged',
    default_allowed_updates: [],
    enabled: false,
    products: [],
    proration_behavior: 'none',
    schedule_at_period_end: { conditions: [] },
    trial_update_behavior: 'end_trial',
  },
}

export async function featuresFrom(tx: Tx, before: Features, sent: Params): Promise<Features> {
  onlyKnows(sent, Object.keys(nothingOffered))
  const invoices = sent.sub('invoice_history')
  const method = sent.sub('payment_method_update')
  const customer = sent.sub('customer_update')
  const cancel = sent.sub('subscription_cancel')
  const update = sent.sub('subscription_update')
  const pause = sent.sub('subscription_pause')
  return {
    customer_update: customer === undefined ? before.customer_update : customerUpdate(before, customer),
    invoice_history: invoices === undefined ? before.invoice_history : { enabled: enabled(invoices, false) },
    payment_method_update:
      method === undefined
        ? before.payment_method_update
        : { ...before.payment_method_update, enabled: enabled(method, false) },
    subscription_cancel: cancel === undefined ? before.subscription_cancel : cancelFrom(before, cancel),
    subscription_pause:
      pause === undefined
        ? before.subscription_pause
        : { ...before.subscription_pause, enabled: enabled(pause, before.subscription_pause.enabled) },
    subscription_update: update === undefined ? before.subscription_update : await updateFrom(tx, before, update),
  }
}

const enabled = (sent: Params, before: boolean): boolean => sent.flag('enabled') ?? before

function customerUpdate(before: Features, sent: Params): Features['customer_update'] {
  const allowed = ['address', 'email', 'name', 'phone', 'shipping', 'tax_id'] as const
  const asked = sent.texts('allowed_updates')
  return {
    allowed_updates: sent.has('allowed_updates')
      ? allowed.filter((word) => asked.includes(word))
      : before.customer_update.allowed_updates,
    enabled: enabled(sent, before.customer_update.enabled),
  }
}

function cancelFrom(before: Features, sent: Params): Cancel {
  onlyKnows(sent, Object.keys(nothingOffered.subscription_cancel))
  const there = before.subscription_cancel
  const reason = sent.sub('cancellation_reason')
  const asked = reason?.texts('options') ?? []
  return {
    cancellation_reason: {
      ...there.cancellation_reason,
      enabled: reason?.flag('enabled') ?? there.cancellation_reason.enabled,
      options: reason?.has('options')
        ? reasons.filter((word) => asked.includes(word))
        : there.cancellation_reason.options,
    },
    enabled: enabled(sent, there.enabled),
    mode: sent.choice('mode', ['at_period_end', 'immediately']) ?? there.mode,
    proration_behavior: sent.choice('proration_behavior', ['create_prorations', 'none']) ?? there.proration_behavior,
  }
}

async function updateFrom(tx: Tx, before: Features, sent: Params): Promise<Update> {
  onlyKnows(sent, Object.keys(nothingOffered.subscription_update))
  const there = before.subscription_update
  const words = ['price', 'promotion_code', 'quantity'] as const
  const asked = sent.texts('default_allowed_updates')
  const schedule = sent.sub('schedule_at_period_end')
  const after: Update = {
    billing_cycle_anchor: sent.choice('billing_cycle_anchor', ['now', 'unchanged']) ?? there.billing_cycle_anchor,
    default_allowed_updates: sent.has('default_allowed_updates')
      ? words.filter((word) => asked.includes(word))
      : there.default_allowed_updates,
    enabled: enabled(sent, there.enabled),
    products: sent.has('products') ? await productsFrom(tx, sent) : (there.products ?? []),
    proration_behavior: sent.choice('proration_behavior', prorations) ?? there.proration_behavior,
    schedule_at_period_end: schedule?.has('conditions')
      ? { conditions: schedule.list('conditions').map(conditionFrom) }
      : there.schedule_at_period_end,
    trial_update_behavior:
      sent.choice('trial_update_behavior', ['continue_trial', 'end_trial']) ?? there.trial_update_behavior,
  }
  if (after.enabled && after.default_allowed_updates.length === 0) throw missing(sent, 'default_allowed_updates')
  if (after.enabled && (after.products ?? []).length === 0) throw missing(sent, 'products')
  return after
}

function conditionFrom(sent: Params): Update['schedule_at_period_end']['conditions'][number] {
  const type = sent.choice('type', ['decreasing_item_amount', 'shortening_interval'])
  if (type === undefined) throw missing(sent, 'type')
  return { type }
}

/** At most ten, each with prices of its own that come again. */
async function productsFrom(tx: Tx, sent: Params): Promise<NonNullable<Update['products']>> {
  const products: NonNullable<Update['products']> = []
  const list = sent.list('products')
  if (list.length > 10) throw badParameter(sent.nameOf('products'), 'You may only specify up to 10 of these.')
  for (const entry of list) {
    onlyKnows(entry, ['product', 'prices', 'adjustable_quantity'])
    const product = entry.text('product')
    if ((await tx.get('product', product)) === undefined) throw noSuch('product', product, entry.nameOf('product'))
    const prices = entry.texts('prices')
    if (prices.length === 0) throw missing(entry, 'prices')
    for (const id of prices) await checkPrice(tx, id, product, entry.nameOf('prices'))
    const quantity = entry.sub('adjustable_quantity')
    products.push({
      adjustable_quantity: {
        enabled: quantity?.flag('enabled') ?? false,
        maximum: quantity?.whole('maximum') ?? null,
        minimum: quantity?.whole('minimum') ?? 1,
      },
      prices,
      product,
    })
  }
  return products
}

async function checkPrice(tx: Tx, id: string, product: string, param: string): Promise<void> {
  const price = await tx.get('price', id)
  if (price === undefined) throw noSuch('price', id, param)
  if (price.product !== product) throw badParameter(param, `The price \`${id}\` does not belong to \`${product}\`.`)
  if (price.recurring === null) throw badParameter(param, `The price \`${id}\` is not recurring.`)
}

function missing(sent: Params, name: string) {
  return badParameter(sent.nameOf(name), `Missing required param: ${sent.nameOf(name)}.`, 'parameter_missing')
}
