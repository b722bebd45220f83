/** A link into Stripe's own pages, where a plan is changed, paid and cancelled. What was done there comes back as events. */
import { invalid, quotePlan, refusal, unknownWorkspace, type Answer, type Interval } from '@headroom/core'
import { unavailable } from '@headroom/engine'
import { hash } from 'node:crypto'
import Stripe from 'stripe'
import { isRefused, wasReplayed } from './client.ts'
import type { Context } from './context.ts'
import { ensureCustomer } from './customer.ts'
import type { Asking } from './interface.ts'
import { ourConfigurations } from './portal-features.ts'
import { planKey, planOfPrice } from './price-names.ts'

export interface Change {
  plan: string
  contacts: number | null
  interval: Interval | null
}

export type Portal = (asking: Asking, change: Change | null) => Promise<Answer>

/** See Money.portal. */
export function createPortal(context: Context): Portal {
  const { engine, stripe, prices, publicUrl } = context
  let known: string | undefined

  return async (asking, change) => {
    const { workspace, requestId } = asking
    const now = await engine.look(workspace, ({ subscription, newestCatalog }) => ({ ...subscription, newestCatalog }))
    if (!now) return unknownWorkspace(requestId)
    if (change === null) return open(asking, null)
    const interval = change.interval ?? now.interval
    const quoted = quotePlan(now.newestCatalog, change.plan, change.contacts, interval)
    if ('path' in quoted) return invalid(requestId, [quoted])
    if (now.reference === null) {
      return invalid(requestId, [
        { path: 'plan', message: 'cannot be changed to without a subscription: check out instead' },
      ])
    }
    if (now.plan === change.plan && now.contacts === quoted.contacts && now.interval === interval) {
      return invalid(requestId, [{ path: 'plan', message: 'is what the workspace has already' }])
    }
    const target = { key: planKey(change.plan, quoted.contacts, interval), totalCents: quoted.totalCents }
    return open(asking, { ...target, currency: quoted.currency, subscription: now.reference })
  }

  interface Target {
    key: string
    totalCents: number
    currency: string
    subscription: string
  }

  async function open(asking: Asking, target: Target | null): Promise<Answer> {
    const configuration = await ourConfiguration()
    try {
      return await openWith(configuration, asking, target)
    } catch (error) {
      if (!isRefused(error)) throw error
      // Somebody may have retired it since we looked.
      known = undefined
      const current = await ourConfiguration()
      if (current === configuration) throw error
      return openWith(current, asking, target)
    }
  }

  async function openWith(configuration: string, asking: Asking, target: Target | null): Promise<Answer> {
    const customer = await ensureCustomer(context, asking.workspace)
    const returnUrl = `${publicUrl}/settings/billing`
    const plain = { customer, configuration, return_url: returnUrl }
    const flow = target && (await confirmPage(target, returnUrl))
    try {
      return await create(flow ? { ...plain, flow_data: flow } : plain, asking)
    } catch (error) {
      if (error instanceof Stripe.errors.StripeIdempotencyError) return mismatch(asking.requestId)
      // A change or an end is scheduled already, which the confirm page does not take: the portal itself shows it.
      if (!flow || !isRefused(error)) throw error
      return create(plain, { ...asking, key: null })
    }
  }

  async function create(
    params: Stripe.BillingPortal.SessionCreateParams & { configuration: string },
    { workspace, key }: Asking,
  ): Promise<Answer> {
    const named = `${workspace} ${key} ${params.configuration}`
    const made = await stripe.billingPortal.sessions.create(
      params,
      key === null ? {} : { idempotencyKey: `portal_${digest(named)}` },
    )
    return { status: 201, body: { url: made.url }, ...(wasReplayed(made) && { replayed: true }) }
  }

  async function confirmPage(
    { key, totalCents, currency, subscription: id }: Target,
    returnUrl: string,
  ): Promise<Stripe.BillingPortal.SessionCreateParams.FlowData | null> {
    const [price, subscription] = await Promise.all([
      prices.forSale(key, totalCents, currency),
      stripe.subscriptions.retrieve(id),
    ])
    const item = subscription.items.data.find((one) => planOfPrice(one.price))
    if (!price || !item) return null
    return {
      type: 'subscription_update_confirm',
      subscription_update_confirm: { subscription: id, items: [{ id: item.id, price: price.id, quantity: 1 }] },
      after_completion: { type: 'redirect', redirect: { return_url: returnUrl } },
    }
  }

  async function ourConfiguration(): Promise<string> {
    if (known !== undefined) return known
    const all: Stripe.BillingPortal.Configuration[] = []
    for await (const one of stripe.billingPortal.configurations.list({ active: true, limit: 100 })) all.push(one)
    const [inUse] = ourConfigurations(all)
    if (inUse) return (known = inUse.id)
    context.alarms.raise('catalog_mismatch', 'Stripe has no portal configuration of ours: push the catalog.')
    throw unavailable('nothing_happened', 'The billing portal is not set up.')
  }
}

const digest = (text: string): string => hash('sha256', text, 'base64url').slice(0, 32)

const mismatch = (requestId: string): Answer =>
  refusal('idempotency_mismatch', 'This Idempotency-Key was sent before with another request.', requestId)
