const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })

/** "1,430": never shortened. */
export const count = (quantity: number) => whole.format(quantity)

/** "1 row", "2,000 rows". */
export const counted = (quantity: number, one: string, many = `${one}s`) =>
  `${count(quantity)} ${quantity === 1 ? one : many}`

/** Whole percent, 100 only when all of it is done. */
export const percent = (part: number, all: number) => (all <= 0 ? 0 : Math.min(100, Math.floor((part / all) * 100)))
