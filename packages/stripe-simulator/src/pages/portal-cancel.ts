/** Agreeing to the end of a subscription. */
import { cancelFromPortal } from '../portal-change.ts'
import type { PageRoute } from '../route.ts'
import { periodOf, type Subscription } from '../subscription-object.ts'
import { button, escape, page } from './layout.ts'
import { afterwards, longDay, ownSubscription, planName, side, visitOf, type Visit } from './portal-view.ts'
import type { Tx } from '../wire.ts'

export const cancelRoutes: PageRoute[] = [
  {
    method: 'GET',
    path: '/portal/:id/cancel',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      return cancelPage(tx, visit, await ownSubscription(tx, visit, params))
    },
  },
  {
    method: 'POST',
    path: '/portal/:id/cancel',
    async handle(tx, { ids, params }) {
      const visit = await visitOf(tx, ids.id ?? '')
      await cancelFromPortal(tx, await ownSubscription(tx, visit, params), visit.configuration)
      return afterwards(visit, 'canceled')
    },
  },
]

async function cancelPage(tx: Tx, visit: Visit, subscription: Subscription): Promise<string> {
  const [item] = subscription.items.data
  const name = item === undefined ? 'Your plan' : await planName(tx, item.price)
  const now = visit.configuration.features.subscription_cancel.mode === 'immediately'
  const end = longDay(periodOf(subscription).end)
  return page({
    title: 'Cancel your plan',
    aside: side(visit, 'Cancel your plan', true),
    body: `<section class="stack"><p class="name">${escape(name)}</p>
<p>${now ? 'Your plan ends at once.' : `Your plan stays available until <strong>${escape(end)}</strong>. Until then you can change your mind.`}</p>
<form method="post" action="${escape(visit.url)}/cancel"><input type="hidden" name="subscription" value="${escape(subscription.id)}">
<div class="row">${button('Cancel plan', 'grave')}<a class="button quiet" href="${escape(visit.url)}?home=1">Go back</a></div></form></section>`,
  })
}
