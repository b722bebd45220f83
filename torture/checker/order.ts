/**
 * The ledger's order against real time: what was answered before something else was asked comes before it; and what was read, or refused,
 * was so at some moment while it was asked.
 */
import { bodyOf, type Call } from '../history.ts'
import type { Clock } from './instants.ts'
import { askedOf, reservationOf, type Match } from './matches.ts'
import { figuresKey, type Told } from './replay.ts'
import type { Books, Entry } from './rows.ts'
import { checkShown } from './shown.ts'
import type { Violations } from './violations.ts'

interface Shown {
  meter: string
  period?: { start: string }
  limit: number | null
  used: number
  reserved: number
}

interface Verdict {
  /** Of a refusal there is none. */
  allowed?: boolean
  reason: string
  resetsAt: string
  lines: { meter: string; requested: number; available: number | null; limit: number | null }[]
}

export function checkOrder(
  calls: readonly Call[],
  matches: readonly Match[],
  books: Books,
  told: ReadonlyMap<string, Told>,
  { clock, isAtRest, violations }: { clock: Clock; isAtRest: boolean; violations: Violations },
): void {
  const order = new Order(matches, books, settledBy(calls, told), { clock, isAtRest })
  for (const { call, entries } of matches) {
    const [first] = entries
    if (!first) continue
    const after = order.before(call.sentAt)
    violations.hold(
      first.seq > after,
      'I12',
      books.id,
      () =>
        `it stands in the ledger before what was answered before it (entry ${after}): ${JSON.stringify({ call, entries })}`,
    )
  }
  for (const call of calls) {
    if (call.answer === null || call.answeredAt === null) continue
    if (['usage', 'balances', 'explain'].includes(call.kind)) order.checkRead(call, violations)
    // A repeated question is answered as of the first time it arrived, which is still within its span.
    if (call.answer.status === 402 || (call.kind === 'check' && call.answer.status === 200))
      order.checkVerdict(call, violations)
  }
  checkShown(calls, books, (sentAt) => order.before(sentAt), violations)
}

/**
 * What was answered of parts and endings, and the number it had come to by then. An ending that is asked again is answered from its first
 * time, so that this says what came before, and not when it came.
 */
function settledBy(calls: readonly Call[], told: ReadonlyMap<string, Told>): { at: number; seq: number }[] {
  return calls.flatMap((call) => {
    const { kind, answer, answeredAt } = call
    if (answer?.status !== 200 || !['part', 'final', 'release'].includes(kind)) return []
    const later = told.get(reservationOf(call) ?? '')?.later.filter((entry) => entry.kind !== 'expire') ?? []
    const [line] = askedOf(call).lines ?? []
    const entry =
      kind === 'part'
        ? later.find(({ meter, quantity }) => meter === line?.meter && quantity === line.quantity)
        : later.at(-1)
    return entry ? [{ at: answeredAt!, seq: entry.seq }] : []
  })
}

/** Entries of one meter in one period, after one number and before another; of what only looks, also what the clock showed meanwhile. */
interface Span {
  period: number
  meter: string
  from: number
  until: number
  clock: { least: number; most: number } | null
}

type Figures = Pick<Entry, 'limit' | 'used' | 'reserved'>

class Order {
  readonly #books: Books
  readonly #clock: Clock
  readonly #isAtRest: boolean
  readonly #entries = new Map<string, Entry[]>()
  readonly #periods: ReadonlySet<number>
  /** By when it was answered, the highest number answered so far; by when it was sent, from behind, the lowest number sent later. */
  readonly #answered: { at: number; seq: number }[]
  readonly #sent: { at: number; seq: number }[]

