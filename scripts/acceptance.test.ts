import { expect, test } from 'vitest'
import { acceptanceCoverage, rowsNamed, spans } from './acceptance.ts'
import { root } from './run.ts'

test('rows are read from the titles of tests that run', () => {
  // Written with # so that these samples are no titles themselves.
  const named = (source: string) => rowsNamed(source.replaceAll('#', 'A'))
  expect(named(`test('#93 #94 on Free …', () => {})`)).toEqual([93, 94])
  expect(named(`story(\n  '#149 a reset', \`…\`)`)).toEqual([149])
  expect(named(`test.each([['a', 1]])('#7 %s', () => {})`)).toEqual([7])
  expect(named(`test.runIf(asked())("#8 an Editor's page", () => {})`)).toEqual([8])
  expect(named(`test.skip('#9 later', () => {})\n// #10\nexpect('#11').toBe('#11')`)).toEqual([])
})

test('rows are said briefly', () => {
  expect(spans([1, 2, 3, 7, 9, 10])).toBe('1-3, 7, 9-10')
  expect(spans([])).toBe('')
})

test('the checklist counts from 1 to 155 without a gap', async () => {
  const { rows } = await acceptanceCoverage(root)
  expect(rows).toEqual(Array.from({ length: 155 }, (_, index) => index + 1))
})
