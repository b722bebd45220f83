/** What a ledger entry says, in words. */
import type { EntryWire } from '@headroom/sdk'
import { number } from './numbers.ts'

const kindWords: Record<EntryWire['kind'], string> = {
  grant: 'Added',
  adjust: 'Allowance raised',
  refund: 'Taken back',
  reserve: 'Reserved',
  commit: 'Used',
  release: 'Returned',
  expire: 'Returned, as its time ran out',
  use: 'Used',
  lapse: 'Lapsed at the end of the period',
}

/** "Reserved 200", "Added unlimited". */
export const entryText = ({ kind, quantity }: Pick<EntryWire, 'kind' | 'quantity'>): string =>
  `${kindWords[kind]} ${quantity === null ? 'unlimited' : number(quantity)}`

/** How the balance then stood: "640 used, 200 reserved of 1,000". */
export function afterText({ limit, used, reserved }: EntryWire['after']): string {
  const held = reserved > 0 ? `, ${number(reserved)} reserved` : ''
  return `${number(used)} used${held} ${limit === null ? '· unlimited' : `of ${number(limit)}`}`
}
