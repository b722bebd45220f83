/** Whole numbers as people read them: all digits, with thousands separators. */

/** One and many of what is counted: "1 lead", "600 leads". */
export interface Counted {
  one: string
  many: string
}

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** 1200 → "1,200". */
export const number = (quantity: number): string => grouped.format(quantity)

/** The word that goes with a quantity: one where it is exactly one. */
export const wordFor = (quantity: number, { one, many }: Counted): string => (quantity === 1 ? one : many)

/** 1200 → "1,200 leads", 1 → "1 lead". */
export const counted = (quantity: number, words: Counted): string => `${number(quantity)} ${wordFor(quantity, words)}`

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 })

/** 1200 → "1.2k": for the axis of a chart and nowhere else. */
export const shortNumber = (quantity: number): string => compact.format(quantity).replace('K', 'k')
