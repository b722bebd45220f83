/** What the ledger's kinds and figures are called. */
import type { EntryKind, EntryWire, PeriodWire } from '@headroom/sdk'
import { day, instant, number, timeOfDay } from '@headroom/react'

/** In the order of the filter: what comes in, what is set aside and used, what goes back. */
export const kindWords: Record<EntryKind, string> = {
  grant: 'Added',
  adjust: 'Allowance raised',
  refund: 'Taken back',
  reserve: 'Reserved',
  commit: 'Used from a reservation',
  use: 'Used',
  release: 'Returned',
  expire: 'Returned, its time was up',
  lapse: 'Lapsed with the period',
}

/** "1 Oct 2026 to 1 Nov 2026"; one that a change of plan ended on its first day, by its times: "26 Nov 2026, 08:10 to 09:14 UTC". */
export function periodText({ start, end }: PeriodWire): string {
  if (day(start) !== day(end)) return `${day(start)} to ${day(end)}`
  if (instant(start) === instant(end)) return instant(start)
  return `${instant(start).replace(' UTC', '')} to ${timeOfDay(end)}`
}

/** "Limit +1,000"; "Used +31, reserved −31"; what lapses moves no figure: "60 unused". */
export function changeText({ change: { limit, used, reserved }, quantity }: EntryWire): string {
  if (limit === null) return 'Limit unlimited'
  const parts = [
    ...(limit === 0 ? [] : [`limit ${signed(limit)}`]),
    ...(used === 0 ? [] : [`used ${signed(used)}`]),
    ...(reserved === 0 ? [] : [`reserved ${signed(reserved)}`]),
  ]
  const text = parts.length > 0 ? parts.join(', ') : `${number(quantity ?? 0)} unused`
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const signed = (quantity: number) => (quantity < 0 ? `−${number(-quantity)}` : `+${number(quantity)}`)
