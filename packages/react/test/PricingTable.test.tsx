// @vitest-environment happy-dom
import { SubscriptionExists, type UsageWire } from '@headroom/sdk'
import { afterEach, expect, test, vi } from 'vitest'
import { PricingTable } from '../src/index.ts'
import { catalog } from './sample-catalog.ts'
import { starter } from './sample-usage.ts'
import { show, step } from './show.tsx'

afterEach(() => void vi.restoreAllMocks())

const free: UsageWire = {
  ...starter,
  plan: { ...starter.plan, id: 'free', name: 'Free plan', contacts: null, subscribed: false },
}

async function pricing(usage: UsageWire) {
  const failures: [string, unknown][] = []
  const gone: string[] = []
  const page = await show(
    <PricingTable
      go={(url) => gone.push(url)}
      onCheckoutFailure={(error) => failures.push(['checkout', error])}
      onPortalFailure={(error) => failures.push(['portal', error])}
    />,
  )
  await step(() => page.source.catalogs[0]!.resolve(catalog))
  await step(() => page.source.loads[0]!.resolve(usage))
  const offer = (name: string) =>
    [...page.place.querySelectorAll('.hr-offer')].find((one) => one.querySelector('h3')!.textContent === name)!
  const choose = (label: string) =>
    step(() => [...page.place.querySelectorAll('label')].find((one) => one.textContent === label)!.click())
  const slide = (name: string, to: number) => {
    const slider = offer(name).querySelector('input')!
    return step(() => {
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(slider, String(to))
      slider.dispatchEvent(new Event('input', { bubbles: true }))
    })
  }
  const checked = () =>
    [...page.place.querySelectorAll('label')]
      .filter((one) => one.querySelector('input')?.checked)
      .map((one) => one.textContent)
  return { ...page, failures, gone, offer, choose, slide, checked }
}

test('it begins with what one has, and the switches show yearly prices and the other kind', async () => {
  const { place, offer, choose, checked } = await pricing(starter)
  const names = () => [...place.querySelectorAll('h3')].map(({ textContent }) => textContent)
  expect(checked()).toEqual(['Pay monthly', 'Self-serve'])
  expect(names()).toEqual(['Free plan', 'Starter plan', 'Growth plan'])
  expect(offer('Starter plan').textContent).toContain('$99 / month')
  expect(offer('Starter plan').textContent).toContain('Current plan')
  expect([...offer('Starter plan').querySelectorAll('li')].map(({ textContent }) => textContent)).toEqual([
    '4,000 emails',
    '1,000 leads',
    '3 AI campaigns',
  ])
  await choose('Pay yearly −20 %')
  expect(offer('Starter plan').textContent).toContain('$79.20 / monthbilled $950.40 yearly')
  expect(offer('Starter plan').textContent).toContain('Switch to yearly')
  await choose('Done for you')
  expect(names()).toEqual(['Done for you'])
  expect(offer('Done for you').textContent).toContain('Unlimited emails')
})

test('the slider moves price and allowances, and says its value in words', async () => {
  const { offer, slide } = await pricing(starter)
  await slide('Starter plan', 2)
  expect(offer('Starter plan').textContent).toContain('$249 / month')
  expect(offer('Starter plan').textContent).toContain('12,000 emails')
  expect(offer('Starter plan').querySelector('input')!.getAttribute('aria-valuetext')).toBe('3,000 contacts')
})

test('without a subscription a plan goes through the checkout, once', async () => {
  const { source, gone, choose, slide, click, button } = await pricing(free)
  await choose('Pay yearly −20 %')
  await slide('Starter plan', 1)
  await click('Start Starter plan')
  await click('Start Growth plan')
  expect(source.checkouts.map(({ request }) => request)).toEqual([
    { plan: 'starter', contacts: 2000, interval: 'year' },
  ])
  expect(button('Start Starter plan').getAttribute('aria-busy')).toBe('true')
  await step(() => source.checkouts[0]!.resolve({ purchaseId: 'pur_1', url: '/pay', total: 1, currency: 'usd' }))
  expect(gone).toEqual(['/pay'])
})

test('A54 with a subscription a plan is changed in the portal, at the page that confirms it', async () => {
  const open = vi.spyOn(window, 'open').mockReturnValue(null)
  vi.spyOn(window.location, 'assign').mockReturnValue()
  const { source, failures, click } = await pricing(starter)
  await click('Upgrade to Growth')
  expect(open).toHaveBeenCalledTimes(1)
  expect(source.portals.map(({ request }) => request)).toEqual([{ plan: 'growth', contacts: 5000, interval: 'month' }])
  await step(() => source.portals[0]!.reject(new Error('503')))
  expect(failures.map(([what]) => what)).toEqual(['portal'])
})

test('A54 a subscription is cancelled in the portal, which opens without a plan', async () => {
  vi.spyOn(window, 'open').mockReturnValue(null)
  const assign = vi.spyOn(window.location, 'assign').mockReturnValue()
  const { source, offer, click } = await pricing(starter)
  const cancel = () => offer('Free plan').querySelector('button')!
  expect(cancel().textContent).toBe('Cancel in Manage Plan')
  await click('Cancel in Manage Plan')
  expect(cancel().getAttribute('aria-busy')).toBe('true')
  expect(source.portals.map(({ request }) => request)).toEqual([{}])
  await step(() => source.portals[0]!.resolve({ url: '/portal' }))
  expect(assign).toHaveBeenCalledWith('/portal')
})

test('a plan bought in another tab: the page is told, and learns what it missed', async () => {
  const { source, failures, click } = await pricing(free)
  await click('Start Starter plan')
  const problem = { status: 409, code: 'subscription_exists', detail: '', problem: null, requestId: null } as const
  await step(() => source.checkouts[0]!.reject(new SubscriptionExists({ ...problem, retryAfterSeconds: null })))
  expect([failures.length, source.loads.length]).toEqual([1, 2])
})

test('prices that cannot be loaded say so, with Retry; without usage they stand without buttons', async () => {
  const { source, place, click, buttonNames } = await show(<PricingTable />)
  expect(place.textContent).toContain('Loading prices')
  await step(() => source.catalogs[0]!.reject(new Error('503')))
  expect(place.querySelector('[role=alert]')!.textContent).toContain('Prices could not be loaded')
  await click('Retry')
  await step(() => source.catalogs[1]!.resolve(catalog))
  await step(() => source.loads[0]!.reject(new Error('503')))
  expect(place.textContent).toContain('$99 / month')
  expect(buttonNames()).toEqual([])
})
