export interface Counts {
  passed: number
  failed: number
  skipped: number
}

/** The part of the test runner's JSON report that we read. */
interface Report {
  testResults: { status: string; assertionResults: { status: string }[] }[]
}

/**
 * Counts the runner's report. A file that failed without a failed test of its own (it did not load, or a hook threw) counts as one
 * failure; so does a run that ended badly though no test failed, or that left no report.
 */
export function countTests(json: string | undefined, exitCode: number): Counts {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 }
  const files = json === undefined ? [] : (JSON.parse(json) as Report).testResults
  for (const { status, assertionResults } of files) {
    const failedBefore = counts.failed
    for (const result of assertionResults) {
      if (result.status === 'passed') counts.passed += 1
      else if (result.status === 'failed') counts.failed += 1
      else counts.skipped += 1
    }
    if (status === 'failed' && counts.failed === failedBefore) counts.failed += 1
  }
  if (exitCode !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

/** The last line of `npm test`. */
export function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
