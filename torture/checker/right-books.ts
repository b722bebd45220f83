/** A history in which all is right, for tests that make it wrong in one way. */
import { History, type Call } from '../history.ts'
import { States } from '../states.ts'
import { checkAtRest } from './check.ts'
import type { Books, Entry, Kept, Snapshot } from './rows.ts'
import { Violations } from './violations.ts'

export const start = Date.parse('2028-01-31T08:00:00.000Z')
export const end = Date.parse('2028-02-29T08:00:00.000Z')
export const workspace = 'fixed-dfy'
export const catalog = {
  plans: [
    { id: 'dfy', prices: [{ contacts: 10_000, allowances: { leads: 10_000, email_sends: null, ai_campaigns: null } }] },
  ],
}

export const entry = (seq: number, change: Partial<Entry>): Entry => ({
  seq,
  meter: 'leads',
  at: start,
  period: start,
  kind: 'grant',
  quantity: 10_000,
  source: 'plan',
  sourceId: 'dfy',
  limit: 10_000,
  used: 0,
  reserved: 0,
  overageChange: 0,
  ...change,
})

export interface Right {
  books: Books
  history: History
  inbox: Kept[]
}

/** One reservation of 40 leads, of which 30 were used and the rest released: all is right. */
export function right(): Right {
  const id = `${workspace}_r_s0_1`
  const of = { source: 'reservation', sourceId: id, at: start + 1_000 } as const
  const books: Books = {
    id: workspace,
    seq: 4,
    at: start + 1_000,
    plan: 'dfy',
    contacts: 10_000,
    interval: 'month',
    status: 'active',
    anchor: start,
    reference: null,
    entries: [
      entry(1, {}),
      entry(2, { ...of, kind: 'reserve', quantity: 40, reserved: 40 }),
      entry(3, { ...of, kind: 'commit', quantity: 30, used: 30, reserved: 10 }),
      entry(4, { ...of, kind: 'release', quantity: 10, used: 30 }),
    ],
    reservations: new Map([
      [
        id,
        {
          id,
          state: 'committed',
          late: false,
          period: start,
          createdAt: start + 1_000,
          expiresAt: start + 61_000,
          closedAt: start + 1_000,
          lines: [{ meter: 'leads', requested: 40, reserved: 40, used: 30 }],
        },
      ],
    ]),
    grants: [],
    balances: [{ meter: 'leads', period: start, periodEnd: end, limit: 10_000, used: 30, reserved: 0, overage: 0 }],
    purchases: [],
    answers: new Map(),
  }
  const history = new History()
  const base = `/v1/workspaces/${workspace}/reservations`
  const lines = [{ meter: 'leads', requested: 40, reserved: 40, used: 0, returned: 0 }]
  const held = { id, workspace, state: 'held', expiresAt: iso(start + 61_000), period: { start: iso(start) }, lines }
  answered(history, 'reserve', base, { id, lines: [{ meter: 'leads', quantity: 40 }] }, 201, held)
  const used = { ...held, state: 'committed', late: false, lines: [{ ...lines[0]!, used: 30, returned: 10 }] }
  answered(history, 'final', `${base}/${id}/commit`, { lines: [{ meter: 'leads', quantity: 30 }] }, 200, used)
  return { books, history, inbox: [] }
}

export const iso = (instant: number): string => new Date(instant).toISOString()

export function answered(
  history: History,
  kind: string,
  path: string,
  body: object,
  status: number,
  said: object,
): Call {
  const call = history.begin('s0', workspace, kind, { method: 'POST', path, body })
  call.answer = { status, text: JSON.stringify(said), replayed: false }
  call.answeredAt = history.tick()
  return call
}

/** What is violated in this workspace, or in none. */
export function violated(change: (wrong: Right) => void): string[] {
  const told = right()
  change(told)
  const violations = new Violations()
  const { books, inbox } = told
  const stripe = { objects: new Map(), deliveries: [] }
  const snapshot: Snapshot = { now: start + 5_000, books: new Map([[workspace, books]]), stripe, inbox }
  checkAtRest(snapshot, { calls: told.history.calls, catalog }, new Map(), violations, new States())
  return violations.found
    .filter((one) => one.workspace === workspace || one.workspace === null)
    .map(({ invariant, what }) => `${invariant} ${what.split(':')[0]}`)
}
