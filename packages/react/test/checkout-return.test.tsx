// @vitest-environment happy-dom
import { NotFound, Unavailable, type PurchaseWire } from '@headroom/sdk'
import { afterEach, expect, test, vi } from 'vitest'
import { ConfirmingPayment, isNewlyPaid, outcomeOf, useCheckoutReturn } from '../src/index.ts'
import { bought, confirmingOne, failedOne, openOne } from './sample-purchase.ts'
import { show, step } from './show.tsx'

afterEach(() => void vi.useRealTimers())

function Return({ session }: { session: string | null }) {
  const state = useCheckoutReturn(session)
  return <p>{state.status === 'known' ? outcomeOf(state.purchase) : state.status}</p>
}

const failure = { detail: '', problem: null, requestId: null, retryAfterSeconds: null }
const unknown = () => new NotFound({ ...failure, status: 404, code: 'not_found' })
const down = () => new Unavailable({ ...failure, status: 503, code: 'unavailable' })

test('A117 coming back asks Stripe about that checkout at once', async () => {
  const { source, place } = await show(<Return session="cs_1" />)
  expect([place.textContent, source.reconciled.map(({ request }) => request)]).toEqual(['asking', ['cs_1']])
  await step(() => source.reconciled[0]!.resolve(bought))
  expect(place.textContent).toBe('received')
})

test('A146 R91 what was not paid is not said to be: each state has its outcome', () => {
  const outcomes = (...states: PurchaseWire['state'][]) => states.map((state) => outcomeOf({ ...failedOne, state }))
  expect([outcomeOf(openOne), outcomeOf(confirmingOne)]).toEqual(['open', 'confirming'])
  expect(outcomes('failed', 'expired', 'refunded', 'disputed', 'parked')).toEqual([
    'ended',
    'ended',
    'ended',
    'ended',
    'parked',
  ])
})

test('A119 R91 a payment is news for 24 hours of Headroom’s clock, and never before it was made', () => {
  const paid = { paidAt: '2026-11-20T10:02:00Z' }
  const asOf = ['2026-11-20T10:01:59Z', '2026-11-21T10:02:00Z', '2026-11-21T10:02:00.001Z']
  expect(asOf.map((at) => isNewlyPaid(paid, at))).toEqual([true, true, false])
  expect(isNewlyPaid({ paidAt: null }, asOf[0]!)).toBe(false)
})

test('R90 an address without a session, or with another workspace’s, is unknown', async () => {
  const none = await show(<Return session={null} />)
  expect([none.place.textContent, none.source.reconciled]).toEqual(['unknown', []])
  const { source, place } = await show(<Return session="cs_2" />)
  await step(() => source.reconciled[0]!.reject(unknown()))
  expect(place.textContent).toBe('unknown')
})

test('while Stripe cannot be reached it is asked again by itself', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const { source, place } = await show(<Return session="cs_3" />)
  const wait = vi.spyOn(globalThis, 'setTimeout')
  await step(() => source.reconciled[0]!.reject(down()))
  expect(place.textContent).toBe('unreachable')
  const [again, ms] = wait.mock.calls.find(([, delay]) => delay === 2_000)!
  expect(ms).toBe(2_000)
  await step(() => (again as () => void)())
  expect(source.reconciled).toHaveLength(2)
  await step(() => source.reconciled[1]!.resolve(bought))
  expect(place.textContent).toBe('received')
  wait.mockRestore()
})

test('A121 after three minutes it says what to give to support', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
  const { place } = await show(<ConfirmingPayment sinceMs={Date.now()} receipt="pi_1" what="3,000 leads" />)
  expect(place.textContent).toContain('Payment is being confirmed…3,000 leads')
  await step(() => void vi.advanceTimersByTime(179_000))
  expect(place.textContent).not.toContain('pi_1')
  await step(() => void vi.advanceTimersByTime(1_000))
  expect(place.textContent).toContain('Still waiting for Stripe')
  expect(place.textContent).toContain('Contact support with this receipt: pi_1')
})