  constructor(
    matches: readonly Match[],
    books: Books,
    settled: readonly { at: number; seq: number }[],
    { clock, isAtRest }: { clock: Clock; isAtRest: boolean },
  ) {
    this.#books = books
    this.#clock = clock
    this.#isAtRest = isAtRest
    this.#periods = new Set(books.entries.map(({ period }) => period))
    for (const entry of books.entries) {
      const key = figuresKey(entry.period, entry.meter)
      const list = this.#entries.get(key) ?? []
      this.#entries.set(key, list)
      list.push(entry)
    }
    const known = matches.filter(({ entries }) => entries.length > 0)
    this.#answered = known
      .filter(({ call }) => call.answeredAt !== null)
      .map(({ call, entries }) => ({ at: call.answeredAt!, seq: entries.at(-1)!.seq }))
      .concat(settled)
      .sort((a, b) => a.at - b.at)
    let highest = 0
    for (const one of this.#answered) one.seq = highest = Math.max(highest, one.seq)
    this.#sent = known
      .map(({ call, entries }) => ({ at: call.sentAt, seq: entries[0]!.seq }))
      .sort((a, b) => a.at - b.at)
    let lowest = Infinity
    for (const one of this.#sent.toReversed()) one.seq = lowest = Math.min(lowest, one.seq)
  }

  /** The highest number that was answered before this. */
  before(sentAt: number): number {
    return this.#answered[firstAtOrAfter(this.#answered, sentAt) - 1]?.seq ?? 0
  }

  /** The lowest number that was sent after this. */
  after(answeredAt: number): number {
    return this.#sent[firstAtOrAfter(this.#sent, answeredAt)]?.seq ?? Infinity
  }

  /**
   * Whether a meter stood so in that period at some moment of the span, or already at its beginning. Whoever only looks sees ended what
   * time has ended, though something that was decided a little earlier may be booked before that is.
   */
  #stood({ period, meter, from, until, clock }: Span, so: (stood: Figures) => boolean): boolean {
    const entries = this.#entries.get(figuresKey(period, meter)) ?? []
    let [first, high] = [0, entries.length]
    while (first < high) {
      const middle = (first + high) >> 1
      if (entries[middle]!.seq <= from) first = middle + 1
      else high = middle
    }
    const last = entries.findIndex(({ seq }) => seq >= until)
    const known = last < 0 ? entries : entries.slice(0, last)
    if (first === 0 && so({ limit: 0, used: 0, reserved: 0 })) return true
    if (known.slice(Math.max(0, first - 1)).some(so)) return true
    return clock !== null && this.#stoodAfterHolds(known, first - 1, clock, so)
  }

  /** The same without the holds of that moment that were over when the clock showed one of these instants; `first`: the first of the moments. */
  #stoodAfterHolds(
    entries: readonly Entry[],
    first: number,
    { least, most }: { least: number; most: number },
    so: (stood: Figures) => boolean,
  ): boolean {
    const held = new Map<string, number>()
    let before = 0
    for (const [at, { sourceId, limit, used, reserved }] of entries.entries()) {
      const quantity = (held.get(sourceId) ?? 0) + reserved - before
      if (quantity === 0) held.delete(sourceId)
      else held.set(sourceId, quantity)
      before = reserved
      if (at < first) continue
      const over = [...held]
        .map(([id, quantity]) => ({ quantity, expiresAt: this.#books.reservations.get(id)?.expiresAt ?? Infinity }))
        .filter(({ expiresAt }) => expiresAt <= most)
        .sort((a, b) => a.expiresAt - b.expiresAt)
      let left = reserved
      for (const [index, { quantity, expiresAt }] of over.entries()) {
        left -= quantity
        const isNextOver = (over[index + 1]?.expiresAt ?? Infinity) <= Math.max(least, expiresAt)
        if (!isNextOver && so({ limit, used, reserved: left })) return true
      }
    }
    return false
  }

  #clockDuring({ sentAt, answeredAt }: Call): { least: number; most: number } {
    return { least: this.#clock.stood(sentAt), most: this.#clock.reached(answeredAt!) }
  }

  /** What time has brought is shown at once, and booked before whatever is written next: until then nobody knows how it will stand. */
  #isOpen(until: number): boolean {
    return until === Infinity && !this.#isAtRest
  }

  checkRead(call: Call, violations: Violations): void {
    if (call.answer!.status !== 200) return
    const body = bodyOf<{
      meters?: Shown[]
      balances?: Shown[]
      balance?: Shown
      period?: { start: string }
      asOf?: string
    }>(call.answer!)
    const shown = body.meters ?? body.balances ?? (body.balance ? [body.balance] : [])
    const [from, until] = [this.before(call.sentAt), this.after(call.answeredAt!)]
    if (this.#isOpen(until)) return
    const asOf = body.asOf === undefined ? null : Date.parse(body.asOf)
    const clock = asOf === null ? this.#clockDuring(call) : { least: asOf, most: asOf }
    for (const { meter, limit, used, reserved, period = body.period } of shown) {
      const start = Date.parse(period?.start ?? '')
      // Months that nobody looked at in time leave no rows: they are shown empty.
      const isEmpty = used === 0 && reserved === 0 && !this.#periods.has(start)
      const isSo = (stood: Figures) => stood.limit === limit && stood.used === used && stood.reserved === reserved
      violations.hold(
        isEmpty || this.#stood({ period: start, meter, from, until, clock }, isSo),
        'I12',
        this.#books.id,
        () => `${meter} was read as it never stood between entries ${from} and ${until}: ${JSON.stringify(call)}`,
      )
    }
  }

  /** Of a refusal, or of a question what would be: by figures that stood then, and as they say. */
  checkVerdict(call: Call, violations: Violations): void {
    const { allowed = false, reason, lines, resetsAt } = bodyOf<Verdict>(call.answer!)
    if (reason === 'payment_overdue' || reason === 'workspace_suspended') return
    const [from, until] = [this.before(call.sentAt), this.after(call.answeredAt!)]
    // A refusal is booked in its order; a question only looks.
    const clock = call.kind === 'check' ? this.#clockDuring(call) : null
    const { lines: asked = [], partial = false } = askedOf(call)
    const end = Date.parse(resetsAt)
    const periods = this.#books.balances.filter(({ periodEnd }) => periodEnd === end).map(({ period }) => period)
    const anchorMoves = /^(?:moved|subscriber)/.test(this.#books.id)
    for (const { meter, available, limit } of lines) {
      const isSo = (stood: Figures) => {
        const left = stood.limit === null ? null : Math.max(0, stood.limit - stood.used - stood.reserved)
        return stood.limit === limit && available === left
      }
      // A period in which nothing was done leaves no rows; and where an anchor moved meanwhile it ends elsewhere now.
      const isFound =
        this.#isOpen(until) ||
        (periods.length === 0
          ? available === limit || anchorMoves
          : periods.some((period) => this.#stood({ period, meter, from, until, clock }, isSo)))
      violations.hold(
        isFound,
        'I12',
        this.#books.id,
        () =>
          `it was judged by figures of ${meter} that never stood between entries ${from} and ${until}: ${JSON.stringify(call)}`,
      )
    }
    const isShort = lines.some(
      ({ meter, available }) =>
        available !== null && (asked.find((line) => line.meter === meter)?.quantity ?? 0) > available,
    )
    const isRight = allowed !== isShort && !(partial && lines[0]?.available !== 0)
    violations.hold(isRight, 'I1', this.#books.id, () => `it was judged wrongly: ${JSON.stringify(call)}`)
  }
}

function firstAtOrAfter(list: readonly { at: number }[], at: number): number {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return low
}
