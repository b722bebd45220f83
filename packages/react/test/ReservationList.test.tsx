import type { ReservationWire } from '@headroom/sdk'
import { expect, test } from 'vitest'
import { ReservationListView } from '../src/index.ts'
import { render } from './render.ts'
import { growth } from './sample-usage.ts'

const held = (id: string, more: Partial<ReservationWire> = {}): ReservationWire => ({
  id,
  workspace: 'ws_1',
  state: 'held',
  period: growth.period,
  late: false,
  metadata: null,
  closedAt: null,
  createdAt: '2026-11-23T18:00:00Z',
  expiresAt: '2026-11-23T18:15:00Z',
  reference: null,
  lines: [{ meter: 'leads', requested: 1000, reserved: 1000, used: 0, returned: 0 }],
  ...more,
})
const show = (...reservations: ReservationWire[]) =>
  render(<ReservationListView reservations={reservations} meters={growth.meters} />)

test('A77 work in progress is listed with its name and what it still holds', () => {
  const lines = [
    { meter: 'leads', requested: 1000, reserved: 1000, used: 400, returned: 0 },
    { meter: 'ai_campaigns', requested: 1, reserved: 1, used: 0, returned: 0 },
  ]
  const dom = show(held('rsv_1', { reference: '"Q4 founders" import', lines }), held('rsv_2'))
  expect(dom.all('li').map((item) => [...item.children].map((part) => part.textContent))).toEqual([
    ['"Q4 founders" import', '600 leads reserved, 1 AI credit reserved', 'held until 18:15 UTC'],
    ['rsv_2', '1,000 leads reserved', 'held until 18:15 UTC'],
  ])
})

test('with no work in progress it says what would stand here', () => {
  expect(show().text()).toBe('Nothing is reserved. Imports and AI builds stand here while they run.')
})
