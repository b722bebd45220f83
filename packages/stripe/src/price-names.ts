/** What our things are called at Stripe, and what a price of ours means. A name is found again; a price is understood by its metadata. */
import type { Interval } from '@headroom/core'
import type Stripe from 'stripe'

const volume = (contacts: number | null): string => (contacts === null ? 'flat' : String(contacts))

export const planProduct = (plan: string, contacts: number | null): string => `headroom_${plan}_${volume(contacts)}`
export const planKey = (plan: string, contacts: number | null, interval: Interval): string =>
  `${planProduct(plan, contacts)}_${interval}`
export const addOnProduct = (addOn: string): string => `headroom_addon_${addOn}`
export const addOnKey = (addOn: string, plan: string): string => `${addOnProduct(addOn)}_${plan}`

export const planMetadata = (plan: string, contacts: number | null): Record<string, string> => ({
  headroom_plan: plan,
  ...(contacts === null ? {} : { headroom_contacts: String(contacts) }),
})
export const addOnMetadata = (addOn: string, plan: string): Record<string, string> => ({
  headroom_addon: addOn,
  headroom_plan: plan,
})

const intervals: readonly Interval[] = ['month', 'year']

export interface PlanChoice {
  plan: string
  contacts: number | null
  interval: Interval
}

/** The plan that a recurring price pays for; undefined for a price that is not ours: it grants nothing. */
export function planOfPrice(price: Stripe.Price): PlanChoice | undefined {
  const { headroom_plan: plan, headroom_contacts: contacts, headroom_addon: addOn } = price.metadata
  const { interval: every, interval_count: count } = price.recurring ?? {}
  const interval = intervals.find((ours) => ours === every)
  if (plan === undefined || addOn !== undefined || count !== 1 || interval === undefined) return undefined
  if (contacts !== undefined && !/^[1-9]\d{0,9}$/.test(contacts)) return undefined
  return { plan, contacts: contacts === undefined ? null : Number(contacts), interval }
}

/** The add-on that a one-time price pays for. */
export function addOnOfPrice(price: Stripe.Price): string | undefined {
  return price.type === 'one_time' ? price.metadata['headroom_addon'] : undefined
}
