/** What a typed quantity of an add-on comes to: whole blocks, rounded up, and their price (decisions §7). */
import type { AddOnWire, MeterUsageWire } from '@headroom/sdk'
import { exactMoney } from './money.ts'
import { counted, number } from './numbers.ts'

/** The most blocks one purchase may have (api.md). */
const mostBlocks = 1_000

export interface Chosen {
  blocks: number
  /** In the meter's units, a whole number of blocks. */
  quantity: number
  totalCents: number
  /** What was done to the number that was typed. */
  rounding: 'none' | 'up' | 'most'
}

/** `typed` is a quantity in units, such as "2,500"; null for what is no number. Rounds up to a block, at least one and at most 1,000. */
export function chosenOf(typed: string, { blockSize, blockCents }: AddOnWire): Chosen | null {
  const digits = typed.replaceAll(/[,\s]/g, '')
  if (!/^\d+(?:\.\d*)?$/.test(digits)) return null
  const wanted = Number(digits)
  const blocks = Math.min(mostBlocks, Math.max(1, Math.ceil(wanted / blockSize)))
  const quantity = blocks * blockSize
  const rounding = wanted > quantity ? 'most' : wanted < quantity ? 'up' : 'none'
  return { blocks, quantity, totalCents: blocks * blockCents, rounding }
}

/** One block more or less of a quantity of whole blocks, as far as that goes. */
export function stepped(quantity: number, by: 1 | -1, addOn: AddOnWire): number {
  return Math.min(mostOf(addOn), Math.max(addOn.blockSize, quantity + by * addOn.blockSize))
}

/** The most units one purchase may have. */
export const mostOf = ({ blockSize }: Pick<AddOnWire, 'blockSize'>): number => mostBlocks * blockSize

type Units = Pick<MeterUsageWire, 'meter' | 'unit' | 'units' | 'limit'>

const unitsOf = ({ unit, units }: Pick<Units, 'unit' | 'units'>) => ({ one: unit, many: units })

/** "3,000 leads". */
export const quantityText = (quantity: number, meter: Units): string => counted(quantity, unitsOf(meter))

/** "Rounded up to 3,000: leads are sold in blocks of 1,000", or null where the number was taken as it was. */
export function roundingText({ rounding, quantity }: Chosen, { blockSize }: AddOnWire, meter: Units): string | null {
  if (rounding === 'none') return null
  if (rounding === 'most') return `${quantityText(quantity, meter)} is the most in one purchase`
  const sold = blockSize === 1 ? 'one by one' : `in blocks of ${number(blockSize)}`
  return `Rounded up to ${number(quantity)}: ${meter.units} are sold ${sold}`
}

/** "$90.00 per 1,000 leads", "$5.00 each". */
export function unitPriceText({ blockSize, blockCents }: AddOnWire, currency: string, meter: Units): string {
  const price = exactMoney(blockCents, currency)
  return blockSize === 1 ? `${price} each` : `${price} per ${quantityText(blockSize, meter)}`
}

/**
 * What comes along ("includes 12,000 email sends") and what it is enough for ("covers 3,000 leads"): another add-on that brings this
 * meter along says how many of it go with one of its own. Meters without a limit need neither.
 */
export function companyTexts(blocks: number, addOn: AddOnWire, addOns: readonly AddOnWire[], meters: readonly Units[]) {
  const limited = (id: string) => meters.find(({ meter, limit }) => meter === id && limit !== null)
  const includes = addOn.brings.flatMap(({ meter, quantity }) => {
    const other = meter === addOn.id ? undefined : limited(meter)
    return other ? [`includes ${quantityText(quantity * blocks, other)}`] : []
  })
  const own = quantityOf(addOn, addOn.id) * blocks
  const covers = addOns.flatMap((other) => {
    const along = other.id === addOn.id ? 0 : quantityOf(other, addOn.id)
    const meter = limited(other.id)
    return along > 0 && meter ? [`covers ${quantityText((own * quantityOf(other, other.id)) / along, meter)}`] : []
  })
  return [...includes, ...covers]
}

const quantityOf = ({ brings }: AddOnWire, id: string) => brings.find(({ meter }) => meter === id)?.quantity ?? 0
