import { Unavailable, type UsageWire } from '@headroom/sdk'
import { expect, test } from 'vitest'
import { PlanCardView, type PlanCardSlots } from '../src/index.ts'
import { render } from './render.ts'
import { catalog } from './sample-catalog.ts'
import { growth, meterOf } from './sample-usage.ts'

const idle = { stale: false, busy: false, error: null, retry: () => {} }
const ready = (usage: UsageWire, slots: PlanCardSlots = {}) =>
  render(<PlanCardView {...idle} status="ready" usage={usage} {...slots} />)
const priced = (price: Partial<NonNullable<UsageWire['price']>>) =>
  ready({ ...growth, price: { ...growth.price!, ...price } }).one('.hr-price')

test('A13 A15 A135 the card shows the plan and three bars: Emails sent, Leads, AI campaigns created', () => {
  const dom = ready(growth)
  expect(dom.one('h2').textContent).toBe('Growth planactive')
  const bars = dom.all('[role=progressbar]')
  expect(bars.map((bar) => dom.nameOf(bar))).toEqual(['Emails sent', 'Leads', 'AI campaigns created'])
  expect(dom.all('.hr-meter-count').map((count) => count.textContent)).toEqual([
    '1,200 of 20,000 emails',
    '1,200 of 5,000 leads',
    '1 of 3 AI campaigns',
  ])
})

test('A14 A21 the price is what Stripe bills a month, discounts included', () => {
  expect(priced({}).textContent).toBe('$399 / month')
  expect(priced({ monthlyCents: 31_920, billed: 'yearly' }).textContent).toBe('$319.20 / monthbilled yearly')
})

test('A22 A104 A109 A110 A137 a price that could not be read is an estimate labelled Predicted, with why', () => {
  const price = priced({ source: 'predicted' })
  expect(price.querySelector('.hr-price-figure')!.textContent).toBe('$399 / month')
  expect(price.querySelector('summary')!.textContent).toBe('Predicted')
  expect(price.querySelector('details p')!.textContent).toMatch(
    /catalog price and contact volume.*discounts, prorations/,
  )
})

test('A107 A140 nothing to pay is "$0 / month" without a label', () => {
  expect(priced({ monthlyCents: 0, source: 'predicted' }).textContent).toBe('$0 / month')
})

test('a viewer who may not see money sees no price', () => {
  expect(ready({ ...growth, price: null }).all('.hr-price')).toEqual([])
})

test('A83 the card says when the period ends and that nothing carries over', () => {
  expect(ready(growth).one('.hr-plan-renews').textContent).toBe(
    'Renews 1 Dec 2026, 09:14 UTC · unused credits do not carry over',
  )
})

const onPlan = (plan: Partial<UsageWire['plan']>) =>
  ready({ ...growth, plan: { ...growth.plan, ...plan } }, { catalog })
const changing = (change: Partial<NonNullable<UsageWire['plan']['pendingChange']>>) =>
  onPlan({
    pendingChange: { plan: 'starter', contacts: 1000, interval: 'month', at: growth.period.end, ...change },
  }).one('.hr-plan-change').textContent

test('A56 A57 a change that waits for the end of the period is announced', () => {
  expect(changing({})).toBe('Changes to Starter, 1,000 contacts on 1 Dec 2026')
  expect(changing({ plan: 'dfy', contacts: 10_000, interval: 'year' })).toBe(
    'Changes to Done for you, 10,000 contacts, paid yearly on 1 Dec 2026',
  )
  expect(changing({ plan: 'free', contacts: null })).toBe('Cancelled: Free from 1 Dec 2026')
  expect(onPlan({}).all('.hr-plan-change')).toEqual([])
})

test('A57 a plan that is cancelled does not say that it renews', () => {
  const last = (at: string) =>
    onPlan({ pendingChange: { plan: 'free', contacts: null, interval: 'month', at } }).one('.hr-plan-renews')
  expect(last(growth.period.end).textContent).toContain('Ends 1 Dec 2026, 09:14 UTC')
  expect(last('2027-11-01T09:14:00Z').textContent, 'later in a paid year').toContain('Renews 1 Dec 2026')
})

