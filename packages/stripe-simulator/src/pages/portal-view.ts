/** What the pages of a portal session know and say alike. */
import { noSuch } from '../fault.ts'
import type { Params } from '../form.ts'
import { productName } from '../lines.ts'
import { configurationById } from '../portal.ts'
import type { Configuration } from '../portal-configuration-object.ts'
import {
  idOf,
  intervalOf,
  isRecurring,
  periodAmount,
  type Price,
  type RecurringPrice,
  type Subscription,
} from '../subscription-object.ts'
import { subscriptionById } from '../subscriptions.ts'
import type { Kinds, Tx } from '../wire.ts'
import { backLink, escape, money } from './layout.ts'

export interface Visit {
  session: Kinds['billing_portal.session']
  configuration: Configuration
  customer: Kinds['customer']
  /** Of the portal's pages, without a slash at the end. */
  url: string
}

export async function visitOf(tx: Tx, id: string): Promise<Visit> {
  const session = await tx.get('billing_portal.session', id)
  const customer = session && (await tx.get('customer', session.customer))
  if (session === undefined || customer === undefined) throw noSuch('portal session', id)
  const configuration = await configurationById(tx, idOf(session.configuration))
  return { session, configuration, customer, url: session.url }
}

/** The subscription a form or link names; only the customer's own. */
export async function ownSubscription(tx: Tx, { customer }: Visit, params: Params): Promise<Subscription> {
  const subscription = await subscriptionById(tx, params.text('subscription'), 'subscription')
  if (idOf(subscription.customer) !== customer.id) throw noSuch('subscription', subscription.id, 'subscription')
  return subscription
}

/** The price a form names, if the configuration offers it. */
export async function offeredPrice(tx: Tx, { configuration }: Visit, id: string): Promise<RecurringPrice> {
  const offered = (configuration.features.subscription_update.products ?? []).flatMap(({ prices }) => prices)
  const price = offered.includes(id) ? await tx.get('price', id) : undefined
  if (price === undefined || !isRecurring(price)) throw noSuch('price', id, 'price')
  return price
}

/** The side: where one is, and the way back. A flow leads back to the shop, a page within the portal to its first page. */
export function side(visit: Visit, title: string, within = false): string {
  const { session, customer, configuration } = visit
  const shop =
    session.return_url === null ? '' : backLink(session.return_url, `Return to ${hostOf(session.return_url)}`)
  const back = within && session.flow === null ? backLink(`${visit.url}?home=1`, 'Back to billing') : shop
  const headline = configuration.business_profile.headline
  return `${back}
<div class="stack tight">${headline === null ? '' : `<p class="shop">${escape(headline)}</p>`}<h1>${escape(title)}</h1>
<p class="soft">${escape(customer.email ?? customer.name ?? customer.id)}</p></div>`
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url)

/** "Growth · 10,000 contacts" if the price has a name of its own, else the product's. */
export async function planName(tx: Tx, price: Price): Promise<string> {
  const product = await productName(tx, { price })
  return price.nickname === null || price.nickname === '' ? product : `${product} · ${price.nickname}`
}

export const perInterval = (price: RecurringPrice): string => {
  const { interval, interval_count: count } = price.recurring
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

export const totalText = (subscription: Subscription): string =>
  money(
    subscription.items.data.reduce((sum, item) => sum + periodAmount(item), 0),
    subscription.currency,
  )

export function intervalText(subscription: Subscription): string {
  const [item] = subscription.items.data
  if (item === undefined) return ''
  const { interval, interval_count: count } = intervalOf(item)
  return count === 1 ? `per ${interval}` : `every ${count} ${interval}s`
}

/** January 31, 2026 */
export const longDay = (t: number): string =>
  new Date(t * 1000).toLocaleDateString('en-US', { month: 'long', day: 'numeric', year: 'numeric', timeZone: 'UTC' })

export const seeOther = (url: string): Response => new Response(null, { status: 303, headers: { Location: url } })

/** After something was done: where the flow said to go, else the portal's first page, which says what happened. */
export function afterwards({ session, url }: Visit, said: string): Response {
  const after = session.flow?.after_completion
  return seeOther(after?.redirect ? after.redirect.return_url : `${url}?said=${said}`)
}
