import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.stop())

const lines = (leads: number) => [{ meter: 'leads', quantity: leads }]
const batch = (operations: unknown[], headers?: Record<string, string>) =>
  room.post('/v1/batch', { operations }, headers)
const statuses = (answer: { body: { results: { status: number }[] } }) =>
  answer.body.results.map(({ status }) => status)

test('every operation has the answer it would have had alone; one that fails never fails the rest', async () => {
  const workspace = await room.workspace()
  const answer = await batch([
    { op: 'reserve', workspace, id: 'b1', lines: lines(600) },
    { op: 'reserve', workspace, id: 'b2', lines: lines(600) },
    { op: 'extend', workspace, id: 'b1', ttlSeconds: 3600 },
    { op: 'commit', workspace, id: 'b1', lines: lines(500) },
    { op: 'check', workspace, lines: lines(500) },
    { op: 'use', workspace, lines: lines(1), mode: 'enforce' },
    { op: 'release', workspace, id: 'b1' },
    { op: 'reserve', workspace: 'nobody', lines: lines(1) },
    { op: 'reserve', workspace, lines: lines(0) },
    { op: 'reserve', workspace, lines: lines(1), surprise: true },
    { op: 'dance', workspace },
    { workspace },
    null,
    'text',
    { op: 'commit', workspace, lines: lines(1) },
    { op: 'use', workspace, lines: lines(1), mode: 'enforce', idempotencyKey: '' },
    { op: 'reserve', workspace, id: 'b3', lines: lines(499) },
  ])
  expect(statuses(answer)).toEqual([
    201, 402, 200, 200, 200, 200, 409, 404, 422, 422, 422, 422, 422, 422, 422, 422, 201,
  ])
  expect(answer.body.results[4].body).toMatchObject({ allowed: true, lines: [{ available: 500 }] })
  expect(answer.body.results[8].body).toMatchObject({ code: 'invalid_request', errors: [{ path: 'lines.0.quantity' }] })
})

test('operations of one workspace take effect in the order given, checks among them', async () => {
  const workspace = await room.workspace()
  const operations = Array.from({ length: 40 }, (_, n) => [
    { op: 'use', workspace, lines: lines(1), mode: 'enforce' },
    { op: 'check', workspace, lines: lines(1000 - n) },
  ]).flat()
  const { body } = await batch(operations)
  const available = body.results
    .filter((_: unknown, n: number) => n % 2 === 1)
    .map((result: any) => result.body.lines[0].available)
  expect(available).toEqual(Array.from({ length: 40 }, (_, n) => 999 - n))
  const used = body.results
    .filter((_: unknown, n: number) => n % 2 === 0)
    .map((result: any) => result.body.balances[0].used)
  expect(used).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
})

test('A74 A144 twenty in a batch ask for 75 of 500: six win', async () => {
  const workspace = await room.workspace({ plan: 'free' })
  await room.post(`/v1/workspaces/${workspace}/grants`, { meter: 'leads', quantity: 450, reason: 'To 500' })
  const answer = await batch(
    Array.from({ length: 20 }, (_, n) => ({ op: 'reserve', workspace, id: `r${n}`, lines: lines(75) })),
  )
  expect(statuses(answer).filter((status) => status === 201)).toHaveLength(6)
  expect(statuses(answer).filter((status) => status === 402)).toHaveLength(14)
})

test('items repeat by their own keys, byte for byte, and share them with the single request', async () => {
  const workspace = await room.workspace()
  const item = { op: 'use', workspace, lines: lines(3), mode: 'enforce', idempotencyKey: 'item_1' }
  const first = await batch([item, item])
  expect(first.body.results[1]).toMatchObject({ status: 200, replayed: true, body: first.body.results[0].body })
  const single = await room.post(
    `/v1/workspaces/${workspace}/use`,
    { lines: lines(3), mode: 'enforce' },
    { 'Idempotency-Key': 'item_1' },
  )
  expect(single.headers.get('idempotent-replayed')).toBe('true')
  expect(single.body).toEqual(first.body.results[0].body)
  expect(single.body.balances[0].used).toBe(3)
  expect((await batch([{ ...item, lines: lines(4) }])).body.results[0]).toMatchObject({
    status: 422,
    body: { code: 'idempotency_mismatch' },
  })
})

test('a key in the header, no operation and more than 1,000 are refused whole', async () => {
  const workspace = await room.workspace()
  const before = await room.books(workspace)
  const item = { op: 'use', workspace, lines: lines(1), mode: 'enforce' }
  expect(await batch([item], { 'Idempotency-Key': 'k' })).toMatchObject({
    status: 422,
    body: { errors: [{ path: 'Idempotency-Key' }] },
  })
  expect((await batch([])).status).toBe(422)
  expect((await batch(Array.from({ length: 1001 }, () => item))).status).toBe(422)
  expect(await room.books(workspace)).toBe(before)
})

test('1,000 operations in one request', async () => {
  const workspaces = [await room.workspace(), await room.workspace()]
  const answer = await batch(
    Array.from({ length: 1000 }, (_, n) => ({
      op: 'use',
      workspace: workspaces[n % 2],
      lines: lines(1),
      mode: 'enforce',
    })),
  )
  expect(statuses(answer).every((status) => status === 200)).toBe(true)
  for (const workspace of workspaces) {
    const { body } = await room.get(`/v1/workspaces/${workspace}/balances`)
    expect(body.balances.find(({ meter }: { meter: string }) => meter === 'leads').used).toBe(500)
  }
})

test('R49 a bound key’s items for another workspace are not found', async () => {
  const [own, other] = [await room.workspace(), await room.workspace()]
  const before = await room.books(other)
  const key = await room.newKey('full', own)
  const use = (workspace: string) => ({ op: 'use', workspace, lines: lines(1), mode: 'record' })
  const answer = await room.ask('POST', '/v1/batch', {
    key,
    body: { operations: [use(other), use('nobody'), use(own)] },
  })
  expect(statuses(answer)).toEqual([404, 404, 200])
  expect(answer.body.results[0]).toEqual(answer.body.results[1])
  expect(await room.books(other)).toBe(before)
})
