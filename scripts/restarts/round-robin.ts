/** A load balancer as small as they come: TCP, in turn, to those that say that they are ready; one that refuses is passed over. */
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

const lookEveryMs = 100

export interface RoundRobin {
  url: string
  /** Connections that no instance took. */
  turnedAway: number
  /** Resolves once it has seen of itself that so many are ready. */
  ready(count: number): Promise<void>
  stop(): Promise<void>
}

/** `urls`: http://127.0.0.1:… of the instances; who is behind them may change. */
export async function roundRobin(urls: readonly string[]): Promise<RoundRobin> {
  const ports = urls.map((url) => Number(new URL(url).port))
  const ready = new Set<number>()
  const sockets = new Set<Socket>()
  let turn = 0

  const look = async (port: number) => {
    const signal = AbortSignal.timeout(5_000)
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal, headers: { connection: 'close' } }).catch(
      () => null,
    )
    await answer?.body?.cancel()
    if (answer?.ok === true) ready.add(port)
    else ready.delete(port)
  }
  let isStopped = false
  const looking = ports.map(async (port) => {
    while (!isStopped) {
      await look(port)
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  })

  /** The ready ones from the next in turn on, then the others: better one that says no than nobody. */
  const inTurn = (): number[] => {
    turn += 1
    const all = ports.map((_, at) => ports[(turn + at) % ports.length]!)
    return [...all.filter((port) => ready.has(port)), ...all.filter((port) => !ready.has(port))]
  }
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    sockets.add(client)
    client.on('error', () => {})
    client.on('close', () => sockets.delete(client))
    join(client, inTurn(), () => (balancer.turnedAway += 1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  const balancer: RoundRobin = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    turnedAway: 0,
    async ready(count) {
      while (ready.size < count) await new Promise((resolve) => setTimeout(resolve, 20))
    },
    async stop() {
      isStopped = true
      await Promise.all(looking)
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return balancer
}

function join(client: Socket, ports: number[], onNobody: () => void): void {
  const [port, ...others] = ports
  if (port === undefined) {
    onNobody()
    client.destroy()
    return
  }
  const upstream = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true })
  const refused = () => join(client, others, onNobody)
  upstream.once('error', refused)
  upstream.once('connect', () => {
    upstream.off('error', refused)
    upstream.on('error', () => client.destroy())
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.end())
    client.pipe(upstream)
    upstream.pipe(client)
  })
}
