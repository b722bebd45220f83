/** What is asked for, priced by us; what the client says of a price is not even looked at. */
import {
  invalid,
  quoteAddOn,
  quotePlan,
  refusal,
  unknownWorkspace,
  type Answer,
  type Draft,
  type Interval,
  type Line,
} from '@headroom/core'
import type { Context } from './context.ts'
import type { Asking, Bought } from './interface.ts'
import { addOnKey, planKey } from './price-names.ts'

export interface Priced {
  totalCents: number
  currency: string
  brings: Line[]
  addOn: string | null
  blocks: number | null
  plan: string | null
  contacts: number | null
  interval: Interval | null
  /** Where Stripe has the price of one. */
  lookupKey: string
}

/** The price, or why it cannot be bought, as an answer. */
export async function quote({ engine }: Context, asking: Asking, bought: Bought): Promise<Priced | Answer> {
  const { workspace, requestId } = asking
  const priced = await engine.look(workspace, (draft) => price(draft, bought, requestId))
  return priced ?? unknownWorkspace(requestId)
}

function price(draft: Draft, bought: Bought, requestId: string): Priced | Answer {
  if ('addOn' in bought) {
    const quoted = quoteAddOn(draft, bought.addOn, bought.blocks)
    if ('path' in quoted) return invalid(requestId, [quoted])
    const none = { plan: null, contacts: null, interval: null }
    return { ...quoted, ...bought, ...none, lookupKey: addOnKey(bought.addOn, draft.plan.id) }
  }
  const quoted = quotePlan(draft.newestCatalog, bought.plan, bought.contacts, bought.interval)
  if ('path' in quoted) return invalid(requestId, [quoted])
  if (draft.subscription.reference !== null) return subscribed(requestId)
  const { plan, interval } = bought
  return { ...quoted, plan, interval, addOn: null, blocks: null, lookupKey: planKey(plan, quoted.contacts, interval) }
}

export const subscribed = (requestId: string): Answer =>
  refusal('subscription_exists', 'This workspace has a subscription: change it in the billing portal.', requestId)
