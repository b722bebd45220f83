// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { awaitedPurchase, awaitPurchase, forgetAwaited } from '../src/awaited-payments.ts'

afterEach(() => {
  localStorage.clear()
  vi.restoreAllMocks()
})

/** A page that was loaded anew: what it remembers is what the browser has stored. */
async function loadedAnew() {
  vi.resetModules()
  return (await import('../src/announced-payments.ts')).isFirstWord
}

test('A119 a payment is announced once in a browser: not after a reload, Back, or the same link again', async () => {
  const first = await loadedAnew()
  expect([first('pur_1'), first('pur_1'), first('pur_2')]).toEqual([true, false, true])
  const second = await loadedAnew()
  expect([second('pur_1'), second('pur_2'), second('pur_3')]).toEqual([false, false, true])
})

test('A119 a browser that stores nothing, or something else, announces once as long as the page is open', async () => {
  localStorage.setItem('headroom.announcedPurchases', '{"not":"a list"}')
  vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
    throw new Error('full')
  })
  const isFirstWord = await loadedAnew()
  expect([isFirstWord('pur_9'), isFirstWord('pur_9')]).toEqual([true, false])
})

test('the wait for a payment begins with the first return, and ends when it is forgotten', () => {
  const clock = vi.spyOn(Date, 'now').mockReturnValue(1_000)
  awaitPurchase('pur_1', 'cs_1')
  clock.mockReturnValue(9_000)
  awaitPurchase('pur_1', 'cs_1')
  expect(awaitedPurchase('pur_1')).toEqual({ sinceMs: 1_000, session: 'cs_1' })
  forgetAwaited('pur_1')
  expect(awaitedPurchase('pur_1')).toBeNull()
})
