import type { ActionWire, VerdictWire } from '@headroom/sdk'
import { expect, test } from 'vitest'
import { LimitNotice } from '../src/index.ts'
import { render } from './render.ts'

const href = '/settings/billing'
const upgrade = (meter: string): ActionWire => ({ kind: 'upgrade_plan', label: 'Upgrade plan', meter, href })
const askAdmin = (meter: string): ActionWire => ({ kind: 'ask_admin', label: 'Ask an Admin', meter })
const buy = (meter: string): ActionWire => ({
  kind: 'buy_credits',
  label: 'Buy credits',
  meter,
  addOn: meter,
  href,
  blocks: 1,
  totalCents: 7000,
  currency: 'usd',
})
const lower: ActionWire = { kind: 'lower_quantity', label: 'Lower the quantity', meter: 'leads', quantity: 600 }
const later: ActionWire = {
  kind: 'wait_until',
  label: 'Wait for the next period',
  meter: 'leads',
  at: '2026-12-01T09:14:00Z',
}

const line = (meter: string, requested: number, available: number, limit = 5000) => ({
  meter,
  requested,
  available,
  limit,
  maxAllowed: available,
})
const verdict = (actions: ActionWire[], ...lines: VerdictWire['lines']): VerdictWire => ({
  allowed: false,
  reason: 'limit_reached',
  resetsAt: '2026-12-01T09:14:00Z',
  lines,
  actions,
})
const show = (shown: VerdictWire) => render(<LimitNotice verdict={shown} />)

test.each([
  ['A90 A93 A94 A138', upgrade('leads'), '600 leads left - Upgrade plan'],
  ['A91 A95 A96 A138', buy('leads'), '600 leads left - Buy credits'],
])('%s what is left stands inline with a link to Billing', (_, action, text) => {
  const dom = show(verdict([action, lower, later], line('leads', 1430, 600)))
  expect(dom.one('.hr-limit-line').textContent).toBe(text)
  expect(dom.one('a').textContent).toBe(action.label)
  expect(dom.one('a').getAttribute('href')).toBe('/settings/billing')
})

test('A11 who is no Admin is told to ask one, without a link', () => {
  const dom = show(verdict([askAdmin('leads')], line('leads', 1430, 600)))
  expect(dom.one('.hr-limit-line').textContent).toBe('600 leads left - Ask an Admin')
  expect(dom.all('a')).toEqual([])
})

test.each([
  [line('email_sends', 400, 120), '120 email sends left - Buy credits'],
  [line('ai_campaigns', 1, 0, 3), '0 AI credits left - Buy credits'],
  [line('leads', 10, 1), '1 lead left - Buy credits'],
  [line('leads', 99_999, 12_345), '12,345 leads left - Buy credits'],
])('A92 A138 each meter in its own words: %o', (short, text) => {
  expect(show(verdict([buy(short.meter)], short)).one('.hr-limit-line').textContent).toBe(text)
})

test('A92 each short meter has its line and its action; a meter that fits has none', () => {
  const lines = [line('leads', 1430, 600), line('email_sends', 400, 120), line('ai_campaigns', 1, 2, 3)]
  const dom = show(verdict([buy('leads'), buy('email_sends'), lower], ...lines))
  expect(dom.all('.hr-limit-line').map((each) => each.textContent)).toEqual([
    '600 leads left - Buy credits',
    '120 email sends left - Buy credits',
  ])
})

test('A97 the figure is the one the verdict carries', () => {
  expect(show(verdict([upgrade('leads')], line('leads', 2000, 1234))).text()).toContain('1,234 leads left')
})

test('A81 A98 nothing stands where the action is allowed', () => {
  const allowed: VerdictWire = { ...verdict([]), allowed: true, reason: 'ok' }
  expect(render(<LimitNotice verdict={allowed} onLowerQuantity={() => {}} />).text()).toBe('')
})

test('A99 what fits is a second choice where the page can take it', () => {
  const short = verdict([buy('leads'), lower], line('leads', 1430, 600))
  const dom = render(<LimitNotice verdict={short} onLowerQuantity={() => {}} />)
  expect(dom.one('button').textContent).toBe('Import 600 of 1,430')
  expect(show(short).all('button')).toEqual([])
  const other = (quantity: number) => `Build ${quantity}`
  expect(render(<LimitNotice verdict={short} onLowerQuantity={() => {}} lowerLabel={other} />).text()).toContain(
    'Build 600',
  )
})

test('an overdue payment and a suspended workspace are said as such', () => {
  const manage: ActionWire = { kind: 'manage_plan', label: 'Manage Plan', meter: 'leads', href }
  const barred = verdict([manage], { ...line('leads', 10, 600), maxAllowed: 0 })
  expect(show({ ...barred, reason: 'payment_overdue' }).text()).toBe('A payment is overdue - Manage Plan')
  expect(show({ ...barred, reason: 'workspace_suspended' }).text()).toBe('This workspace is suspended - Manage Plan')
})

test('with nothing to do but wait, it says until when', () => {
  expect(show(verdict([later], line('leads', 10, 0))).text()).toBe('0 leads left - Resets 1 Dec 2026, 09:14 UTC')
})
