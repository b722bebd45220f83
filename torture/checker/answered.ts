/** What was answered against what was booked: once where it was said, not at all where it was refused, at most once where nobody knows. */
import { bodyOf, type Answer, type Call } from '../history.ts'
import type { States } from '../states.ts'
import { askedOf, bySource, entriesOf, isCarried, type Match } from './matches.ts'
import type { Books, Entry } from './rows.ts'
import type { Violations } from './violations.ts'

interface BalancesBody {
  balances: { meter: string; limit: number | null; used: number; reserved: number }[]
}

interface ReservationBody {
  id: string
  state: string
  workspace: string
  expiresAt: string
  period: { start: string }
  lines: { meter: string; requested: number; reserved: number; used: number }[]
}

export interface Judge {
  violations: Violations
  states: States
}

/** Returns the calls whose entries are known for certain. */
export function checkAnswers(calls: readonly Call[], books: Books, { violations, states }: Judge): Match[] {
  const sources = bySource(books)
  const matches: Match[] = []
  const asked = new Set<string>()
  const wrong = (invariant: string, call: Call, what: string, entries: Entry[] = []) =>
    violations.add(invariant, books.id, `${what}: ${JSON.stringify({ call, entries })}`)
  for (const call of calls) {
    checkForm(call, wrong)
    const entries = entriesOf(call, books, sources)
    if (entries === undefined) continue
    for (const entry of entries) asked.add(`${entry.seq}`)
    matches.push({ call, entries })
    const lines = call.kind === 'grant' ? [asGrant(call)] : (askedOf(call).lines ?? [])
    const { answer } = call
    if (answer === null) {
      if (entries.length > 0 && call.isNothing)
        wrong('I12', call, 'it said that nothing had happened, and it had', entries)
      if (!call.isNothing && call.kind !== 'reserve') states.reach(entries.length > 0 ? happened : notHappened)
      if (entries.length > 0) checkLines(call, lines, entries, wrong)
    } else if (answer.status <= 201) {
      if (entries.length === 0) wrong('I12', call, 'it was answered and is not in the books')
      else checkLines(call, lines, entries, wrong)
      checkSaid(call, answer, entries, books, wrong)
    } else if (entries.length > 0) {
      wrong('I12', call, 'it was refused and is in the books', entries)
    }
  }
  checkNothingInvented(books, asked, violations)
  return matches
}

const happened = 'a keyless call whose outcome was unknown and that had happened'
const notHappened = 'a keyless call whose outcome was unknown and that had not happened'

type Wrong = (invariant: string, call: Call, what: string, entries?: Entry[]) => void

const asGrant = (call: Call): { meter: string; quantity: number } =>
  call.asked.body as { meter: string; quantity: number }

/** What is asked wrongly on purpose, and how it is refused: another body, more than is held, somebody else's. */
const mustBeRefused: Record<string, readonly number[] | undefined> = {
  mismatch: [422],
  'too much': [422, 409],
  foreign: [404],
}

/** Of no workspace: the clock, batches as a whole, what the checker itself has asked. */
export function checkForms(calls: readonly Call[], violations: Violations): void {
  for (const call of calls)
    checkForm(call, (invariant, wrongly, what) =>
      violations.add(invariant, wrongly.workspace, `${what}: ${JSON.stringify(wrongly)}`),
    )
}

/** No fault of ours is ever an answer, everything is answered some day, and a repeat says the same, byte for byte. */
function checkForm(call: Call, wrong: Wrong): void {
  const { answer, repeat, asked, kind } = call
  if (call.isGivenUp) wrong('I12', call, 'it was asked until the end, and nobody could say what became of it')
  if (!answer) return
  if (answer.status >= 500) wrong('I12', call, `an answer is ${answer.status}`)
  if (answer.status === 400) wrong('I12', call, 'a well-formed request is answered with 400')
  if (kind === 'batch' && answer.status !== 200) wrong('I12', call, 'a batch was not taken')
  if (kind === 'reserve again' && answer.status !== 200) wrong('I9', call, 'a reservation is not known by its id')
  const refusals = mustBeRefused[kind]
  if (refusals && !refusals.includes(answer.status)) wrong('I11', call, 'it must be refused')
  if (!repeat) return
  const isKept = asked.key !== undefined && !answer.text.includes('"invalid_request"')
  if (isKept && (repeat.text !== answer.text || repeat.status !== answer.status))
    wrong('I9', call, 'a repeat is answered otherwise')
}

