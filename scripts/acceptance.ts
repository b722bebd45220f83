/** Which rows of docs/acceptance.md a test names in its title, and which none does yet. */
import { readFile } from 'node:fs/promises'
import { sourceFiles } from './source-files.ts'

/** Rows that have tests and must keep them. Add a row here with its first test; take none away. */
const mustHave = [...range(11, 58), ...range(71, 124), ...range(129, 130), ...range(144, 155)]

export interface Coverage {
  rows: number[]
  covered: Set<number>
  /** Rows that must have a test and have none. */
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
    lost: mustHave.filter((row) => !covered.has(row)),
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

export function coverageLine({ rows, covered }: Coverage): string {
  const none = rows.filter((row) => !covered.has(row))
  const have = `acceptance: ${rows.length - none.length} of ${rows.length} rows have tests`
  return none.length === 0 ? have : `${have}; none yet: ${spans(none)}`
}

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

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}
