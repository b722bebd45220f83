import type { MeterId } from '@headroom/sdk'

const first: MeterId[] = ['email_sends', 'leads', 'ai_campaigns']

/** Emails sent, Leads, AI campaigns created (acceptance C); meters of another catalog follow in its order. */
export function inPageOrder<Meter extends { meter: MeterId }>(meters: readonly Meter[]): Meter[] {
  const place = ({ meter }: Meter) => (first.includes(meter) ? first.indexOf(meter) : first.length)
  return meters.toSorted((one, other) => place(one) - place(other))
}
