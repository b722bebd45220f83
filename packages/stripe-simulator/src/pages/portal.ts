/** The portal's first page: what one has, what it costs, and what can be changed. */
import { comingPhase, keepFromPortal, withoutSchedule } from '../portal-change.ts'
import type { PageRoute } from '../route.ts'
import { idOf, periodOf, type Subscription } from '../subscription-object.ts'
import type { Tx } from '../wire.ts'
import { button, escape, money, notice, page } from './layout.ts'
import { cardRoutes, cardText } from './portal-card.ts'
import { cancelRoutes } from './portal-cancel.ts'
import { invoiceRows, portalInvoiceRoutes } from './portal-invoices.ts'
import { planRoutes } from './portal-plan.ts'
import {
  afterwards,
  intervalText,
  longDay,
  ownSubscription,
  planName,
  seeOther,
  side,
  totalText,
  visitOf,
  type Visit,
} from './portal-view.ts'

export const portalPageRoutes: PageRoute[] = [
  {
    method: 'GET',
    path: '/portal/:id',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      const flow = params.has('said') || params.has('home') ? undefined : flowPage(visit)
      return flow === undefined ? homePage(tx, visit, params.optionalText('said')) : seeOther(flow)
    },
  },
  {
    method: 'POST',
    path: '/portal/:id/keep',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      await keepFromPortal(tx, await ownSubscription(tx, visit, params))
      return afterwards(visit, 'kept')
    },
  },
  {
    method: 'POST',
    path: '/portal/:id/unschedule',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      await withoutSchedule(tx, await ownSubscription(tx, visit, params))
      return afterwards(visit, 'unscheduled')
    },
  },
  ...planRoutes,
  ...cancelRoutes,
  ...cardRoutes,
  ...portalInvoiceRoutes,
]

/** Where a deep link leads. */
function flowPage({ session: { flow }, url }: Visit): string | undefined {
  if (flow === null) return undefined
  if (flow.type === 'payment_method_update') return `${url}/card`
  if (flow.subscription_cancel) return `${url}/cancel?subscription=${flow.subscription_cancel.subscription}`
  if (flow.subscription_update) return `${url}/plan?subscription=${flow.subscription_update.subscription}`
  const confirm = flow.subscription_update_confirm
  if (confirm === null) return undefined
  const price = confirm.items[0]?.price ?? ''
  return `${url}/confirm?subscription=${confirm.subscription}&price=${price}`
}

const saying: Record<string, { kind: 'good' | 'bad'; text: string }> = {
  changed: { kind: 'good', text: 'Your plan has been changed.' },
  scheduled: { kind: 'good', text: 'Your plan changes at the end of the current period.' },
  unscheduled: { kind: 'good', text: 'The change is taken back. You stay on your plan.' },
  canceled: { kind: 'good', text: 'Your cancellation is confirmed.' },
  kept: { kind: 'good', text: 'Your subscription goes on.' },
  card: { kind: 'good', text: 'Your payment method has been updated.' },
  paid: { kind: 'good', text: 'The invoice is paid. Thank you.' },
  declined: { kind: 'bad', text: 'Your card was declined. Update your payment method and try again.' },
}

async function homePage(tx: Tx, visit: Visit, said: string | undefined): Promise<string> {
  const all = await tx.list('subscription', { customer: visit.customer.id })
  const live = all.filter(({ ended_at: ended }) => ended === null)
  const word = said === undefined ? undefined : saying[said]
  const plans = []
  for (const subscription of live) plans.push(await planSection(tx, visit, subscription))
  const { features } = visit.configuration
  return page({
    title: 'Billing',
    aside: side(visit, 'Manage your billing'),
    body: `${word === undefined ? '' : notice(word.kind, word.text)}
${plans.length > 0 ? plans.join('\n') : section('Current plan', '<p class="soft">You have no subscription.</p>')}
${section('Payment method', await cardSection(tx, visit, live[0]))}
${features.invoice_history.enabled ? section('Invoices', await invoiceRows(tx, visit)) : ''}`,
  })
}

