/** More at once than can be done at once. */
import { connect } from 'node:net'
import { unavailable } from '@headroom/engine'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.stop())

/** One request on a connection of its own; its status, and the whole answer. */
function asked(path: string, body: object): Promise<{ status: number; text: string }> {
  const json = JSON.stringify(body)
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${room.key}\r\nConnection: close`
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(room.url).port), '127.0.0.1')
    let text = ''
    socket.on('data', (chunk) => (text += String(chunk)))
    socket.on('error', reject)
    socket.on('close', () => resolve({ status: Number(text.split(' ')[1]), text }))
    socket.write(`${head}\r\nContent-Type: application/json\r\nContent-Length: ${json.length}\r\n\r\n${json}`)
  })
}

test('2,000 connections at once are answered, each with what was done', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/reservations`
  const answers = await Promise.all(
    Array.from({ length: 2_000 }, (_, n) => asked(path, { id: `r${n}`, lines: [{ meter: 'leads', quantity: 1 }] })),
  )
  const statuses = new Map<number, number>()
  for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
  // 1,000 leads are there.
  expect(Object.fromEntries(statuses)).toEqual({ 201: 1_000, 402: 1_000 })
  const { body } = await room.get(`/v1/workspaces/${workspace}/balances`)
  expect(body.balances).toContainEqual(expect.objectContaining({ meter: 'leads', reserved: 1_000, available: 0 }))
})

test('where the queue is full, the answer is 503 and when to come again, single and in a batch', async () => {
  const full = () => Promise.reject(unavailable('nothing_happened', 'Too many operations are waiting.'))
  const own = await openRoom({ engine: { ...room.engine, submit: full } }, room.database)
  const lines = [{ meter: 'leads', quantity: 1 }]
  const ask = (path: string, body: object) =>
    fetch(own.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${own.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const single = await ask('/v1/workspaces/ws_1/reservations', { lines })
  expect([single.status, single.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await single.json()).toMatchObject({
    code: 'unavailable',
    detail: expect.stringContaining('Nothing happened'),
  })
  const batch = await ask('/v1/batch', { operations: [{ op: 'reserve', workspace: 'ws_1', lines }] })
  expect(await batch.json()).toMatchObject({ results: [{ status: 503, body: { code: 'unavailable' } }] })
  await own.stop()
})
