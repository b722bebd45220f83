/**
 * Random histories of one workspace: `decide` against the model, step by step. HEADROOM_RUNS sets how many histories,
 * HEADROOM_SEED repeats a run; a failure prints the shortest story that shows it.
 */
import fc from 'fast-check'
import { test } from 'vitest'
import { play, totals } from './play.ts'
import { reached } from './reach.ts'

const runs = Number(process.env['HEADROOM_RUNS'] ?? 100_000)
const seed = Number(process.env['HEADROOM_SEED'] ?? Date.now() % 2 ** 31)

function report(): void {
  const table = [...reached()].sort(([, a], [, b]) => a - b)
  console.log(table.map(([state, count]) => `${String(count).padStart(8)}  ${state}`).join('\n'))
  console.log(`${table.length} states · seed ${seed} · ${JSON.stringify(totals)}`)
}

test('again: what is due beyond one round is settled before anything is answered', () => {
  const bytes = fc.uint8Array({ minLength: 60, maxLength: 120, size: 'max' })
  fc.assert(
    fc.property(bytes, (choices) => play(choices, true)),
    { numRuns: 60, seed },
  )
})

test(`I1-I10 ${runs} random histories go as the model says`, { timeout: 600_000 }, () => {
  const bytes = fc.uint8Array({ minLength: 12, maxLength: 72, size: 'max' })
  fc.assert(
    fc.property(bytes, (choices) => play(choices)),
    { numRuns: runs, seed },
  )
  report()
})
