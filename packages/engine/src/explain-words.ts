/** How an explanation counts and dates. */
import { meterOf, type Draft, type Instant, type Limit } from '@headroom/core'

export const number = (n: number): string => n.toLocaleString('en-US')

/** "1 lead", "1,000 leads", "unlimited leads". */
export function counted(draft: Draft, meter: string, quantity: Limit): string {
  const { unit, units } = meterOf(draft.catalog, meter)!
  if (quantity === null) return `unlimited ${units}`
  return `${number(quantity)} ${quantity === 1 ? unit : units}`
}

const parts = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** "3 Nov 2026, 09:14 UTC", as the React parts write it. */
export function date(at: Instant): string {
  const part = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part['day']} ${part['month']} ${part['year']}, ${part['hour']}:${part['minute']} UTC`
}

/** "on 3 Nov 2026, 09:14 UTC", or from the first to the last where they differ by the minute. */
export function when(first: Instant, last: Instant): string {
  const [from, to] = [date(first), date(last)]
  return from === to ? `on ${from}` : `from ${from} to ${to}`
}

/** A name that a caller gave, as it was given; else the id, with what it is the id of. */
export const named = (reference: string | null, kind: string, id: string): string =>
  reference === null ? `${kind} ${id}` : `"${reference}"`

export const entryId = (workspace: string, seq: number): string => `led_${workspace}_${seq}`
