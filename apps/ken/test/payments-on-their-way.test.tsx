// @vitest-environment happy-dom
import { NotFound, Unavailable, type PurchaseWire } from '@headroom/sdk'
import { PaymentsOnTheirWay, usePurchases } from '@headroom/react'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Outlet,
  RouterProvider,
} from '@tanstack/react-router'
import { toast } from 'sonner'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { bought, confirmingOne, failedOne } from '../../../packages/react/test/sample-purchase.ts'
import { starter } from '../../../packages/react/test/sample-usage.ts'
import { ScriptedSource } from '../../../packages/react/test/scripted-source.ts'
import { show, step } from '../../../packages/react/test/show.tsx'
import { paymentReceived } from '../web/billing/toasts.ts'
import { CheckoutReturnPage } from '../web/pages/CheckoutReturnPage.tsx'
import { Page } from '../web/parts/Page.tsx'

let purchaseId = ''
let count = 0
const success = vi.spyOn(toast, 'success').mockReturnValue('')
const received = 'Payment received. Your plan is being updated.'

beforeEach(() => void (purchaseId = `pur_${(count += 1)}`))
afterEach(() => {
  localStorage.clear()
  success.mockClear()
})

const said = () => success.mock.calls.map(([text]) => text)
const down = () =>
  new Unavailable({
    status: 503,
    code: 'unavailable',
    detail: '',
    problem: null,
    requestId: null,
    retryAfterSeconds: null,
  })
const unknown = () =>
  new NotFound({ status: 404, code: 'not_found', detail: '', problem: null, requestId: null, retryAfterSeconds: null })

function Billing() {
  return (
    <Page title="Billing">
      <PaymentsOnTheirWay
        {...usePurchases()}
        onReceived={paymentReceived}
        onDismissed={() => document.querySelector<HTMLElement>('.page-title')?.focus()}
      />
    </Page>
  )
}

/** Ken's two pages of a payment, at the one that `path` leads to. */
async function at(path: string) {
  const root = createRootRoute({ component: Outlet })
  const app = createRoute({ getParentRoute: () => root, id: 'app', component: Outlet })
  const routes = [
    createRoute({ getParentRoute: () => app, path: '/settings/billing', component: Billing }),
    createRoute({
      getParentRoute: () => app,
      path: '/settings/billing/return',
      validateSearch: ({ session_id: id }) => ({ session_id: String(id) }),
      component: CheckoutReturnPage,
    }),
  ]
  const history = createMemoryHistory({ initialEntries: [path] })
  const router = createRouter({ routeTree: root.addChildren([app.addChildren(routes)]), history })
  await router.load()
  const source = new ScriptedSource()
  const page = await show(<RouterProvider router={router as never} />, source)
  const listed = (...data: PurchaseWire[]) => step(() => source.pages.at(-1)!.resolve({ data, nextCursor: null }))
  return {
    ...page,
    listed,
    again: async (...data: PurchaseWire[]) => {
      await step(() => void window.dispatchEvent(new Event('focus')))
      await listed(...data)
    },
    path: () => router.state.location.pathname,
    goTo: (to: string) => step(() => void router.navigate({ to: to as never })),
    now: (asOf: string) => step(() => source.loads[0]!.resolve({ ...starter, asOf })),
  }
}

const billing = '/settings/billing'
const back = (session: string) => `${billing}/return?session_id=${session}`

test('a payment that was being confirmed and fails is told of, with what it means, until it is dismissed', async () => {
  const { place, listed, again, click } = await at(billing)
  await listed({ ...confirmingOne, id: purchaseId }, { ...failedOne, id: 'pur_old' })
  expect(place.textContent).toContain('Payment is being confirmed…')
  await again({ ...failedOne, id: purchaseId }, { ...failedOne, id: 'pur_old' })
  const [notice, ...others] = place.querySelectorAll('[role=status]')
  expect([notice!.textContent, others]).toEqual([
    'The payment for 3,000 leads + 12,000 email_sends did not go through.Nothing was charged or credited. You can buy it again below.Dismiss',
    [],
  ])
  await again({ ...failedOne, id: purchaseId })
  expect(place.textContent, 'it stays').toContain('did not go through')
  await click('Dismiss')
  await again({ ...failedOne, id: purchaseId })
  expect(place.querySelector('[role=status]')).toBeNull()
  expect(document.activeElement!.textContent).toBe('Billing')
})

test('A119 an old return link leads to Billing without a word, a new one says that the payment is received', async () => {
  for (const [asOf, words] of [
    ['2026-11-21T10:02:01Z', []],
    ['2026-11-21T10:02:00Z', [received]],
  ] as const) {
    const { source, now, path } = await at(back('cs_1'))
    await step(() => source.reconciled[0]!.resolve({ ...bought, id: purchaseId }))
    expect(path(), 'Headroom’s clock is waited for').toBe(`${billing}/return`)
    await now(asOf)
    expect([path(), said()]).toEqual([billing, words])
  }
})

test('A119 A121 who leaves a return page that could not be reached hears on Billing that the payment is received', async () => {
  const { source, now, goTo, place } = await at(back('cs_2'))
  await now('2026-11-20T10:05:00Z')
  await step(() => source.reconciled[0]!.reject(down()))
  await goTo(billing)
  await step(() => source.reconciled[1]!.reject(down()))
  expect(place.textContent).toContain('Stripe cannot be reached just now')
  await goTo('/settings/billing/return?session_id=cs_2')
  await goTo(billing)
  await step(() => source.reconciled.at(-1)!.resolve({ ...bought, id: purchaseId }))
  expect([said(), place.textContent]).toEqual([[received], 'Billing'])
  expect(localStorage.getItem('headroom.awaitedPurchases')).toBe('{}')
})

test('a session that turns out to be unknown, on its way or failed is asked about no more', async () => {
  for (const [answer, words] of [
    [null, 'Billing'],
    [confirmingOne, 'Payment is being confirmed…'],
    [failedOne, 'did not go through'],
  ] as const) {
    localStorage.setItem(
      'headroom.awaitedPurchases',
      JSON.stringify({ cs_3: { sinceMs: Date.now(), session: 'cs_3' } }),
    )
    const { source, place, listed, now } = await at(billing)
    await now('2026-11-20T10:05:00Z')
    const { resolve, reject } = source.reconciled[0]!
    await step(() => (answer === null ? reject(unknown()) : resolve(answer)))
    await listed(...(answer === null ? [] : [answer]))
    expect(place.textContent).toContain(words)
    expect(Object.keys(JSON.parse(localStorage.getItem('headroom.awaitedPurchases')!) as object)).not.toContain('cs_3')
    localStorage.clear()
  }
})
