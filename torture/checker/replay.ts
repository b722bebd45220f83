/** The ledger of one workspace played again by the plainest rules: every figure, every reservation, in the order of its numbers. */
import type { Books, Entry } from './rows.ts'
import type { Violations } from './violations.ts'

export interface Figures {
  limit: number | null
  used: number
  reserved: number
}

interface HeldLine {
  reserved: number
  used: number
  returned: number
}

/** One reservation as its entries tell of it. */
export interface Told {
  id: string
  period: number
  reservedAt: number
  reserveSeqs: number[]
  lines: Map<string, HeldLine>
  /** Entries that moved something of it afterwards. */
  later: Entry[]
}

export interface Replay {
  /** By period and meter, as the entries leave them. */
  figures: Map<string, Figures>
  reservations: Map<string, Told>
}

export const figuresKey = (period: number, meter: string): string => `${period} ${meter}`

const nothing: Figures = { limit: 0, used: 0, reserved: 0 }

/** What was gated says so in its id: see cast.ts. */
const isGatedUse = (entry: Entry): boolean => entry.kind === 'use' && /_e_/.test(entry.sourceId)

export function replay(books: Books, violations: Violations): Replay {
  const figures = new Map<string, Figures>()
  const reservations = new Map<string, Told>()
  const wrong = (invariant: string, entry: Entry, what: string) =>
    violations.add(invariant, books.id, `${what}: entry ${entry.seq} ${JSON.stringify(entry)}`)
  let lastAt = -Infinity
  books.entries.forEach((entry, index) => {
    if (entry.seq !== index + 1) wrong('I10', entry, `the ledger has a gap or a repeat, ${index + 1} was expected`)
    if (entry.at < lastAt) wrong('I8', entry, 'the ledger goes back in time')
    lastAt = entry.at
    const key = figuresKey(entry.period, entry.meter)
    const before = figures.get(key) ?? nothing
    const after = moved(before, entry)
    figures.set(key, after)
    const { limit, used, reserved } = after
    if (limit !== entry.limit || used !== entry.used || reserved !== entry.reserved) {
      wrong('I3', entry, `the figures after it should be ${JSON.stringify(after)}`)
    }
    if (used < 0 || reserved < 0 || (limit ?? 0) < 0) wrong('I2', entry, 'a figure is negative')
    if (entry.overageChange !== overage(after) - overage(before)) wrong('I3', entry, 'the overage moved otherwise')
    const isGated = entry.kind === 'reserve' || entry.kind === 'late' || isGatedUse(entry)
    if (isGated && limit !== null && used + reserved > limit) wrong('I1', entry, 'gated work passed the limit')
    if (entry.kind === 'lapse' && !lapsesRightly(books, entry, Math.max(0, (limit ?? 0) - used - reserved))) {
      wrong('I3', entry, 'what lapses is not what was left')
    }
    if (entry.source === 'reservation') follow(reservations, entry, (what) => wrong('I6', entry, what))
  })
  return { figures, reservations }
}

/** All that is left lapses; where an anchor moved, what is left of add-ons is carried into the period that begins. */
const lapsesRightly = ({ id }: Books, { quantity }: Entry, left: number): boolean =>
  /^(?:fixed|shop)/.test(id) ? quantity === left : (quantity ?? 0) <= left

export const overage = ({ limit, used, reserved }: Figures): number =>
  limit === null ? 0 : Math.max(0, used + reserved - limit)

function moved({ limit, used, reserved }: Figures, { kind, quantity }: Entry): Figures {
  const n = quantity ?? 0
  switch (kind) {
    case 'grant':
    case 'adjust':
      return { limit: quantity === null || limit === null ? null : limit + n, used, reserved }
    case 'refund':
      return { limit: limit === null ? null : limit - n, used, reserved }
    case 'reserve':
      return { limit, used, reserved: reserved + n }
    case 'release':
    case 'expire':
      return { limit, used, reserved: reserved - n }
    case 'commit':
      return { limit, used: used + n, reserved: reserved - n }
    case 'use':
    case 'late':
      return { limit, used: used + n, reserved }
    case 'lapse':
      return { limit, used, reserved }
  }
}

/** Each reservation is made once, settled in its own period, and left once. */
function follow(reservations: Map<string, Told>, entry: Entry, wrong: (what: string) => void): void {
  const { sourceId: id, kind, meter, seq, period } = entry
  const quantity = entry.quantity ?? 0
  if (kind === 'reserve') {
    const told = reservations.get(id) ?? {
      id,
      period,
      reservedAt: entry.at,
      reserveSeqs: [],
      lines: new Map<string, HeldLine>(),
      later: [],
    }
    reservations.set(id, told)
    if (told.lines.has(meter) || told.later.length > 0 || told.reservedAt !== entry.at)
      wrong('it was reserved a second time')
    told.lines.set(meter, { reserved: quantity, used: 0, returned: 0 })
    told.reserveSeqs.push(seq)
    return
  }
  const told = reservations.get(id)
  const line = told?.lines.get(meter)
  if (!told || !line) return wrong('nothing was reserved for it')
  if (told.period !== period) wrong('it was settled in another period than its own')
  if (told.later.some((one) => one.at > entry.at)) wrong('it was settled before its last part')
  const rest = line.reserved - line.used - line.returned
  if (kind === 'commit') {
    if (quantity > rest) wrong(`${rest} were left of it`)
    line.used += quantity
  } else if (kind === 'release' || kind === 'expire') {
    if (quantity !== rest) wrong(`${rest} were left to return`)
    line.returned += quantity
  } else if (kind === 'late') {
    if (line.used + quantity > line.reserved) wrong('more was committed late than had been held')
  } else if (kind === 'use') {
    wrong('this catalog lets nobody use more than is held')
  }
  told.later.push(entry)
}
