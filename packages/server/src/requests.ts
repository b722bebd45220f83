/** What may be asked: the schemas that validate requests and from which /openapi.json is generated. Unknown fields are refused. */
import { z } from '@hono/zod-openapi'
import {
  id,
  instant,
  lines,
  metadata,
  meterId,
  quantity,
  reference,
  role,
  shownText,
  ttlSeconds,
  usedLines,
  viewerId,
} from './fields.ts'
import { isIdempotencyKey } from './idempotency.ts'

export const planId = z.string().min(1).max(40).openapi({ example: 'starter' })
export const contacts = z.int().min(1).max(1_000_000_000).nullable().openapi({
  description: "One of the plan's contact volumes; left out: the smallest. None on a plan without volumes.",
  example: 1000,
})
export const interval = z.enum(['month', 'year'])

export const createWorkspace = z
  .strictObject({
    id: id.optional(),
    name: shownText(100),
    plan: planId.default('free'),
    contacts: contacts.optional(),
    interval: interval.default('month'),
    anchor: instant.optional(),
  })
  .openapi('CreateWorkspace')

export const setPlan = z
  .strictObject({
    plan: planId,
    contacts: contacts.optional(),
    interval: interval.optional().openapi({ description: 'Left out: as it is.' }),
    when: z.enum(['now', 'periodEnd']).default('now'),
  })
  .openapi('SetPlan')

export const check = z.strictObject({ lines }).openapi('Check')

const reserveFields = {
  lines,
  partial: z
    .boolean()
    .default(false)
    .openapi({ description: 'Take what is left of each line, at least 1 of the first.' }),
  ttlSeconds: ttlSeconds.default(900),
  reference: reference.nullish(),
  metadata: metadata.nullish(),
}
export const reserve = z.strictObject({ id: id.optional(), ...reserveFields }).openapi('Reserve')

const commitFields = {
  lines: usedLines,
  final: z.boolean().default(true).openapi({ description: 'False keeps the reservation held for more parts.' }),
}
type PartRule = [
  rule: (part: { lines: unknown[]; final: boolean }) => boolean,
  fault: { path: string[]; message: string },
]
const partNamesLines: PartRule = [
  ({ lines, final }) => final || lines.length > 0,
  { path: ['lines'], message: 'may be empty only in a final commit' },
]
export const commit = z
  .strictObject(commitFields)
  .refine(...partNamesLines)
  .openapi('Commit')

export const release = z.strictObject({}).openapi('Release')

export const extend = z.strictObject({ ttlSeconds }).openapi('Extend')

const useFields = {
  lines,
  mode: z.enum(['enforce', 'record']).openapi({
    description:
      '`enforce` refuses what does not fit; `record` counts what has already happened, also above the limit.',
  }),
  reference: reference.nullish(),
}
export const use = z.strictObject(useFields).openapi('Use')

export const grant = z.strictObject({ meter: meterId, quantity, reason: shownText(200) }).openapi('CreateGrant')

const itemFields = {
  workspace: id,
  idempotencyKey: z
    .string()
    .refine(isIdempotencyKey, 'must be 1-255 visible ASCII characters')
    .openapi({ minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' })
    .optional(),
}

/** One item of a batch: the single request's fields beside `op`, `workspace` and its own key. */
export const batchItem = z.discriminatedUnion('op', [
  z
    .strictObject({ op: z.literal('reserve'), ...itemFields, id: id.optional(), ...reserveFields })
    .openapi('BatchReserve'),
  z
    .strictObject({ op: z.literal('commit'), ...itemFields, id, ...commitFields })
    .refine(...partNamesLines)
    .openapi('BatchCommit'),
  z.strictObject({ op: z.literal('release'), ...itemFields, id }).openapi('BatchRelease'),
  z.strictObject({ op: z.literal('extend'), ...itemFields, id, ttlSeconds }).openapi('BatchExtend'),
  z.strictObject({ op: z.literal('use'), ...itemFields, ...useFields }).openapi('BatchUse'),
  z.strictObject({ op: z.literal('check'), ...itemFields, lines }).openapi('BatchCheck'),
])
export type BatchItem = z.output<typeof batchItem>

/** The items are held to `batchItem` one by one, so that a bad one never fails the rest. */
export const batchEnvelope = z.strictObject({ operations: z.array(z.unknown()).min(1).max(1000) })
export const batch = z.strictObject({ operations: z.array(batchItem).min(1).max(1000) }).openapi('Batch')

export const createKey = z
  .strictObject({
    name: shownText(64),
    scope: z.enum(['full', 'read']),
    workspace: id.nullish().openapi({ description: 'The one workspace the key may see; left out: all.' }),
    expiresAt: instant.nullish(),
  })
  .openapi('CreateKey')

export const createToken = z
  .strictObject({ role, viewerId, ttlSeconds: z.int().min(60).max(3600).default(900) })
  .openapi('CreateToken')

export const setClock = z
  .union([
    z.strictObject({ now: instant }),
    z.strictObject({
      advance: z
        .string()
        .regex(
          /^P(?=.)(?:\d{1,4}Y)?(?:\d{1,4}M)?(?:\d{1,5}W)?(?:\d{1,5}D)?(?:T(?=.)(?:\d{1,6}H)?(?:\d{1,8}M)?(?:\d{1,9}S)?)?$/,
          'must be an ISO 8601 duration such as P1M',
        )
        .openapi({ example: 'P1M' }),
    }),
  ])
  .openapi('SetClock')

export const page = {
  cursor: z.string().min(1).max(500).optional().openapi({ description: 'The `nextCursor` of the page before.' }),
  limit: z
    .string()
    .regex(/^(?:[1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .transform(Number)
    .default(50)
    .openapi({ type: 'integer', minimum: 1, maximum: 100, default: 50 }),
}
export const reservationsQuery = z.strictObject({
  state: z.enum(['held', 'committed', 'released', 'expired']).optional(),
  ...page,
})
export const entryKind = z.enum(['grant', 'reserve', 'commit', 'release', 'expire', 'use', 'lapse', 'adjust', 'refund'])
export const ledgerQuery = z.strictObject({
  meter: meterId.optional(),
  period: instant
    .optional()
    .openapi({ type: 'string', format: 'date-time', description: 'The start of a period, as in an entry’s `period`.' }),
  kind: entryKind.optional(),
  ...page,
})
export const balancesQuery = z.strictObject({
  at: instant
    .optional()
    .openapi({ type: 'string', format: 'date-time', description: 'A past instant; left out: now.' }),
})
export const historyQuery = z.strictObject({ meter: meterId.optional() })
export const tokensQuery = z.strictObject({ viewerId })
