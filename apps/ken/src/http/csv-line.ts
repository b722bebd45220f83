/** One line of a CSV file for people to open in a spreadsheet. */

/**
 * RFC 4180, with its CRLF. A text that a spreadsheet would take for a formula gets an apostrophe in front, as it does when a person
 * types one there; numbers are ours and stay numbers.
 */
export const csvLine = (cells: readonly (string | number | null)[]): string => `${cells.map(cellText).join(',')}\r\n`

/** Names and encodes a file of such lines. A spreadsheet that is not told reads it in the encoding of its country. */
export const byteOrderMark = '\ufeff'

function cellText(cell: string | number | null): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  const safe = startsFormula.test(cell) ? `'${cell}` : cell
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Also behind blanks, which some programs drop, and as the full-width characters that some take for the same. */
const startsFormula = /^[\s\p{Cc}\u200b\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/u
