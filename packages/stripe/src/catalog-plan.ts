/** What the catalog is at Stripe: products, prices and what the portal offers. Pure. */
import { blockCents, yearCents, type Catalog } from '@headroom/core'
import type Stripe from 'stripe'
import { mostProducts } from './portal-features.ts'
import { addOnKey, addOnMetadata, addOnProduct, planKey, planMetadata, planProduct } from './price-names.ts'

export interface WantedPrice {
  key: string
  product: string
  cents: number
  interval: 'month' | 'year' | null
  metadata: Record<string, string>
}

export interface WantedProduct {
  id: string
  name: string
  /** A plan may be changed to in the portal, an add-on is only sold by us. */
  inPortal: boolean
  metadata: Record<string, string>
  prices: WantedPrice[]
}

/** Throws where Stripe's portal could not show all plans. */
export function wantedProducts(catalog: Catalog): WantedProduct[] {
  const plans = planProducts(catalog)
  if (plans.length > mostProducts) {
    throw new Error(
      `The catalog has ${plans.length} paid plans and volumes, Stripe's customer portal shows at most ${mostProducts}. Offer fewer volumes.`,
    )
  }
  return [...plans, ...addOnProducts(catalog)]
}

function planProducts(catalog: Catalog): WantedProduct[] {
  const paid = catalog.plans.filter(({ id }) => id !== catalog.freePlan)
  return paid.flatMap((plan) =>
    plan.prices.map(({ contacts, monthCents }) => {
      const product = planProduct(plan.id, contacts)
      const metadata = planMetadata(plan.id, contacts)
      const price = (interval: 'month' | 'year', cents: number): WantedPrice => {
        return { key: planKey(plan.id, contacts, interval), product, cents, interval, metadata }
      }
      return {
        id: product,
        name: contacts === null ? plan.name : `${plan.name}, ${contacts.toLocaleString('en-US')} contacts`,
        inPortal: true,
        metadata,
        prices: [price('month', monthCents), price('year', yearCents(catalog, monthCents))],
      }
    }),
  )
}

function addOnProducts(catalog: Catalog): WantedProduct[] {
  return catalog.addOns.map((addOn) => {
    const product = addOnProduct(addOn.id)
    const meter = catalog.meters.find(({ id }) => id === addOn.id)!
    const { blockSize } = addOn
    return {
      id: product,
      name: `${blockSize.toLocaleString('en-US')} ${blockSize === 1 ? meter.unit : meter.units}`,
      inPortal: false,
      metadata: { headroom_addon: addOn.id },
      prices: catalog.plans
        .filter(({ mayBuy }) => mayBuy)
        .map((plan) => ({
          key: addOnKey(addOn.id, plan.id),
          product,
          cents: blockCents(addOn, plan),
          interval: null,
          metadata: addOnMetadata(addOn.id, plan.id),
        })),
    }
  })
}

export const priceParams = (price: WantedPrice, currency: string): Stripe.PriceCreateParams => ({
  product: price.product,
  currency,
  unit_amount: price.cents,
  lookup_key: price.key,
  transfer_lookup_key: true,
  metadata: price.metadata,
  ...(price.interval && { recurring: { interval: price.interval } }),
})
