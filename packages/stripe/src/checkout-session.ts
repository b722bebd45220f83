import type { PurchaseRow } from '@headroom/engine'
import { hash } from 'node:crypto'
import type Stripe from 'stripe'
import { isMissing, isRefused } from './client.ts'
import type { Context } from './context.ts'
import { ensureCustomer, type ForgetLost } from './customer.ts'
import type { Priced } from './quote.ts'
import { writeQuote } from './signed-quote.ts'

/**
 * Opens the Checkout Session of a purchase; the same one again when the answer was lost and nothing has changed since. Where a price
 * was replaced or we have moved meanwhile it is another one: only the one that is stored counts. 'no_price': Stripe has no price that
 * fits the quote, the catalog has not been pushed.
 */
export async function createSession(
  context: Context,
  row: PurchaseRow,
  { lookupKey }: Priced,
  forgetLost: ForgetLost,
): Promise<Stripe.Checkout.Session | 'no_price'> {
  const { prices, stripe } = context
  for (let attempt = 0; ; attempt++) {
    const price = await prices.forSale(lookupKey, row.total / (row.blocks ?? 1), row.currency)
    if (!price) return 'no_price'
    const customer = await ensureCustomer(context, row.workspace)
    const asked = {
      customer,
      ...what(context, row, price.id),
      ...whereTo(context.publicUrl),
      client_reference_id: row.id,
    }
    try {
      return await stripe.checkout.sessions.create(asked, { idempotencyKey: `${row.id}_${digest(asked)}` })
    } catch (error) {
      if (attempt > 0 || !isRefused(error)) throw error
      // The customer is gone, or the price was replaced since it was read.
      if (!isMissing(error) || !(await forgetLost(row.workspace))) prices.forget(lookupKey)
    }
  }
}

/** Named on the session and on what comes of it: whatever Stripe reports later leads back to the purchase. */
function what({ sign }: Context, row: PurchaseRow, price: string): Stripe.Checkout.SessionCreateParams {
  const named = { workspace: row.workspace, purchase: row.id }
  const metadata = { ...named, ...writeQuote(row, sign) }
  const line_items = [{ price, quantity: row.blocks ?? 1 }]
  if (row.plan !== null) return { mode: 'subscription', line_items, metadata, subscription_data: { metadata: named } }
  return {
    mode: 'payment',
    line_items,
    metadata,
    payment_intent_data: { metadata: named },
    invoice_creation: { enabled: false },
  }
}

/** Both lead to our own pages; nobody else says where. */
const whereTo = (publicUrl: string) => ({
  success_url: `${publicUrl}/settings/billing/return?session_id={CHECKOUT_SESSION_ID}`,
  cancel_url: `${publicUrl}/settings/billing?checkout=cancelled`,
})

/** A key is good for one content: with another one Stripe refuses it. */
const digest = (asked: Stripe.Checkout.SessionCreateParams): string =>
  hash('sha256', JSON.stringify(asked), 'base64url').slice(0, 16)
