/** What Stripe really bills, for the card; and never later than 1.2 s (decisions §6). */
import type { PriceWire, UsageWire, WorkspaceId } from '@headroom/core'
import type Stripe from 'stripe'
import { Breaker } from './breaker.ts'
import { isOutage, isRefused, stripeCode, within } from './client.ts'
import type { Context } from './context.ts'

const budgetMs = 1_200
const confirmedForMs = 60_000
/** Forgotten prices cost one request each. */
const mostKept = 10_000

interface Billed {
  totalCents: number
  currency: string
}

export class BilledPrices {
  readonly #context: Context
  readonly #breaker: Breaker
  readonly #confirmed = new Map<WorkspaceId, { price: PriceWire; until: number }>()
  readonly #asked = new Map<WorkspaceId, Promise<PriceWire | null>>()
  #predicted = 0

  constructor(context: Context, breaker = new Breaker()) {
    this.#context = context
    this.#breaker = breaker
  }

  /** See Money.price. */
  async price({ workspace, plan, price }: UsageWire): Promise<PriceWire> {
    const predicted: PriceWire = price!
    if (!plan.subscribed) return predicted
    const known = this.#confirmed.get(workspace)
    if (known && known.until > Date.now()) return known.price
    const billed = await this.#ask(workspace, predicted)
    if (billed === null) this.#predicted += 1
    return billed ?? predicted
  }

  /** The subscription may have changed. */
  forget(workspace: WorkspaceId): void {
    this.#confirmed.delete(workspace)
    this.#asked.delete(workspace)
  }

  figures(): Record<string, number> {
    return { stripe_prices_predicted_total: this.#predicted, stripe_breaker_open: this.#breaker.isOpen ? 1 : 0 }
  }

  /** Many may wait for one answer. */
  #ask(workspace: WorkspaceId, predicted: PriceWire): Promise<PriceWire | null> {
    const running = this.#asked.get(workspace)
    if (running) return running
    if (!this.#breaker.mayAsk()) return Promise.resolve(null)
    const asking = this.#read(workspace, predicted).then((price) => {
      // Forgotten meanwhile: this answer is of what was before.
      if (this.#asked.get(workspace) !== asking) return price
      this.#asked.delete(workspace)
      if (price !== null) this.#keep(workspace, price)
      return price
    })
    this.#asked.set(workspace, asking)
    return asking
  }

  async #read(workspace: WorkspaceId, predicted: PriceWire): Promise<PriceWire | null> {
    const { engine, log } = this.#context
    try {
      const billed = await within(budgetMs, async () => {
        const subscription = await engine.look(workspace, (draft) => draft.subscription.reference)
        return subscription ? this.#billed(subscription) : null
      })
      this.#breaker.succeeded()
      if (billed === null) return null
      return { ...monthly(billed, predicted.billed), source: 'stripe', billed: predicted.billed }
    } catch (error) {
      // Who refuses is there; a subscription that is gone says nothing of the others.
      if (isOutage(error)) this.#breaker.failed()
      else if (isRefused(error)) this.#breaker.succeeded()
      log('warn', `The price of ${workspace} could not be read: ${(error as Error).message}`, { workspace })
      return null
    }
  }

  async #billed(subscription: string): Promise<Billed> {
    const { stripe } = this.#context
    const once = { maxNetworkRetries: 0, timeout: budgetMs }
    try {
      const { total, currency } = await stripe.invoices.createPreview({ subscription, preview_mode: 'recurring' }, once)
      return { totalCents: total, currency }
    } catch (error) {
      if (stripeCode(error) !== 'invoice_upcoming_none') throw error
      return sumOfItems(await stripe.subscriptions.retrieve(subscription, {}, once))
    }
  }

  #keep(workspace: WorkspaceId, price: PriceWire): void {
    if (this.#confirmed.size >= mostKept) this.#confirmed.clear()
    this.#confirmed.set(workspace, { price, until: Date.now() + confirmedForMs })
  }
}

/** A year's total shows as a twelfth, rounded half up (decisions §6). */
function monthly({ totalCents, currency }: Billed, billed: PriceWire['billed']) {
  return { monthlyCents: billed === 'yearly' ? Math.floor((totalCents + 6) / 12) : totalCents, currency }
}

/** A subscription that ends has no next invoice: what it costs until then. */
function sumOfItems({ items, currency }: Stripe.Subscription): Billed {
  const cents = items.data.map(({ price, quantity }) => (price.unit_amount ?? 0) * (quantity ?? 1))
  return { totalCents: cents.reduce((sum, each) => sum + each, 0), currency }
}
