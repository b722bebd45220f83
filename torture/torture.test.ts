import { expect, test } from 'vitest'
import { linesOf } from './report.ts'
import { torture } from './run.ts'

/** The whole of it: npm run torture -- --seconds 600. This much belongs to every run of the tests. */
const seconds = 45

test(`two servers, many clients and everything that breaks, for ${seconds} s: whatever was answered is so`, async () => {
  const report = await torture({ seconds, seed: Number(process.env['TORTURE_SEED'] ?? Date.now() % 1_000_000) })
  const lines = linesOf(report).join('\n')
  console.log(lines)
  expect(report.violations, lines).toEqual([])
  const reached = [...report.states.counts.values()].filter((times) => times > 0)
  expect(reached.length, lines).toBeGreaterThan(25)
  expect([...report.operations.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(500)
}, 300_000)
