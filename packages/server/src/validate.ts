/** Holds a value to a schema; what does not fit is refused with every field named. */
import type { z } from '@hono/zod-openapi'
import { invalid, type FieldFault } from './problem.ts'

const mostFaults = 20

/** The value as the schema gives it; throws the 422 that names each field. */
export function validated<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  throw invalid(result.error.issues.slice(0, mostFaults).flatMap(faultsOf))
}

function faultsOf(issue: z.core.$ZodIssue): FieldFault[] {
  const path = issue.path.map(String)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, mostFaults)
      .map((key) => ({ path: [...path, key.slice(0, 100)].join('.'), message: 'is not a known field' }))
  }
  return [{ path: path.join('.'), message: issue.message }]
}
