import type { Params } from './form.ts'

/** Stripe merges: a name that is sent replaces, an empty text removes, `metadata: ''` removes all. */
export function changedMetadata(before: Record<string, string> | null, params: Params): Record<string, string> {
  const sent = params.record('metadata')
  if (sent === undefined) return before ?? {}
  if (Object.keys(sent).length === 0) return {}
  return Object.fromEntries(Object.entries({ ...before, ...sent }).filter(([, text]) => text !== ''))
}

/** Of a new object. */
export const metadataOf = (params: Params | undefined): Record<string, string> =>
  params === undefined ? {} : changedMetadata({}, params)
