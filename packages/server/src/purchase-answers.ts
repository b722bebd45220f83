/** What is answered about money: purchases, and the links into the payment provider's pages. */
import { z } from '@hono/zod-openapi'
import type * as wire from '@headroom/core'
import { at, cents, held, interval, orNull, pageOf, text, whole, type Same } from './answer-fields.ts'
import { line } from './fields.ts'

export const purchase = z
  .object({
    id: text,
    workspace: text,
    addOn: text.nullable().openapi({ description: 'With `blocks`; null when a plan was bought.' }),
    blocks: whole.nullable(),
    plan: text.nullable().openapi({ description: 'With `contacts` and `interval`; null when an add-on was bought.' }),
    contacts: whole.nullable(),
    interval: orNull(interval),
    total: cents.openapi({ description: 'What was quoted, and what the checkout asks for.' }),
    refundedTotal: cents.openapi({ description: 'Of it, what was paid back.' }),
    currency: text,
    state: z.enum(['pending', 'paid', 'failed', 'expired', 'refunded', 'disputed', 'parked']),
    brings: z.array(line),
    createdAt: at,
    paidAt: at.nullable(),
    receipt: orNull(z.object({ number: text, url: text.nullable() })),
    checkoutUrl: text.nullable().openapi({ description: 'Where a pending checkout goes on; null once it has ended.' }),
    checkoutSession: text.nullable().openapi({ description: 'The Checkout Session’s id, for a full key.' }),
  })
  .openapi('Purchase')
export const purchases = pageOf(purchase, 'Purchases')
export const checkout = z.object({ purchaseId: text, url: text, total: cents, currency: text }).openapi('NewCheckout')
export const portal = z.object({ url: text }).openapi('PortalLink')
export const delivery = z.object({ received: z.literal(true) }).openapi('Delivery')

held<
  [
    Same<typeof purchase, wire.PurchaseWire>,
    Same<typeof purchases, wire.Page<wire.PurchaseWire>>,
    Same<typeof checkout, wire.CheckoutWire>,
  ]
>()
