import { expect, test } from 'vitest'
import { countTests, summary } from './test-counts.ts'

const report = (...testResults: { status: string; tests: string[] }[]) =>
  JSON.stringify({
    testResults: testResults.map(({ status, tests }) => ({
      status,
      assertionResults: tests.map((result) => ({ status: result })),
    })),
  })

test('the last line counts passed, failed and, where there are any, skipped tests', () => {
  const mixed = report({ status: 'passed', tests: ['passed', 'pending'] }, { status: 'failed', tests: ['failed'] })
  expect(summary(countTests(mixed, 1))).toBe('1 passed, 1 failed, 1 skipped')
  expect(summary(countTests(report({ status: 'passed', tests: ['passed', 'passed'] }), 0))).toBe('2 passed, 0 failed')
})

test('nothing that went wrong is lost: a file that did not load, an error outside of tests, no report at all', () => {
  expect(countTests(report({ status: 'failed', tests: [] }), 1).failed).toBe(1)
  expect(countTests(report({ status: 'failed', tests: ['passed'] }), 1).failed).toBe(1)
  expect(countTests(report({ status: 'passed', tests: ['passed'] }), 1).failed).toBe(1)
  expect(countTests(undefined, 1).failed).toBe(1)
})
