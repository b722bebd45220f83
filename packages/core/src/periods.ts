/**
 * Periods are half-open months [start, end) in UTC, computed as f(anchor, n) from the original anchor and clamped to the month's end:
 * Jan 31 → Feb 28/29 → Mar 31 (decisions §5). Never by adding a month to the last boundary: that drifts to the 28th for ever.
 */
import type { Instant } from './words.ts'

export interface Period {
  n: number
  start: Instant
  end: Instant
}

const day = 86_400_000
const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month + 1, 0)).getUTCDate()

/** The start of period n: the anchor moved by n calendar months; n may be negative (a trial counts towards its end). */
export function boundary(anchor: Instant, n: number): Instant {
  const date = new Date(anchor)
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth() + n
  const year = Math.floor(months / 12)
  const month = months - year * 12
  const clamped = Math.min(date.getUTCDate(), daysIn(year, month))
  const timeOfDay = anchor - Math.floor(anchor / day) * day
  return Date.UTC(year, month, clamped) + timeOfDay
}

/** The period that contains an instant. */
export function periodAt(anchor: Instant, t: Instant): Period {
  const from = new Date(anchor)
  const to = new Date(t)
  let n = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth()
  // The month difference is right or one too many: clamping and the time of day only ever move a boundary within its month.
  if (boundary(anchor, n) > t) n -= 1
  return { n, start: boundary(anchor, n), end: boundary(anchor, n + 1) }
}

/** The end of the paid year that contains an instant: twelve periods make one, counted from the anchor. */
export function yearEnd(anchor: Instant, t: Instant): Instant {
  const { n } = periodAt(anchor, t)
  return boundary(anchor, (Math.floor(n / 12) + 1) * 12)
}

/**
 * RFC 3339 text of an instant. A batch writes few different instants many times (its own, a period's), so the last texts are
 * remembered: one slot per remainder, no growth.
 */
export function instantText(t: Instant): string {
  const slot = t % slots
  if (instants[slot] !== t) {
    instants[slot] = t
    texts[slot] = new Date(t).toISOString()
  }
  return texts[slot]!
}

const slots = 1021
const instants: (Instant | undefined)[] = Array.from({ length: slots })
const texts: (string | undefined)[] = Array.from({ length: slots })
