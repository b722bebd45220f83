/** What a meter says, in words. */
import type { Limit, Quantity } from '@headroom/sdk'
import { counted, number, wordFor, type Counted } from './numbers.ts'

/** The figures of one meter, as the usage gives them. Nothing here is computed twice: `available` is taken as it comes. */
export interface MeterFigures {
  used: Quantity
  reserved: Quantity
  limit: Limit
  available: Limit
  overage: Quantity
}

/** From 80 % on people should know what happens next. */
const nearShare = 0.8

/** How tight it is: at least 80 % taken is near, nothing left or above the limit is full. Unlimited, and a limit of 0 nobody used, never press. */
export function pressureOf({ used, reserved, limit, available, overage }: MeterFigures): 'calm' | 'near' | 'full' {
  if (limit === null || (limit === 0 && overage === 0)) return 'calm'
  if (available === 0) return 'full'
  return used + reserved >= nearShare * limit ? 'near' : 'calm'
}

/** "1,200 of 5,000 leads"; without a limit the raw count alone: "1,204 emails". */
export function countText({ used, limit }: Pick<MeterFigures, 'used' | 'limit'>, words: Counted): string {
  return limit === null ? counted(used, words) : `${number(used)} of ${number(limit)} ${wordFor(limit, words)}`
}

/** "200 reserved by work in progress", or nothing. */
export const reservedText = ({ reserved }: Pick<MeterFigures, 'reserved'>): string | null =>
  reserved > 0 ? `${number(reserved)} reserved by work in progress` : null

/** "160 left", "0 left, 40 over the limit"; never a negative number, and nothing where there is no limit. */
export function leftText({ available, overage }: Pick<MeterFigures, 'available' | 'overage'>): string | null {
  if (available === null) return null
  return overage > 0 ? `${number(available)} left, ${number(overage)} over the limit` : `${number(available)} left`
}

/** The whole meter in one sentence, for those who hear it. */
export function sentenceOf(figures: MeterFigures, words: Counted): string {
  const count = figures.limit === null ? `${countText(figures, words)}, unlimited` : `${countText(figures, words)} used`
  return [count, reservedText(figures), leftText(figures)].filter((part) => part !== null).join(', ')
}
