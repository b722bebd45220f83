/** What was answered against the clock: nothing is shown as held that had expired when it was asked, and every period shown is the running one. */
import { bodyOf, type Call } from '../history.ts'
import type { Match } from './matches.ts'
import type { Violations } from './violations.ts'

interface Reservation {
  id: string
  state: string
  expiresAt: string
}

interface Shown {
  asOf: string
  period?: { start: string; end: string }
  balances?: { period: { start: string; end: string } }[]
}

const showReservations = new Set(['reserve', 'reserve again', 'extend', 'part', 'reservations'])
const showPeriods = new Set(['usage', 'balances'])

export function checkInstants(calls: readonly Call[], { stood }: Clock, violations: Violations): void {
  for (const call of calls) {
    const { answer, workspace, kind } = call
    if (answer === null || answer.status > 201) continue
    const now = stood(call.sentAt)
    const wrong = (invariant: string, what: string) =>
      violations.add(invariant, workspace, `${what}, and it was ${iso(now)} before: ${JSON.stringify(call)}`)
    // What is answered under a key again is what was so the first time.
    if (showReservations.has(kind) && !answer.replayed) {
      for (const { id, state, expiresAt } of reservationsIn(answer.text)) {
        if (state === 'held' && Date.parse(expiresAt) <= now)
          wrong('I6', `${id} is shown as held, it expires at ${expiresAt}`)
      }
    }
    if (showPeriods.has(kind)) {
      const { asOf, period, balances } = bodyOf<Shown>(answer)
      const at = Date.parse(asOf)
      if (at < now) wrong('I8', `the answer is of ${asOf}`)
      for (const { start, end } of [period, ...(balances ?? []).map((one) => one.period)].filter(
        (one) => one !== undefined,
      )) {
        if (at < Date.parse(start) || at >= Date.parse(end))
          wrong('I8', `as of ${asOf} a period from ${start} to ${end} is shown`)
      }
    }
  }
}

function reservationsIn(text: string): Reservation[] {
  const body = JSON.parse(text) as Reservation | { data: Reservation[] }
  return 'data' in body ? body.data : [body]
}

/** What is booked is booked at an instant that the clock showed while it was asked for, at whichever server. */
export function checkBookedAt(matches: readonly Match[], { stood, reached }: Clock, violations: Violations): void {
  for (const { call, entries } of matches) {
    const [entry] = entries
    if (!entry || call.answeredAt === null) continue
    const [least, most] = [stood(call.sentAt), reached(call.answeredAt)]
    violations.hold(
      entry.at >= least && entry.at <= most,
      'I8',
      call.workspace,
      () =>
        `it was booked at ${iso(entry.at)}, the clock went from ${iso(least)} to ${iso(most)}: ${JSON.stringify(call)}`,
    )
  }
}

export interface Clock {
  /** Where it was known to stand, not earlier, when something was sent. */
  stood: (sentAt: number) => number
  /** Where it can have come to, not later, when something was answered. */
  reached: (answeredAt: number) => number
}

export function clockOf(calls: readonly Call[]): Clock {
  const settings = calls
    .filter(({ kind, answer }) => kind === 'clock' && (answer === null || answer.status === 200))
    .map(({ answer, sentAt, answeredAt }) => ({
      sentAt,
      answeredAt: answeredAt ?? Infinity,
      now: answer === null ? Infinity : Date.parse(bodyOf<{ now: string }>(answer).now),
    }))
  const known = settings
    .filter(({ now }) => now < Infinity)
    .map(({ answeredAt: at, now }) => ({ at, now }))
    .sort((a, b) => a.at - b.at)
  const asked = settings.map(({ sentAt: at, now }) => ({ at, now }))
  for (const list of [known, asked]) {
    let latest = 0
    for (const one of list) one.now = latest = Math.max(latest, one.now)
  }
  return {
    stood: (sentAt) => lastBefore(known, sentAt) ?? 0,
    reached: (answeredAt) => lastBefore(asked, answeredAt) ?? Infinity,
  }
}

function lastBefore(list: readonly { at: number; now: number }[], at: number): number | undefined {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (list[middle]!.at < at) low = middle + 1
    else high = middle
  }
  return list[low - 1]?.now
}

const iso = (instant: number): string => (Number.isFinite(instant) ? new Date(instant).toISOString() : 'nobody knows')
