/** npm run torture -- --seconds N [--seed S] [--strict] | --crash-points [--kills 40]: see docs/reference/torture.md. */
import { parseArgs } from 'node:util'
import { linesOf } from './report.ts'
import { torture } from './run.ts'
import { StageError } from './stage.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    seed: { type: 'string' },
    strict: { type: 'boolean', default: false },
    'crash-points': { type: 'boolean', default: false },
    kills: { type: 'string', default: '40' },
  },
})
/** Time enough for forty kills at each point on a machine of two cores. */
const crashSeconds = 3_000
const seconds = Number(values.seconds ?? '60')
const seed = values.seed === undefined ? Date.now() % 1_000_000 : Number(values.seed)
if (!Number.isInteger(seed) || !(seconds >= 1)) {
  console.error('Say --seconds N, at least 1, and --seed S, a whole number.')
  process.exit(2)
}
try {
  await main()
} catch (fault) {
  if (!(fault instanceof StageError)) throw fault
  console.error(fault.message)
  process.exitCode = 2
}
// Everything has been taken away; a connection that has not heard of it yet is not waited for.
process.exit()

async function main(): Promise<void> {
  if (values['crash-points']) {
    const { crashRun } = await import('./crash-run.ts')
    const longest = values.seconds === undefined ? crashSeconds : seconds
    if (!(await crashRun({ seconds: longest, seed, kills: Number(values.kills) }))) process.exitCode = 1
    return
  }
  console.log(`Torture for ${seconds} s with seed ${seed}`)
  const report = await torture({ seconds, seed, log: (line) => console.log(line) })
  console.log(linesOf(report).join('\n'))
  const isIncomplete = seconds >= 60 && report.states.unreached.length > 0
  if (report.violations.length > 0 || (values.strict && isIncomplete)) process.exitCode = 1
}
