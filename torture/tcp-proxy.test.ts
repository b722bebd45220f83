import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { TcpProxy } from './tcp-proxy.ts'

test('what goes through the line keeps its order, whatever the delay becomes on the way and however busy the process is', async () => {
  const received: Buffer[] = []
  const server = createServer((socket) => {
    socket.on('data', (bytes) => received.push(bytes))
    // The line breaks what goes through it when it is closed.
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const proxy = await TcpProxy.open({ port: (server.address() as AddressInfo).port })
  const client = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true })
  client.on('error', () => {})
  await once(client, 'connect')
  const count = 600
  for (let n = 0; n < count; n += 1) {
    proxy.delay([5, 0, 3, 0, 1][n % 5]!)
    client.write(Uint8Array.of(n >> 8, n & 255))
    await new Promise(setImmediate)
    // The timers come late.
    const busyUntil = performance.now() + (n % 3)
    while (performance.now() < busyUntil);
  }
  proxy.delay(0)
  await expect.poll(() => Buffer.concat(received).length, { timeout: 20_000 }).toBe(2 * count)
  const all = Buffer.concat(received)
  expect(Array.from({ length: count }, (_, n) => all.readUInt16BE(2 * n))).toEqual(
    Array.from({ length: count }, (_, n) => n),
  )
  client.destroy()
  await proxy.close()
  server.close()
})
