/** Periods: where they may begin and end, and what the plan brings at the beginning of each. */
import type { Member } from '../cast.ts'
import type { Books, Entry } from './rows.ts'
import type { Violations } from './violations.ts'

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** The n-th boundary from an anchor, by a table of months: the anchor's day, or the month's last where it has none. */
export function boundaryOf(anchor: number, n: number): number {
  const [date = '', time = ''] = new Date(anchor).toISOString().split('T')
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const months = year * 12 + (month - 1) + n
  const [toYear, toMonth] = [Math.floor(months / 12), ((months % 12) + 12) % 12]
  const isLeap = (toYear % 4 === 0 && toYear % 100 !== 0) || toYear % 400 === 0
  const length = toMonth === 1 && isLeap ? 29 : monthLengths[toMonth]!
  const text = (value: number, digits: number) => String(value).padStart(digits, '0')
  return Date.parse(`${text(toYear, 4)}-${text(toMonth + 1, 2)}-${text(Math.min(day, length), 2)}T${time}`)
}

/** Which boundary an instant is, or undefined. */
export function numberOf(anchor: number, instant: number): number | undefined {
  const near = Math.round((instant - anchor) / (30.436_875 * 86_400_000))
  return [near - 1, near, near + 1].find((n) => boundaryOf(anchor, n) === instant)
}

/** What a plan may bring of a meter, by the public catalog: one figure for each volume of contacts. */
export type Allowances = (plan: string, meter: string) => { contacts: number | null; allowance: number | null }[]

export function checkPeriods(
  books: Books,
  member: Member | undefined,
  allowances: Allowances,
  violations: Violations,
): void {
  const ends = endsOf(books, violations)
  const isForetold = member?.role === 'fixed' || member?.role === 'shop'
  if (isForetold) checkForetold(books, member, ends, allowances, violations)
  else checkLast(books, ends, violations)
  for (const entry of books.entries) checkPlace(books, entry, ends, isForetold, violations)
  checkPlanGrants(books, allowances, violations)
}

/** When each period ends; no two overlap, none is longer than a month may be. */
function endsOf(books: Books, violations: Violations): Map<number, number> {
  const ends = new Map<number, number>()
  for (const { period, periodEnd } of books.balances) {
    const known = ends.get(period) ?? periodEnd
    violations.hold(
      known === periodEnd,
      'I8',
      books.id,
      () => `the period of ${iso(period)} ends at ${iso(known)} and at ${iso(periodEnd)}`,
    )
    ends.set(period, periodEnd)
  }
  const starts = [...ends.keys()].sort((a, b) => a - b)
  starts.forEach((start, index) => {
    const next = starts[index + 1]
    const end = ends.get(start)!
    if (next !== undefined && end > next)
      violations.add('I8', books.id, `the period of ${iso(start)} ends at ${iso(end)}, the next begins at ${iso(next)}`)
  })
  return ends
}

/** One anchor and one plan for ever: everything about its periods can be foretold. */
function checkForetold(
  books: Books,
  member: Member,
  ends: Map<number, number>,
  allowances: Allowances,
  violations: Violations,
): void {
  const anchor = Date.parse(member.anchor)
  violations.hold(books.anchor === anchor, 'I8', books.id, () => `its anchor has moved to ${iso(books.anchor)}`)
  for (const [start, end] of ends) {
    const n = numberOf(anchor, start)
    const foretold = n === undefined ? undefined : boundaryOf(anchor, n + 1)
    violations.hold(
      end === foretold,
      'I8',
      books.id,
      () => `a period from ${iso(start)} to ${iso(end)} is none of the anchor ${member.anchor}`,
    )
  }
  for (const entry of books.entries) {
    if (entry.source !== 'plan' || entry.kind === 'lapse') continue
    const due = allowances(member.plan, entry.meter).find(({ contacts }) => contacts === member.contacts)?.allowance
    const isRight = entry.kind === 'grant' && entry.sourceId === member.plan && entry.quantity === due
    violations.hold(
      isRight,
      'I8',
      books.id,
      () => `its plan brings ${due} of ${entry.meter} and nothing else: ${JSON.stringify(entry)}`,
    )
  }
}

/** An anchor that has moved still counts the running period. */
function checkLast(books: Books, ends: Map<number, number>, violations: Violations): void {
  const end = [...ends.values()].at(-1)
  violations.hold(
    end === undefined || books.status === 'trialing' || numberOf(books.anchor, end) !== undefined,
    'I8',
    books.id,
    () => `its period ends at ${iso(end!)}, which is none of its anchor ${iso(books.anchor)}`,
  )
}

/**
 * Nothing new is booked out of its period; what was held before may be settled later. Where an anchor moves, a period may end at the
 * very instant, of a clock that stands still, at which something has just been booked in it.
 */
function checkPlace(
  books: Books,
  entry: Entry,
  ends: Map<number, number>,
  isForetold: boolean,
  violations: Violations,
): void {
  const { at, period, kind } = entry
  const end = ends.get(period)
  if (end === undefined) return violations.add('I8', books.id, `an entry is of no period: ${JSON.stringify(entry)}`)
  const say = () => `an entry lies outside of its period, which ends at ${iso(end)}: ${JSON.stringify(entry)}`
  if (kind === 'lapse') violations.hold(at === end, 'I8', books.id, say)
  else if (['commit', 'release', 'expire', 'late'].includes(kind)) violations.hold(at >= period, 'I8', books.id, say)
  else violations.hold(at >= period && (at < end || (at === end && !isForetold)), 'I8', books.id, say)
}

/**
 * The plan's own grant comes once in a period, at its start, and is one that the plan has; what a change of plans adds to it makes it
 * one that the new plan has.
 */
function checkPlanGrants(books: Books, allowances: Allowances, violations: Violations): void {
  const seen = new Map<string, number | null>()
  const [first] = books.entries
  for (const entry of books.entries) {
    const { kind, source, sourceId, meter, period, quantity, at } = entry
    if (source !== 'plan' || (kind !== 'grant' && kind !== 'adjust')) continue
    const key = `${period} ${meter}`
    const was = seen.get(key)
    const is = quantity === null || was === null ? null : (was ?? 0) + quantity
    const say = (what: string) => () => `${what}: ${JSON.stringify(entry)}`
    const isOffered = allowances(sourceId, meter).some(({ allowance }) => allowance === is)
    violations.hold(isOffered, 'I8', books.id, say('a plan granted what it does not have'))
    if (kind === 'grant') {
      violations.hold(was === undefined, 'I8', books.id, say('a plan granted twice in one period'))
      violations.hold(
        at === period || at === first?.at,
        'I8',
        books.id,
        say('a plan granted in the middle of a period'),
      )
    }
    seen.set(key, is)
  }
  // A period in which anything was done began with the plan's grants.
  for (const { period, meter, kind } of books.entries) {
    if (kind !== 'reserve' && kind !== 'use') continue
    const [offer] = allowances(books.plan, meter)
    if (offer && offer.allowance !== 0)
      violations.hold(
        seen.has(`${period} ${meter}`),
        'I8',
        books.id,
        () => `the period of ${iso(period)} has no grant of ${meter}`,
      )
  }
}

const iso = (instant: number): string => (Number.isFinite(instant) ? new Date(instant).toISOString() : String(instant))
