import { expect, test } from 'vitest'
import { checklists, coverageOf, rowsNamed, spans } from './checklists.ts'
import { root } from './run.ts'

// Written with # so that these samples are no titles themselves.
const named = (source: string, letter = 'A') => rowsNamed(source.replaceAll('#', letter), letter)

test('rows are read from the titles of tests that run', () => {
  expect(named(`test('#93 #94 on Free …', () => {})`)).toEqual([93, 94])
  expect(named(`story(\n  '#149 a reset', \`…\`)`)).toEqual([149])
  expect(named(`test.each([['a', 1]])('#7 %s', () => {})`)).toEqual([7])
  expect(named(`test.runIf(asked())("#8 an Editor's page", () => {})`)).toEqual([8])
  expect(named(`test.skip('#9 later', () => {})\n// #10\nexpect('#11').toBe('#11')`)).toEqual([])
})

test('rows are read from a table whose lines are titles, each list’s by its own letter', () => {
  const table = `const rows = [['#60 B155', 'price'], ["#61", 'x']]\n`
  expect(named(`${table}test.each(rows)('%s %s is refused', () => {})`, 'R')).toEqual([60, 61])
  expect(named(`${table}test.each(rows)('%s %s is refused', () => {})`.replaceAll('#', 'R'), 'B')).toEqual([155])
  expect(named(`${table}test('no table', () => {})`, 'R')).toEqual([])
})

test('rows are said briefly', () => {
  expect(spans([1, 2, 3, 7, 9, 10])).toBe('1-3, 7, 9-10')
  expect(spans([])).toBe('')
})

test('each list counts from 1 without a gap', async () => {
  const lists = await Promise.all(checklists.map((checklist) => coverageOf(root, checklist)))
  expect(lists.map(({ letter, rows }) => [letter, rows.length])).toEqual([
    ['A', 155],
    ['R', 112],
  ])
  for (const { rows } of lists) expect(rows).toEqual(Array.from(rows, (_, index) => index + 1))
})
