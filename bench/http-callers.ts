/** What the callers of the HTTP section send. Everybody sends the same heads, also to who does not look at them. */
import type { HttpAnswer } from './http-connection.ts'
import type { Caller } from './http-load.ts'

export const batchSize = 100

interface Asking {
  key: string
  workspaces: number
  /** Makes ids that no other run makes. */
  run: string
}

const head = (method: string, path: string, key: string, more = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${key}\r\n${more}`

const post = (path: string, key: string, body: string) =>
  `${head('POST', path, key)}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`

const anyOf = (workspaces: number) => (workspaces === 1 ? 0 : Math.floor(Math.random() * workspaces))

const expect = (status: number) => (answer: HttpAnswer) => {
  if (answer.status !== status) throw new Error(`Expected ${status}, was answered: ${answer.head}\n${answer.body}`)
}

/** Reserves one, commits it, and starts over. */
export function pairs({ key, workspaces, run }: Asking, caller: number): Caller {
  let [turn, workspace, id] = [0, 0, '']
  const [reserved, committed] = [expect(201), expect(200)]
  return {
    operations: 1,
    keep: false,
    request() {
      const isReserve = turn++ % 2 === 0
      if (isReserve) [workspace, id] = [anyOf(workspaces), `${run}_${caller}_${turn}`]
      const path = `/v1/workspaces/ws_${workspace}/reservations`
      return isReserve
        ? post(path, key, `{"id":"${id}","lines":[{"meter":"leads","quantity":1}]}`)
        : post(`${path}/${id}/commit`, key, '{"lines":[{"meter":"leads","quantity":1}]}')
    },
    check: (answer) => (turn % 2 === 1 ? reserved : committed)(answer),
  }
}

/** The same, a hundred in one request. */
export function batches({ key, workspaces, run }: Asking, caller: number): Caller {
  let turn = 0
  let held: { workspace: number; id: string }[] = []
  const ok = expect(200)
  return {
    operations: batchSize,
    keep: true,
    request() {
      const isReserve = turn++ % 2 === 0
      if (isReserve)
        held = Array.from({ length: batchSize }, (_, index) => ({
          workspace: anyOf(workspaces),
          id: `${run}_${caller}_${turn}_${index}`,
        }))
      const items = held.map(
        ({ workspace, id }) =>
          `{"op":"${isReserve ? 'reserve' : 'commit'}","workspace":"ws_${workspace}","id":"${id}","lines":[{"meter":"leads","quantity":1}]}`,
      )
      return post('/v1/batch', key, `{"operations":[${items.join(',')}]}`)
    },
    check(answer) {
      ok(answer)
      const done = answer.body.split(turn % 2 === 1 ? '{"status":201,' : '{"status":200,').length - 1
      if (done !== batchSize) throw new Error(`${done} of ${batchSize} were done: ${answer.body.slice(0, 500)}`)
    },
  }
}

/** Reads the usage of a workspace where nothing happens, knowing it already. */
export function readers({ key, workspaces }: Asking, caller: number): Caller {
  const path = `/v1/workspaces/ws_${caller % workspaces}/usage`
  let known = ''
  return {
    operations: 1,
    keep: false,
    request: () => `${head('GET', path, key, known && `If-None-Match: ${known}\r\n`)}\r\n`,
    check(answer) {
      expect(known ? 304 : 200)(answer)
      known ||= /^etag: (.+)$/im.exec(answer.head)![1]!
    },
  }
}

/** Asks whether one would fit. */
export function checkers({ key, workspaces }: Asking, caller: number): Caller {
  const path = `/v1/workspaces/ws_${caller % workspaces}/check`
  const request = post(path, key, '{"lines":[{"meter":"leads","quantity":1}]}')
  return { operations: 1, keep: false, request: () => request, check: expect(200) }
}
