/** What is refused before there is a request, and how the server stops. */
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.stop())

/** Sends bytes as they are; resolves with all that comes back until the connection closes. */
function send(...parts: string[]): Promise<{ status: number; head: string; body: any; closed: boolean }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(room.url).port), '127.0.0.1')
    let text = ''
    const done = (closed: boolean) => {
      socket.destroy()
      const [head = '', body = ''] = text.split('\r\n\r\n')
      try {
        resolve({ status: Number(head.split(' ')[1]), head, body: JSON.parse(body), closed })
      } catch {
        reject(new Error(`No problem document: ${text.slice(0, 400)}`))
      }
    }
    socket.setTimeout(5_000, () => done(false))
    socket.on('data', (data) => (text += String(data)))
    socket.on('error', () => {})
    socket.on('close', () => done(true))
    for (const part of parts) socket.write(part)
  })
}

const get = (path: string, ...headers: string[]) =>
  `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`
const post = (...headers: string[]) =>
  `POST /v1/batch HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${room.key}\r\nContent-Type: application/json\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`

const rows: [row: string, request: () => string, status: number][] = [
  ['R106 both a length and chunks', () => post('Content-Length: 2', 'Transfer-Encoding: chunked') + '0\r\n\r\n', 400],
  ['R106 chunked twice', () => post('Transfer-Encoding: chunked, chunked') + '0\r\n\r\n', 400],
  ['R106 two lengths', () => post('Content-Length: 2', 'Content-Length: 3') + '{}', 400],
  ['R106 a bare line feed', () => 'GET /healthz HTTP/1.1\nHost: localhost\n\n', 400],
  ['R106 a space before the colon', () => get('/healthz', 'X-A : b'), 400],
  ['no request at all', () => '\u0016\u0003\u0001\r\n\r\n', 400],
  ['no Host', () => 'GET /healthz HTTP/1.1\r\n\r\n', 400],
  ['R29 a header with a control character', () => get('/healthz', 'X-Request-Id: a\u0000b'), 400],
  ['R51 a key with a control character', () => post('Idempotency-Key: a\u0001b', 'Content-Length: 2') + '{}', 400],
  ['R107 a cookie of 20 KB', () => get('/healthz', `Cookie: a=${'x'.repeat(20_000)}`), 431],
  ['R107 200 headers', () => get('/healthz', ...Array.from({ length: 200 }, (_, n) => `X-H${n}: 1`)), 431],
  ['R107 a URL of 9 KB', () => get(`/healthz?${'x'.repeat(9_000)}`), 414],
]
test.each(rows)('%s is refused with a problem document, and the connection closes', async (_, request, status) => {
  const answer = await send(request())
  expect(answer).toMatchObject({ status, closed: true, body: { status } })
  expect(answer.head.toLowerCase()).toContain('content-type: application/problem+json')
  expect(answer.body.requestId).toMatch(/^req_/)
})

test('R31 a body declared as a gigabyte is refused before it comes', async () => {
  expect(await send(post('Content-Length: 1073741824') + '{"operations":[')).toMatchObject({
    status: 413,
    closed: true,
  })
})

test('R31 an endless body is refused at the limit', async () => {
  const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
  const answer = await send(post('Transfer-Encoding: chunked'), ...Array.from({ length: 40 }, () => chunk))
  expect(answer).toMatchObject({ status: 413, body: { code: 'too_large' } })
})

test('R45 no Host of the client stands in an answer', async () => {
  const socket = await fetch(`${room.url}/v1/nothing`, { headers: { Authorization: `Bearer ${room.key}` } })
  expect(await socket.text()).not.toContain('127.0.0.1')
})

test('a stop lets running requests end, closes streams, and is not ready', async () => {
  const own = await openRoom()
  const workspace = await own.workspace()
  const stream = await fetch(`${own.url}/v1/workspaces/${workspace}/events`, {
    headers: { Authorization: `Bearer ${own.key}` },
  })
  const reader = stream.body!.getReader()
  await reader.read()
  const running = Array.from({ length: 100 }, (_, n) =>
    own.post(`/v1/workspaces/${workspace}/reservations`, { id: `r${n}`, lines: [{ meter: 'leads', quantity: 1 }] }),
  )
  const ended = Promise.allSettled(running)
  // All are on their way once one has been answered.
  await running[0]
  own.server.drain()
  const ready = await fetch(`${own.url}/readyz`)
  expect(ready.status).toBe(503)
  const stopped = own.stop()
  for (let closed = false; !closed;) closed = (await reader.read()).done
  const answers = await ended
  for (const answer of answers) {
    // A connection not yet accepted may be refused; an answer that comes is whole.
    if (answer.status === 'fulfilled') expect(answer.value.status).toBe(201)
  }
  await stopped
  await expect(fetch(`${own.url}/healthz`)).rejects.toThrow()
})

test('a stop waits for what takes its time, and a connection that is taken for use at that moment gets its last answer', async () => {
  let end!: () => void
  const slow = new Promise<void>((resolve) => (end = resolve))
  let isBegun = false
  const own = await openRoom({
    elsewhere: () => {
      isBegun = true
      return slow.then(() => new Response('in the end'))
    },
  })
  const running = fetch(`${own.url}/elsewhere`)
  running.catch(() => {})
  const kept = connect(Number(new URL(own.url).port), '127.0.0.1')
  let heard = ''
  const patiently = { timeout: 10_000 }
  kept.on('error', () => {})
  kept.on('data', (data) => (heard += String(data)))
  kept.write(get('/healthz'))
  await expect.poll(() => heard, patiently).toContain('HTTP/1.1 200')
  heard = ''
  await expect.poll(() => isBegun, patiently).toBe(true)
  const stopped = own.server.stop()
  kept.write(get('/healthz'))
  await expect.poll(() => heard.toLowerCase(), patiently).toMatch(/^http\/1\.1 200[^]*\r\nconnection: close\r\n/)
  end()
  expect(await (await running).text()).toBe('in the end')
  await stopped
  kept.destroy()
  await own.stop()
})
