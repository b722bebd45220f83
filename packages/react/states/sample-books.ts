/** What the states show of the books: work in progress, the ledger, an explanation, a year of use. */
import type { EntryWire, ExplainWire, HistoryWire, ReservationWire } from '@headroom/sdk'
import { starter } from '../test/sample-usage.ts'

export const running: ReservationWire = {
  id: 'imp_7',
  workspace: 'ws_1',
  state: 'held',
  period: starter.period,
  createdAt: '2026-11-23T17:58:00Z',
  expiresAt: '2026-11-23T18:13:00Z',
  closedAt: null,
  reference: '"Q4 founders" import',
  metadata: null,
  late: false,
  lines: [{ meter: 'leads', requested: 400, reserved: 400, used: 200, returned: 0 }],
}

export const building: ReservationWire = {
  ...running,
  id: 'build_3_1',
  reference: '"Agencies in Berlin" build',
  lines: [{ meter: 'ai_campaigns', requested: 1, reserved: 1, used: 0, returned: 0 }],
}

const entry: EntryWire = {
  id: 'led_ws_1_1',
  seq: 1,
  at: '2026-11-01T09:14:00Z',
  meter: 'leads',
  period: starter.period.start,
  kind: 'grant',
  quantity: 1000,
  change: { limit: 1000, used: 0, reserved: 0, overage: 0 },
  after: { limit: 1000, used: 0, reserved: 0, overage: 0 },
  source: { type: 'plan', id: 'starter' },
  actor: 'headroom',
}

export const entries: EntryWire[] = [
  {
    ...entry,
    id: 'led_ws_1_9',
    seq: 9,
    at: '2026-11-23T17:58:00Z',
    kind: 'reserve',
    quantity: 400,
    change: { limit: 0, used: 0, reserved: 400, overage: 0 },
    after: { limit: 2000, used: 440, reserved: 400, overage: 0 },
    source: { type: 'reservation', id: 'imp_7' },
  },
  {
    ...entry,
    id: 'led_ws_1_7',
    seq: 7,
    at: '2026-11-20T10:02:00Z',
    change: { limit: 1000, used: 0, reserved: 0, overage: 0 },
    after: { limit: 2000, used: 440, reserved: 0, overage: 0 },
    source: { type: 'purchase', id: 'pur_1' },
  },
  entry,
]

export const explanation: ExplainWire = {
  meter: 'leads',
  balance: {
    meter: 'leads',
    period: starter.period,
    limit: 2000,
    used: 640,
    reserved: 200,
    available: 1160,
    overage: 0,
  },
  sentences: [
    {
      text: 'Starter plan with 1,000 contacts: 1,000 leads from 1 Nov 2026, 09:14 UTC to 1 Dec 2026, 09:14 UTC.',
      figure: 'limit',
      quantity: 1000,
      entries: ['led_ws_1_1'],
    },
    {
      text: '1,000 leads added on 20 Nov 2026, 10:02 UTC by purchase pur_1.',
      figure: 'limit',
      quantity: 1000,
      entries: ['led_ws_1_7'],
    },
    {
      text: '640 leads used by "Series A founders" from 3 Nov 2026, 08:30 UTC to 23 Nov 2026, 18:01 UTC.',
      figure: 'used',
      quantity: 640,
      entries: ['led_ws_1_5', 'led_ws_1_6', 'led_ws_1_10'],
    },
    {
      text: '200 leads reserved by "Q4 founders" since 23 Nov 2026, 17:58 UTC.',
      figure: 'reserved',
      quantity: 200,
      entries: ['led_ws_1_9'],
    },
    {
      text: '1,160 leads left: 2,000 limit − 640 used − 200 reserved.',
      figure: 'available',
      quantity: 1160,
      entries: [],
    },
  ],
}

/** A free plan's AI campaigns, before the first. */
export const untouched: ExplainWire = {
  meter: 'ai_campaigns',
  balance: { ...explanation.balance, meter: 'ai_campaigns', limit: 0, used: 0, reserved: 0, available: 0 },
  sentences: [
    { text: '0 AI credits left: 0 limit − 0 used − 0 reserved.', figure: 'available', quantity: 0, entries: [] },
  ],
}

/** As the figures of the starter sample have it. */
const meters = [
  { meter: 'email_sends', limit: 4000, used: 1200 },
  { meter: 'leads', limit: 1000, used: 640 },
  { meter: 'ai_campaigns', limit: 3, used: 1 },
]

/** So much in 23 days: something on most, nothing on Sundays. */
function daysOf(total: number) {
  const weights = Array.from({ length: 23 }, (_, index) => (index % 7 === 0 ? 0 : 4 + ((index * 37) % 100) / 8))
  const sums = weights.map((_, index) => weights.slice(0, index + 1).reduce((sum, weight) => sum + weight, 0))
  const until = (index: number) => Math.round((total * (sums[index] ?? 0)) / sums.at(-1)!)
  return weights.map((_, index) => ({
    date: `2026-11-${String(index + 1).padStart(2, '0')}`,
    used: until(index) - until(index - 1),
  }))
}

const starts = ['2026-11', '2026-10', '2026-09', '2026-08', '2026-07']

/** Five periods, the newest still running. `limits` overrides the limit of a meter. */
export function historyOf(limits: Record<string, number | null> = {}): HistoryWire {
  const data = meters.flatMap(({ meter, limit: planned, used: now }) =>
    starts.map((start, age) => {
      const period = { start: `${start}-01T09:14:00Z`, end: `${starts[age - 1] ?? '2026-12'}-01T09:14:00Z` }
      const limit = meter in limits ? limits[meter]! : planned
      const used = age === 0 ? now : Math.floor(planned * (0.92 - 0.17 * age))
      return { meter, period, limit, used, days: age === 0 ? daysOf(now) : [] }
    }),
  )
  return { data }
}

export const noHistory: HistoryWire = {
  data: historyOf()
    .data.filter(({ days }) => days.length > 0)
    .map((one) => ({ ...one, used: 0, days: one.days.map(({ date }) => ({ date, used: 0 })) })),
}
