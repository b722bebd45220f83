import type { Answer } from '@headroom/core'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectOwner } from '../src/connection.ts'
import { Flights, type Flight } from '../src/flights.ts'
import type { EngineInterface } from '../src/index.ts'
import type { Waiting } from '../src/queue.ts'
import { createWorkspace, engines, reserve, type Bench } from './engines.ts'

const flight = (operations: number): Flight => ({
  name: '',
  batch: Array.from({ length: operations }, () => ({}) as Waiting),
  again: [],
  arrival: Promise.resolve(undefined),
})

test('a lane alone has two batches on their way, each with half of what there is', () => {
  const alone = new Flights(new Set())
  expect([alone.share(0), alone.share(1), alone.share(64)]).toEqual([0, 1, 32])
  const [first, second] = [flight(32), flight(32)]
  alone.add(first)
  expect(alone.share(32)).toBe(32)
  alone.add(second)
  expect(alone.share(32)).toBe(0)
  alone.delete(first)
  expect(alone.share(32)).toBe(32)
})

test('while another lane is busy a lane has one small batch on its way, and two only of many operations', () => {
  const busy = new Set<Flights>()
  const [one, other] = [new Flights(busy), new Flights(busy)]
  const theirs = flight(1)
  other.add(theirs)
  expect([one.share(64), one.share(249), one.share(250)]).toEqual([64, 249, 125])
  const small = flight(64)
  one.add(small)
  expect([one.share(1), one.share(185), one.share(186)]).toEqual([0, 0, 125])
  // What was many stays many once half of it has left.
  one.delete(small)
  one.add(flight(150))
  expect(one.share(150)).toBe(150)
  other.delete(theirs)
  expect([one.share(1), busy.size]).toEqual([76, 1])
})

let bench: Bench
let holder: pg.Client
beforeAll(async () => {
  bench = await engines(1, { lanes: 2 })
  holder = await connectOwner(bench.database.ownerUrl)
})
afterAll(async () => {
  await holder.end()
  await bench.stop()
})

test('the lanes of an engine know of each other: behind a small batch that is held up others wait together', async () => {
  const [engine] = bench.engines as [EngineInterface]
  // In two turns no lane has more of them than the least that a batch takes.
  const names = Array.from({ length: 8 }, (_, index) => `ws_lanes_${index}`)
  for (const name of names) {
    await createWorkspace(engine, name)
    await reserve(engine, name, 1)
  }
  const before = await engine.metrics()
  await holder.query('begin')
  await holder.query(`select 1 from workspaces where workspace_id = any($1) order by workspace_id for update`, [names])
  const answers: Promise<Answer>[] = []
  const turn = () => answers.push(...names.map((name) => reserve(engine, name, 1)))
  turn()
  await expect.poll(lanesThatWait, { timeout: 1_000, interval: 5 }).toBe(2)
  for (let later = 0; later < 2; later++) {
    turn()
    // Until it has left, where it may.
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  await holder.query('rollback')
  expect((await Promise.all(answers)).every(({ status }) => status === 201)).toBe(true)
  const after = await engine.metrics()
  expect(after['operations_total']! - before['operations_total']!).toBe(24)
  // The first turn of each lane, then the others of each. With a second batch on its way each would have had three.
  expect(after['batches_total']! - before['batches_total']!).toBe(4)
})

/** How many lanes wait for a row that somebody holds. */
async function lanesThatWait(): Promise<number> {
  const { rows } = await holder.query<{ lanes: number }>(
    `select count(distinct pid)::int as lanes from pg_locks join pg_stat_activity using (pid)
      where not granted and datname = current_database()`,
  )
  return rows[0]!.lanes
}
