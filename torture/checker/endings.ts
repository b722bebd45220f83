/** Parts and endings of reservations: each part once, each reservation ended in the way that was answered. */
import { bodyOf, type Call } from '../history.ts'
import { askedOf, reservationOf } from './matches.ts'
import type { Told } from './replay.ts'
import type { Books, Reservation } from './rows.ts'
import type { Violations } from './violations.ts'

interface ReservationBody {
  state: string
  late: boolean
  expiresAt: string
  lines: { meter: string; reserved: number; used: number; returned: number }[]
}

const kinds = new Set(['part', 'final', 'release', 'extend'])

/** Per reservation, what was asked about it after it was made. */
export function checkEndings(
  calls: readonly Call[],
  books: Books,
  told: Map<string, Told>,
  violations: Violations,
): void {
  const about = new Map<string, Call[]>()
  const made = new Map<string, number>()
  for (const call of calls) {
    const id = kinds.has(call.kind) ? reservationOf(call) : undefined
    if (call.kind === 'reserve' && call.answer !== null && call.answer.status <= 201) {
      made.set(reservationOf(call)!, call.answeredAt!)
    }
    if (id !== undefined) about.set(id, [...(about.get(id) ?? []), call])
  }
  for (const [id, asked] of about) {
    const wrong = (invariant: string, what: string) =>
      violations.add(
        invariant,
        books.id,
        `${what}: ${JSON.stringify({ id, row: books.reservations.get(id), later: told.get(id)?.later, asked })}`,
      )
    checkQuantities(asked, told.get(id), wrong)
    const row = books.reservations.get(id)
    for (const call of asked) {
      checkState(call, row?.state, made.get(id) ?? Infinity, wrong)
      if (row && call.answer?.status === 200) checkFigures(call, bodyOf<ReservationBody>(call.answer), row, wrong)
    }
  }
  for (const one of told.values()) {
    const isTouched = one.later.some(({ kind }) => kind !== 'expire')
    violations.hold(
      !isTouched || about.has(one.id),
      'I12',
      books.id,
      () => `nobody asked for this: ${JSON.stringify(one.later)}`,
    )
  }
}

/**
 * What was used of each meter is what the acknowledged calls used, and some of those whose outcome is unknown; no more and no less.
 * An ending that was asked for twice counts once.
 */
function checkQuantities(
  asked: readonly Call[],
  told: Told | undefined,
  wrong: (invariant: string, what: string) => void,
): void {
  const used = (call: Call, meter: string): number =>
    askedOf(call).lines?.find((line) => line.meter === meter)?.quantity ?? 0
  const meters = new Set([
    ...(told?.lines.keys() ?? []),
    ...asked.flatMap((call) => askedOf(call).lines?.map(({ meter }) => meter) ?? []),
  ])
  const ended = asked.filter(({ kind, answer }) => kind === 'final' && answer?.status === 200)
  for (const meter of meters) {
    const booked = (told?.later ?? [])
      .filter((entry) => entry.meter === meter && (entry.kind === 'commit' || entry.kind === 'late'))
      .map(({ quantity }) => quantity!)
    const certain = asked.filter(({ kind, answer }) => kind === 'part' && answer?.status === 200)
    const sure = [...certain, ...ended.slice(0, 1)].map((call) => used(call, meter)).filter((quantity) => quantity > 0)
    const maybe = asked
      .filter(({ kind, answer, isNothing }) => (kind === 'part' || kind === 'final') && answer === null && !isNothing)
      .map((call) => used(call, meter))
    const rest = [...booked]
    for (const quantity of sure)
      if (!take(rest, quantity)) wrong('I12', `${quantity} of ${meter} were committed and are not in the books`)
    for (const quantity of maybe) take(rest, quantity)
    if (rest.length > 0) wrong('I9', `${rest.join(', ')} of ${meter} were committed that nobody asked for, or twice`)
  }
}

function take(list: number[], quantity: number): boolean {
  const at = list.indexOf(quantity)
  if (at >= 0) list.splice(at, 1)
  return at >= 0
}

/** What was answered of its lines and its time is so: of an ending for ever, of a part or an extension at the least. */
function checkFigures(
  { n, kind, asked }: Call,
  { lines, expiresAt, late }: ReservationBody,
  row: Reservation,
  wrong: (invariant: string, what: string) => void,
): void {
  const isEnding = kind === 'final' || kind === 'release'
  for (const { meter, reserved, used, returned } of lines) {
    const mine = row.lines.find((line) => line.meter === meter)
    const isSo = mine && mine.reserved === reserved && (isEnding ? mine.used === used : mine.used >= used)
    if (!isSo) wrong('I12', `call ${n} was answered ${used} of ${reserved} used of ${meter}, and that is not so`)
    if (isEnding && !late && used + returned !== reserved) wrong('I6', `call ${n} was told of ${returned} returned`)
    const part = (asked.body as { lines?: { meter: string; quantity: number }[] }).lines?.find(
      (one) => one.meter === meter,
    )
    if (kind === 'part' && used < (part?.quantity ?? 0)) wrong('I12', `call ${n} is not in the figures it was answered`)
  }
  if (Date.parse(expiresAt) > row.expiresAt) wrong('I12', `it expires earlier than call ${n} was answered`)
}

/** The state that was answered is the one it has for ever; only what had expired may still be committed late. */
function checkState(
  call: Call,
  state: string | undefined,
  madeAt: number,
  wrong: (invariant: string, what: string) => void,
): void {
  const { answer, kind } = call
  if (!answer) return
  if (answer.status === 404 && madeAt > call.sentAt) return
  if (answer.status === 404) return wrong('I12', `a reservation is not known any more (call ${call.n})`)
  const isEnding = kind === 'final' || kind === 'release'
  if (answer.status === 200 && isEnding) {
    const body = bodyOf<ReservationBody>(answer)
    const due = kind === 'final' ? 'committed' : 'released'
    if (body.state !== due || state !== due)
      wrong('I6', `it was ${due} by call ${call.n}, answered as ${body.state}, and is ${state}`)
  }
  if (answer.status === 409) {
    const said = bodyOf<{ state?: string }>(answer).state
    const isLate = said === 'expired' && state === 'committed'
    if (said !== state && !isLate) wrong('I6', `it was said to be ${said} in call ${call.n} and is ${state}`)
  }
}
