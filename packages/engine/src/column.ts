/**
 * One column of a bulk statement as a PostgreSQL array literal. Text is always quoted: the legal id `null` must not become NULL,
 * and a comma in a reference must not shift the column by one and land in another customer's row.
 */
export function column(values: readonly (string | number | boolean | null)[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!
    if (index > 0) text += ','
    if (values[index] === null) text += 'NULL'
    else if (typeof value === 'string')
      text += special.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`
    else if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw new RangeError(`Not a whole number: ${value}`)
    else text += String(value)
  }
  return text + '}'
}

const special = /["\\]/
