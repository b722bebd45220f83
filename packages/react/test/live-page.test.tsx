// @vitest-environment happy-dom
import { createRoot } from 'react-dom/client'
import { expect, test } from 'vitest'
import { LimitNotice, PlanCard, ReservationList, UsageMeter, useUsage } from '../src/index.ts'
import { growth, meterOf, starter } from './sample-usage.ts'
import { show, step } from './show.tsx'

test('A71 A77 A78 the meters follow an import as it happens', async () => {
  const { source, place } = await show(<PlanCard />)
  expect(place.textContent).toContain('Loading usage')
  await step(() => source.loads[0]!.resolve(growth))
  await step(() => source.streams[0]!.open())
  const leads = (used: number, reserved: number) =>
    step(() => source.streams[0]!.send({ ...growth, price: null, meters: [meterOf('leads', used, 5000, reserved)] }))
  await leads(1200, 1000)
  expect(place.textContent).toContain('1,200 of 5,000 leads')
  expect(place.textContent).toContain('1,000 reserved by work in progress')
  await leads(1840, 0)
  expect(place.textContent).toContain('1,840 of 5,000 leads')
  expect(place.textContent).not.toContain('reserved')
  expect(place.textContent).toContain('$399 / month')
})

test('A123 Retry under the notice loads again, and the notice goes when it succeeds', async () => {
  const { source, place, button } = await show(<PlanCard />)
  await step(() => source.loads[0]!.reject(new Error('503')))
  expect(place.querySelector('[role=alert]')!.textContent).toContain('Usage could not be loaded')
  await step(() => button('Retry').click())
  expect(button('Retry').getAttribute('aria-disabled')).toBe('true')
  await step(() => source.loads[1]!.resolve(growth))
  expect(place.querySelector('[role=alert]')).toBeNull()
  expect(place.textContent).toContain('1,200 of 5,000 leads')
})

test('A108 a predicted price is asked for again on demand and on coming back, until it is confirmed', async () => {
  const { source, place, click } = await show(<PlanCard />)
  const predicted = { ...starter, price: { ...starter.price!, source: 'predicted' } } as const
  await step(() => source.loads[0]!.resolve(predicted))
  await click('Check again')
  await step(() => source.loads[1]!.resolve(predicted))
  await step(() => void window.dispatchEvent(new Event('focus')))
  await step(() => source.loads[2]!.resolve(starter))
  expect(place.querySelector('.hr-price')!.textContent).toBe('$99 / month')
  await step(() => void window.dispatchEvent(new Event('focus')))
  expect(source.loads).toHaveLength(3)
})

test('when the estimate goes while its "Check again" has the focus, the price takes it; else the focus stays where it is', async () => {
  const { source, place, button } = await show(<PlanCard />)
  const predicted = { ...starter, price: { ...starter.price!, source: 'predicted' } } as const
  await step(() => source.loads[0]!.resolve(predicted))
  await step(() => button('Check again').focus())
  await step(() => button('Check again').click())
  await step(() => source.loads[1]!.resolve(starter))
  expect(document.activeElement).toBe(place.querySelector('.hr-price-figure'))
  await step(() => source.streams[0]!.send(predicted))
  await step(() => button('Check again').focus())
  await step(() => button('Check again').blur())
  await step(() => source.streams[0]!.send(starter))
  expect(place.querySelector('.hr-predicted')).toBeNull()
  expect(document.activeElement).toBe(document.body)
})

test('all parts of a page share one load and one stream', async () => {
  const Own = () => <output>{useUsage().usage?.plan.name}</output>
  const { source, place } = await show([<PlanCard key="card" />, <Own key="own" />, <ReservationList key="list" />])
  await step(() => source.loads[0]!.resolve(growth))
  expect(place.querySelector('output')!.textContent).toBe('Growth plan')
  expect([source.loads.length, source.streams.length]).toEqual([1, 1])
})

test('A135 the notice speaks in the words of the catalog it is connected to', async () => {
  const lines = [{ meter: 'rows', requested: 5, available: 1, limit: 9, maxAllowed: 1 }]
  const verdict = { allowed: false, reason: 'limit_reached', resetsAt: '', lines, actions: [] } as const
  const { source, place } = await show(<LimitNotice verdict={{ ...verdict, lines, actions: [] }} />)
  const rows = { ...meterOf('leads', 8, 9), meter: 'rows', unit: 'table row', units: 'table rows' }
  await step(() => source.loads[0]!.resolve({ ...growth, meters: [rows] }))
  expect(place.textContent).toBe('1 table row left')
})

test('A99 choosing what fits hands the quantity to the page', async () => {
  const chosen: unknown[] = []
  const lines = [{ meter: 'leads', requested: 1430, available: 600, limit: 5000, maxAllowed: 600 }]
  const lower = { kind: 'lower_quantity', label: 'Lower the quantity', meter: 'leads', quantity: 600 } as const
  const verdict = { allowed: false, reason: 'limit_reached', resetsAt: '', lines, actions: [lower] } as const
  const { button } = await show(
    <LimitNotice
      verdict={{ ...verdict, lines, actions: [lower] }}
      onLowerQuantity={(quantity, meter) => chosen.push([quantity, meter])}
    />,
  )
  await step(() => button('Import 600 of 1,430').click())
  expect(chosen).toEqual([[600, 'leads']])
})

test('A77 the list of work in progress is asked for again when another quantity is reserved', async () => {
  const { source, place, button } = await show(<ReservationList />)
  await step(() => source.lists[0]!.reject(new Error('503')))
  expect(place.textContent).toContain('Work in progress could not be loaded')
  await step(() => button('Retry').click())
  await step(() => source.lists.at(-1)!.resolve({ data: [], nextCursor: null }))
  expect(place.textContent).toContain('Nothing is reserved.')
  const asked = source.lists.length
  await step(() => source.loads[0]!.resolve({ ...growth, meters: [meterOf('leads', 0, 5000, 200)] }))
  expect(source.lists.length).toBe(asked + 1)
  await step(() => source.lists.at(-1)!.reject(new Error('503')))
  expect(place.textContent, 'the last list stays').toContain('Nothing is reserved.')
})

test('a meter needs no provider, a live part says that it does', async () => {
  const root = createRoot(document.createElement('div'), { onUncaughtError: () => {} })
  await step(() => root.render(<UsageMeter {...meterOf('leads', 1, 2)} />))
  await expect(step(() => root.render(<PlanCard />))).rejects.toThrow('outside of a <HeadroomProvider>')
})
