import { maySeeProviderIds, tooMany } from '../auth.ts'
import { badCursor, openCursor, sealCursor } from '../cursor.ts'
import { notFound } from '../problem.ts'
import * as answers from '../purchase-answers.ts'
import * as requests from '../purchase-requests.ts'
import { ok, route, type Call } from '../route.ts'
import { askedBy } from '../submissions.ts'
import { existsOrRunning, stored } from './documents.ts'
import { mint } from '@headroom/engine'

const tag = 'Purchases'
const all = '/v1/workspaces/{workspace}/purchases'
const one = `${all}/{id}`

/** These routes are there only where something is sold. */
const moneyOf = ({ money }: Pick<Call<unknown, unknown>, 'money'>) => money!

/** Never more than ten new ones in a minute from one browser's viewer; a repeat under its key is not a new one (reliability.md). */
function mustNotRush({ principal, workspace, checkoutLimit, idempotencyKey }: Call<unknown, unknown>): void {
  if (principal.kind === 'key') return
  const wait = checkoutLimit.take(`${workspace} ${principal.viewerId}`, idempotencyKey ?? mint('req'))
  if (wait > 0) throw tooMany(wait)
}

export const purchases = [
  route({
    name: 'checkout',
    method: 'post',
    path: '/v1/workspaces/{workspace}/checkout',
    tag,
    summary: 'Buy blocks of an add-on, or start a plan',
    description:
      'Either `addOn` with `blocks`, or `plan` with `contacts` and `interval`. The server prices it; a price in the request is refused. Send the person to `url`: nothing is granted before it is paid. Each request is a purchase of its own; a repeat under an Idempotency-Key goes on with its purchase. A browser’s viewer may begin ten a minute.',
    right: 'money',
    body: requests.checkout,
    bodyDocument: requests.checkoutDocument,
    answers: {
      201: stored('The purchase, and where it is paid.', answers.checkout),
      409: existsOrRunning,
    },
    handle(call) {
      mustNotRush(call)
      return moneyOf(call).checkout(askedBy(call, 'checkout'), call.body)
    },
  }),
  route({
    name: 'openPortal',
    method: 'post',
    path: '/v1/workspaces/{workspace}/portal',
    tag,
    summary: 'Make a link into the payment provider’s portal',
    description:
      'To change the plan, the interval or the payment method, to cancel, and to read invoices; with a `plan` to the page that confirms the change to it. The link lives for minutes: under an Idempotency-Key the same comes again, also when it has ended.',
    right: 'money',
    body: requests.portal,
    bodyDocument: requests.portalDocument,
    bodyMayBeEmpty: true,
    answers: { 201: stored('The link.', answers.portal) },
    handle: (call) => moneyOf(call).portal(askedBy(call, 'openPortal'), call.body),
  }),
  route({
    name: 'listPurchases',
    method: 'get',
    path: all,
    tag,
    summary: 'What was bought, and what was begun, newest first',
    right: 'books',
    urgency: 'later',
    query: requests.purchasesQuery,
    answers: { 200: { description: 'A page.', schema: answers.purchases } },
    async handle(call) {
      const { workspace, principal, query } = call
      const cursor = openCursor('purchases', workspace, query.cursor)
      const asked = { limit: query.limit, ...(cursor !== undefined && { cursor }) }
      const page = await moneyOf(call).purchases(workspace, asked, maySeeProviderIds(principal))
      if (!page) throw notFound()
      if (page === 'bad_cursor') throw badCursor()
      return ok(sealCursor('purchases', workspace, page))
    },
  }),
  route({
    name: 'getPurchase',
    method: 'get',
    path: one,
    tag,
    summary: 'Read a purchase, by its id or its Checkout Session’s',
    right: 'books',
    answers: { 200: { description: 'The purchase.', schema: answers.purchase } },
    async handle(call) {
      const found = await moneyOf(call).purchase(call.workspace, call.id, maySeeProviderIds(call.principal))
      if (!found) throw notFound()
      return ok(found)
    },
  }),
  route({
    name: 'reconcile',
    method: 'post',
    path: `${one}/reconcile`,
    tag,
    summary: 'Ask the payment provider now, and book what follows',
    description:
      'For the page people come back to from the checkout. Whoever asks, and however often: what was paid is granted once. Always asked afresh, also under an Idempotency-Key.',
    right: 'money',
    body: requests.reconcile,
    bodyMayBeEmpty: true,
    answers: { 200: { description: 'The purchase as it stands now.', schema: answers.purchase } },
    async handle(call) {
      const found = await moneyOf(call).reconcile(call.workspace, call.id, maySeeProviderIds(call.principal))
      if (!found) throw notFound()
      return ok(found)
    },
  }),
  route({
    name: 'findPurchases',
    method: 'get',
    path: '/v1/purchases',
    tag,
    summary: 'Which purchases a receipt belongs to, in any workspace',
    description: 'For support: by a receipt number, payment intent, charge or Checkout Session id.',
    right: 'unbound',
    urgency: 'later',
    query: requests.receiptQuery,
    answers: { 200: { description: 'All there are, none included; there is one page.', schema: answers.purchases } },
    handle: async (call) => ok({ data: await moneyOf(call).byReceipt(call.query.receipt), nextCursor: null }),
  }),
]
