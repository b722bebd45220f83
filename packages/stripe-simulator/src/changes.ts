import { isDeepStrictEqual } from 'node:util'

/** What an update event calls previous_attributes: the fields that differ, as they were; undefined when none does. */
export function changesOf<T extends object>(before: T, after: T): Record<string, unknown> | undefined {
  const names = (Object.keys(after) as (keyof T & string)[]).filter(
    (name) => !isDeepStrictEqual(before[name], after[name]),
  )
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => [name, before[name] ?? null]))
}
