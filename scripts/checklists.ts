/** The lists whose every row must be named by a test: what the help page promises, and what nobody should send. */
import { readFile } from 'node:fs/promises'
import { sourceFiles } from './source-files.ts'

export interface Checklist {
  name: string
  /** A test names row 7 of it by this letter and the number: A7, R7. */
  letter: string
  page: string
}

export const checklists: readonly Checklist[] = [
  { name: 'acceptance', letter: 'A', page: 'docs/acceptance.md' },
  { name: 'bad inputs', letter: 'R', page: 'docs/reference/bad-inputs.md' },
]

export interface Coverage extends Checklist {
  rows: number[]
  covered: Set<number>
  /** Rows that no test names. */
  lost: number[]
  /** Numbers in titles that are no row. */
  unknown: number[]
}

export async function coverageOf(root: URL, checklist: Checklist): Promise<Coverage> {
  const page = await readFile(new URL(checklist.page, root), 'utf8')
  // A row is an item of a numbered list, or a line of a table that begins with its number.
  const rows = [...page.matchAll(/^(?:(\d+)\. |\| *(\d+) *\|)/gm)].map(([, item, line]) => Number(item ?? line))
  const covered = new Set<number>()
  for (const file of await sourceFiles(root)) {
    if (/\.test\.tsx?$/.test(file))
      for (const row of rowsNamed(await readFile(new URL(file, root), 'utf8'), checklist.letter)) covered.add(row)
  }
  return {
    ...checklist,
    rows,
    covered,
    lost: rows.filter((row) => !covered.has(row)),
    unknown: [...covered].filter((row) => !rows.includes(row)),
  }
}

/**
 * The rows that the titles of a test file name, such as `test('A93 A94 …')`; a skipped test names none. `story` is a told test. Where a
 * title begins with %s, what it stands for is the first text of a line of its table: `['R1 -1', …]`.
 */
export function rowsNamed(source: string, letter: string): number[] {
  const rows: number[] = []
  const name = (title: string) => {
    for (const [, row] of title.matchAll(new RegExp(`\\b${letter}(\\d+)\\b`, 'g'))) rows.push(Number(row))
  }
  let hasTable = false
  for (const call of source.matchAll(/\b(?:test|it|story)((?:\.\w+)*)(?=\()/g)) {
    if (/\.(?:skip|todo)\b/.test(call[1]!)) continue
    let at = call.index + call[0].length
    // Of what has .each or .runIf, the title stands in the second pair of brackets.
    if (/\.(?:each|for|runIf|skipIf)$/.test(call[1]!)) at = closing(source, at) + 1
    const title = /^\(\s*(['"`])(.*?[^\\])\1/.exec(source.slice(at, at + 500))?.[2] ?? ''
    hasTable ||= title.startsWith('%s')
    name(title)
  }
  if (hasTable) for (const [, , title] of source.matchAll(/\[\s*(['"`])((?:[A-Z]\d+ ?)+)/g)) name(title!)
  return rows
}

function closing(source: string, open: number): number {
  let depth = 0
  for (let at = open; at < source.length; at++) {
    if (source[at] === '(') depth += 1
    else if (source[at] === ')' && --depth === 0) return at
  }
  return source.length
}

export const coverageLine = ({ name, rows, lost }: Coverage): string =>
  `${name}: ${rows.length - lost.length} of ${rows.length} rows have tests`

/** 1, 2, 3, 7 → "1-3, 7". */
export function spans(numbers: readonly number[]): string {
  const parts: [number, number][] = []
  for (const number of numbers) {
    const last = parts.at(-1)
    if (last && number === last[1] + 1) last[1] = number
    else parts.push([number, number])
  }
  return parts.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(', ')
}
