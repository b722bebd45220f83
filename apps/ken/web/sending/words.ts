/** Sending in words: states of a campaign and of its recipients, days and hours, instants. Everything is UTC and says so. */
import type { Tone } from '../parts/Badge.tsx'
import type { RecipientState, Schedule } from './api.ts'

export const campaignStates = ['draft', 'building', 'ready', 'sending', 'paused', 'completed', 'error'] as const

/** It has been launched and is not through: what moves it on is Pause or Resume. */
export const hasBegun = (state: string) => state === 'sending' || state === 'paused' || state === 'error'

export const recipientStates: Record<RecipientState, { word: string; tone: Tone }> = {
  waiting: { word: 'Waiting', tone: 'neutral' },
  active: { word: 'In sequence', tone: 'accent' },
  finished: { word: 'Finished', tone: 'good' },
  replied: { word: 'Replied', tone: 'good' },
  unsubscribed: { word: 'Unsubscribed', tone: 'warn' },
  failed: { word: 'Failed', tone: 'danger' },
}

export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

/** "26 Nov 2026, 09:14 UTC". */
export const instant = (at: string) => `${exact.format(new Date(at))} UTC`

export const hour = (value: number) => `${String(value).padStart(2, '0')}:00`

/** "Monday to Friday, 09:00 to 17:00 UTC". */
export function scheduleInWords({ days, fromHour, untilHour }: Schedule): string {
  const hours = fromHour === 0 && untilHour === 24 ? 'at any hour' : `${hour(fromHour)} to ${hour(untilHour)} UTC`
  return `${daysInWords(days)}, ${hours}`
}

function daysInWords(days: number[]): string {
  const sorted = days.toSorted((a, b) => a - b)
  const names = sorted.map((day) => dayNames[day - 1] ?? '')
  if (sorted.length === 7) return 'Every day'
  const isRun = sorted.every((day, index) => index === 0 || day === sorted[index - 1]! + 1)
  if (isRun && sorted.length > 2) return `${names[0]} to ${names.at(-1)}`
  return new Intl.ListFormat('en-GB').format(names)
}
