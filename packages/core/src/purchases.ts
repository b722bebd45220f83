/** What is bought, for how much, and what a refund takes back of it (decisions §7). The client's word on a price counts for nothing. */
import { addOnOf, blockCents, contactsOf, offeredAddOn, planOf, yearCents, type Catalog } from './catalog.ts'
import type { Draft } from './draft.ts'
import type { Interval, Line, Quantity } from './words.ts'

/** The most blocks one purchase may have (api.md). */
export const mostBlocks = 1_000

export interface Quote {
  totalCents: number
  currency: string
  brings: Line[]
}

/** `blocks` of an add-on on the workspace's plan now; or why it cannot be bought, by path. */
export function quoteAddOn(draft: Draft, id: string, blocks: number): Quote | { path: string; message: string } {
  const { catalog, plan } = draft
  const addOn = addOnOf(catalog, id)
  if (!addOn) return { path: 'addOn', message: `"${id}" is not one of this catalog's add-ons` }
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > mostBlocks) {
    return { path: 'blocks', message: `must be a whole number from 1 to ${mostBlocks}` }
  }
  if (!plan.mayBuy) return { path: 'addOn', message: `cannot be bought on ${plan.id}` }
  if (!offeredAddOn(catalog, plan, addOn.id, draft.balance(addOn.id).limit)) {
    return { path: 'addOn', message: `"${id}" is unlimited on ${plan.id}: there is nothing to add` }
  }
  return {
    totalCents: blocks * blockCents(addOn, plan),
    currency: catalog.currency,
    brings: addOn.brings.map(({ meter, quantity }) => ({ meter, quantity: quantity * blocks })),
  }
}

/** A plan for its first interval, from the newest catalog; or why it cannot be bought, by path. */
export function quotePlan(
  catalog: Catalog,
  id: string,
  asked: number | null,
  interval: Interval,
): (Quote & { contacts: number | null }) | { path: string; message: string } {
  const plan = planOf(catalog, id)
  if (!plan) return { path: 'plan', message: `"${id}" is not one of this catalog's plans` }
  if (plan.id === catalog.freePlan)
    return { path: 'plan', message: `${id} costs nothing: cancel in the portal instead` }
  const contacts = contactsOf(plan, asked)
  if (contacts === undefined) return { path: 'contacts', message: `${asked} is not offered on ${id}` }
  const { monthCents } = plan.prices.find((price) => price.contacts === contacts)!
  const totalCents = interval === 'year' ? yearCents(catalog, monthCents) : monthCents
  return { totalCents, currency: catalog.currency, brings: [], contacts }
}

/** floor(quantity × refunded ÷ paid), exactly: what a refund takes back of a line in total (decisions §7). */
export function takenBack(quantity: Quantity, refundedCents: number, paidCents: number): Quantity {
  // What cost nothing has nothing to refund: 0 of 0 takes nothing back.
  if (refundedCents <= 0) return 0
  if (refundedCents >= paidCents) return quantity
  return Number((BigInt(quantity) * BigInt(refundedCents)) / BigInt(paidCents))
}