test('a payment that is due says until when everything goes on, and what to do', () => {
  const graceUntil = '2026-11-30T09:14:00Z'
  const due = onPlan({ status: 'past_due', graceUntil })
  expect(due.one('.hr-chip').textContent).toBe('payment due')
  expect(due.one('[role=status]').textContent).toContain('Everything goes on until 30 Nov 2026, 09:14 UTC')
  expect(due.one('[role=status]').textContent).toContain('Manage Plan')
  const overdue = onPlan({ status: 'overdue', graceUntil }).one('[role=status]').textContent
  expect(overdue).toContain('Running campaigns are not interrupted.')
  expect(onPlan({ status: 'overdue', graceUntil }).one('.hr-chip').textContent).toBe('payment overdue')
  expect(onPlan({}).all('[role=status]')).toEqual([])
})

test('a suspended subscription is said to be that, and not to wait for a payment', () => {
  const suspended = onPlan({ status: 'suspended' })
  expect(suspended.one('.hr-chip').textContent).toBe('suspended')
  const notice = suspended.one('[role=status]').textContent
  expect(notice).toContain('The subscription is suspended or paused at Stripe; Manage Plan shows why.')
  expect(notice).not.toMatch(/pay\b|payment|overdue/i)
})

test('a trial says when it ends', () => {
  const dom = onPlan({ status: 'trialing' })
  expect(dom.one('.hr-chip').textContent).toBe('trial')
  expect(dom.one('.hr-plan-renews').textContent).toContain('Trial until 1 Dec 2026, 09:14 UTC')
})

test('A27 actions stand at meters with a limit only', () => {
  const meters = [meterOf('email_sends', 1204, null), meterOf('leads', 640, 1000), meterOf('ai_campaigns', 1, null)]
  const dom = ready(
    { ...growth, meters },
    { meterAction: ({ label }) => <button type="button">Purchase {label}</button> },
  )
  expect(dom.all('button').map((button) => button.textContent)).toEqual(['Purchase Leads'])
})

test('there is no button that does nothing: Manage Plan comes with the slot', () => {
  expect(ready(growth).all('button, a')).toEqual([])
  expect(ready(growth, { manage: <button type="button">Manage Plan</button> }).one('button').textContent).toBe(
    'Manage Plan',
  )
})

test('A77 near its limit a meter says that new imports are capped', () => {
  const dom = ready({ ...growth, meters: [meterOf('leads', 640, 1000, 200)] })
  expect(dom.one('.hr-meter-notes').textContent).toBe(
    '200 reserved by work in progress160 left. New imports are capped at this.',
  )
})

test('A131 sends above the limit do not alarm about running campaigns', () => {
  const dom = ready({ ...growth, meters: [meterOf('email_sends', 4001, 4000)] })
  expect(dom.one('.hr-meter-left').textContent).toBe('0 left, 1 over the limit. Running campaigns are not interrupted.')
})

test('while loading the card stands blank with as many meters', () => {
  const dom = render(<PlanCardView {...idle} status="loading" usage={null} />)
  expect(dom.one('section').getAttribute('aria-busy')).toBe('true')
  expect(dom.all('.hr-meter')).toHaveLength(3)
  expect(dom.text().trim()).toMatch(/^Loading usage\s*$/)
})

test('A123 A124 when usage cannot be loaded the empty Free card stands under a notice that says so', () => {
  const problem = { status: 503, code: 'unavailable', detail: 'Down.', problem: null, requestId: 'req_7' } as const
  const error = new Unavailable({ ...problem, retryAfterSeconds: null })
  const dom = render(<PlanCardView {...idle} status="error" usage={null} error={error} />)
  const [notice, card] = [dom.one('[role=alert]'), dom.one('section')]
  expect(notice.textContent).toContain('Usage could not be loaded')
  expect(notice.textContent).toContain('req_7')
  expect(notice.querySelector('button')!.textContent).toBe('Retry')
  expect(notice.compareDocumentPosition(card) & 4, 'the notice comes first').toBe(4)
  expect(card.querySelector('h2')!.textContent).toBe('Free planactive')
  expect(card.querySelector('.hr-price')!.textContent).toBe('$0 / month')
  expect(dom.all('.hr-meter-count').map((count) => count.textContent)).toEqual([
    '0 of 0 emails',
    '0 of 0 leads',
    '0 of 0 AI campaigns',
  ])
})

test('old figures stay while the connection is restored, and say of when they are', () => {
  const dom = render(<PlanCardView {...idle} status="ready" usage={growth} stale error={new Error('gone')} />)
  expect(dom.one('[role=status]').textContent).toContain('Usage as of 18:02 UTC, reconnecting')
  expect(dom.text()).toContain('1,200 of 5,000 leads')
})
