import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectOwner } from '../../engine/src/connection.ts'
import { BooksWatch } from '../src/books-watch.ts'
import { createLog } from '../src/log.ts'
import { openRoom, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.stop())

test('F9 a balance that is not what its ledger adds up to is said and counted, until it is mended', async () => {
  const workspace = await room.workspace()
  const lines: string[] = []
  const watch = new BooksWatch(room.engine, createLog('info', { write: (line) => void lines.push(line) }))
  await watch.look()
  expect(watch.figures).toEqual({ audit_differences: 0, audits_total: 1, audit_failures_total: 0 })

  const owner = await connectOwner(room.database.ownerUrl)
  const tamper = (by: number) =>
    owner.query(`update balances set used = used + $1 where workspace_id = $2 and meter = 'leads'`, [by, workspace])
  await tamper(1)
  await Promise.all([watch.look(), watch.look()])
  expect(watch.figures).toMatchObject({ audit_differences: expect.any(Number), audits_total: 2 })
  expect(watch.figures.audit_differences).toBeGreaterThan(0)
  expect(JSON.parse(lines[0]!)).toMatchObject({ alarm: 'books_differ', msg: expect.stringContaining(workspace) })
  await tamper(-1)
  await owner.end()
  await watch.look()
  expect(watch.figures.audit_differences).toBe(0)
})

test('F9 a look that fails is counted and makes nothing younger; the next one comes by itself', async () => {
  let asked = 0
  const engine = {
    ...room.engine,
    audit: () => ((asked += 1) < 3 ? Promise.reject(new Error('away')) : room.engine.audit()),
  }
  const watch = new BooksWatch(engine, createLog('silent', { write: () => {} }))
  watch.start(5)
  await expect.poll(() => watch.figures.audits_total, { timeout: 20_000 }).toBeGreaterThan(0)
  watch.stop()
  expect(watch.figures.audit_failures_total).toBe(2)
})
