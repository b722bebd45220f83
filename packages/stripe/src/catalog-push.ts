/**
 * Brings Stripe's products, prices and portal to the catalog. Twice changes nothing; twice at the same time ends in one set: products
 * have our ids, and whatever else is made is made under a key that says what it is to be.
 */
import type { Catalog } from '@headroom/core'
import { hash } from 'node:crypto'
import type Stripe from 'stripe'
import { priceParams, wantedProducts, type WantedPrice, type WantedProduct } from './catalog-plan.ts'
import { stripeCode, wasReplayed } from './client.ts'
import { ourConfigurations, portalFeatures, portalMark } from './portal-features.ts'

interface Step {
  says: string
  do(): Promise<unknown>
}

/** What would be done, one line each; empty: Stripe has the catalog as it is. */
export async function planCatalog(stripe: Stripe, catalog: Catalog): Promise<string[]> {
  const steps = [...(await productSteps(stripe, catalog)), ...(await portalSteps(stripe, catalog))]
  return steps.map(({ says }) => says)
}

/** Does it, and says what was done. */
export async function applyCatalog(stripe: Stripe, catalog: Catalog): Promise<string[]> {
  const done: string[] = []
  // The portal names prices, so these come first.
  for (const steps of [productSteps, portalSteps]) {
    for (const step of await steps(stripe, catalog)) {
      await step.do()
      done.push(step.says)
    }
  }
  return done
}

async function productSteps(stripe: Stripe, catalog: Catalog): Promise<Step[]> {
  const wanted = wantedProducts(catalog)
  const products = await list(stripe.products.list({ ids: wanted.map(({ id }) => id), limit: 100 }))
  const prices = await currentPrices(stripe, wanted)
  return wanted.flatMap((product) => [
    ...productStep(
      stripe,
      product,
      products.find(({ id }) => id === product.id),
    ),
    ...product.prices.flatMap((price) => priceSteps(stripe, catalog, product, price, prices.get(price.key))),
  ])
}

function productStep(stripe: Stripe, wanted: WantedProduct, found: Stripe.Product | undefined): Step[] {
  const { id, name, metadata } = wanted
  if (!found) return [{ says: `make product ${id}: ${name}`, do: () => makeProduct(stripe, { id, name, metadata }) }]
  if (found.name === name && found.active && says(found.metadata, metadata)) return []
  return [
    { says: `change product ${id}: ${name}`, do: () => stripe.products.update(id, { name, metadata, active: true }) },
  ]
}

async function makeProduct(stripe: Stripe, params: Stripe.ProductCreateParams & { id: string }): Promise<unknown> {
  try {
    return await stripe.products.create(params, { idempotencyKey: keyOf('product', params) })
  } catch (error) {
    if (stripeCode(error) !== 'resource_already_exists') throw error
    return stripe.products.retrieve(params.id)
  }
}

/** A price cannot change its amount: a new one takes over the name. Add-ons at the old one can still be sold until each period's end. */
function priceSteps(
  stripe: Stripe,
  { currency }: Catalog,
  product: WantedProduct,
  wanted: WantedPrice,
  found: Stripe.Price | undefined,
): Step[] {
  const amount = `${wanted.cents} ${currency}${wanted.interval ? ` a ${wanted.interval}` : ''}`
  if (found && fits(found, wanted, currency)) {
    if (says(found.metadata, wanted.metadata)) return []
    const change = () => stripe.prices.update(found.id, { metadata: wanted.metadata })
    return [{ says: `say what price ${wanted.key} is for`, do: change }]
  }
  const params = priceParams(wanted, currency)
  // Named after the price it replaces too: the same amount may come back one day.
  const make = () => makePrice(stripe, params, found?.id ?? null)
  const retire = async () => {
    await make()
    if (found && product.inPortal) await stripe.prices.update(found.id, { active: false })
  }
  const before = found ? ` instead of ${found.unit_amount} ${found.currency}` : ''
  return [{ says: `make price ${wanted.key}: ${amount}${before}`, do: retire }]
}

