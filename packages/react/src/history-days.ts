/** What the chart of a period needs: all its days, and a scale that ends at a round number. */
import type { HistoryWire } from '@headroom/sdk'
import { day } from './instants.ts'

export type History = HistoryWire['data'][number]

export interface Day {
  /** A UTC date: "2026-11-14". */
  date: string
  used: number
}

const dayMs = 86_400_000
const dateOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** Every UTC date the period touches, also those that are still to come; what was corrected below nothing counts as nothing. */
export function daysOf({ period, days }: Pick<History, 'period' | 'days'>): Day[] {
  const used = new Map(days.map((day) => [day.date, day.used]))
  const first = Date.parse(dateOf(Date.parse(period.start)))
  const all: Day[] = []
  for (let at = first; at < Date.parse(period.end); at += dayMs) {
    const date = dateOf(at)
    all.push({ date, used: Math.max(0, used.get(date) ?? 0) })
  }
  return all
}

/** The day with the most, the first of several; null where nothing was used. */
export function mostUsed(days: readonly Day[]): Day | null {
  const most = Math.max(0, ...days.map(({ used }) => used))
  return most === 0 ? null : days.find(({ used }) => used === most)!
}

/** The next of 1, 2, 5, 10, 20, 50 … that is at least as much. */
export function roundTop(most: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, most)))
  return power * ([1, 2, 5].find((step) => step * power >= most) ?? 10)
}

/**
 * The newest of each meter, with its days, and the earlier ones by period, newest first. A period that a change of plan ended on its
 * first day is left out where nothing was used in it.
 */
export function inPeriods(data: readonly History[]): { running: History[]; earlier: History[][] } {
  const starts = [...new Set(data.map(({ period }) => period.start))].toSorted().toReversed()
  const [running = [], ...earlier] = starts.map((start) => data.filter(({ period }) => period.start === start))
  return { running, earlier: earlier.filter(isTelling) }
}

const isTelling = (histories: readonly History[]) =>
  histories.some(({ period, used }) => used !== 0 || day(period.start) !== day(period.end))
