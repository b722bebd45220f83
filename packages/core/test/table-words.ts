/** Answers in the words that a table may ask for (see table.ts). */
import type { Answer } from '../src/operations.ts'
import type { ActionWire, ProblemWire, ReservationWire } from '../src/wire.ts'
import type { Instant } from '../src/words.ts'

export const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

export const textOf = (instant: Instant | string) => {
  const date = new Date(instant)
  return `${months[date.getUTCMonth()]} ${date.getUTCDate()} ${date
    .toISOString()
    .slice(11, 23)
    .replace(/(:00)?\.000$/, '')}`
}

/** An answer in the words that a table may ask for. */
export function wordsOf(answer: Answer): string[] {
  const body: object = answer.text === undefined ? answer.body : (JSON.parse(answer.text) as object)
  const words = [`${answer.status}`, ...(answer.replayed ? ['replayed'] : [])]
  if ('code' in body) return [...words, ...problemWords(body as ProblemWire)]
  if ('expiresAt' in body) return [...words, ...reservationWords(answer.status, body as ReservationWire)]
  if ('plan' in body && 'status' in body) words.push(`${answer.status} ${String(body.plan)}`, String(body.status))
  return words
}

function reservationWords(status: number, { state, late, lines, expiresAt, period }: ReservationWire): string[] {
  const words = [
    `${status} ${state}`,
    late ? 'late' : 'in time',
    `until ${textOf(expiresAt)}`,
    `period of ${textOf(period.start)}`,
  ]
  for (const line of lines) {
    words.push(`${line.reserved} of ${line.requested} ${line.meter}`)
    words.push(`${line.meter} used ${line.used}`, `${line.meter} returned ${line.returned}`)
  }
  return words
}

function problemWords({ status, code, reason, state, lines, actions }: ProblemWire): string[] {
  const words = [`${status} ${code}`]
  if (state) words.push(`${status} ${state}`)
  if (reason) words.push(`${status} ${reason}`)
  for (const line of lines ?? [])
    words.push(
      `${line.available ?? 'unlimited'} ${line.meter} left`,
      `at most ${line.maxAllowed ?? 'any'} ${line.meter}`,
    )
  return [...words, ...(actions ?? []).map((action, index) => actionWords(action, index === 0))]
}

function actionWords(action: ActionWire, inline: boolean): string {
  const label = inline ? `"${action.label}"` : action.label
  if (action.kind === 'buy_credits') return `${label} ${action.blocks} × ${action.addOn} = $${action.totalCents / 100}`
  if (action.kind === 'lower_quantity') return `lower ${action.meter} to ${action.quantity}`
  if (action.kind === 'wait_until') return `wait until ${textOf(action.at)}`
  return label
}
