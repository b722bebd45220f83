/** The rows of bad inputs about addresses (R81-R88): there is nowhere to put one, and nothing goes where one leads. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApiDocument } from '../src/openapi.ts'
import { routes } from '../src/routes/index.ts'
import { openRoom, slowly, type Room } from './room.ts'

let room: Room
/** Wherever this process connects to, from before the room is opened. */
const reached = new Set<string>()
const onSocket = (message: unknown) => {
  const { socket } = message as { socket: Socket }
  socket.once('lookup', (_fault, address) => reached.add(`looked up ${address}`))
  socket.once('connect', () => reached.add(`${socket.remoteAddress}:${socket.remotePort}`))
}

/** A door that nobody should knock at. */
const door = createServer((socket) => socket.destroy())
let knocks = 0
door.on('connection', () => (knocks += 1))

beforeAll(async () => {
  subscribe('net.client.socket', onSocket)
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve))
  room = await openRoom({ payments: true })
}, slowly)
afterAll(async () => {
  unsubscribe('net.client.socket', onSocket)
  await room.stop()
  await new Promise((resolve) => door.close(resolve))
})

const addresses = (port: number): string[] => [
  `http://127.0.0.1:${port}/`,
  `https://127.0.0.1:${port}/`,
  `http://localhost:${port}/`,
  `http://[::1]:${port}/`,
  `http://[::ffff:127.0.0.1]:${port}/`,
  `http://2130706433:${port}/`,
  `http://0x7f.1:${port}/`,
  `http://127.1:${port}/`,
  `http://user:pass@127.0.0.1:${port}/#x`,
  `ftp://127.0.0.1:${port}/`,
  `gopher://127.0.0.1:${port}/_x`,
  'file:///etc/passwd',
  'https://169.254.169.254/latest/meta-data/',
  'https://metadata.google.internal/',
  'https://rebinding.invalid/',
  `${room.url}/v1/catalog`,
  `https://a.invalid/${'x'.repeat(60)}`,
]

test('R81 R82 R83 R84 R85 R86 R87 R88 no request has a place for an address: there are no outgoing webhooks', () => {
  const document = openApiDocument(routes({ testClock: true, money: true }), 'test') as {
    paths: Record<string, Record<string, { requestBody?: unknown; parameters?: unknown }>>
    components: { schemas: Record<string, unknown> }
  }
  const named = Object.keys(document.paths).filter((path) => /webhook|endpoint|callback|hook/i.test(path))
  expect(named, 'only what Stripe sends to us').toEqual(['/stripe/webhook'])
  const fields = new Set<string>()
  const seen = new Set<string>()
  const collect = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { $ref, properties, format } = value as { $ref?: string; properties?: object; format?: unknown }
    if ($ref !== undefined && !seen.has($ref)) {
      seen.add($ref)
      collect(document.components.schemas[$ref.slice($ref.lastIndexOf('/') + 1)])
    }
    for (const name of Object.keys(properties ?? {})) fields.add(name)
    if (typeof format === 'string') fields.add(`format ${format}`)
    for (const inner of Object.values(value)) collect(inner)
  }
  for (const operations of Object.values(document.paths))
    for (const { requestBody, parameters } of Object.values(operations)) collect([requestBody, parameters])
  expect([...fields]).toEqual(expect.arrayContaining(['lines', 'quantity', 'reference', 'reason', 'format date-time']))
  expect([...fields].filter((name) => /ur[il]|callback|hook|endpoint|host|address|return|success/i.test(name))).toEqual(
    [],
  )
})

test('R81 R82 R83 R84 R85 R86 R87 R88 an address is refused as a field and is text as text, and nobody goes there', async () => {
  const ws = await room.workspace()
  const before = await room.books(ws)
  const port = (door.address() as AddressInfo).port
  const lines = [{ meter: 'leads', quantity: 1 }]
  for (const address of addresses(port)) {
    for (const field of ['url', 'webhook', 'callbackUrl', 'endpoint', 'success_url', 'notify']) {
      const answer = await room.post(`/v1/workspaces/${ws}/check`, { lines, [field]: address })
      expect([address, answer.status]).toEqual([address, 422])
    }
    expect((await room.post('/v1/workspaces', { name: address.slice(0, 64) })).status).toBe(201)
    const asked = { lines: [{ meter: 'leads', quantity: 999_999 }], reference: address, metadata: { url: address } }
    expect((await room.post(`/v1/workspaces/${ws}/reservations`, asked)).status).toBe(402)
    const headers = {
      Referer: address,
      'X-Forwarded-Host': address,
      'X-Original-URL': address,
      Forwarded: `host="${address}"`,
    }
    expect((await room.ask('GET', `/v1/workspaces/${ws}`, { headers })).status).toBe(200)
  }
  expect(await room.books(ws)).toBe(before)
  // What is bought goes to the Stripe that was configured, here our own; that is the one outward connection there is.
  expect((await room.post(`/v1/workspaces/${ws}/checkout`, { addOn: 'leads', blocks: 1 })).status).toBe(201)
  expect(knocks).toBe(0)
  // fetch and Node's own client are watched; the database's driver opens its connections otherwise.
  expect([...reached]).toEqual([`127.0.0.1:${new URL(room.url).port}`])
})
