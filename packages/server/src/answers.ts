/** What is answered: the schemas behind /openapi.json, held to the types of core/wire.ts at the end of this file. */
import { z } from '@hono/zod-openapi'
import { codes, type Code } from '@headroom/core'
import type * as wire from '@headroom/core'
import { at, cents, held, interval, limit, orNull, pageOf, status, text, whole, type Same } from './answer-fields.ts'
import { line, role } from './fields.ts'
import { entryKind } from './requests.ts'

const period = z.object({ start: at, end: at }).openapi('Period')

export const workspace = z
  .object({ id: text, name: text, plan: text, contacts: whole.nullable(), interval, status, anchor: at, createdAt: at })
  .openapi('Workspace')

const counted = z.object({ one: text, many: text })
const meterWords = { label: text, unit: text, units: text, counted }

const meterUsage = z
  .object({
    meter: text,
    ...meterWords,
    used: whole,
    reserved: whole,
    limit,
    available: limit,
    overage: whole,
    addOn: text.nullable(),
  })
  .openapi('MeterUsage')

const addOn = z
  .object({ id: text, blockSize: whole, blockCents: cents, currency: text, brings: z.array(line) })
  .openapi('AddOn')

const price = z
  .object({
    monthlyCents: cents,
    currency: text,
    source: z.enum(['stripe', 'predicted']),
    billed: z.enum(['monthly', 'yearly']),
  })
  .openapi('Price')

const pendingChange = z.object({ plan: text, contacts: whole.nullable(), interval, at }).openapi('PendingChange')

export const usage = z
  .object({
    workspace: text,
    plan: z.object({
      id: text,
      name: text,
      description: text,
      interval,
      contacts: whole.nullable(),
      status,
      pendingChange: orNull(pendingChange),
      subscribed: z
        .boolean()
        .openapi({ description: 'Somebody pays for it: it is changed with the payment provider, not by a key.' }),
      graceUntil: at.nullable().openapi({ description: 'While a payment is due: from here on nothing new starts.' }),
    }),
    price: orNull(price).openapi({ description: 'Null for callers that may not see money, and in `usage` events.' }),
    period,
    asOf: at,
    meters: z.array(meterUsage),
    addOns: orNull(z.array(addOn)),
  })
  .openapi('Usage')

const action = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('upgrade_plan'), label: text, meter: text, href: text }),
    z.object({
      kind: z.literal('buy_credits'),
      label: text,
      meter: text,
      addOn: text,
      blocks: whole,
      totalCents: cents,
      currency: text,
      href: text,
    }),
    z.object({ kind: z.literal('manage_plan'), label: text, meter: text, href: text }),
    z.object({ kind: z.literal('ask_admin'), label: text, meter: text }),
    z.object({ kind: z.literal('lower_quantity'), label: text, meter: text, quantity: whole }),
    z.object({ kind: z.literal('wait_until'), label: text, meter: text, at }),
  ])
  .openapi('Action')

const reason = z.enum(['ok', 'limit_reached', 'meter_not_in_plan', 'payment_overdue', 'workspace_suspended'])
const verdictLine = z
  .object({ meter: text, requested: whole, available: limit, limit, maxAllowed: limit })
  .openapi('VerdictLine')
const verdictFields = {
  allowed: z.boolean(),
  reason,
  resetsAt: at,
  lines: z.array(verdictLine),
  actions: z.array(action),
}
export const verdict = z.object(verdictFields).openapi('Verdict')

const reservationState = z.enum(['held', 'committed', 'released', 'expired'])

export const reservation = z
  .object({
    id: text,
    workspace: text,
    state: reservationState,
    period,
    createdAt: at,
    expiresAt: at,
    closedAt: at.nullable(),
    reference: text.nullable(),
    metadata: z.record(z.string(), z.unknown()).nullable(),
    late: z.boolean(),
    lines: z.array(
      z
        .object({ meter: text, requested: whole, reserved: whole, used: whole, returned: whole })
        .openapi('ReservationLine'),
    ),
  })
  .openapi('Reservation')

const balance = z
  .object({ meter: text, period, limit, used: whole, reserved: whole, available: limit, overage: whole })
  .openapi('Balance')
export const balances = z.object({ workspace: text, asOf: at, balances: z.array(balance) }).openapi('Balances')

