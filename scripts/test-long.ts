/**
 * `npm run test:long`: what takes longer than a change may wait for. Runs all of it, also after a failure, and says what it took.
 * One line for each suite; what they do stands where they are.
 */
import { performance } from 'node:perf_hooks'
import { run } from './run.ts'

const suites: [name: string, script: string, ...args: string[]][] = [
  ['torture, ten minutes', 'tsx/dist/cli.mjs', 'torture/main.ts', '--seconds', '600', '--strict'],
  ['crash points, forty kills each', 'tsx/dist/cli.mjs', 'torture/main.ts', '--crash-points', '--kills', '40'],
  ['planted bugs', 'tsx/dist/cli.mjs', 'torture/planted/main.ts'],
  ['200,000 requests from the document', 'vitest/vitest.mjs', 'run', 'packages/server/test/fuzz-document.test.ts'],
]
process.env.HEADROOM_FUZZ_REQUESTS ??= '200000'

const lines: string[] = []
for (const [name, script, ...args] of suites) {
  const begun = performance.now()
  const { exitCode } = await run(script, args)
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1)
  lines.push(`${exitCode === 0 ? '✓' : '✗'} ${name} (${minutes} min)`)
  if (exitCode !== 0) process.exitCode = 1
}
console.log(lines.join('\n'))