/** A key is answered for a day with what it made: archived by hand since then, the price is made again, under a key that names that one. */
async function makePrice(stripe: Stripe, params: Stripe.PriceCreateParams, instead: string | null): Promise<void> {
  const made = await stripe.prices.create(params, { idempotencyKey: keyOf('price', [params, instead]) })
  if (!wasReplayed(made)) return
  const { active } = await stripe.prices.retrieve(made.id)
  if (!active) await makePrice(stripe, params, made.id)
}

const fits = (found: Stripe.Price, wanted: WantedPrice, currency: string): boolean =>
  found.unit_amount === wanted.cents &&
  found.currency === currency &&
  (found.recurring?.interval ?? null) === wanted.interval &&
  (found.recurring?.interval_count ?? 1) === 1 &&
  found.product === wanted.product

/** The active ones by lookup key; Stripe takes ten keys in one question. */
async function currentPrices(stripe: Stripe, products: WantedProduct[]): Promise<Map<string, Stripe.Price>> {
  const keys = products.flatMap(({ prices }) => prices.map(({ key }) => key))
  const found = new Map<string, Stripe.Price>()
  for (let from = 0; from < keys.length; from += 10) {
    const some = await list(stripe.prices.list({ lookup_keys: keys.slice(from, from + 10), active: true, limit: 100 }))
    for (const price of some) if (price.lookup_key !== null) found.set(price.lookup_key, price)
  }
  return found
}

async function portalSteps(stripe: Stripe, catalog: Catalog): Promise<Step[]> {
  const wanted = wantedProducts(catalog).filter(({ inPortal }) => inPortal)
  const prices = await currentPrices(stripe, wanted)
  const features = portalFeatures(
    wanted.map(({ id, prices: all }) => ({
      product: id,
      prices: all.flatMap(({ key }) => prices.get(key)?.id ?? []),
    })),
  )
  const content = keyOf('portal', features)
  const metadata = { headroom: portalMark, headroom_content: content }
  const all = await list(stripe.billingPortal.configurations.list({ active: true, limit: 100 }))
  const [found, ...spare] = ourConfigurations(all)
  const steps = spare.map(({ id }) => ({
    says: `retire portal configuration ${id}`,
    do: () => stripe.billingPortal.configurations.update(id, { active: false }),
  }))
  if (!found) {
    const make = () => makePortal(stripe, { features, metadata }, content)
    return [...steps, { says: 'make the portal configuration', do: make }]
  }
  if (found.metadata?.['headroom_content'] === content && isAsSet(found)) return steps
  const change = () => stripe.billingPortal.configurations.update(found.id, { features, metadata })
  return [...steps, { says: `change portal configuration ${found.id}`, do: change }]
}

/** As with a price. */
async function makePortal(
  stripe: Stripe,
  params: Stripe.BillingPortal.ConfigurationCreateParams,
  idempotencyKey: string,
): Promise<void> {
  const made = await stripe.billingPortal.configurations.create(params, { idempotencyKey })
  if (!wasReplayed(made)) return
  const { active } = await stripe.billingPortal.configurations.retrieve(made.id)
  if (!active) await makePortal(stripe, params, keyOf('portal', [params, made.id]))
}

/** Somebody may have changed by hand what decides when a plan changes. */
const isAsSet = ({
  features: { subscription_cancel: cancel, subscription_update: update },
}: Stripe.BillingPortal.Configuration) =>
  cancel.enabled && cancel.mode === 'at_period_end' && update.enabled && update.proration_behavior === 'always_invoice'

const says = (found: Record<string, string>, wanted: Record<string, string>): boolean =>
  Object.entries(wanted).every(([name, value]) => found[name] === value)

const keyOf = (kind: string, content: unknown): string =>
  `headroom_${kind}_${hash('sha256', JSON.stringify(content), 'base64url').slice(0, 32)}`

async function list<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}
