/** Stripe's prices as we need them: found by lookup key for what is sold, by id for what somebody pays already. */
import type Stripe from 'stripe'
import { planOfPrice } from './price-names.ts'

/** Long enough to spare a request, short enough that a pushed catalog arrives by itself. */
const freshMs = 60_000

export class Prices {
  readonly #stripe: Stripe
  readonly #byKey = new Map<string, { price: Stripe.Price; until: number }>()
  readonly #byId = new Map<string, Stripe.Price>()

  constructor(stripe: Stripe) {
    this.#stripe = stripe
  }

  /**
   * The active price under this key, at this amount. Where the key has moved to another amount, an older price of the same product
   * that is still active and says the same of itself. Undefined: the catalog has not been pushed.
   */
  async forSale(key: string, unitCents: number, currency: string): Promise<Stripe.Price | undefined> {
    const fits = (price: Stripe.Price) => price.unit_amount === unitCents && price.currency === currency
    const known = this.#byKey.get(key)
    if (known && known.until > Date.now() && fits(known.price)) return known.price
    const current = (await this.#stripe.prices.list({ lookup_keys: [key], active: true })).data[0]
    if (!current) return undefined
    if (fits(current)) {
      this.#byKey.set(key, { price: current, until: Date.now() + freshMs })
      return current
    }
    return this.#older(current, fits)
  }

  /** Forgets a price that Stripe would not sell. */
  forget(key: string): void {
    this.#byKey.delete(key)
  }

  /** What a price of ours means never changes, so one reading is enough; one that is not understood may be put right at Stripe. */
  async byId(id: string): Promise<Stripe.Price> {
    const known = this.#byId.get(id)
    if (known) return known
    const price = await this.#stripe.prices.retrieve(id)
    if (planOfPrice(price)) this.#byId.set(id, price)
    return price
  }

  async #older(current: Stripe.Price, fits: (price: Stripe.Price) => boolean): Promise<Stripe.Price | undefined> {
    const product = typeof current.product === 'string' ? current.product : current.product.id
    const sameMeaning = ({ metadata, recurring }: Stripe.Price) =>
      recurring?.interval === current.recurring?.interval &&
      Object.entries(current.metadata).every(([name, value]) => metadata[name] === value)
    for await (const price of this.#stripe.prices.list({ product, active: true, limit: 100 })) {
      if (fits(price) && sameMeaning(price)) return price
    }
    return undefined
  }
}
