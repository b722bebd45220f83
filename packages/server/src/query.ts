/** Query parameters: only the route's own, each once. */
import type { z } from '@hono/zod-openapi'
import { malformed } from './problem.ts'
import { validated } from './validate.ts'

/** Throws 400 for a parameter that is unknown or repeated, 422 for one that does not fit. */
export function readQuery(query: string, schema: z.ZodObject | undefined): unknown {
  const values: Record<string, string> = {}
  if (query !== '') {
    for (const [name, value] of new URLSearchParams(query)) {
      if (!schema || !Object.hasOwn(schema.shape, name))
        throw malformed('The query has a parameter this path does not take.')
      if (Object.hasOwn(values, name)) throw malformed('The query names a parameter twice.')
      values[name] = value
    }
  }
  return schema ? validated(schema, values) : undefined
}
