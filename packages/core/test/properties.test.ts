/**
 * Random histories of one workspace: `decide` against the model, step by step. HEADROOM_RUNS sets how many histories,
 * HEADROOM_SEED repeats a run; a failure prints the shortest story that shows it.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { play, totals } from './play.ts'
import { reached, worthReaching } from './reach.ts'

const runs = Number(process.env['HEADROOM_RUNS'] ?? 100_000)
const seed = Number(process.env['HEADROOM_SEED'] ?? Date.now() % 2 ** 31)

const bytes = (least: number, most: number) => fc.uint8Array({ minLength: least, maxLength: most, size: 'max' })

test('again: what is due beyond one round is settled before anything is answered', () => {
  fc.assert(
    fc.property(bytes(60, 120), (choices) => play(choices, true)),
    { numRuns: 50, seed },
  )
})

test(`I1-I10 ${runs} random histories go as the model says`, { timeout: 600_000 }, () => {
  // Most are short, for the sake of their number; what takes many steps to come about needs the long ones.
  const histories = fc.oneof({ arbitrary: bytes(12, 56), weight: 11 }, { arbitrary: bytes(56, 220), weight: 1 })
  fc.assert(
    fc.property(histories, (choices) => play(choices)),
    { numRuns: runs, seed },
  )
  console.log(`seed ${seed} · ${JSON.stringify(totals)}`)
})

test(`each of ${worthReaching.length} states worth the name was reached 30 times`, { skip: runs < 100_000 }, () => {
  const table = worthReaching
    .map((state) => ({ state, times: reached().get(state) ?? 0 }))
    .sort((a, b) => a.times - b.times)
  console.log(table.map(({ state, times }) => `${String(times).padStart(8)}  ${state}`).join('\n'))
  expect(table.filter(({ times }) => times < 30)).toEqual([])
  expect([...reached().keys()].filter((state) => !worthReaching.includes(state))).toEqual([])
})
