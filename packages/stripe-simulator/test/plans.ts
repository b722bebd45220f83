/** Prices to subscribe to, and a customer who does. */
import type Stripe from 'stripe'
import type { Harness } from './harness.ts'

export interface Plans {
  starter: Stripe.Price
  growth: Stripe.Price
  starterYearly: Stripe.Price
  growthYearly: Stripe.Price
}

export async function makePlans(stripe: Stripe): Promise<Plans> {
  const starter = await stripe.products.create({ name: 'Starter' })
  const growth = await stripe.products.create({ name: 'Growth' })
  const price = (product: Stripe.Product, cents: number, interval: 'month' | 'year') =>
    stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: cents, recurring: { interval } })
  return {
    starter: await price(starter, 9_900, 'month'),
    growth: await price(growth, 39_900, 'month'),
    starterYearly: await price(starter, 95_040, 'year'),
    growthYearly: await price(growth, 383_040, 'year'),
  }
}

/** Through the hosted checkout, paid at once with a card that pays. */
export async function subscribe(
  { stripe, sim }: Harness,
  price: Stripe.Price,
  more: { coupon?: string; trialDays?: number } = {},
): Promise<Stripe.Subscription> {
  const customer = await stripe.customers.create({ email: 'ada@example.com', name: 'Ada' })
  const session = await stripe.checkout.sessions.create({
    mode: 'subscription',
    customer: customer.id,
    success_url: 'http://localhost/paid',
    line_items: [{ price: price.id, quantity: 1 }],
    ...(more.coupon !== undefined && { discounts: [{ coupon: more.coupon }] }),
    subscription_data: {
      metadata: { workspace: 'ws_1' },
      ...(more.trialDays !== undefined && { trial_period_days: more.trialDays }),
    },
  })
  const done = await sim<{ subscription: string }>(`checkout/sessions/${session.id}/complete`, { outcome: 'paid' })
  return stripe.subscriptions.retrieve(done.subscription)
}

export const period = (subscription: Stripe.Subscription): string => {
  const [item] = subscription.items.data
  return `${day(item?.current_period_start)} – ${day(item?.current_period_end)}`
}

export const day = (t: number | null | undefined): string =>
  t === null || t === undefined ? 'none' : new Date(t * 1000).toISOString().slice(0, 10)

/** The newest first. */
export const invoicesOf = async (stripe: Stripe, { id }: Stripe.Subscription): Promise<Stripe.Invoice[]> =>
  (await stripe.invoices.list({ subscription: id, limit: 100 })).data

/** Types of the events about one object and its invoices, the oldest first, since the last call. */
export async function eventsSince(stripe: Stripe, mark: { last: string | undefined }): Promise<Stripe.Event[]> {
  const { data } = await stripe.events.list({
    limit: 100,
    ...(mark.last !== undefined && { ending_before: mark.last }),
  })
  mark.last = data[0]?.id ?? mark.last
  return data.toReversed()
}
