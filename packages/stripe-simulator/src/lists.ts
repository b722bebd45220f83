import { badParameter } from './fault.ts'
import type { Params } from './form.ts'
import type { Kind, Kinds, Page, Scalar, Tx } from './wire.ts'

/** What every list takes. */
export const listParams = ['limit', 'starting_after', 'ending_before', 'created'] as const

export interface List<T> {
  object: 'list'
  url: string
  has_more: boolean
  data: T[]
}

/**
 * A list of the API, newest first, 10 unless `limit` (1-100) says otherwise. `filters` are parameters that are fields of
 * the kind; `where` holds in any case.
 */
export async function listOf<K extends Kind>(
  tx: Tx,
  kind: K,
  url: string,
  params: Params,
  filters: readonly string[],
  where: Page['where'] = {},
): Promise<List<Kinds[K]>> {
  const sent = filters.filter((name) => params.has(name)).map((name) => [name, filterValue(params.text(name))] as const)
  const { data, hasMore } = await tx.page(kind, { ...pageOf(params), where: { ...Object.fromEntries(sent), ...where } })
  return { object: 'list', url, has_more: hasMore, data }
}

/** `true` and `false` are flags: no id or word of Stripe's is spelt so. */
const filterValue = (text: string): Scalar => (text === 'true' ? true : text === 'false' ? false : text)

function pageOf(params: Params): Omit<Page, 'where'> {
  const limit = params.whole('limit') ?? 10
  if (limit < 1 || limit > 100) {
    throw badParameter(
      'limit',
      `Invalid integer: ${limit}. limit must be between 1 and 100`,
      'parameter_invalid_integer',
    )
  }
  const startingAfter = params.optionalText('starting_after')
  const endingBefore = params.optionalText('ending_before')
  const created = createdOf(params)
  return {
    limit,
    ...(startingAfter === undefined ? {} : { startingAfter }),
    ...(endingBefore === undefined ? {} : { endingBefore }),
    ...(created === undefined ? {} : { created }),
  }
}

/** `created=1700000000` or `created[gte]=…`. */
function createdOf(params: Params): Page['created'] {
  if (!params.has('created')) return undefined
  let exact: number | undefined
  try {
    exact = params.whole('created')
  } catch {
    // It is a range.
  }
  if (exact !== undefined) return { gte: exact, lte: exact }
  const range = params.sub('created')
  if (range === undefined) return undefined
  const names = ['gt', 'gte', 'lt', 'lte'] as const
  return Object.fromEntries(names.flatMap((name) => (range.has(name) ? [[name, range.whole(name)]] : [])))
}
