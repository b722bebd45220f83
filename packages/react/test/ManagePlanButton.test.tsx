// @vitest-environment happy-dom
import { afterEach, expect, test, vi } from 'vitest'
import { ManagePlanButton, PlanCard } from '../src/index.ts'
import { starter } from './sample-usage.ts'
import { show, step } from './show.tsx'

afterEach(() => void vi.restoreAllMocks())

/** The tab a browser would open. */
function tab() {
  const own = { opener: window as unknown, document: document.implementation.createHTMLDocument(), closed: false }
  const gone: string[] = []
  return { ...own, gone, close: vi.fn<() => void>(), location: { replace: (url: string) => gone.push(url) } }
}

async function billing(opens: ReturnType<typeof tab> | null) {
  const failures: unknown[] = []
  const open = vi.spyOn(window, 'open').mockReturnValue(opens as unknown as Window)
  const here = vi.spyOn(window.location, 'assign').mockReturnValue()
  const page = await show(<PlanCard manage={<ManagePlanButton onFailure={(error) => failures.push(error)} />} />)
  return { ...page, failures, open, here }
}

test('A49 A50 A111 Manage Plan opens the portal in a new tab, whatever state the card is in', async () => {
  const own = tab()
  const { source, place, open, click } = await billing(own)
  const top = () => place.querySelector('.hr-plan-side')!.textContent
  expect(top(), 'while loading').toContain('Manage Plan')
  await step(() => source.loads[0]!.reject(new Error('503')))
  expect(top(), 'without usage').toContain('Manage Plan')
  await step(() => source.streams[0]!.send({ ...starter, price: { ...starter.price!, source: 'predicted' } }))
  expect(top()).toBe(
    '$99 / monthPredicted' + place.querySelector('.hr-predicted p')!.textContent + 'Check againManage Plan',
  )

  await click('Manage Plan')
  expect([open.mock.calls.length, own.gone], 'opened by the click itself').toEqual([1, []])
  await click('Manage Plan')
  expect(source.portals, 'one click, one portal').toHaveLength(1)
  await step(() => source.portals[0]!.resolve({ url: 'https://billing.stripe.com/p/1' }))
  expect([own.gone, own.opener]).toEqual([['https://billing.stripe.com/p/1'], null])
})

test('while the price of a new plan is asked for, its line is kept above Manage Plan', async () => {
  const { source, place } = await billing(tab())
  await step(() => source.loads[0]!.resolve(starter))
  const plan = { ...starter.plan, id: 'growth', contacts: 5000 }
  await step(() => source.streams[0]!.send({ ...starter, plan, price: null, addOns: null }))
  const [line] = place.querySelector('.hr-plan-side')!.children
  expect([line!.className, line!.textContent.trim()]).toEqual(['hr-price-figure', ''])
  await step(() => source.loads[1]!.resolve({ ...starter, plan, price: { ...starter.price!, monthlyCents: 39_900 } }))
  expect(place.querySelector('.hr-plan-side')!.textContent).toBe('$399 / monthManage Plan')
})

test('A122 when the portal cannot be opened its tab closes, the page is told, and the next click works', async () => {
  const own = tab()
  const { source, failures, click, button } = await billing(own)
  await click('Manage Plan')
  const error = new Error('503')
  await step(() => source.portals[0]!.reject(error))
  expect([own.close.mock.calls.length, failures]).toEqual([1, [error]])
  expect(button('Manage Plan').getAttribute('aria-disabled')).toBe('false')
  await click('Manage Plan')
  expect(source.portals).toHaveLength(2)
})

test('where new tabs are blocked the portal opens here', async () => {
  const { source, here, click } = await billing(null)
  await click('Manage Plan')
  await step(() => source.portals[0]!.resolve({ url: 'https://billing.stripe.com/p/1' }))
  expect(here.mock.calls).toEqual([['https://billing.stripe.com/p/1']])
})

test('A108 who comes back from the portal sees what was changed there', async () => {
  const { source, click } = await billing(tab())
  await step(() => source.loads[0]!.resolve(starter))
  await click('Manage Plan')
  await step(() => source.portals[0]!.resolve({ url: 'https://billing.stripe.com/p/1' }))
  await step(() => void window.dispatchEvent(new Event('focus')))
  expect(source.loads).toHaveLength(2)
})
