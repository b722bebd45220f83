import { expect, test } from 'vitest'
import { UsageMeter } from '../src/index.ts'
import { render } from './render.ts'
import { meterOf } from './sample-usage.ts'

const show = (meter: ReturnType<typeof meterOf>, more: object = {}) => render(<UsageMeter {...meter} {...more} />)

test.each([
  ['A16', meterOf('email_sends', 1200, 20_000), 'Emails sent', '1,200 of 20,000 emails'],
  ['A17', meterOf('leads', 1200, 5000), 'Leads', '1,200 of 5,000 leads'],
  ['A18', meterOf('ai_campaigns', 1, 3), 'AI campaigns created', '1 of 3 AI campaigns'],
])('%s A19 A135 a bar named by its label shows the raw count and the plan total', (_, meter, label, text) => {
  const dom = show(meter)
  const bar = dom.one('[role=progressbar]')
  expect(dom.nameOf(bar)).toBe(label)
  expect(dom.one('.hr-meter-count').textContent).toBe(text)
  expect(bar.getAttribute('aria-valuenow')).toBe(String(meter.used))
  expect(bar.getAttribute('aria-valuemax')).toBe(String(meter.limit))
})

test.each([
  [meterOf('leads', 1_234_567, 9_999_999), '1,234,567 of 9,999,999 leads'],
  [meterOf('ai_campaigns', 0, 1), '0 of 1 AI campaign'],
  [meterOf('ai_campaigns', 1, 1), '1 of 1 AI campaign'],
  [meterOf('email_sends', 0, 0), '0 of 0 emails'],
])('A19 the count is whole, grouped, and singular where it is one', (meter, text) => {
  expect(show(meter).one('.hr-meter-count').textContent).toBe(text)
})

test('A71 A77 used, reserved and left are three segments, and the reserved part says what it is', () => {
  const dom = show(meterOf('leads', 640, 1000, 200))
  const segments = dom.all('.hr-bar-segment').map((segment) => segment.getAttribute('title'))
  expect(segments).toEqual(['640 leads used', '200 leads reserved', '160 leads left'])
  expect(dom.one('.hr-meter-reserved').textContent).toBe('200 reserved by work in progress')
  expect(dom.one('[role=progressbar]').getAttribute('aria-valuetext')).toBe(
    '640 of 1,000 leads used, 200 reserved by work in progress, 160 left',
  )
})

test('A72 what is left is shown as it was given, never subtracted again', () => {
  const dom = show({ ...meterOf('leads', 640, 1000, 200), available: 123 })
  expect(dom.one('[role=progressbar]').getAttribute('aria-valuetext')).toContain('123 left')
})

test('from 80 % taken on, used and reserved together, the meter says what is left and what happens next', () => {
  const note = 'New imports are capped at this.'
  const pressure = (meter: ReturnType<typeof meterOf>) =>
    show(meter, { note }).one('.hr-meter').getAttribute('data-pressure')
  expect(pressure(meterOf('leads', 799, 1000))).toBe('calm')
  expect(pressure(meterOf('leads', 800, 1000))).toBe('near')
  expect(pressure(meterOf('leads', 640, 1000, 200))).toBe('near')
  expect(pressure(meterOf('leads', 1000, 1000))).toBe('full')
  expect(show(meterOf('leads', 640, 1000, 200), { note }).one('.hr-meter-left').textContent).toBe(
    '160 left. New imports are capped at this.',
  )
  expect(show(meterOf('leads', 799, 1000), { note }).all('.hr-meter-left')).toEqual([])
})

test('A148 over the limit available reads 0 and nothing is negative', () => {
  const dom = show(meterOf('email_sends', 4250, 4000))
  expect(dom.one('.hr-meter').getAttribute('data-pressure')).toBe('full')
  expect(dom.one('.hr-meter-count').textContent).toBe('4,250 of 4,000 emails')
  expect(dom.one('.hr-meter-left').textContent).toBe('0 left, 250 over the limit.')
  expect(dom.one('[role=progressbar]').getAttribute('aria-valuenow')).toBe('4000')
  expect(dom.text()).not.toMatch(/[-−]\d/)
})

test('A20 A80 without a limit there is the raw count alone: no denominator, no end, no bar', () => {
  const dom = show(meterOf('email_sends', 1204, null))
  const named = dom.one('[role=progressbar]')
  expect(dom.one('.hr-meter-count').textContent).toBe('1,204 emails')
  expect(dom.text()).not.toContain(' of ')
  expect(dom.nameOf(named)).toBe('Emails sent')
  expect(named.getAttribute('aria-valuetext')).toBe('1,204 emails, unlimited')
  expect(named.hasAttribute('aria-valuemax')).toBe(false)
  expect(named.hasAttribute('aria-valuenow')).toBe(false)
  expect(dom.all('.hr-bar')).toEqual([])
  expect(show(meterOf('ai_campaigns', 1, null)).one('.hr-meter-count').textContent).toBe('1 AI campaign')
})

test('A27 A81 without a limit nothing prompts to buy more', () => {
  const action = <button type="button">Purchase Emails</button>
  expect(show(meterOf('email_sends', 1204, null), { action, note: 'Soon.' }).text()).toBe('Emails sent1,204 emails')
  expect(show(meterOf('email_sends', 1204, 4000), { action }).one('button').textContent).toBe('Purchase Emails')
})

test('a limit of nothing nobody used does not press', () => {
  expect(
    show(meterOf('leads', 0, 0))
      .one('.hr-meter')
      .getAttribute('data-pressure'),
  ).toBe('calm')
  expect(
    show(meterOf('leads', 3, 0))
      .one('.hr-meter')
      .getAttribute('data-pressure'),
  ).toBe('full')
})