const entry = z
  .object({
    id: text,
    seq: whole,
    at,
    meter: text,
    period: at,
    kind: entryKind,
    quantity: limit,
    change: z.object({ limit: z.int().nullable(), used: z.int(), reserved: z.int(), overage: z.int() }),
    after: z.object({ limit, used: whole, reserved: whole, overage: whole }),
    source: z.object({ type: z.enum(['plan', 'purchase', 'reservation', 'use', 'operator']), id: text }),
    actor: text,
  })
  .openapi('LedgerEntry')

export const ledger = pageOf(entry, 'Ledger')
export const reservations = pageOf(reservation, 'Reservations')

export const grant = z
  .object({ id: text, workspace: text, meter: text, quantity: whole, reason: text, period, createdAt: at })
  .openapi('Grant')

export const explain = z
  .object({
    meter: text,
    balance,
    sentences: z.array(
      z.object({
        text,
        figure: z.enum(['limit', 'used', 'reserved', 'available']),
        quantity: z.int().nullable(),
        entries: z.array(text),
      }),
    ),
  })
  .openapi('Explain')

export const history = z
  .object({
    data: z.array(
      z
        .object({
          meter: text,
          period,
          limit,
          used: whole,
          days: z.array(z.object({ date: z.string().openapi({ format: 'date', example: '2026-11-03' }), used: whole })),
        })
        .openapi('PeriodUsage'),
    ),
  })
  .openapi('History')

const allowances = z.record(z.string(), limit)

export const catalog = z
  .object({
    version: text,
    currency: text,
    meters: z.array(z.object({ id: text, ...meterWords })),
    plans: z.array(
      z.object({
        id: text,
        name: text,
        description: text,
        family: text,
        prices: z.array(z.object({ contacts: whole.nullable(), monthCents: cents, yearCents: cents, allowances })),
        allowances,
      }),
    ),
    addOns: z.array(z.object({ id: text, meter: text, blockSize: whole, brings: z.array(line) })),
  })
  .openapi('Catalog')

const key = z
  .object({
    id: text,
    name: text,
    scope: z.enum(['full', 'read']),
    workspace: text.nullable(),
    createdAt: at,
    expiresAt: at.nullable(),
    lastUsedAt: at.nullable(),
  })
  .openapi('Key')
export const keys = pageOf(key, 'Keys')
export const newKey = z.object({ id: text, key: text }).openapi('NewKey')
export const newToken = z.object({ token: text, expiresAt: at }).openapi('NewToken')
export const clock = z.object({ now: at }).openapi('Clock')
export const health = z.object({ status: z.literal('ok'), build: text }).openapi('Health')

const problemFields = {
  type: text.openapi({ format: 'uri-reference', example: '/docs#not_found' }),
  title: text,
  status: z.int().min(400).max(599),
  detail: text,
  code: z.enum(Object.keys(codes) as [Code, ...Code[]]),
  requestId: text,
}
const faults = z.array(z.object({ path: text, message: text }))
export const problem = z
  .object({ ...problemFields, errors: faults.optional() })
  .openapi('Problem', { description: 'RFC 9457. `errors` names each field that is wrong.' })
export const refusal = z
  .object({ ...problemFields, code: z.literal('insufficient_credits'), ...verdictFields })
  .openapi('InsufficientCredits')
export const conflict = z
  .object({ ...problemFields, state: reservationState.optional() })
  .openapi('Conflict', { description: 'With `state`: the reservation has ended this way.' })

export const batchResults = z
  .object({
    results: z.array(
      z.object({
        status: z.int().openapi({ description: 'The status the single request would have had.' }),
        body: z.union([reservation, balances, verdict, refusal, conflict, problem]),
        replayed: z.literal(true).optional(),
      }),
    ),
  })
  .openapi('BatchResults')

held<
  [
    Same<typeof workspace, wire.WorkspaceWire>,
    Same<typeof usage, wire.UsageWire>,
    Same<typeof verdict, wire.VerdictWire>,
    Same<typeof reservation, wire.ReservationWire>,
    Same<typeof balances, wire.BalancesWire>,
    Same<typeof ledger, wire.Page<wire.EntryWire>>,
    Same<typeof reservations, wire.Page<wire.ReservationWire>>,
    Same<typeof grant, wire.GrantWire>,
    Same<typeof explain, wire.ExplainWire>,
    Same<typeof history, wire.HistoryWire>,
    Same<typeof catalog, wire.CatalogWire>,
    Same<typeof keys, wire.Page<wire.KeyWire>>,
    Same<typeof role, wire.Role>,
  ]
>()
