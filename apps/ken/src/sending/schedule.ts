/** When a campaign may send: from an instant on, on some days, between two hours. All of it in UTC. */
import * as z from 'zod'
import { Problem } from '../http/problem.ts'

export interface Schedule {
  /** RFC 3339; null: from the launch on. */
  startAt: string | null
  /** 1 Monday … 7 Sunday. */
  days: number[]
  /** 0 to 23. */
  fromHour: number
  /** 1 to 24, later than `fromHour`; the hour itself is outside. */
  untilHour: number
}

export const everyHour: Schedule = { startAt: null, days: [1, 2, 3, 4, 5, 6, 7], fromHour: 0, untilHour: 24 }

export const schedule = z
  .strictObject({
    startAt: z.iso.datetime({ offset: true }).nullable(),
    days: z.array(z.number().int().min(1).max(7)).min(1, 'Choose at least one day.').max(7),
    fromHour: z.number().int().min(0).max(23),
    untilHour: z.number().int().min(1).max(24),
  })
  .refine(({ days }) => new Set(days).size === days.length, 'Name each day once.')
  .refine(({ fromHour, untilHour }) => fromHour < untilHour, 'The last hour comes after the first.')
  .transform(({ startAt, days, ...hours }): Schedule => ({
    startAt: startAt === null ? null : new Date(startAt).toISOString(),
    days: days.toSorted((a, b) => a - b),
    ...hours,
  }))

/** A start further off than this is a slip of the pen. */
const longestWaitYears = 2

/** Refuses a schedule that starts more than two years after `at`. */
export function mustStartInTime({ startAt }: Schedule, at: Date): void {
  const latest = new Date(at)
  latest.setUTCFullYear(latest.getUTCFullYear() + longestWaitYears)
  if (startAt === null || Date.parse(startAt) <= latest.getTime()) return
  const message = `Start on ${latest.toISOString().slice(0, 10)} at the latest: at most two years ahead.`
  throw new Problem('invalid_request', message, { errors: [{ path: 'schedule.startAt', message }] })
}

const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** The first instant from `at` on at which mails may leave: `at` itself where the schedule is open then. */
export function nextOpening({ startAt, days, fromHour, untilHour }: Schedule, at: Date): Date {
  const from = Math.max(at.getTime(), startAt === null ? 0 : Date.parse(startAt))
  const midnight = Math.floor(from / dayMs) * dayMs
  // Seven days on it is the same weekday, whose hours may be over today.
  for (let n = 0; n <= 7; n += 1) {
    const day = midnight + n * dayMs
    const opens = Math.max(from, day + fromHour * hourMs)
    if (days.includes(weekday(day)) && opens < day + untilHour * hourMs) return new Date(opens)
  }
  throw new Error('A schedule without days never opens.')
}

/** 1 January 1970 was a Thursday. */
const weekday = (midnight: number): number => ((midnight / dayMs + 3) % 7) + 1
