/** What a field of words offers for what was typed, and what a pasted list holds. */
import type { DirectoryOption } from './api.ts'

export interface Choice {
  value: string
  /** How many there are of it; null where that is not known. */
  people: number | null
  /** Just what was typed. */
  isExact: boolean
  /** What was typed, which the Leads Database does not know as a value. */
  isOwn: boolean
}

const plain = (text: string) => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().trim()

/** All that holds what was typed: just that first, then what begins with it, then the rest in its order, and last the word as it was typed. */
export function choicesFor(typed: string, options: DirectoryOption[], chosen: string[]): Choice[] {
  const wanted = plain(typed)
  const known = [
    ...options,
    ...chosen
      .filter((value) => !options.some((option) => option.value === value))
      .map((value) => ({ value, people: null })),
  ]
  const rank = ({ value }: { value: string }) => {
    const text = plain(value)
    return text === wanted ? 0 : text.startsWith(wanted) ? 1 : 2
  }
  const fitting = known
    .filter(({ value }) => plain(value).includes(wanted))
    .map((option) => ({ ...option, isExact: rank(option) === 0, isOwn: false }))
  const sorted = wanted === '' ? fitting : fitting.toSorted((one, other) => rank(one) - rank(other))
  const own = { value: typed.trim(), people: null, isExact: false, isOwn: true }
  return wanted === '' || sorted.some(({ isExact }) => isExact) ? sorted : [...sorted, own]
}

/** What was pasted, by line, semicolon or comma; "1,001-5,000" is one. */
export const listed = (text: string): string[] =>
  text
    .split(/[;\n]|,(?!\d{3})/)
    .map((item) => item.trim())
    .filter((item) => item !== '')
