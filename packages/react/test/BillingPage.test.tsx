// @vitest-environment happy-dom
import type { PurchaseWire } from '@headroom/sdk'
import { afterEach, expect, test, vi } from 'vitest'
import { BillingPage, NewVersionNotice, PlanDetail, type BillingPageProps } from '../src/index.ts'
import { catalog } from './sample-catalog.ts'
import { bought, confirmingOne, failedOne } from './sample-purchase.ts'
import { starter } from './sample-usage.ts'
import { show, step } from './show.tsx'

afterEach(() => {
  localStorage.clear()
  vi.restoreAllMocks()
})

async function billing(props: BillingPageProps = {}) {
  const page = await show(<BillingPage {...props} />)
  const { source } = page
  await step(() => source.catalogs[0]!.resolve(catalog))
  await step(() => source.loads[0]!.resolve(starter))
  const listed = (...data: PurchaseWire[]) => step(() => source.pages.at(-1)!.resolve({ data, nextCursor: null }))
  const again = async (...data: PurchaseWire[]) => {
    await step(() => void window.dispatchEvent(new Event('focus')))
    await listed(...data)
  }
  return { ...page, listed, again }
}

test('A5 A6 the plan card is on top, then pricing, purchases, work in progress, usage history and questions', async () => {
  const { place } = await billing()
  expect([...place.querySelectorAll('h2')].map(({ textContent }) => textContent)).toEqual([
    'Starter planactive',
    'Pricing',
    'Purchases',
    'Work in progress',
    'Usage history',
    'FAQ',
  ])
})

test('A125 A126 A128 A129 the questions under it answer rollover, reservations, annual plans and sharing', async () => {
  const { place } = await billing()
  const answers = [...place.querySelectorAll('.hr-faq-item')].map(({ textContent }) => textContent)
  expect(answers).toHaveLength(5)
  for (const said of [
    'does not carry forward',
    'reserves credits when it starts',
    'each billing period',
    'same pool',
  ]) {
    expect(
      answers.some((answer) => answer.includes(said)),
      said,
    ).toBe(true)
  }
  const none = await show(<BillingPage faq={[]} />)
  expect(none.place.textContent).not.toContain('FAQ')
})

test('the host’s slots stand where they belong: above everything, in the card, beside the history', async () => {
  const { place } = await billing({
    notices: <NewVersionNotice />,
    details: ({ plan }) => <PlanDetail label="Sending domains" value={plan.subscribed ? 'Ready' : 'Pending'} />,
    historyAside: <a href="/ledger">Open the ledger</a>,
  })
  expect(place.querySelector('.hr-billing')!.firstElementChild!.textContent).toBe('A new version is ready.Reload')
  expect(place.querySelector('.hr-plan-details')!.textContent).toBe('Sending domainsReady')
  expect(place.querySelector('.hr-section-top a')!.parentElement!.textContent).toBe('Usage historyOpen the ledger')
})

test('A118 A119 a payment that was awaited here is said once', async () => {
  localStorage.setItem('headroom.awaitedPurchases', JSON.stringify({ pur_7: { sinceMs: Date.now(), session: 'cs_7' } }))
  const received: string[] = []
  const { place, listed, again } = await billing({ onPaymentReceived: ({ id }) => received.push(id) })
  await listed({ ...confirmingOne, id: 'pur_7' })
  expect(place.querySelector('.hr-billing')!.firstElementChild!.textContent).toContain('Payment is being confirmed…')
  await again({ ...bought, id: 'pur_7' }, { ...bought, id: 'pur_6' })
  await again({ ...bought, id: 'pur_7' })
  expect(received).toEqual(['pur_7'])
})

test('a failed payment is told of until it is dismissed; the plan card takes the focus', async () => {
  const { place, listed, again, click } = await billing()
  await listed(confirmingOne)
  await again({ ...failedOne, id: confirmingOne.id })
  expect(place.textContent).toContain('The payment for 3,000 leads + 12,000 email sends did not go through.')
  await click('Dismiss')
  expect(place.textContent).not.toContain('did not go through')
  expect(document.activeElement!.getAttribute('aria-label')).toBe('Current plan')
})

test('A113 A122 what could not be opened is handed to the host, each to its own words', async () => {
  vi.spyOn(window, 'open').mockReturnValue(null)
  const faults: string[] = []
  const note = (what: string) => () => void faults.push(what)
  const { source, click } = await billing({
    onPurchaseFailure: note('purchase'),
    onPortalFailure: note('portal'),
    onCheckoutFailure: note('checkout'),
  })
  await click('Purchase Leads')
  await click('Purchase $90.00')
  await step(() => source.checkouts[0]!.reject(new Error('503')))
  await click('Cancel')
  await click('Manage Plan')
  await step(() => source.portals[0]!.reject(new Error('503')))
  expect(faults).toEqual(['purchase', 'portal'])
})
