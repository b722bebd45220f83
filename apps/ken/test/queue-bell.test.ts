import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { openDatabase, type Database } from '../src/database.ts'
import { JobsBell } from '../src/queue-bell.ts'
import { claim, enqueue, ensureDue, handBack, nextDueMs, renew, type Job } from '../src/queue.ts'
import { migrate } from '../src/schema/migrate.ts'

let home: TestDatabase
let database: Database
let other: Database
let bell: JobsBell
let rings = 0

beforeAll(async () => {
  home = await testDatabase()
  database = openDatabase(home.ownerUrl, () => {})
  other = openDatabase(home.ownerUrl, () => {})
  await migrate(database, () => Promise.resolve([]))
  bell = new JobsBell(
    home.ownerUrl,
    () => {},
    () => (rings += 1),
  )
  await bell.start()
  await vi.waitFor(() => expect(bell.isHeard).toBe(true))
})
afterAll(async () => {
  await Promise.all([bell.stop(), database.end(), other.end()])
  await home.drop()
})

/** How often it rang during something another process did. */
async function ringsDuring(work: () => Promise<unknown>): Promise<number> {
  const before = rings
  await work()
  // What is committed is told in order: once this one is heard, the others were.
  const marked = rings
  await other.query(`select pg_notify('ken_jobs', 'mark')`)
  await vi.waitFor(() => expect(rings).toBeGreaterThan(marked))
  await pause(20)
  return rings - before - 1
}

const job = { workspaceId: 'ws_bell', id: 'job_bell', kind: 'bell' }

test('it rings for whatever makes a job due, and not for claims and renewals', async () => {
  expect(await ringsDuring(() => enqueue(other, { ...job, heldSeconds: 60 }))).toBe(0)
  expect(await nextDueMs(other, ['bell'])).toBeGreaterThan(50_000)
  expect(await ringsDuring(() => handBack(other, job, { afterSeconds: 0, failed: false }))).toBe(1)
  expect(await nextDueMs(other, ['bell'])).toBeLessThanOrEqual(0)
  const claimed = (await claim(other, ['bell'])) as Job
  expect(await ringsDuring(() => renew(other, claimed))).toBe(0)
  expect(await ringsDuring(() => handBack(other, claimed, { afterSeconds: 30, failed: true }))).toBe(1)
  expect(await ringsDuring(() => ensureDue(other, job))).toBe(1)
  expect(await nextDueMs(other, ['another'])).toBeNull()
})

test('a bell whose connection is cut is not trusted until it hears itself again', async () => {
  const before = rings
  await other.query(
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ken bell' and datname = current_database()`,
  )
  await vi.waitFor(() => expect(bell.isHeard).toBe(false))
  await vi.waitFor(() => expect(bell.isHeard).toBe(true), 10_000)
  // Once for what may have rung meanwhile, once because it listens.
  expect(rings - before).toBeGreaterThanOrEqual(2)
})
