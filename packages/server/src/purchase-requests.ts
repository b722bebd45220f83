/** What may be asked about money. Unknown fields are refused, and a price, an amount or a currency is one: the server prices. */
import { z } from '@hono/zod-openapi'
import { mostBlocks } from '@headroom/core'
import type { Bought } from '@headroom/stripe'
import { contacts, interval, page, planId } from './requests.ts'

const addOnId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'is not one of the catalog’s add-ons')
  .openapi({ example: 'leads' })
const blocks = z.int().min(1).max(mostBlocks).openapi({ example: 3 })

const checkoutFields = {
  addOn: addOnId.optional(),
  blocks: blocks.optional(),
  plan: planId.optional(),
  contacts: contacts.optional(),
  interval: interval.optional(),
}

/** One object with every field, so that each fault is told where it is; what belongs together is said below. */
export const checkout = z.strictObject(checkoutFields).transform((asked, context): Bought => {
  const fault = (path: string, message: string): void => context.addIssue({ code: 'custom', path: [path], message })
  const { addOn, blocks, plan, contacts = null, interval = 'month' } = asked
  if (addOn !== undefined) {
    if (blocks === undefined) fault('blocks', 'must say how many')
    for (const name of ['plan', 'contacts', 'interval'] as const) {
      if (asked[name] !== undefined) fault(name, 'does not go with an addOn')
    }
    return { addOn, blocks: blocks ?? 1 }
  }
  if (blocks !== undefined) fault('blocks', 'goes with an addOn')
  if (plan === undefined) fault('plan', 'must be there, or an addOn with blocks')
  return { plan: plan ?? '', contacts, interval }
})

export const checkoutDocument = z
  .union([
    z.strictObject({ addOn: addOnId, blocks }).openapi('BuyAddOn'),
    z
      .strictObject({ plan: planId, contacts: contacts.optional(), interval: interval.default('month') })
      .openapi('BuyPlan'),
  ])
  .openapi('Checkout')

const portalFields = {
  plan: planId.optional().openapi({ description: 'Left out: the portal’s first page.' }),
  contacts: contacts.optional(),
  interval: interval.optional().openapi({ description: 'Left out: as it is.' }),
}

export const portalDocument = z.strictObject(portalFields).openapi('Portal')

export const portal = z.strictObject(portalFields).transform(({ plan, contacts, interval }, context) => {
  if (plan !== undefined) return { plan, contacts: contacts ?? null, interval: interval ?? null }
  for (const [path, value] of Object.entries({ contacts, interval })) {
    if (value !== undefined) context.addIssue({ code: 'custom', path: [path], message: 'goes with a plan' })
  }
  return null
})

export const reconcile = z.strictObject({}).openapi('Reconcile')

export const purchasesQuery = z.strictObject(page)

export const receiptQuery = z.strictObject({
  receipt: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]{1,255}$/, 'must be a receipt number, payment intent, charge or Checkout Session id')
    .openapi({ minLength: 1, maxLength: 255, example: '1234-5678' }),
})
