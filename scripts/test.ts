/**
 * `npm test`: everything CI runs. Runs all of it, also after a failure, and closes with the plain line `N passed, N failed`.
 * What follows `--` goes to the test runner: `npm test -- packages/core`.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checklists, coverageLine, coverageOf, spans, type Checklist } from './checklists.ts'
import { root, run } from './run.ts'
import { staticChecks } from './static-checks.ts'
import { countTests, summary, type Counts } from './test-counts.ts'

const folder = mkdtempSync(join(tmpdir(), 'headroom-report-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
const count = (passed: boolean) => (counts[passed ? 'passed' : 'failed'] += 1)

for (const { passed } of await staticChecks()) count(passed)

const tests = await runTests(process.argv.slice(2))
counts.passed += tests.passed
counts.failed += tests.failed
counts.skipped += tests.skipped

for (const checklist of checklists) count(await isCovered(checklist))
if (counts.failed > 0) process.exitCode = 1
console.log(summary(counts))

async function runTests(args: string[]): Promise<Counts> {
  const report = join(folder, 'vitest.json')
  const { exitCode } = await run('vitest/vitest.mjs', [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...args,
  ])
  return countTests(read(report), exitCode)
}

function read(report: string): string | undefined {
  try {
    return readFileSync(report, 'utf8')
  } catch {
    return undefined
  }
}

async function isCovered(checklist: Checklist): Promise<boolean> {
  const coverage = await coverageOf(root, checklist)
  console.log(coverageLine(coverage))
  const { name, page, lost, unknown } = coverage
  if (lost.length > 0) console.log(`✗ ${name}: no test names ${spans(lost)}; each row must have one`)
  if (unknown.length > 0) console.log(`✗ ${name}: titles name ${spans(unknown)}, no rows of ${page}`)
  return lost.length === 0 && unknown.length === 0
}
