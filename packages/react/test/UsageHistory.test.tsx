// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest'
import { UsageHistory, UsageHistoryView } from '../src/index.ts'
import { daysOf, roundTop } from '../src/history-days.ts'
import { shortNumber } from '../src/numbers.ts'
import { historyOf } from '../states/sample-books.ts'
import { render } from './render.ts'
import { meterOf, starter } from './sample-usage.ts'
import { show, step } from './show.tsx'

const view = (value = historyOf()) =>
  render(<UsageHistoryView history={{ status: 'ready', value }} meters={starter.meters} onRetry={() => {}} />)

test('every meter has a chart with a bar for each day of the period, also those to come', () => {
  const dom = view()
  expect(dom.all('.hr-chart-label').map(({ textContent }) => textContent)).toEqual([
    'Emails sent',
    'Leads',
    'AI campaigns created',
  ])
  const [, leads] = dom.all('svg')
  expect(leads!.getAttribute('role')).toBe('img')
  expect(leads!.getAttribute('aria-label')).toMatch(/^Leads by day, 1 Nov to 1 Dec\. Most on \d+ Nov: \d+ leads\.$/)
  expect(leads!.querySelectorAll('.hr-chart-day')).toHaveLength(31)
  expect(leads!.querySelector('title')!.textContent).toBe('1 Nov: 0 leads')
})

test('the charts’ figures stand in a table too, and add up to the meters', () => {
  const dom = view()
  const rows = dom.all('.hr-history-days tbody tr').map((row) => [...row.children].map((cell) => cell.textContent))
  const sum = (column: number) => rows.reduce((total, row) => total + Number(row[column]!.replaceAll(',', '')), 0)
  expect([1, 2, 3].map(sum)).toEqual([1200, 640, 1])
  expect(
    rows.map(([day]) => day),
    'days without use are left out',
  ).not.toContain('1 Nov')
})

test('A83 earlier periods stand with what was used of their limits, newest first', () => {
  const dom = view()
  const [first] = dom.all('.hr-history > table tbody tr')
  expect([...first!.children].map(({ textContent }) => textContent)).toEqual([
    '1 Oct – 1 Nov 2026',
    '3,000 of 4,000',
    '750 of 1,000',
    '2 of 3',
  ])
  expect(dom.all('.hr-history > table tbody tr')).toHaveLength(4)
})

test('a period that ended on its first day stands there only if something was used in it', () => {
  const value = historyOf()
  const period = { start: '2026-11-01T08:00:00Z', end: '2026-11-01T09:14:00Z' }
  const brief = (used: number) => value.data.slice(0, 1).map((one) => ({ ...one, period, used, days: [] }))
  const periods = (used: number) =>
    view({ ...value, data: [...value.data, ...brief(used)] })
      .all('.hr-history > table tbody th')
      .map(({ textContent }) => textContent)
  expect(periods(0)).toHaveLength(4)
  expect(periods(0)[0]).toBe('1 Oct – 1 Nov 2026')
  expect(periods(7)).toHaveLength(5)
  expect(periods(7)[0]).toBe('1 Nov 2026')
})

test('A20 A80 without a limit there is no denominator', () => {
  const dom = view(historyOf({ email_sends: null }))
  expect(dom.all('.hr-chart-count')[0]!.textContent).toBe('1,200 emails')
  expect(dom.one('.hr-history > table td').textContent).toBe('3,000')
})

test('a day that was corrected below nothing counts as nothing, and the axis ends at a round number', () => {
  const period = { start: '2026-11-30T23:00:00Z', end: '2026-12-02T00:00:00Z' }
  expect(daysOf({ period, days: [{ date: '2026-11-30', used: -3 }] })).toEqual([
    { date: '2026-11-30', used: 0 },
    { date: '2026-12-01', used: 0 },
  ])
  expect([0, 1, 3, 8, 10, 144, 501, 1_200_000].map(roundTop)).toEqual([1, 1, 5, 10, 10, 200, 1000, 2_000_000])
  expect([500, 1200, 20_000].map(shortNumber)).toEqual(['500', '1.2k', '20k'])
})

test('it is asked once the usage is known, follows it every five seconds at the most, and keeps the last answer', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { source, place } = await show(<UsageHistory />)
  expect(source.histories).toHaveLength(0)
  expect(place.textContent).toContain('Loading usage history')
  await step(() => source.loads[0]!.resolve(starter))
  expect(source.histories).toHaveLength(1)
  await step(() => source.histories[0]!.resolve(historyOf()))
  expect(place.textContent).toContain('640 of 1,000 leads')
  vi.advanceTimersByTime(5_000)
  await step(() => source.streams[0]!.send({ ...starter, meters: [meterOf('leads', 641, 1000)] }))
  expect(source.histories).toHaveLength(2)
  await step(() => source.histories[1]!.reject(new Error('503')))
  expect(place.textContent).toContain('640 of 1,000 leads')
  vi.useRealTimers()
})

test('what cannot be loaded says so, with Retry', async () => {
  const { source, place, click } = await show(<UsageHistory />)
  await step(() => source.loads[0]!.reject(new Error('503')))
  await step(() => source.histories[0]!.reject(new Error('503')))
  expect(place.querySelector('[role=alert]')!.textContent).toContain('Usage history could not be loaded')
  await click('Retry')
  await step(() => source.histories[1]!.resolve(historyOf()))
  expect(place.textContent).toContain('Earlier periods')
})
