import type { Interval, UsageWire } from '@headroom/sdk'
import { expect, test } from 'vitest'
import { monthlyCentsOf, stepTo, yearlyDiscount } from '../src/offers.ts'
import { catalog } from './sample-catalog.ts'
import { starter } from './sample-usage.ts'

type Plan = Partial<UsageWire['plan']>

/** The step from a plan to another, in words. */
function step(now: Plan, id: string, contacts: number | null, interval: Interval = 'month'): string[] {
  const plan = catalog.plans.find((known) => known.id === id)!
  const price = plan.prices.find((known) => known.contacts === contacts)!
  const found = stepTo({ plan, price, interval }, { ...starter, plan: { ...starter.plan, ...now } }, catalog)
  return [found.kind, 'label' in found ? found.label : '', found.text]
}

const onGrowth = { id: 'growth', contacts: 5000 } as const
const onFree = { id: 'free', contacts: null, subscribed: false } as const
const atPeriodEnd = 'Takes effect at the end of the period on 1 Dec 2026'

test('without a subscription a plan is started', () => {
  expect(step(onFree, 'free', null)).toEqual(['current', '', 'Current plan'])
  expect(step(onFree, 'starter', 1000)).toEqual(['start', 'Start Starter plan', 'Takes effect now'])
  expect(step(onFree, 'dfy', 10_000, 'year')).toEqual(['start', 'Start Done for you', 'Takes effect now'])
})

test('A55 upgrades take effect now', () => {
  expect(step({}, 'growth', 5000)).toEqual(['change', 'Upgrade to Growth', 'Takes effect now'])
  expect(step({}, 'starter', 2000)).toEqual(['change', 'Upgrade to 2,000 contacts', 'Takes effect now'])
  expect(step({}, 'starter', 1000, 'year')).toEqual(['change', 'Switch to yearly', 'Takes effect now'])
})

test('A56 A57 what is charged less waits for the end of what is paid', () => {
  expect(step(onGrowth, 'starter', 1000)).toEqual(['change', 'Downgrade to Starter', atPeriodEnd])
  expect(step({ contacts: 3000 }, 'starter', 1000)).toEqual(['change', 'Downgrade to 1,000 contacts', atPeriodEnd])
  expect(step({ interval: 'year' }, 'starter', 1000)).toEqual([
    'change',
    'Switch to monthly',
    'Takes effect at the end of the paid year',
  ])
  expect(step({ interval: 'year' }, 'growth', 5000), 'also for more of it').toEqual([
    'change',
    'Upgrade to Growth',
    'Takes effect at the end of the paid year',
  ])
  expect(step({}, 'free', null)).toEqual(['cancel', 'Cancel in Manage Plan', atPeriodEnd])
})

test('the plan of now and the one that comes by itself need no button', () => {
  expect(step({}, 'starter', 1000)).toEqual(['current', '', 'Current plan'])
  const pendingChange = { plan: 'starter', contacts: 2000, interval: 'month', at: '2026-12-01T09:14:00Z' } as const
  expect(step({ ...onGrowth, pendingChange }, 'starter', 2000)).toEqual(['scheduled', '', 'Starts on 1 Dec 2026'])
})

test('A57 a plan that is cancelled is not changed before the cancellation is taken back', () => {
  const pendingChange = { plan: 'free', contacts: null, interval: 'month', at: '2026-12-01T09:14:00Z' } as const
  expect(step({ pendingChange }, 'growth', 5000)).toEqual([
    'cancelled',
    '',
    'Take the cancellation back in Manage Plan first',
  ])
  expect(step({ pendingChange }, 'starter', 1000)).toEqual(['current', '', 'Current plan'])
  expect(step({ pendingChange }, 'free', null)).toEqual(['scheduled', '', 'Starts on 1 Dec 2026'])
})

test('from a plan the catalog no longer has one changes, without a word on up or down', () => {
  expect(step({ id: 'legacy', contacts: 7 }, 'starter', 1000)[1]).toBe('Change to Starter')
})

test('A87 a year is 20 % off, a twelfth of it stands on the offer', () => {
  expect(yearlyDiscount(catalog)).toBe(20)
  expect(catalog.plans[1]!.prices.map((price) => monthlyCentsOf(price, 'year'))).toEqual([7920, 14_320, 19_920])
})
