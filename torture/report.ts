/** What a run prints. */
import type { Report } from './run.ts'

const mostViolations = 25

export function linesOf(report: Report): string[] {
  const { seed, seconds, operations, faults, states, looks, wholeLooks, violations, moreViolations } = report
  const total = [...operations.values()].reduce((sum, count) => sum + count, 0)
  const lines = [`${total} operations in ${seconds} s, with seed ${seed}`, '']
  const table = (counts: Iterable<readonly [string, number]>) => {
    for (const [what, count] of [...counts].sort((a, b) => a[0].localeCompare(b[0])))
      lines.push(`  ${String(count).padStart(7)}  ${what}`)
  }
  lines.push('Operations by kind and answer')
  table(operations)
  lines.push('', 'Faults')
  table(faults)
  lines.push('', 'States reached')
  table(states.counts)
  lines.push('', `${looks} looks at the books while they were written, ${wholeLooks} at everything, and one in the end`)
  const { unreached } = states
  if (unreached.length > 0) lines.push(`Never reached: ${unreached.join('; ')}`)
  for (const { invariant, workspace, what } of violations.slice(0, mostViolations)) {
    lines.push('', `✗ ${invariant} ${workspace ?? ''}: ${what}`)
  }
  const found = violations.length + moreViolations
  if (found > mostViolations) lines.push('', `… and ${found - mostViolations} more`)
  if (report.evidence !== null) lines.push('', `All that is known of the workspaces concerned: ${report.evidence}`)
  lines.push(
    '',
    `${found} violations; again with the same choices: npm run torture -- --seconds ${seconds} --seed ${seed}`,
  )
  return lines
}
