/** What was answered against the clock: nothing is shown as held that had expired when it was asked, and every period shown is the running one. */
import { bodyOf, type Call, type History } from '../history.ts'
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

export function checkInstants({ calls }: History, violations: Violations): void {
  const stood = clockOf(calls)
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

/** Where the clock was known to stand, not earlier, when something was sent. */
function clockOf(calls: readonly Call[]): (sentAt: number) => number {
  const settings = calls
    .filter(({ kind, answer }) => kind === 'clock' && answer?.status === 200)
    .map(({ answer, answeredAt }) => ({ at: answeredAt!, now: Date.parse(bodyOf<{ now: string }>(answer!).now) }))
    .sort((a, b) => a.at - b.at)
  let latest = 0
  for (const one of settings) one.now = latest = Math.max(latest, one.now)
  return (sentAt) => {
    let [low, high] = [0, settings.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (settings[middle]!.at < sentAt) low = middle + 1
      else high = middle
    }
    return settings[low - 1]?.now ?? 0
  }
}

const iso = (instant: number): string => new Date(instant).toISOString()
