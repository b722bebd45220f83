const exact = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat('en-US', { numeric: 'auto' })
const steps = [
  { unit: 'day', seconds: 86_400 },
  { unit: 'hour', seconds: 3_600 },
  { unit: 'minute', seconds: 60 },
] as const

/** "3 minutes ago", with the exact time on hover; older than a month: the date. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={`${exact.format(new Date(at))} UTC`}>
      {wordsFor(at)}
    </time>
  )
}

function wordsFor(at: string): string {
  const seconds = (Date.parse(at) - Date.now()) / 1000
  if (Math.abs(seconds) > 30 * 86_400) return exact.format(new Date(at))
  const step = steps.find((candidate) => Math.abs(seconds) >= candidate.seconds)
  return step === undefined ? 'just now' : relative.format(Math.round(seconds / step.seconds), step.unit)
}
