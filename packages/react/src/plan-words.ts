/** What is said about a plan: its status, what is due, what it changes to. */
import type { CatalogWire, Interval, Status, UsageWire } from '@headroom/sdk'
import { day, instant } from './instants.ts'
import { counted } from './numbers.ts'

type Plan = UsageWire['plan']

export const statusWords: Record<Status, string> = {
  active: 'active',
  trialing: 'trial',
  past_due: 'payment due',
  overdue: 'payment overdue',
  suspended: 'suspended',
}

/** The catalog's name of a plan, "Starter" for "Starter plan"; without a catalog its id. */
export function planName(id: string, catalog: CatalogWire | null): string {
  const name = catalog?.plans.find((plan) => plan.id === id)?.name ?? id.charAt(0).toUpperCase() + id.slice(1)
  return name.replace(/ plan$/i, '')
}

/** Nothing is paid for it, whatever its volume. Without a catalog: the plan that is called so. */
export function isFree(id: string, catalog: CatalogWire | null): boolean {
  const plan = catalog?.plans.find((known) => known.id === id)
  return plan === undefined ? id === 'free' : plan.prices.every(({ monthCents }) => monthCents === 0)
}

/** "1,000 contacts". */
export const contactsText = (contacts: number): string => counted(contacts, { one: 'contact', many: 'contacts' })

export const billedWords: Record<Interval, string> = { month: 'monthly', year: 'yearly' }

/** "Changes to Starter, 1,000 contacts on 1 Dec 2026", "Cancelled: Free from 1 Dec 2026", or nothing. */
export function changeText(
  { pendingChange, interval }: Pick<Plan, 'pendingChange' | 'interval'>,
  catalog: CatalogWire | null,
): string | null {
  if (pendingChange === null) return null
  const { plan, contacts, at } = pendingChange
  const name = planName(plan, catalog)
  if (isFree(plan, catalog)) return `Cancelled: ${name} from ${day(at)}`
  const parts = [name]
  if (contacts !== null) parts.push(contactsText(contacts))
  if (pendingChange.interval !== interval) parts.push(`paid ${billedWords[pendingChange.interval]}`)
  return `Changes to ${parts.join(', ')} on ${day(at)}`
}

/** The line under the meters. A plan that is cancelled for the period's end does not renew. */
export function renewalText(
  { status, pendingChange }: Pick<Plan, 'status' | 'pendingChange'>,
  end: string,
  catalog: CatalogWire | null,
): string {
  const endsWithPeriod =
    pendingChange !== null && isFree(pendingChange.plan, catalog) && Date.parse(pendingChange.at) <= Date.parse(end)
  const what = status === 'trialing' ? 'Trial until' : endsWithPeriod ? 'Ends' : 'Renews'
  return `${what} ${instant(end)} · unused credits do not carry over`
}

export interface PaymentTrouble {
  kind: 'warn' | 'danger'
  title: string
  text: string
}

/** While a payment is due: until when everything goes on, what stops then, and what to do. */
export function paymentTrouble({ status, graceUntil }: Pick<Plan, 'status' | 'graceUntil'>): PaymentTrouble | null {
  const pay = 'Pay, or change the payment method, in Manage Plan.'
  if (status === 'past_due') {
    const until = graceUntil === null ? '' : ` until ${instant(graceUntil)}`
    const text = `Everything goes on${until}; after that new imports and AI builds wait. ${pay}`
    return { kind: 'warn', title: 'A payment is due', text }
  }
  if (status === 'overdue') {
    const text = `New imports and AI builds wait until it is paid. Running campaigns are not interrupted. ${pay}`
    return { kind: 'danger', title: 'A payment is overdue', text }
  }
  if (status === 'suspended') {
    const text =
      'The subscription is suspended or paused at Stripe; Manage Plan shows why. New imports and AI builds wait until it goes on.'
    return { kind: 'danger', title: 'This workspace is suspended', text }
  }
  return null
}
