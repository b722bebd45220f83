import { expect, test } from 'vitest'
import { ConnectionFailed, Forbidden, Headroom, InProgress, RateLimited, TimedOut, Unavailable } from '../src/index.ts'
import { cut, hang, json, problem, reset, scriptedServer, type Answer } from './scripted-server.ts'

const line = { meter: 'leads', quantity: 5 }
const balances = { workspace: 'ws_1', asOf: '2026-11-23T18:00:00Z', balances: [] }
const use = (headroom: Headroom) => headroom.use('ws_1', { lines: [line], mode: 'enforce' })

const faults: [string, Answer][] = [
  ['503', problem(503, 'unavailable')],
  ['a 502 page of a proxy', (response) => void response.writeHead(502).end('<html>Bad gateway</html>')],
  ['429 with Retry-After', problem(429, 'rate_limited', {}, { 'retry-after': '0' })],
  ['409 in_progress', problem(409, 'in_progress')],
  ['a reset connection', reset],
  ['an answer cut mid-way', cut],
]

test.each(faults)('after %s the same bytes go out again under the same key', async (_, fault) => {
  await using server = await scriptedServer(fault, json(200, balances))
  expect(await use(new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' }))).toEqual(balances)
  const [first, second] = server.asked
  expect(first!.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/)
  expect(second!.headers['idempotency-key']).toBe(first!.headers['idempotency-key'])
  expect(second!.text).toBe(first!.text)
})

test('two calls never share a key', async () => {
  await using server = await scriptedServer(json(200, balances))
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  await use(headroom)
  await use(headroom)
  expect(server.asked[1]!.headers['idempotency-key']).not.toBe(server.asked[0]!.headers['idempotency-key'])
})

test('a server that hangs is given up on and asked again', async () => {
  await using server = await scriptedServer(hang, json(200, balances))
  expect(await use(new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test', timeoutMs: 100 }))).toEqual(balances)
  expect(server.asked).toHaveLength(2)
})

test('when no attempt helps, the error of the last one is thrown', async () => {
  const cases: [Answer, new (...of: never[]) => Error][] = [
    [hang, TimedOut],
    [reset, ConnectionFailed],
    [problem(503, 'unavailable'), Unavailable],
    [problem(409, 'in_progress'), InProgress],
    [problem(429, 'rate_limited'), RateLimited],
  ]
  for (const [fault, kind] of cases) {
    await using server = await scriptedServer(fault)
    const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test', timeoutMs: 50, maxRetries: 1 })
    await expect(use(headroom)).rejects.toBeInstanceOf(kind)
    expect(server.asked).toHaveLength(2)
  }
})

test('a wait longer than half a minute is left to the caller', async () => {
  await using server = await scriptedServer(problem(429, 'rate_limited', {}, { 'retry-after': '3600' }))
  const error: unknown = await use(new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })).catch(
    (e: unknown) => e,
  )
  expect(error).toBeInstanceOf(RateLimited)
  expect((error as RateLimited).retryAfterSeconds).toBe(3600)
  expect(server.asked).toHaveLength(1)
})

test('what asking again cannot mend is not asked again', async () => {
  for (const answer of [problem(403, 'forbidden'), problem(422, 'invalid_request'), problem(500, 'internal')]) {
    await using server = await scriptedServer(answer)
    await expect(use(new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' }))).rejects.toThrow()
    expect(server.asked).toHaveLength(1)
  }
})

test('an aborted signal ends the call with its own reason, also between attempts', async () => {
  await using server = await scriptedServer(hang)
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test', timeoutMs: 60_000 })
  const control = new AbortController()
  const asked = headroom.usage('ws_1', { signal: control.signal })
  const reason = new Error('left the page')
  control.abort(reason)
  await expect(asked).rejects.toBe(reason)

  await using limited = await scriptedServer(problem(429, 'rate_limited', {}, { 'retry-after': '20' }))
  const between = new AbortController()
  const waiting = new Headroom({ baseUrl: limited.baseUrl, apiKey: 'hr_sk_test' }).usage('ws_1', {
    signal: between.signal,
  })
  while (limited.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
  between.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})

test('an ended browser token is renewed once, and the new one is kept', async () => {
  await using server = await scriptedServer(problem(401, 'unauthenticated'), json(200, balances))
  let given = 0
  const headroom = new Headroom({ baseUrl: server.baseUrl, getToken: () => Promise.resolve(`hr_bt_${(given += 1)}`) })
  await headroom.balances('ws_1')
  await headroom.balances('ws_1')
  const tokens = server.asked.map((asked) => asked.headers.authorization)
  expect(tokens).toEqual(['Bearer hr_bt_1', 'Bearer hr_bt_2', 'Bearer hr_bt_2'])
})

test('a token refused twice is Unauthenticated, and a key is not tried twice', async () => {
  await using server = await scriptedServer(problem(401, 'unauthenticated'))
  const withToken = new Headroom({ baseUrl: server.baseUrl, getToken: () => 'hr_bt_1' })
  await expect(withToken.balances('ws_1')).rejects.toMatchObject({ name: 'Unauthenticated', requestId: 'req_1' })
  expect(server.asked).toHaveLength(2)
  const withKey = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_wrong' })
  await expect(withKey.balances('ws_1')).rejects.toMatchObject({ name: 'Unauthenticated' })
  expect(server.asked).toHaveLength(3)
})

test('requests that start together share one call of getToken', async () => {
  await using server = await scriptedServer(json(200, balances))
  let given = 0
  const headroom = new Headroom({ baseUrl: server.baseUrl, getToken: () => `hr_bt_${(given += 1)}` })
  await Promise.all([headroom.balances('ws_1'), headroom.balances('ws_1'), headroom.balances('ws_1')])
  expect(given).toBe(1)
})

test('getToken that fails or hangs is a failed connection, and works again later', async () => {
  await using server = await scriptedServer(json(200, balances))
  const tokens = [() => Promise.reject(new Error('502')), () => new Promise<string>(() => {}), () => 'hr_bt_3']
  const options = { baseUrl: server.baseUrl, timeoutMs: 50, maxRetries: 0 }
  const headroom = new Headroom({ ...options, getToken: () => tokens.shift()!() })
  await expect(headroom.balances('ws_1')).rejects.toBeInstanceOf(ConnectionFailed)
  await expect(headroom.balances('ws_1')).rejects.toBeInstanceOf(TimedOut)
  expect(await headroom.balances('ws_1')).toEqual(balances)
})

test('what no header can carry is refused before anything is sent', async () => {
  await using server = await scriptedServer(json(200, balances))
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  await expect(headroom.release('ws_1', 'r', { idempotencyKey: 'schlüssel' })).rejects.toBeInstanceOf(TypeError)
  expect(() => headroom.as({ role: 'admin', viewerId: 'a\r\nb' })).toThrow(TypeError)
  expect(() => new Headroom({ baseUrl: '', apiKey: 'two\nlines' })).toThrow(TypeError)
  expect(() => new Headroom({ baseUrl: '', getToken: () => '', viewer: { role: 'admin' } })).toThrow(TypeError)
  expect(server.asked).toHaveLength(0)
})

test('a client for a viewer says so in the header and leaves the first one as it was', async () => {
  await using server = await scriptedServer(problem(403, 'forbidden'))
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  await expect(headroom.as({ role: 'editor', viewerId: 'usr_7' }).usage('ws_1')).rejects.toBeInstanceOf(Forbidden)
  await expect(headroom.as({ role: 'viewer' }).usage('ws_1')).rejects.toBeInstanceOf(Forbidden)
  await expect(headroom.usage('ws_1')).rejects.toBeInstanceOf(Forbidden)
  expect(server.asked.map((asked) => asked.headers['headroom-viewer'])).toEqual(['editor;usr_7', 'viewer', undefined])
})
