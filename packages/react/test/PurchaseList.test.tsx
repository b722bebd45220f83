// @vitest-environment happy-dom
import type { PurchaseWire } from '@headroom/sdk'
import { expect, test, vi } from 'vitest'
import { PurchaseList, PurchaseListView } from '../src/index.ts'
import { render } from './render.ts'
import { catalog } from './sample-catalog.ts'
import { bought, confirmingOne, failedOne, openOne } from './sample-purchase.ts'
import { meterOf, starter } from './sample-usage.ts'
import { show, step } from './show.tsx'

const still = { cursor: null, busy: false, moreFailed: false, retry: () => {}, more: () => {} }
const row = (purchase: PurchaseWire) =>
  render(<PurchaseListView {...still} status="ready" catalog={catalog} purchases={[purchase]} />)

test('A121 a purchase says what it was, when, for how much, and its receipt', () => {
  const dom = row(bought)
  expect(dom.one('.hr-purchase-what').textContent).toBe(
    '3,000 leads + 12,000 email sends20 Nov 2026 · Receipt 2045-7310',
  )
  expect(dom.one('time').getAttribute('title')).toBe('20 Nov 2026, 10:02 UTC')
  expect(dom.one('a').getAttribute('href')).toBe('https://pay.stripe.com/receipts/1')
  expect(dom.one('.hr-purchase-amount').textContent).toBe('$270.00')
  const plan: Partial<PurchaseWire> = {
    addOn: null,
    blocks: null,
    brings: [],
    plan: 'starter',
    contacts: 1000,
    interval: 'month',
  }
  expect(row({ ...bought, ...plan }).text()).toContain('Starter plan, 1,000 contacts, monthly')
})

test('every state of a purchase has its words', () => {
  const said = (purchase: PurchaseWire) => row(purchase).one('.hr-purchase-state').textContent
  expect(said(bought)).toBe('Paid')
  expect(said(openOne)).toBe('Waiting for paymentContinue checkout')
  expect(said({ ...openOne, checkoutUrl: null })).toBe('Not startedNothing was charged')
  expect(said(confirmingOne)).toBe('Payment is being confirmed')
  expect(said(failedOne)).toBe('FailedNothing was charged')
  expect(said({ ...failedOne, state: 'expired' })).toBe('ExpiredNothing was charged')
  expect(said({ ...bought, state: 'refunded', refundedTotal: 27_000 })).toBe('Refunded$270.00 paid back')
  expect(said({ ...bought, refundedTotal: 9000 })).toBe('Partially refunded$90.00 paid back')
  expect(said({ ...bought, state: 'disputed' })).toBe('DisputedTaken back while the dispute is open')
  expect(said({ ...bought, state: 'parked' })).toBe('On holdContact support with the receipt')
})

test('what has no receipt yet and needs support is found by its id', () => {
  expect(row({ ...bought, state: 'parked', receipt: null }).text()).toContain('Purchase pur_1')
})

test('A38 A120 the list is asked for again when a limit changes, and the last one stays meanwhile', async () => {
  const { source, place } = await show(<PurchaseList />)
  expect(place.textContent).toContain('Loading purchases')
  await step(() => source.pages[0]!.resolve({ data: [openOne], nextCursor: null }))
  await step(() => source.loads[0]!.resolve(starter))
  const before = source.pages.length
  await step(() => source.streams[0]!.send({ ...starter, meters: [meterOf('leads', 641, 1000)] }))
  const afterUse = source.pages.length
  await step(() => source.streams[0]!.send({ ...starter, meters: [meterOf('leads', 641, 4000)] }))
  expect(source.pages.length, 'a limit counts').toBe(afterUse + 1)
  expect(before).toBeLessThanOrEqual(afterUse)
  expect(place.textContent).toContain('Waiting for payment')
  await step(() => source.pages.at(-1)!.resolve({ data: [bought], nextCursor: null }))
  expect(place.textContent).toContain('Paid')
  await step(() => void window.dispatchEvent(new Event('focus')))
  await step(() => source.pages.at(-1)!.reject(new Error('503')))
  expect(place.textContent, 'and when a later one fails').toContain('Paid')
})

test('older ones come on demand, once, and newer ones stay in front of them', async () => {
  const named = (id: string) => ({ ...bought, id, receipt: { number: id, url: null } })
  const numbers = (place: HTMLElement) =>
    [...place.querySelectorAll('.hr-purchase-when')].map((one) => one.textContent.slice(-2))
  const { source, place, click } = await show(<PurchaseList />)
  await step(() => source.pages[0]!.resolve({ data: [named('p4'), named('p3')], nextCursor: 'c1' }))
  await click('Show older purchases')
  await click('Show older purchases')
  expect(source.pages.slice(1).map(({ request }) => request)).toEqual([{ limit: 20, cursor: 'c1' }])
  await step(() => source.pages[1]!.reject(new Error('503')))
  expect(place.textContent).toContain('Older purchases could not be loaded')
  await click('Retry')
  await step(() => source.pages[2]!.resolve({ data: [named('p2'), named('p1')], nextCursor: null }))
  expect(numbers(place)).toEqual(['p4', 'p3', 'p2', 'p1'])
  await step(() => void window.dispatchEvent(new Event('focus')))
  await step(() => source.pages[3]!.resolve({ data: [named('p5'), named('p4'), named('p3')], nextCursor: 'c2' }))
  expect(numbers(place)).toEqual(['p5', 'p4', 'p3', 'p2', 'p1'])
  expect(place.textContent).not.toContain('Show older purchases')
})

test('nothing bought says so; what cannot be loaded says so with Retry', async () => {
  const { source, place, click } = await show(<PurchaseList />)
  await step(() => source.pages[0]!.reject(new Error('503')))
  expect(place.querySelector('[role=alert]')!.textContent).toContain('Purchases could not be loaded')
  await click('Retry')
  await step(() => source.pages.at(-1)!.resolve({ data: [], nextCursor: null }))
  expect(place.textContent).toContain('Nothing bought yet.')
})

test('while a payment is being confirmed the list looks every few seconds', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  const { source } = await show(<PurchaseList />)
  await step(() => source.pages[0]!.resolve({ data: [confirmingOne], nextCursor: null }))
  await step(() => void vi.advanceTimersByTime(5_000))
  expect(source.pages).toHaveLength(2)
  await step(() => source.pages[1]!.resolve({ data: [bought], nextCursor: null }))
  await step(() => void vi.advanceTimersByTime(60_000))
  expect(source.pages).toHaveLength(2)
  vi.useRealTimers()
})
