/** The customer portal as the API offers it: configurations, and sessions with the page's address. The page stands in pages/portal.ts. */
import { badParameter, noSuch } from './fault.ts'
import type { Params } from './form.ts'
import { onlyKnows } from './known-parameters.ts'
import { listOf, listParams } from './lists.ts'
import { changedMetadata, metadataOf } from './metadata.ts'
import { featuresFrom, nothingOffered, type Configuration } from './portal-configuration-object.ts'
import type { SimRoute } from './route.ts'
import { idOf, type Subscription } from './subscription-object.ts'
import { recurringPrice } from './subscription-update.ts'
import { subscriptionById } from './subscriptions.ts'
import type { Kinds, Tx } from './wire.ts'

type Session = Kinds['billing_portal.session']
type Flow = NonNullable<Session['flow']>

const configurationTakes = ['features', 'business_profile', 'default_return_url', 'login_page', 'metadata', 'name']

export const portalRoutes: SimRoute[] = [
  {
    method: 'POST',
    path: '/v1/billing_portal/configurations',
    takes: configurationTakes,
    handle: (tx, { params }) => createConfiguration(tx, params),
  },
  {
    method: 'GET',
    path: '/v1/billing_portal/configurations',
    takes: [...listParams, 'active', 'is_default'],
    handle: (tx, { params }) =>
      listOf(tx, 'billing_portal.configuration', '/v1/billing_portal/configurations', params, ['active', 'is_default']),
  },
  {
    method: 'GET',
    path: '/v1/billing_portal/configurations/:id',
    takes: [],
    handle: (tx, { ids }) => configurationById(tx, ids.id ?? ''),
  },
  {
    method: 'POST',
    path: '/v1/billing_portal/configurations/:id',
    takes: [...configurationTakes, 'active'],
    async handle(tx, { ids, params }) {
      return updateConfiguration(tx, await configurationById(tx, ids.id ?? ''), params)
    },
  },
  {
    method: 'POST',
    path: '/v1/billing_portal/sessions',
    takes: ['customer', 'configuration', 'return_url', 'flow_data', 'locale'],
    handle: (tx, { params }) => createSession(tx, params),
  },
]

export async function configurationById(tx: Tx, id: string, param?: string): Promise<Configuration> {
  const configuration = await tx.get('billing_portal.configuration', id)
  if (configuration === undefined) throw noSuch('configuration', id, param)
  return configuration
}

/** Never the default: that one is made in Stripe's dashboard, so a session names its configuration. */
async function createConfiguration(tx: Tx, params: Params): Promise<Configuration> {
  const features = params.sub('features')
  if (features === undefined) throw badParameter('features', 'Missing required param: features.', 'parameter_missing')
  const profile = params.sub('business_profile')
  const configuration: Configuration = {
    id: tx.id('bpc_'),
    object: 'billing_portal.configuration',
    active: true,
    application: null,
    business_profile: profileFrom({ headline: null, privacy_policy_url: null, terms_of_service_url: null }, profile),
    created: tx.now,
    default_return_url: params.optionalText('default_return_url') ?? null,
    features: await featuresFrom(tx, nothingOffered, features),
    is_default: false,
    livemode: false,
    login_page: { enabled: params.sub('login_page')?.flag('enabled') ?? false, url: null },
    metadata: metadataOf(params),
    name: params.optionalText('name') ?? null,
    updated: tx.now,
  }
  await tx.put('billing_portal.configuration', configuration)
  await tx.emit('billing_portal.configuration.created', configuration)
  return configuration
}

async function updateConfiguration(tx: Tx, before: Configuration, params: Params): Promise<Configuration> {
  const features = params.sub('features')
  const changed: Configuration = {
    ...before,
    active: params.flag('active') ?? before.active,
    business_profile: profileFrom(before.business_profile, params.sub('business_profile')),
    default_return_url: params.has('default_return_url')
      ? (params.optionalText('default_return_url') ?? null)
      : before.default_return_url,
    features: features === undefined ? before.features : await featuresFrom(tx, before.features, features),
    metadata: changedMetadata(before.metadata, params),
    name: params.has('name') ? (params.optionalText('name') ?? null) : before.name,
    updated: tx.now,
  }
  await tx.put('billing_portal.configuration', changed)
  await tx.emit('billing_portal.configuration.updated', changed)
  return changed
}

function profileFrom(before: Configuration['business_profile'], sent: Params | undefined) {
  const names = ['headline', 'privacy_policy_url', 'terms_of_service_url'] as const
  if (sent !== undefined) onlyKnows(sent, names)
  const changed = names.map((name) => [name, sent?.has(name) ? (sent.optionalText(name) ?? null) : before[name]])
  return { ...before, ...(Object.fromEntries(changed) as Configuration['business_profile']) }
}

