/** Choosing another plan, and agreeing to what it costs and when it begins. */
import { changePlan, previewPlan } from '../portal-change.ts'
import type { PageRoute } from '../route.ts'
import { isRecurring, type RecurringPrice, type Subscription } from '../subscription-object.ts'
import type { Tx } from '../wire.ts'
import { button, choices, escape, money, page, type Choice } from './layout.ts'
import {
  afterwards,
  longDay,
  offeredPrice,
  ownSubscription,
  perInterval,
  planName,
  seeOther,
  side,
  visitOf,
  type Visit,
} from './portal-view.ts'

export const planRoutes: PageRoute[] = [
  {
    method: 'GET',
    path: '/portal/:id/plan',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      return planPage(tx, visit, await ownSubscription(tx, visit, params))
    },
  },
  {
    method: 'GET',
    path: '/portal/:id/confirm',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      const subscription = await ownSubscription(tx, visit, params)
      return confirmPage(tx, visit, subscription, await offeredPrice(tx, visit, params.text('price')))
    },
  },
  {
    method: 'POST',
    path: '/portal/:id/confirm',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      const subscription = await ownSubscription(tx, visit, params)
      const price = await offeredPrice(tx, visit, params.text('price'))
      const outcome = await changePlan(tx, subscription, price, visit.configuration)
      // A flow that failed leads to the portal, where the card can be changed.
      return outcome === 'declined' ? seeOther(`${visit.url}?said=declined`) : afterwards(visit, outcome)
    },
  },
]

async function planPage(tx: Tx, visit: Visit, subscription: Subscription): Promise<string> {
  const current = subscription.items.data[0]?.price.id
  const groups = new Map<string, Choice[]>()
  for (const price of await offers(tx, visit)) {
    if (price.id === current) continue
    const group = groups.get(titleOf(price)) ?? []
    group.push({
      value: price.id,
      label: await planName(tx, price),
      aside: `${money(price.unit_amount ?? 0, price.currency)} ${perInterval(price)}`,
    })
    groups.set(titleOf(price), group)
  }
  const lists = [...groups].map(([title, options]) => choices('price', title, options)).join('\n')
  return page({
    title: 'Change your plan',
    aside: `${side(visit, 'Change your plan', true)}${await currentPlan(tx, subscription)}`,
    body:
      lists === ''
        ? '<p class="soft">There is no other plan to change to.</p>'
        : `<form class="stack" method="get" action="${escape(visit.url)}/confirm">
<input type="hidden" name="subscription" value="${escape(subscription.id)}">
${lists}
<div class="row">${button('Continue')}</div></form>`,
  })
}

const titleOf = (price: RecurringPrice): string => {
  const words: Record<string, string> = { day: 'Daily', week: 'Weekly', month: 'Monthly', year: 'Yearly' }
  return price.recurring.interval_count === 1 ? (words[price.recurring.interval] ?? 'Other') : 'Other'
}

/** Monthly before yearly, cheap before dear. */
async function offers(tx: Tx, { configuration }: Visit): Promise<RecurringPrice[]> {
  const found: RecurringPrice[] = []
  for (const { prices } of configuration.features.subscription_update.products ?? []) {
    for (const id of prices) {
      const price = await tx.get('price', id)
      if (price !== undefined && price.active && isRecurring(price)) found.push(price)
    }
  }
  const length = ['day', 'week', 'month', 'year']
  return found.toSorted(
    (a, b) =>
      length.indexOf(a.recurring.interval) - length.indexOf(b.recurring.interval) ||
      (a.unit_amount ?? 0) - (b.unit_amount ?? 0),
  )
}

async function currentPlan(tx: Tx, subscription: Subscription): Promise<string> {
  const [item] = subscription.items.data
  if (item === undefined || !isRecurring(item.price)) return ''
  const amount = money(item.price.unit_amount ?? 0, item.price.currency)
  return `<div class="stack tight"><p class="soft">Your plan now</p><p><strong>${escape(await planName(tx, item.price))}</strong></p>
<p class="soft">${escape(amount)} ${escape(perInterval(item.price))}</p></div>`
}

async function confirmPage(tx: Tx, visit: Visit, subscription: Subscription, price: RecurringPrice): Promise<string> {
  const change = await previewPlan(tx, subscription, price, visit.configuration)
  const name = await planName(tx, price)
  const amount = `${money(price.unit_amount ?? 0, price.currency)} ${perInterval(price)}`
  const due = change.when === 'now' ? change.due : undefined
  const lines = (due?.lines.data ?? []).map(({ description, amount: cents }) =>
    row(description ?? '', cents, price.currency),
  )
  const credit = due === undefined ? 0 : due.amount_due - Math.max(0, due.total)
  if (credit !== 0) lines.push(row('Credit from earlier', credit, price.currency))
  const today =
    due === undefined
      ? ''
      : `<ul class="lines">${lines.join('')}
<li class="sum"><span>Due today</span><span class="amount">${escape(money(due.amount_due, price.currency))}</span></li></ul>`
  const when =
    change.when === 'period_end'
      ? `<p>Your plan changes on <strong>${escape(longDay(change.at))}</strong>. Until then you keep what you have, and nothing is charged today.</p>`
      : `<p>Your plan changes <strong>now</strong>.${due !== undefined && due.total < 0 ? ' What is left over is kept as credit for your next invoices.' : ''}</p>`
  return page({
    title: 'Confirm your change',
    aside: `${side(visit, 'Confirm your change', true)}${await currentPlan(tx, subscription)}`,
    body: `<section class="stack"><div class="stack tight"><p class="soft">Your new plan</p><p class="name">${escape(name)}</p>
<p class="total">${escape(amount.split(' ')[0] ?? '')} <small>${escape(perInterval(price))}</small></p></div>
${when}${today}
<form method="post" action="${escape(visit.url)}/confirm">
<input type="hidden" name="subscription" value="${escape(subscription.id)}"><input type="hidden" name="price" value="${escape(price.id)}">
<div class="row">${button(change.when === 'now' && due !== undefined && due.amount_due > 0 ? `Pay ${money(due.amount_due, price.currency)} and change` : 'Confirm')}
<a class="button quiet" href="${escape(visit.url)}?home=1">Go back</a></div></form></section>`,
  })
}

const row = (text: string, cents: number, currency: string): string =>
  `<li><span>${escape(text)}</span><span class="amount">${escape(money(cents, currency))}</span></li>`
