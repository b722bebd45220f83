/** What the ledger's kinds and figures are called. */
import type { EntryKind, EntryWire } from '@headroom/sdk'
import { number } from '@headroom/react'

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