const section = (title: string, body: string): string => `<section><h2>${title}</h2>${body}</section>`

async function planSection(tx: Tx, visit: Visit, subscription: Subscription): Promise<string> {
  const names = []
  for (const { price } of subscription.items.data) names.push(await planName(tx, price))
  const { features } = visit.configuration
  const ending = subscription.cancel_at !== null
  const coming = await comingPhase(tx, subscription)
  const actions = [
    ending ? form(visit, 'keep', subscription, button("Don't cancel", 'main')) : '',
    !ending && features.subscription_update.enabled ? link(visit, 'plan', subscription, 'Change plan', 'main') : '',
    coming !== undefined ? form(visit, 'unschedule', subscription, button('Keep current plan', 'quiet')) : '',
    !ending && features.subscription_cancel.enabled ? link(visit, 'cancel', subscription, 'Cancel plan', 'quiet') : '',
  ]
  return section(
    'Current plan',
    `<div class="stack"><div class="row apart top"><div class="stack tight"><h3>${escape(names.join(', '))}</h3>
<p class="total">${escape(totalText(subscription))} <small>${escape(intervalText(subscription))}</small></p></div>${tag(subscription)}</div>
<p class="soft">${escape(await nextText(tx, subscription))}</p>
<div class="row">${actions.join('')}</div></div>`,
  )
}

function tag({ status, cancel_at: cancelAt }: Subscription): string {
  if (cancelAt !== null && status === 'active') return `<span class="tag info">Ends ${escape(longDay(cancelAt))}</span>`
  const looks: Record<string, [string, string]> = {
    active: ['good', 'Active'],
    trialing: ['info', 'Trial'],
    past_due: ['bad', 'Past due'],
    unpaid: ['bad', 'Unpaid'],
    paused: ['info', 'Paused'],
    incomplete: ['bad', 'Incomplete'],
  }
  const [kind, text] = looks[status] ?? ['info', status]
  return `<span class="tag ${kind}">${escape(text)}</span>`
}

async function nextText(tx: Tx, subscription: Subscription): Promise<string> {
  const { status, cancel_at: cancelAt, trial_end: trialEnd } = subscription
  if (cancelAt !== null) return `Your plan ends on ${longDay(cancelAt)}. Until then nothing changes.`
  const coming = await comingPhase(tx, subscription)
  if (coming !== undefined) {
    const price = await tx.get('price', idOf(coming.items[0]?.price ?? ''))
    const name = price === undefined ? 'another plan' : await planName(tx, price)
    const amount = price === undefined ? '' : ` (${money(price.unit_amount ?? 0, price.currency)})`
    return `Changes to ${name}${amount} on ${longDay(coming.start_date)}. Until then nothing changes.`
  }
  if (status === 'trialing' && trialEnd !== null) return `Your trial ends on ${longDay(trialEnd)}; then you are billed.`
  if (status === 'paused') return 'Paused: you are not billed.'
  if (status === 'past_due') return 'The last payment failed. Update your payment method or pay the open invoice.'
  return `Renews on ${longDay(periodOf(subscription).end)}.`
}

async function cardSection(tx: Tx, visit: Visit, subscription: Subscription | undefined): Promise<string> {
  const text = await cardText(tx, visit, subscription)
  const update = visit.configuration.features.payment_method_update.enabled
    ? `<a class="button quiet" href="${escape(visit.url)}/card">Update payment method</a>`
    : ''
  return `<div class="row apart"><p>${escape(text)}</p>${update}</div>`
}

const form = ({ url }: Visit, action: string, { id }: Subscription, inside: string): string =>
  `<form method="post" action="${escape(url)}/${action}"><input type="hidden" name="subscription" value="${escape(id)}">${inside}</form>`

const link = ({ url }: Visit, to: string, { id }: Subscription, text: string, kind: 'main' | 'quiet'): string =>
  `<a class="button ${kind}" href="${escape(url)}/${to}?subscription=${escape(id)}">${escape(text)}</a>`