async function createSession(tx: Tx, params: Params): Promise<Session> {
  const customer = params.text('customer')
  if ((await tx.get('customer', customer)) === undefined) throw noSuch('customer', customer, 'customer')
  const configuration = await configurationFor(tx, params.optionalText('configuration'))
  const flow = params.sub('flow_data')
  const id = tx.id('bps_')
  const session: Session = {
    id,
    object: 'billing_portal.session',
    after_expiration: null,
    configuration: configuration.id,
    created: tx.now,
    customer,
    customer_account: null,
    flow: flow === undefined ? null : await flowFrom(tx, flow, customer, configuration),
    livemode: false,
    locale: null,
    on_behalf_of: null,
    return_url: params.optionalText('return_url') ?? configuration.default_return_url,
    url: `${tx.publicUrl}/portal/${id}`,
  }
  await tx.put('billing_portal.session', session)
  await tx.emit('billing_portal.session.created', session)
  return session
}

async function configurationFor(tx: Tx, id: string | undefined): Promise<Configuration> {
  if (id !== undefined) {
    const configuration = await configurationById(tx, id, 'configuration')
    if (configuration.active) return configuration
    throw badParameter('configuration', `The configuration \`${id}\` is not active.`)
  }
  throw badParameter(
    'configuration',
    'No configuration provided and your test mode default configuration has not been created. Provide a configuration or create your default by saving your customer portal settings.',
  )
}

const flowTypes = [
  'payment_method_update',
  'subscription_cancel',
  'subscription_update',
  'subscription_update_confirm',
] as const

/** Refuses a flow whose feature the configuration does not offer, as Stripe does. */
async function flowFrom(tx: Tx, sent: Params, customer: string, { features }: Configuration): Promise<Flow> {
  onlyKnows(sent, ['type', 'after_completion', ...flowTypes.slice(1)])
  const type = sent.choice('type', flowTypes)
  if (type === undefined)
    throw badParameter(sent.nameOf('type'), 'Missing required param: flow_data[type].', 'parameter_missing')
  const feature = type === 'subscription_update_confirm' ? 'subscription_update' : type
  if (!features[feature].enabled) {
    throw badParameter(
      sent.nameOf('type'),
      `This operation cannot be performed because the ${feature} feature in the portal configuration is disabled.`,
    )
  }
  const flow: Flow = {
    after_completion: afterCompletion(sent),
    customer_update: null,
    subscription_cancel: null,
    subscription_pause: null,
    subscription_update: null,
    subscription_update_confirm: null,
    type,
  }
  if (type === 'payment_method_update') return flow
  const details = sent.sub(type)
  const param = `${sent.nameOf(type)}[subscription]`
  if (details === undefined) throw badParameter(param, `Missing required param: ${param}.`, 'parameter_missing')
  const subscription = await subscriptionById(tx, details.text('subscription'), param)
  if (idOf(subscription.customer) !== customer) throw noSuch('subscription', subscription.id, param)
  if (type === 'subscription_cancel') {
    if (subscription.cancel_at !== null) {
      throw badParameter(param, 'The subscription is already set to be canceled at the end of the billing period.')
    }
    return { ...flow, subscription_cancel: { retention: null, subscription: subscription.id } }
  }
  if (type === 'subscription_update') return { ...flow, subscription_update: { subscription: subscription.id } }
  const items = await confirmItems(tx, details, subscription, features)
  return { ...flow, subscription_update_confirm: { discounts: null, items, subscription: subscription.id } }
}

async function confirmItems(
  tx: Tx,
  details: Params,
  subscription: Subscription,
  features: Configuration['features'],
): Promise<NonNullable<Flow['subscription_update_confirm']>['items']> {
  const offered = (features.subscription_update.products ?? []).flatMap(({ prices }) => prices)
  const items: NonNullable<Flow['subscription_update_confirm']>['items'] = []
  for (const item of details.list('items')) {
    onlyKnows(item, ['id', 'price', 'quantity'])
    const id = item.text('id')
    if (!subscription.items.data.some((there) => there.id === id)) {
      throw noSuch('subscription item', id, item.nameOf('id'))
    }
    const price = item.optionalText('price')
    if (price !== undefined) await recurringPrice(tx, price, item.nameOf('price'))
    if (price !== undefined && !offered.includes(price)) {
      throw badParameter(
        item.nameOf('price'),
        `The price \`${price}\` is not in the products of the configuration's subscription_update feature.`,
      )
    }
    const quantity = item.whole('quantity')
    items.push({ id, price: price ?? null, ...(quantity !== undefined && { quantity }) })
  }
  if (items.length > 0) return items
  throw badParameter(
    details.nameOf('items'),
    `Missing required param: ${details.nameOf('items')}.`,
    'parameter_missing',
  )
}

function afterCompletion(sent: Params): Flow['after_completion'] {
  const after = sent.sub('after_completion')
  const type = after?.choice('type', ['hosted_confirmation', 'portal_homepage', 'redirect']) ?? 'portal_homepage'
  const message = after?.sub('hosted_confirmation')?.optionalText('custom_message') ?? null
  return {
    hosted_confirmation: type === 'hosted_confirmation' ? { custom_message: message } : null,
    redirect: type === 'redirect' ? { return_url: after?.sub('redirect')?.text('return_url') ?? '' } : null,
    type,
  }
}
