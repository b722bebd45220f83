/** Puts a reply on the wire. */
import type { ServerResponse } from 'node:http'
import { dataHeaders } from './headers.ts'
import type { Reply } from './problem.ts'

/** Names and values in turn, as they go out: what every answer carries is put together once. */
const dataList: readonly string[] = Object.entries(dataHeaders).flat()

export function send(outgoing: ServerResponse, reply: Reply, requestId: string, stopping: boolean): void {
  const { status, body, stream } = reply
  const text = body === null ? null : (reply.text ?? JSON.stringify(body))
  const list = headerList(reply, requestId, stopping)
  if (text !== null) list.push('content-length', String(Buffer.byteLength(text)))
  outgoing.writeHead(status, list)
  if (stream) void pump(stream, outgoing)
  else if (text === null) outgoing.end()
  else outgoing.end(text)
}

function headerList({ status, body, replayed, headers }: Reply, requestId: string, stopping: boolean): string[] {
  const list = [...dataList, 'x-request-id', requestId]
  if (body !== null) list.push('content-type', status >= 400 ? 'application/problem+json' : 'application/json')
  if (replayed) list.push('idempotent-replayed', 'true')
  for (const name in headers) setHeader(list, name, headers[name]!)
  if (stopping) setHeader(list, 'connection', 'close')
  return list
}

/** For where there is no connection of ours to put it on. */
export function asResponse(reply: Reply, requestId: string, stopping: boolean): Response {
  const list = headerList(reply, requestId, stopping)
  const headers = list.flatMap((name, at) => (at % 2 === 0 ? [[name, list[at + 1]!] as [string, string]] : []))
  return new Response(reply.text ?? JSON.stringify(reply.body), { status: reply.status, headers })
}

function setHeader(list: string[], name: string, value: string): void {
  for (let at = 0; at < list.length; at += 2) {
    if (list[at] !== name) continue
    list[at + 1] = value
    return
  }
  list.push(name, value)
}

/** Takes from the stream only what the reader takes from us; a reader that goes away ends the stream. */
async function pump(stream: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = stream.getReader()
  outgoing.once('close', () => void reader.cancel().catch(() => {}))
  outgoing.flushHeaders()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (!outgoing.write(value)) await drained(outgoing)
    }
    outgoing.end()
  } catch {
    outgoing.destroy()
  }
}

const drained = (outgoing: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      outgoing.off('drain', done)
      outgoing.off('close', done)
      resolve()
    }
    outgoing.once('drain', done)
    outgoing.once('close', done)
  })