/** One entry for each line, with its quantity, all at once. */
function checkLines(call: Call, lines: { meter: string; quantity: number }[], entries: Entry[], wrong: Wrong): void {
  const isPartial = call.kind === 'reserve' && (call.asked.body as { partial?: boolean }).partial === true
  for (const { meter, quantity } of lines) {
    const mine = entries.filter((entry) => entry.meter === meter)
    if (mine.length > 1) wrong('I9', call, `${meter} was booked ${mine.length} times`, entries)
    const [entry] = mine
    if (!entry) {
      if (!isPartial) wrong('I12', call, `${meter} was not booked`, entries)
    } else if (isPartial ? entry.quantity! > quantity : entry.quantity !== quantity) {
      wrong('I12', call, `${meter} was booked with another quantity`, entries)
    } else if (isPartial && entry.quantity! < quantity && entry.used + entry.reserved !== entry.limit) {
      wrong('I1', call, `less of ${meter} was set aside than there was`, entries)
    }
  }
  const others = entries.filter(({ meter }) => !lines.some((line) => line.meter === meter))
  if (others.length > 0) wrong('I12', call, 'more was booked than was asked for', entries)
  if (new Set(entries.map(({ at }) => at)).size > 1) wrong('I12', call, 'it was booked in pieces', entries)
  const [first, last] = [entries[0]?.seq ?? 0, entries.at(-1)?.seq ?? 0]
  if (entries.length > 0 && last - first !== entries.length - 1)
    wrong('I12', call, 'something lies between its entries', entries)
}

/** The figures in an answer are those that the books had right after it. */
function checkSaid(call: Call, answer: Answer, entries: Entry[], books: Books, wrong: Wrong): void {
  if (call.kind === 'use') {
    const { balances } = bodyOf<BalancesBody>(answer)
    for (const { meter, limit, used, reserved } of balances) {
      const entry = entries.find((one) => one.meter === meter)
      const same = entry && entry.limit === limit && entry.used === used && entry.reserved === reserved
      if (!same) wrong('I12', call, `the balance answered for ${meter} is not the one after it`, entries)
    }
  }
  if (call.kind === 'reserve') {
    const body = bodyOf<ReservationBody>(answer)
    const row = books.reservations.get(body.id)
    if (body.workspace !== books.id) wrong('I11', call, 'it was answered for another workspace')
    if (!row) return wrong('I12', call, 'a reservation that was answered has no row')
    if (Date.parse(body.expiresAt) > row.expiresAt) wrong('I12', call, 'it expires earlier than was answered')
    if (Date.parse(body.period.start) !== row.period) wrong('I12', call, 'it is of another period than was answered')
    for (const { meter, reserved } of body.lines) {
      if (row.lines.find((line) => line.meter === meter)?.reserved !== reserved)
        wrong('I12', call, `another quantity of ${meter} is held than was answered`)
    }
  }
}

/** Whatever was booked, somebody had asked for it. */
function checkNothingInvented(books: Books, asked: ReadonlySet<string>, violations: Violations): void {
  for (const entry of books.entries) {
    const isAsked =
      entry.kind === 'reserve' || entry.source === 'use' || (entry.source === 'operator' && entry.kind === 'grant')
    if (!isAsked || isCarried(books, entry)) continue
    violations.hold(asked.has(`${entry.seq}`), 'I12', books.id, () => `nobody asked for this: ${JSON.stringify(entry)}`)
  }
}
