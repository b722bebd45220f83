/**
 * npm run torture:planted [-- --only text] [--seconds N] [--seed S]: plants one bug after the other in servers of its own and tortures
 * them; a checker that stays silent has missed it. Exit 1 when more than one is missed.
 */
import { parseArgs } from 'node:util'
import { torture } from '../run.ts'
import { plants } from './plants.ts'

const mayBeMissed = 1

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
  },
})
const chosen = plants.filter(({ name }) => values.only === undefined || name.includes(values.only))
const missed: string[] = []
for (const { name, breaks, replacements } of chosen) {
  const { violations, moreViolations } = await torture({
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    planted: replacements,
  })
  const [first] = violations
  if (!first) missed.push(name)
  const said = first
    ? `caught: ${violations.length + moreViolations}, first ${first.invariant}: ${first.what.slice(0, 90)}`
    : 'MISSED'
  console.log(`${first ? '✓' : '✗'} ${name} (${breaks})\n    ${said}`)
}
console.log(`${chosen.length - missed.length} of ${chosen.length} planted bugs caught`)
if (missed.length > mayBeMissed) process.exitCode = 1
