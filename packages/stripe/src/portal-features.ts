/** What Stripe's portal may do with our plans (decisions §6): up at once, down and away at the period's end. */
import type Stripe from 'stripe'

/** The value of metadata.headroom on the configuration that is ours. */
export const portalMark = 'portal'

/** Our configurations among all; the first is the one in use, whoever asks. */
export function ourConfigurations(
  all: readonly Stripe.BillingPortal.Configuration[],
): Stripe.BillingPortal.Configuration[] {
  return all
    .filter(({ metadata }) => metadata?.['headroom'] === portalMark)
    .toSorted((a, b) => a.created - b.created || (a.id < b.id ? -1 : 1))
}

/** Stripe's own limit. */
export const mostProducts = 10

export function portalFeatures(
  products: { product: string; prices: string[] }[],
): Stripe.BillingPortal.ConfigurationCreateParams.Features {
  return {
    customer_update: { enabled: true, allowed_updates: ['name', 'email', 'address', 'tax_id'] },
    invoice_history: { enabled: true },
    payment_method_update: { enabled: true },
    subscription_cancel: { enabled: true, mode: 'at_period_end', proration_behavior: 'none' },
    subscription_update: {
      enabled: true,
      default_allowed_updates: ['price'],
      proration_behavior: 'always_invoice',
      schedule_at_period_end: { conditions: [{ type: 'decreasing_item_amount' }, { type: 'shortening_interval' }] },
      products,
    },
  }
}
