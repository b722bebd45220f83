/** Which entries each call has made: by the ids that were in it, so that what was answered can be held against what was booked. */
import type { Call } from '../history.ts'
import type { Books, Entry } from './rows.ts'

export interface Match {
  call: Call
  /** In the ledger's order; empty: it has left no trace there, or none that is its own for certain. */
  entries: Entry[]
}

interface Named {
  id?: string
  reference?: string
  reason?: string
  lines?: { meter: string; quantity: number }[]
  final?: boolean
  partial?: boolean
}

export const askedOf = (call: Call): Named => (call.asked.body ?? {}) as Named

/** The reservation that a call names, in its body or its path. */
export const reservationOf = (call: Call): string | undefined =>
  askedOf(call).id ?? /\/reservations\/([^/]+)\//.exec(call.asked.path)?.[1]

/** The entries of one workspace by what they come from. */
export function bySource(books: Books): Map<string, Entry[]> {
  const found = new Map<string, Entry[]>()
  for (const entry of books.entries) {
    const key = `${entry.source} ${entry.sourceId}`
    const list = found.get(key)
    if (list) list.push(entry)
    else found.set(key, [entry])
  }
  return found
}

/**
 * Where an anchor moves, what is left of a grant is booked again into the period that begins then. Of a workspace whose anchor stays
 * nothing ever is.
 */
export const isCarried = ({ id }: Books, { kind, source, at, period }: Entry): boolean =>
  kind === 'grant' && source !== 'plan' && at === period && /^(?:moved|subscriber)/.test(id)

/** Of reserve, use and grant: the entries that can be of no other call. */
export function entriesOf(call: Call, books: Books, sources: Map<string, Entry[]>): Entry[] | undefined {
  const { reference, reason, id } = askedOf(call)
  if (call.kind === 'reserve') return (sources.get(`reservation ${id}`) ?? []).filter(({ kind }) => kind === 'reserve')
  if (call.kind === 'use') return sources.get(`use ${reference}`) ?? []
  if (call.kind === 'grant') {
    const grants = books.grants.filter((grant) => grant.source === 'operator' && grant.reason === reason)
    return grants.flatMap(({ sourceId }) =>
      (sources.get(`operator ${sourceId}`) ?? []).filter((entry, index) => index === 0 || !isCarried(books, entry)),
    )
  }
  return undefined
}
