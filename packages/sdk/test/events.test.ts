import type { ServerResponse } from 'node:http'
import { expect, test } from 'vitest'
import { Headroom, NotFound } from '../src/index.ts'
import { eventsOf, type StreamEvent } from '../src/event-stream.ts'
import { problem, reset, scriptedServer, type Answer } from './scripted-server.ts'

const snapshot = (used: number, label = 'Leads') => ({ workspace: 'ws_1', meters: [{ meter: 'leads', label, used }] })
const message = (used: number, label?: string) => `event: usage\ndata: ${JSON.stringify(snapshot(used, label))}\n\n`

const begin = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' })
const stream =
  (...messages: string[]): Answer =>
  (response) => {
    begin(response)
    for (const each of messages) response.write(each)
  }
const thenEnd =
  (...messages: string[]): Answer =>
  (response) =>
    void begin(response).end(messages.join(''))

/** Takes so many events, then stops listening. */
async function take(headroom: Headroom, count: number, seen: boolean[] = []): Promise<unknown[]> {
  const events: unknown[] = []
  for await (const usage of headroom.events('ws_1', { onConnection: (connected) => seen.push(connected) })) {
    if (events.push(usage) === count) break
  }
  return events
}

function inChunks(text: string, size: number): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
}

test('the stream reads the same however it is cut: inside a character, between CR and LF', async () => {
  const text =
    ': heartbeat\r\n\r\nevent: usage\r\ndata: {"label":"Rücklage 💶",\r\ndata: "used":1}\r\n\r\n' +
    'retry: 10\nid: 7\ndata:bare\n\nevent: usage\n\ndata: first\rdata:  second\r\r: x\ndata: never ended'
  const expected: StreamEvent[] = [
    { event: 'usage', data: '{"label":"Rücklage 💶",\n"used":1}' },
    { event: 'message', data: 'bare' },
    { event: 'message', data: 'first\n second' },
  ]
  for (let size = 1; size <= 40; size += 1) {
    const seen: StreamEvent[] = []
    for await (const event of eventsOf(inChunks(text, size))) seen.push(event)
    expect(seen, `cut every ${size} bytes`).toEqual(expected)
  }
})

test('events arrive as they are sent, over real chunks that split characters and line ends', async () => {
  const bytes = Buffer.from(message(1, 'Leads für Zoë 🚀').replaceAll('\n', '\r\n') + message(2))
  await using server = await scriptedServer(async (response) => {
    begin(response)
    for (let at = 0; at < bytes.length; at += 7) {
      response.write(bytes.subarray(at, at + 7))
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  expect(await take(headroom, 2)).toEqual([snapshot(1, 'Leads für Zoë 🚀'), snapshot(2)])
  expect(server.asked[0]!.headers.accept).toBe('text/event-stream')
})

test('a lost stream is opened again, whatever was in the way', async () => {
  await using server = await scriptedServer(
    thenEnd(message(1)),
    problem(503, 'unavailable'),
    reset,
    thenEnd('event: usage\ndata: {"half":'),
    stream(message(2)),
  )
  const seen: boolean[] = []
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  expect(await take(headroom, 2, seen)).toEqual([snapshot(1), snapshot(2)])
  expect(server.asked).toHaveLength(5)
  expect(seen).toEqual([true, false, true, false, true, false])
})

test('a token that has ended is asked for again', async () => {
  await using server = await scriptedServer(stream(message(1)), problem(401, 'unauthenticated'), stream(message(2)))
  let given = 0
  const headroom = new Headroom({ baseUrl: server.baseUrl, getToken: () => `hr_bt_${(given += 1)}` })
  await take(headroom, 1)
  await take(headroom, 1)
  expect(server.asked.map((asked) => asked.headers.authorization)).toEqual([
    'Bearer hr_bt_1',
    'Bearer hr_bt_1',
    'Bearer hr_bt_2',
  ])
})

test('what asking again cannot mend ends the iteration with its error', async () => {
  await using server = await scriptedServer(problem(404, 'not_found'))
  await expect(take(new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' }), 1)).rejects.toBeInstanceOf(
    NotFound,
  )
  expect(server.asked).toHaveLength(1)
})

test('an aborted signal ends the iteration without an error and closes the connection', async () => {
  let closed: Promise<void> | undefined
  await using server = await scriptedServer((response) => {
    closed = new Promise((resolve) => response.on('close', resolve))
    begin(response).write(message(1))
  })
  const control = new AbortController()
  const seen: unknown[] = []
  const headroom = new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' })
  for await (const usage of headroom.events('ws_1', { signal: control.signal })) {
    seen.push(usage)
    control.abort()
  }
  expect(seen).toEqual([snapshot(1)])
  await closed
})

test('leaving the loop closes the connection', async () => {
  let closed: Promise<void> | undefined
  await using server = await scriptedServer((response) => {
    closed = new Promise((resolve) => response.on('close', resolve))
    begin(response).write(message(1))
  })
  await take(new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test' }), 1)
  await closed
})
