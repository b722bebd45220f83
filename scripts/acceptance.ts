/** Which rows of docs/acceptance.md a test names in its title. Each must have one. */
import { readFile } from 'node:fs/promises'
import { sourceFiles } from './source-files.ts'

export interface Coverage {
  rows: number[]
  covered: Set<number>
  /** Rows that no test names. */
  lost: number[]
  /** Numbers in titles that are no row. */
  unknown: number[]
}

export async function acceptanceCoverage(root: URL): Promise<Coverage> {
  const page = await readFile(new URL('docs/acceptance.md', root), 'utf8')
  const rows = [...page.matchAll(/^(\d+)\. /gm)].map(([, number]) => Number(number))
  const covered = new Set<number>()
  for (const file of await sourceFiles(root)) {
    if (/\.test\.tsx?$/.test(file))
      for (const row of rowsNamed(await readFile(new URL(file, root), 'utf8'))) covered.add(row)
  }
  return {
    rows,
    covered,
    lost: rows.filter((row) => !covered.has(row)),
    unknown: [...covered].filter((row) => !rows.includes(row)),
  }
}

/** The rows that the titles of a test file name, such as `test('A93 A94 …')`; a skipped test names none. `story` is a told test. */
export function rowsNamed(source: string): number[] {
  const rows: number[] = []
  for (const call of source.matchAll(/\b(?:test|it|story)((?:\.\w+)*)(?=\()/g)) {
    if (/\.(?:skip|todo)\b/.test(call[1]!)) continue
    let at = call.index + call[0].length
    // Of what has .each or .runIf, the title stands in the second pair of brackets.
    if (/\.(?:each|for|runIf|skipIf)$/.test(call[1]!)) at = closing(source, at) + 1
    const title = /^\(\s*(['"`])(.*?[^\\])\1/.exec(source.slice(at, at + 500))?.[2] ?? ''
    for (const [, row] of title.matchAll(/\bA(\d+)\b/g)) rows.push(Number(row))
  }
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

export const coverageLine = ({ rows, lost }: Coverage): string =>
  `acceptance: ${rows.length - lost.length} of ${rows.length} rows have tests`

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
