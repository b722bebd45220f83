/** Instants of the wire (RFC 3339 UTC) as people read them, always in UTC: that is where periods begin and end. */

const parts = new Intl.DateTimeFormat('en-US', {
  timeZone: 'UTC',
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
})

/** "1 Dec 2026, 09:14 UTC". */
export function instant(at: string): string {
  const part = Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
  return `${part.day} ${part.month} ${part.year}, ${part.hour}:${part.minute} UTC`
}

/** "09:14 UTC", for what happened moments ago. */
export const timeOfDay = (at: string): string => instant(at).split(', ')[1]!

/** "1 Dec 2026", where the day is enough. */
export const day = (at: string): string => instant(at).split(', ')[0]!

/** "14 Nov" for an instant or a date, where the year is plain. */
export const shortDay = (at: string): string => day(at).split(' ').slice(0, 2).join(' ')
