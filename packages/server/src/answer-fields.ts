/** The fields answers are made of, and the check that holds a schema to its type in core/wire.ts. */
import { z } from '@hono/zod-openapi'

export const text = z.string()
export const at = z.string().openapi({ format: 'date-time', example: '2026-11-01T00:00:00.000Z' })
export const whole = z.int().min(0)
export const limit = whole.nullable().openapi({ description: 'Null is unlimited.' })
export const cents = z.int()
export const interval = z.enum(['month', 'year'])
export const status = z.enum(['active', 'trialing', 'past_due', 'overdue', 'suspended'])
export const orNull = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.null()])

export const pageOf = <Item extends z.ZodType>(item: Item, name: string) =>
  z.object({ data: z.array(item), nextCursor: text.nullable() }).openapi(name)

/** Both ways, so that neither side can gain or lose a field unseen. */
export type Same<Schema extends z.ZodType, Wire> = [z.output<Schema>] extends [Wire]
  ? [Wire] extends [z.output<Schema>]
    ? true
    : false
  : false
export const held = <_ extends readonly true[]>(): void => {}
