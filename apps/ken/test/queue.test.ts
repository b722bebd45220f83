import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { openDatabase, type Database } from '../src/database.ts'
import { claim, enqueue, finish, handBack, LeaseLost, mustBeOurs, renew, type Job } from '../src/queue.ts'
import { migrate } from '../src/schema/migrate.ts'

let home: TestDatabase
let database: Database

beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.ownerUrl, () => {})
  await migrate(database, () => Promise.resolve([]))
})
afterAll(async () => {
  await database.end()
  await home.drop()
})

const add = (id: string, heldSeconds = 0) => enqueue(database, { workspaceId: 'ws_1', id, kind: 'test', heldSeconds })

test('two processes that migrate at the same time, and again, make one schema', async () => {
  const empty = await testDatabase()
  const [one, two] = [openDatabase(empty.ownerUrl, () => {}), openDatabase(empty.ownerUrl, () => {})]
  await Promise.all([migrate(one, () => Promise.resolve([])), migrate(two, () => Promise.resolve([]))])
  await migrate(one, () => Promise.resolve([]))
  const { rows } = await one.query(
    'select count(*)::int as applied, count(distinct id)::int as distinct from ken.migrations',
  )
  expect(rows).toEqual([{ applied: 11, distinct: 11 }])
  await Promise.all([one.end(), two.end()])
  await empty.drop()
})

test('ten claimers at once get 500 jobs, each of them once', async () => {
  await Promise.all(Array.from({ length: 500 }, (_, n) => add(`job_${n}`)))
  const claimed: string[] = []
  const claimer = async () => {
    for (let job = await claim(database, ['test']); job; job = await claim(database, ['test'])) claimed.push(job.id)
  }
  await Promise.all(Array.from({ length: 10 }, claimer))
  // Claimers that looked at the same moment may each find the queue empty because the others hold its last rows.
  await claimer()
  expect(claimed).toHaveLength(500)
  expect(new Set(claimed).size).toBe(500)
  await database.query('delete from ken.jobs')
})

test('a lease: held, run out, taken over; the late worker is told, and nothing it does counts', async () => {
  await add('held', 60)
  expect(await claim(database, ['test'])).toBeNull()
  const runOut = () => database.query(`update ken.jobs set locked_until = now() - interval '1 second'`)
  await runOut()
  const late = (await claim(database, ['test'])) as Job
  expect(late).toMatchObject({ id: 'held', attempts: 1 })
  expect(await claim(database, ['test'])).toBeNull()
  await runOut()
  const next = (await claim(database, ['test'])) as Job
  expect(next).toMatchObject({ id: 'held', attempts: 2 })
  expect(await renew(database, late)).toBe(false)
  await expect(mustBeOurs(database, late)).rejects.toThrow(LeaseLost)
  await handBack(database, late, { afterSeconds: 0, failed: false })
  expect(await claim(database, ['test'])).toBeNull()
  expect(await renew(database, next, { progress: true })).toBe(true)
  await handBack(database, next, { afterSeconds: 0, failed: true })
  expect(await claim(database, ['test'])).toMatchObject({ id: 'held', attempts: 2 })
  await finish(database, next)
  await expect(mustBeOurs(database, next)).rejects.toThrow(LeaseLost)
})
