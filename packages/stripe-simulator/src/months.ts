/** Billing periods as Stripe counts them: always from the original anchor, clamped to the month's end (Jan 31 → Feb 28 → Mar 31). Seconds since 1970, UTC. */

export interface Span {
  start: number
  end: number
}

const day = 86_400
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate()

/** An instant moved by so many intervals ('day', 'week', 'month' or 'year'); the count may be negative. */
export function later(from: number, interval: string, count: number): number {
  if (interval === 'day') return from + count * day
  if (interval === 'week') return from + count * 7 * day
  const date = new Date(from * 1000)
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + count * (interval === 'year' ? 12 : 1)
  const year = Math.floor(months / 12)
  const month = months - year * 12
  const clamped = Math.min(date.getUTCDate(), daysIn(year, month))
  return Date.UTC(year, month, clamped) / 1000 + (((from % day) + day) % day)
}

/** The period [start, end) of `count` intervals each, counted from the anchor, that contains an instant. */
export function periodAt(anchor: number, interval: string, count: number, t: number): Span {
  // The guess may be one too high or low by clamping and month lengths; two steps each way settle it.
  let n = Math.floor((t - anchor) / (roughly(interval) * count))
  while (later(anchor, interval, n * count) > t) n -= 1
  while (later(anchor, interval, (n + 1) * count) <= t) n += 1
  return { start: later(anchor, interval, n * count), end: later(anchor, interval, (n + 1) * count) }
}

const roughly = (interval: string): number =>
  interval === 'day' ? day : interval === 'week' ? 7 * day : interval === 'year' ? 365 * day : 30 * day

/** Which of two intervals is the longer: above 0 when the first is. */
export const compareLengths = (
  a: { interval: string; interval_count: number },
  b: { interval: string; interval_count: number },
): number => roughly(a.interval) * a.interval_count - roughly(b.interval) * b.interval_count

/** 26 Nov 2026, as Stripe writes days on invoices. */
export const dayText = (t: number): string =>
  new Date(t * 1000).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' })
