import { expect, test } from 'vitest'
import { linesOf } from './report.ts'
import { torture } from './run.ts'

/** The whole of it: npm run torture -- --seconds 600. This much belongs to every run of the tests. */
const seconds = 60

/** What a run must at least have done, on the slowest machine, to have shown anything. */
const leastDone = 200
const leastStates = 20

test(`two servers, many clients and everything that breaks, for ${seconds} s: whatever was answered is so`, async () => {
  const report = await torture({ seconds, seed: Number(process.env['TORTURE_SEED'] ?? 1) })
  const lines = linesOf(report).join('\n')
  console.log(lines)
  expect(report.violations, lines).toEqual([])
  expect(report.states.counts.size - report.states.unreached.length, lines).toBeGreaterThan(leastStates)
  const done = [...report.operations].filter(([what]) => / 20[01]$/.test(what))
  expect(
    done.reduce((sum, [, count]) => sum + count, 0),
    lines,
  ).toBeGreaterThan(leastDone)
  expect([...report.faults.values()].length, lines).toBeGreaterThan(3)
  expect(report.wholeLooks, lines).toBeGreaterThan(0)
}, 500_000)
