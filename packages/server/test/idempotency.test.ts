import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.stop())

const lines = (leads: number) => [{ meter: 'leads', quantity: leads }]
const used = async (workspace: string): Promise<number> => {
  const { body } = await room.get(`/v1/workspaces/${workspace}/balances`)
  return body.balances.find(({ meter }: { meter: string }) => meter === 'leads').used
}
const use = (workspace: string, leads: number, key: string, headers: Record<string, string> = {}) =>
  room.post(
    `/v1/workspaces/${workspace}/use`,
    { lines: lines(leads), mode: 'enforce' },
    { 'Idempotency-Key': key, ...headers },
  )

test('A147 the same key and body answers byte for byte and acts once', async () => {
  const workspace = await room.workspace()
  const first = await use(workspace, 10, 'k1')
  const second = await use(workspace, 10, 'k1')
  expect(second).toMatchObject({ status: 200, text: first.text })
  expect(first.headers.get('idempotent-replayed')).toBeNull()
  expect(second.headers.get('idempotent-replayed')).toBe('true')
  expect(second.headers.get('x-request-id')).not.toBe(first.headers.get('x-request-id'))
  expect(await used(workspace)).toBe(10)
})

test('the same content in another order or spelling is the same request', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/use`
  const headers = { 'Idempotency-Key': 'spelled' }
  const first = await room.ask('POST', path, {
    raw: '{"lines":[{"meter":"leads","quantity":5}],"mode":"enforce"}',
    headers,
  })
  const again = await room.ask('POST', path, {
    raw: '{ "mode":"enforce", "lines":[{"quantity":5e0,"meter":"leads"}] }',
    headers,
  })
  expect(again.text).toBe(first.text)
})

test('R52 the same key with another body is refused, and so is what it would have done', async () => {
  const workspace = await room.workspace()
  await use(workspace, 10, 'k1')
  expect(await use(workspace, 11, 'k1')).toMatchObject({ status: 422, body: { code: 'idempotency_mismatch' } })
  expect(await used(workspace)).toBe(10)
})

test('R52 another caller, route or workspace has keys of its own', async () => {
  const [workspace, other] = [await room.workspace(), await room.workspace()]
  await use(workspace, 10, 'shared')
  expect((await use(other, 20, 'shared')).status).toBe(200)
  const key = await room.newKey('full', workspace)
  expect((await use(workspace, 30, 'shared', { authorization: `Bearer ${key}` })).status).toBe(200)
  const grant = { meter: 'leads', quantity: 1, reason: 'A test' }
  expect((await room.post(`/v1/workspaces/${workspace}/grants`, grant, { 'Idempotency-Key': 'shared' })).status).toBe(
    201,
  )
  expect(await used(workspace)).toBe(40)
  expect(await used(other)).toBe(20)
})

test('R54 a refusal is repeated as it was, also after more has been granted; a new key succeeds', async () => {
  const workspace = await room.workspace()
  const refused = await use(workspace, 1500, 'too_much')
  expect(refused.status).toBe(402)
  await room.post(`/v1/workspaces/${workspace}/grants`, { meter: 'leads', quantity: 1000, reason: 'A test' })
  const again = await use(workspace, 1500, 'too_much')
  expect(again).toMatchObject({ status: 402, text: refused.text })
  expect(again.headers.get('idempotent-replayed')).toBe('true')
  expect((await use(workspace, 1500, 'new_key')).status).toBe(200)
})

test('what was refused by form is not stored: the key is still free', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/use`
  const headers = { 'Idempotency-Key': 'reused' }
  expect((await room.post(path, { lines: lines(0), mode: 'enforce' }, headers)).status).toBe(422)
  expect((await room.post(path, { lines: [{ meter: 'unknown', quantity: 1 }], mode: 'enforce' }, headers)).status).toBe(
    422,
  )
  expect((await room.post(path, { lines: lines(1), mode: 'enforce' }, headers)).status).toBe(200)
})

test('with a key and an id the key comes first', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/reservations`
  const headers = { 'Idempotency-Key': 'both' }
  const first = await room.post(path, { id: 'r1', lines: lines(5) }, headers)
  await room.post(`${path}/r1/release`)
  expect(await room.post(path, { id: 'r1', lines: lines(5) }, headers)).toMatchObject({ status: 201, text: first.text })
  expect(await room.post(path, { id: 'r1', lines: lines(5) })).toMatchObject({
    status: 200,
    body: { state: 'released' },
  })
})

test('R53 fifty at once with one key: one effect, fifty identical answers', async () => {
  const workspace = await room.workspace()
  const answers = await Promise.all(Array.from({ length: 50 }, () => use(workspace, 7, 'at_once')))
  const settled = answers.filter(({ status }) => status !== 409)
  for (const { status, body } of answers.filter(({ status }) => status === 409)) {
    expect({ status, code: body.code }).toEqual({ status: 409, code: 'in_progress' })
  }
  expect(new Set(settled.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(await used(workspace)).toBe(7)
})

test('a part of a commit counts once under its key', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/reservations`
  await room.post(path, { id: 'parts', lines: lines(100) })
  const part = (key: string) =>
    room.post(`${path}/parts/commit`, { lines: lines(10), final: false }, { 'Idempotency-Key': key })
  const [first, again, next] = [await part('p1'), await part('p1'), await part('p2')]
  expect(again.text).toBe(first.text)
  expect(next.body.lines[0].used).toBe(20)
})

test.each(['', 'x'.repeat(256), 'a b', 'ä', 'a\tb'])('R51 the key %j is refused', async (key) => {
  const workspace = await room.workspace()
  const before = await room.books(workspace)
  expect(await use(workspace, 1, key)).toMatchObject({ status: 422, body: { errors: [{ path: 'Idempotency-Key' }] } })
  expect(await room.books(workspace)).toBe(before)
  expect((await use(workspace, 1, 'x'.repeat(255))).status).toBe(200)
})

test('a reservation without an id is made once under its key, single and in a batch, and another id is another request', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/reservations`
  const headers = { 'Idempotency-Key': 'unnamed' }
  const first = await room.post(path, { lines: lines(10) }, headers)
  expect(first.status).toBe(201)
  expect(await room.post(path, { lines: lines(10) }, headers)).toMatchObject({ status: 201, text: first.text })
  expect(await room.post(path, { lines: lines(10), id: 'named' }, headers)).toMatchObject({ status: 422 })
  const item = { op: 'reserve', workspace, lines: lines(10), idempotencyKey: 'unnamed' }
  const { body } = await room.post('/v1/batch', { operations: [item] })
  expect(body.results).toMatchObject([{ status: 201, body: { id: first.body.id } }])
  const held = await room.get(`${path}?state=held`)
  expect(held.body.data).toHaveLength(1)
})
