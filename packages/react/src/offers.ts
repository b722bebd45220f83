/** What the pricing section offers: for each plan and volume its price, and what choosing it would do from where one is now. */
import type { CatalogWire, Interval, UsageWire } from '@headroom/sdk'
import { day } from './instants.ts'
import { billedWords, contactsText, isFree, planName } from './plan-words.ts'

export type CatalogPlan = CatalogWire['plans'][number]
export type CatalogPrice = CatalogPlan['prices'][number]

export interface Target {
  plan: CatalogPlan
  price: CatalogPrice
  interval: Interval
}

export type Step =
  /** Nothing to do: it is the one of now, or comes by itself, or once a cancellation is taken back. */
  | { kind: 'current' | 'scheduled' | 'cancelled' | 'none'; text: string }
  /** `start` goes to the checkout, `change` to the portal's confirm page, `cancel` to the portal. */
  | { kind: StepKind; label: string; text: string }
export type StepKind = 'start' | 'change' | 'cancel'

/** What one pays for a month: of a yearly price its twelfth, in whole cents as the price on the plan card. */
export function monthlyCentsOf({ monthCents, yearCents }: CatalogPrice, interval: Interval): number {
  return interval === 'month' ? monthCents : Math.floor((yearCents + 6) / 12)
}

/** By how many percent a year is cheaper than twelve months; 0 where nothing is. */
export function yearlyDiscount({ plans }: CatalogWire): number {
  const shares = plans.flatMap(({ prices }) =>
    prices.flatMap(({ monthCents, yearCents }) => (monthCents === 0 ? [] : [1 - yearCents / (12 * monthCents)])),
  )
  return Math.round(Math.max(0, ...shares) * 100)
}

/** Without a subscription a plan is started; with one it is changed in the portal, where it takes effect as Stripe was told to. */
export function stepTo(target: Target, usage: UsageWire, catalog: CatalogWire): Step {
  const { plan: now } = usage
  if (isSame(target, now)) return { kind: 'current', text: 'Current plan' }
  if (now.pendingChange && isSame(target, { ...now.pendingChange, id: now.pendingChange.plan })) {
    return { kind: 'scheduled', text: `Starts on ${day(now.pendingChange.at)}` }
  }
  if (isFree(target.plan.id, catalog)) {
    return now.subscribed
      ? { kind: 'cancel', label: 'Cancel in Manage Plan', text: `Takes effect ${endOf(usage)}` }
      : { kind: 'none', text: '' }
  }
  if (!now.subscribed) return { kind: 'start', label: `Start ${target.plan.name}`, text: 'Takes effect now' }
  // A change would be asked for, and paid, and then end with the cancellation all the same.
  if (now.pendingChange && isFree(now.pendingChange.plan, catalog)) {
    return { kind: 'cancelled', text: 'Take the cancellation back in Manage Plan first' }
  }
  const isNow = takesEffectNow(target, now, catalog)
  return {
    kind: 'change',
    label: changeLabel(target, now, catalog),
    text: `Takes effect ${isNow ? 'now' : endOf(usage)}`,
  }
}

/** A year runs to its own end, which only Stripe's page shows. */
const endOf = ({ plan, period }: UsageWire) =>
  plan.interval === 'year' ? 'at the end of the paid year' : `at the end of the period on ${day(period.end)}`

type Now = Pick<UsageWire['plan'], 'id' | 'contacts' | 'interval'>

function isSame({ plan, price, interval }: Target, { id, contacts, ...now }: Now): boolean {
  if (plan.id !== id || price.contacts !== contacts) return false
  return price.monthCents === 0 || interval === now.interval
}

const priceOf = ({ id, contacts }: Now, { plans }: CatalogWire): CatalogPrice | undefined =>
  plans.find((plan) => plan.id === id)?.prices.find((price) => price.contacts === contacts)

const chargedCents = ({ monthCents, yearCents }: CatalogPrice, interval: Interval) =>
  interval === 'year' ? yearCents : monthCents

/** As the portal is configured: what is charged less, or more often, waits for the end of what is paid. */
function takesEffectNow({ price, interval }: Target, now: Now, catalog: CatalogWire): boolean {
  if (now.interval === 'year' && interval === 'month') return false
  const before = priceOf(now, catalog)
  return before === undefined || chargedCents(price, interval) >= chargedCents(before, now.interval)
}

function changeLabel({ plan, price, interval }: Target, now: Now, catalog: CatalogWire): string {
  const isOther = plan.id !== now.id
  if (!isOther && price.contacts === now.contacts) return `Switch to ${billedWords[interval]}`
  const to = isOther || price.contacts === null ? planName(plan.id, catalog) : contactsText(price.contacts)
  const before = priceOf(now, catalog)
  if (before === undefined) return `Change to ${to}`
  return `${price.monthCents >= before.monthCents ? 'Upgrade' : 'Downgrade'} to ${to}`
}
