// @vitest-environment happy-dom
import { act } from 'react'
import { expect, test, vi } from 'vitest'
import { BillingPage } from '../src/index.ts'
import { entries, explanation } from '../states/sample-books.ts'
import { meterOf, starter } from './sample-usage.ts'
import { press, show, step } from './show.tsx'

const why = 'Why this number?'
const dialog = () => document.querySelector<HTMLElement>('[role=dialog], dialog')

/** The Billing page, ready, with the explanation of the Leads meter asked for: it is the second on the page. */
async function explained(props: Parameters<typeof BillingPage>[0] = {}) {
  const page = await show(<BillingPage faq={[]} {...props} />)
  const { source, click } = page
  await step(() => source.loads[0]!.resolve(starter))
  await click(why, 1)
  return { ...page, answer: () => step(() => source.explanations.at(-1)!.resolve(explanation)) }
}

test('A126 a meter opens to why it shows what it shows: what was allowed, added, used, reserved, and what is left', async () => {
  const { source, answer } = await explained()
  expect(source.explanations.map(({ request }) => request)).toEqual(['leads'])
  expect(dialog()!.textContent).toContain('Loading the explanation')
  await answer()
  const figures = [...dialog()!.querySelectorAll('.hr-why-figure')].map(({ textContent }) => textContent)
  expect(figures).toEqual(['Limit 2,000', 'Used 640', 'Reserved 200'])
  const [, used, reserved] = [...dialog()!.querySelectorAll('.hr-why-part')].map(({ textContent }) => textContent)
  expect(used).toContain('"Series A founders"')
  expect(reserved).toContain('by "Q4 founders" since 23 Nov 2026, 17:58 UTC')
  expect(dialog()!.querySelector('.hr-why-left')!.textContent).toBe(
    '1,160 leads left: 2,000 limit − 640 used − 200 reserved.',
  )
})

test('its button is described by the meter it belongs to, and takes the focus back', async () => {
  const { place, button, answer } = await explained()
  await answer()
  expect(document.activeElement).toBe(button('Close'))
  await press(document.activeElement!, 'Escape')
  expect(dialog()).toBeNull()
  const focused = document.activeElement!
  expect(focused.textContent).toBe(why)
  expect(place.querySelector(`[id="${focused.getAttribute('aria-describedby')}"]`)!.textContent).toBe('Leads')
})

test('a click on the bar opens it too', async () => {
  const { place, click } = await explained()
  await click('Close')
  await step(() => place.querySelector<HTMLElement>('.hr-bar')!.click())
  expect(dialog()!.textContent).toContain('Emails sent')
  await click('Close')
  expect(document.activeElement!.textContent).toBe(why)
})

test('the ledger’s entries behind a sentence are looked up when it is opened, once for all of them', async () => {
  const { source, answer } = await explained()
  await answer()
  expect(source.entries).toHaveLength(0)
  const all = [...dialog()!.querySelectorAll('details')]
  for (const one of all) await step(() => (one.open = true))
  expect(source.entries.map(({ request }) => request)).toEqual([
    { meter: 'leads', limit: 100, period: starter.period.start },
  ])
  await step(() => source.entries[0]!.resolve({ data: entries, nextCursor: null }))
  const texts = all.map(({ textContent }) => textContent)
  expect(texts[0]).toContain('1 Nov 2026, 09:14 UTCAdded 1,0000 used of 1,000')
  expect(texts[2], 'older than the newest 100').toContain('3 older ones stand in the ledger.')
  expect(texts[3]).toContain('Reserved 400440 used, 400 reserved of 2,000')
})

test('what cannot be loaded says so with Retry, and recovers', async () => {
  const { source, click } = await explained()
  await step(() => source.explanations[0]!.reject(new Error('503')))
  expect(dialog()!.querySelector('[role=alert]')!.textContent).toContain('The explanation could not be loaded')
  await click('Retry')
  await step(() => source.explanations[1]!.resolve(explanation))
  expect(dialog()!.querySelector('[role=alert]')).toBeNull()
  expect(dialog()!.textContent).toContain('1,160 leads left')
})

test('A38 while it is open it follows the figures, not more often than every five seconds', async () => {
  const { source, answer } = await explained()
  await answer()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
  const passes = (ms: number) => act(() => vi.advanceTimersByTimeAsync(ms))
  const change = (used: number) => {
    source.streams[0]!.send({ ...starter, meters: [meterOf('leads', used, 1000)] })
    return passes(100)
  }
  await change(641)
  await change(642)
  expect(dialog()!.textContent, 'the figure at once').toContain('642 of 1,000 leads')
  expect(source.explanations).toHaveLength(1)
  await passes(5_000)
  expect(source.explanations).toHaveLength(2)
  expect(dialog()!.textContent, 'the last one stays meanwhile').toContain('1,160 leads left')
  vi.useRealTimers()
})

test('the way to the ledger is the host’s, and its router’s where it has one', async () => {
  const gone: string[] = []
  const { answer } = await explained({
    ledgerHref: (meter) => `/ledger?meter=${meter}`,
    onNavigate: (href) => gone.push(href),
  })
  await answer()
  const link = dialog()!.querySelector('a')!
  const click = (more: MouseEventInit) =>
    link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true, ...more }))
  expect([link.textContent, link.getAttribute('href')]).toEqual(['Open the ledger', '/ledger?meter=leads'])
  click({})
  click({ metaKey: true })
  expect(gone).toEqual(['/ledger?meter=leads'])
})
