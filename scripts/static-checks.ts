/** Types, lint and format: the same commands for `npm run check` and `npm test`. */
import { run } from './run.ts'

export interface StaticCheck {
  name: string
  passed: boolean
}

const commands: [name: string, script: string, ...args: string[]][] = [
  ['types', 'typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'],
  ['lint', 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  ['format', 'prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.'],
]

/** Runs all of them, also after one has failed; what a failing one says is printed. */
export async function staticChecks(): Promise<StaticCheck[]> {
  const checks: StaticCheck[] = []
  for (const [name, script, ...args] of commands) {
    const { exitCode, output } = await run(script, args, { quiet: true })
    const passed = exitCode === 0
    if (!passed) console.log(output.trimEnd())
    console.log(`${passed ? '✓' : '✗'} ${name}`)
    checks.push({ name, passed })
  }
  return checks
}
