import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './room.ts'

let room: Room
const streams: Stream[] = []
beforeAll(async () => {
  room = await openRoom()
})
afterEach(() => Promise.all(streams.splice(0).map((stream) => stream.close())))
afterAll(() => room.stop())

interface Stream {
  response: Response
  /** The next event's fields; undefined when the stream has ended. */
  next(): Promise<{ id: string; event: string; usage: any } | undefined>
  close(): Promise<void>
}

async function open(workspace: string, key = room.key): Promise<Stream> {
  const control = new AbortController()
  const response = await fetch(`${room.url}/v1/workspaces/${workspace}/events`, {
    headers: { authorization: `Bearer ${key}` },
    signal: control.signal,
  })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const stream: Stream = {
    response,
    async next() {
      for (;;) {
        const end = text.indexOf('\n\n')
        if (end >= 0) {
          const fields = Object.fromEntries(
            text
              .slice(0, end)
              .split('\n')
              .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
          )
          text = text.slice(end + 2)
          if (fields.event) return { id: fields.id!, event: fields.event, usage: JSON.parse(fields.data!) }
          continue
        }
        const { done, value } = await reader.read()
        if (done) return undefined
        text += value
      }
    },
    async close() {
      control.abort()
      await reader.cancel().catch(() => {})
    },
  }
  streams.push(stream)
  return stream
}

const use = (workspace: string, leads: number) =>
  room.post(`/v1/workspaces/${workspace}/use`, { lines: [{ meter: 'leads', quantity: leads }], mode: 'record' })
const leadsOf = ({ usage }: { usage: any }): number =>
  usage.meters.find(({ meter }: { meter: string }) => meter === 'leads').used
const openStreams = async (): Promise<number> =>
  Number(/^headroom_event_streams (\d+)$/m.exec((await room.ask('GET', '/metrics', { key: null })).text)![1])

test('A130 the first event is the state now, then one after every change, without money', async () => {
  const workspace = await room.workspace()
  await use(workspace, 5)
  const stream = await open(workspace)
  expect(stream.response.headers.get('content-type')).toBe('text/event-stream')
  expect(stream.response.headers.get('x-accel-buffering')).toBe('no')
  const first = (await stream.next())!
  expect(first).toMatchObject({ event: 'usage', usage: { workspace, price: null, addOns: null } })
  expect(leadsOf(first)).toBe(5)
  await use(workspace, 2)
  const second = (await stream.next())!
  expect(leadsOf(second)).toBe(7)
  expect(Number(second.id)).toBeGreaterThan(Number(first.id))
})

test('a reader too slow for every change gets the newest', async () => {
  const workspace = await room.workspace()
  const stream = await open(workspace)
  await stream.next()
  await Promise.all(Array.from({ length: 200 }, () => use(workspace, 1)))
  let events = 0
  for (let seen = 0; seen < 200; events += 1) seen = leadsOf((await stream.next())!)
  expect(events).toBeLessThan(50)
})

test('a stream ends when its viewer’s tokens do', async () => {
  const workspace = await room.workspace()
  const [ending, staying] = [
    await open(workspace, await room.token(workspace, 'member', 'leaver')),
    await open(workspace, await room.token(workspace, 'member', 'stayer')),
  ]
  await ending.next()
  await staying.next()
  await room.ask('DELETE', `/v1/workspaces/${workspace}/tokens?viewerId=leaver`)
  expect(await ending.next()).toBeUndefined()
  await use(workspace, 1)
  expect(leadsOf((await staying.next())!)).toBe(1)
})

test('R108 another workspace’s stream is not found', async () => {
  const [own, other] = [await room.workspace(), await room.workspace()]
  const token = await room.token(own, 'admin')
  for (const workspace of [other, 'nobody']) {
    expect((await room.get(`/v1/workspaces/${workspace}/events`, token)).status).toBe(404)
  }
})

test('a reader that goes away is forgotten', async () => {
  const workspace = await room.workspace()
  const before = await openStreams()
  const stream = await open(workspace)
  await stream.next()
  expect(await openStreams()).toBe(before + 1)
  await stream.close()
  await expect.poll(openStreams).toBe(before)
})
