/** The fields requests are made of, each with the rule of the interface it obeys. */
import { z } from '@hono/zod-openapi'
import { maxQuantity, roles, type Instant } from '@headroom/core'

const control = /\p{Cc}/u

/** Length in code points, so that an emoji or an accent is not two characters to one caller and one to another. */
const within = (least: number, most: number) => (text: string) => {
  // No text has more code points than code units, so what is absurdly long is never spread out.
  if (text.length > most * 2) return false
  const length = Array.from(text).length
  return length >= least && length <= most
}

const plainText = (most: number) => ({
  base: z.string(),
  length: [within(1, most), `must be 1-${most} characters`] as const,
  control: [(text: string) => !control.test(text), 'must not contain control characters'] as const,
  openapi: { minLength: 1, maxLength: most },
})

/** Text for people: trimmed, no control characters, something to see. */
export const shownText = (most: number) => {
  const { base, length, control, openapi } = plainText(most)
  return base
    .trim()
    .refine(...length)
    .refine(...control)
    .refine((text) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text), 'must hold something that can be seen')
    .openapi(openapi)
}

/** Text kept as it is. */
const keptText = (most: number) => {
  const { base, length, control, openapi } = plainText(most)
  return base
    .refine(...length)
    .refine(...control)
    .openapi(openapi)
}

export const idPattern = /^[A-Za-z0-9_-]{1,100}$/

export const id = z.string().regex(idPattern, 'must be 1-100 of A-Z a-z 0-9 _ -').openapi({ example: 'import_4711' })

export const viewerIdPattern = /^[\x21-\x7e]{1,255}$/
export const viewerId = z
  .string()
  .regex(viewerIdPattern, 'must be 1-255 visible ASCII characters')
  .openapi({ example: 'user_42', description: 'Your own id of the person who asks.' })

export const role = z.enum(roles as [(typeof roles)[number], ...typeof roles])

export const meterId = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'is not one of the catalog’s meters')
  .openapi({ example: 'leads' })

const notMinusZero = [(n: number) => !Object.is(n, -0), 'must not be -0'] as const

export const quantity = z.int().min(1).max(maxQuantity)
const usedQuantity = z
  .int()
  .min(0)
  .max(maxQuantity)
  .refine(...notMinusZero)

const eachMeterOnce = [
  (lines: readonly { meter: string }[]) => new Set(lines.map(({ meter }) => meter)).size === lines.length,
  'must name each meter once',
] as const

export const line = z.strictObject({ meter: meterId, quantity }).openapi('Line')
export const lines = z
  .array(line)
  .min(1)
  .max(20)
  .refine(...eachMeterOnce)

/** Of a commit: what was used since the last part; 0 is allowed, and a final commit may name no line at all. */
export const usedLines = z
  .array(z.strictObject({ meter: meterId, quantity: usedQuantity }).openapi('UsedLine'))
  .max(20)
  .refine(...eachMeterOnce)

const day = 86_400
export const ttlSeconds = z.int().min(1).max(day)

export const reference = keptText(200)

const metadataBytes = 4096
const metadataDepth = 4

export const metadata = z
  .record(z.string(), z.unknown())
  .refine(isExact, 'must hold only numbers that JSON keeps exactly')
  .refine((value) => depthOf(value) <= metadataDepth, `must not be nested deeper than ${metadataDepth}`)
  .refine(
    (value) => Buffer.byteLength(JSON.stringify(value)) <= metadataBytes,
    `must be at most ${metadataBytes} bytes of JSON`,
  )
  .openapi({ description: 'Yours: kept and answered as given.', example: { importId: '4711' } })

/** A number beyond 2^53, or beyond all bounds, would come back as another one. */
function isExact(value: unknown): boolean {
  if (typeof value === 'number')
    return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value))
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact)
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map(depthOf))
}

const rfc3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:[Zz]|[+-]00:00)$/

/** Far enough for every anchor, near enough that no period ever leaves the four-digit years. */
const firstYear = 1970
const lastYear = 9000

/** Undefined for anything but a real UTC instant: Date.parse would roll February 30 over into March. */
export function instantOf(text: string): Instant | undefined {
  const parts = rfc3339.exec(text)
  if (!parts) return undefined
  const [year, month, date, hour, minute, second] = parts.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ]
  const at = Date.UTC(year, month - 1, date, hour, minute, second)
  const back = new Date(at)
  const isReal =
    year >= firstYear &&
    year <= lastYear &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 59 &&
    month >= 1 &&
    back.getUTCMonth() === month - 1 &&
    back.getUTCDate() === date
  return isReal ? at + Math.floor(Number(parts[7] ?? 0) * 1000) : undefined
}

/** RFC 3339 text in, an instant out. */
export const instant = z
  .string()
  .transform((text, context) => {
    const at = instantOf(text)
    if (at !== undefined) return at
    context.addIssue({
      code: 'custom',
      message: `must be a UTC instant such as 2026-11-01T00:00:00Z, ${firstYear}-${lastYear}`,
    })
    return z.NEVER
  })
  .openapi({ type: 'string', format: 'date-time', example: '2026-11-01T00:00:00Z' })
