/** A simulator on a port of its own, with a clock that the test moves, a webhook endpoint that remembers, and the real SDK. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { testDatabase } from '@headroom/local-postgres/test'
import Stripe from 'stripe'
import { createSimulator, type Simulator } from '../src/index.ts'
import { later } from '../src/months.ts'

export interface Harness {
  stripe: Stripe
  simulator: Simulator
  /** A second one, as another process would have it: same database, clock and endpoint. The test stops it. */
  another: () => Promise<Simulator>
  /** Of the simulator, without a slash at the end. */
  url: string
  /** The events that arrived, verified, in the order of arrival; `settle` or `sim('clock', …)` sends what is due. */
  received: Stripe.Event[]
  /** What the endpoint answers from now on. */
  answerWith: (status: number) => void
  now: () => Date
  /** Sets the clock, as another process would: nobody settles. */
  setClock: (at: string) => void
  /** Moves the clock, then settles: 'P1M', 'P3D', 'PT1H'. */
  advance: (duration: string) => Promise<void>
  settle: () => Promise<void>
  /** A control call: sim('checkout/sessions/cs_…/complete', { outcome: 'paid' }). Throws unless 200. */
  sim: <T = Record<string, unknown>>(path: string, body?: object) => Promise<T>
  stop: () => Promise<void>
}

const secret = 'whsec_test'

export async function startHarness(start = '2026-01-31T10:00:00Z'): Promise<Harness> {
  const database = await testDatabase()
  const clock = testClock(start)
  const received: Stripe.Event[] = []
  const answer = { status: 200 }
  let simulator: Simulator | undefined
  const webhook = await listen(async (request) => {
    const body = await request.text()
    if (answer.status !== 200) return new Response('', { status: answer.status })
    received.push(stripe.webhooks.constructEvent(body, request.headers.get('stripe-signature') ?? '', secret))
    return new Response('ok')
  })
  const served = await listen((request) => simulator?.fetch(request) ?? new Response('', { status: 503 }))
  const url = `http://127.0.0.1:${served.port}`
  const stripe = new Stripe('sk_test_simulator', {
    host: '127.0.0.1',
    port: served.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  })
  const another = () =>
    createSimulator({
      databaseUrl: database.ownerUrl,
      publicUrl: url,
      mount: '',
      clock,
      webhook: { url: `http://127.0.0.1:${webhook.port}/`, secret },
    })
  const made = await another()
  simulator = made
  const sim = async <T>(path: string, body: object = {}): Promise<T> => {
    const response = await fetch(`${url}/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }
  return {
    stripe,
    simulator: made,
    another,
    url,
    received,
    answerWith: (status) => {
      answer.status = status
    },
    now: () => new Date(clock.at),
    setClock: (at) => {
      clock.at = Date.parse(at)
    },
    advance: async (duration) => {
      await sim('clock', { advance: duration })
    },
    settle: () => made.settle(),
    sim,
    async stop() {
      await made.stop()
      await Promise.all([served.close(), webhook.close()])
      await database.drop()
    },
  }
}

function testClock(start: string) {
  const clock = {
    at: Date.parse(start),
    moving: true,
    now: () => Promise.resolve(clock.at),
    advance(duration: string): Promise<number | 'backwards' | 'bad_duration'> {
      const parts = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(duration)
      if (!parts || duration.endsWith('P') || duration.endsWith('T')) return Promise.resolve('bad_duration')
      const [years = 0, months = 0, days = 0, hours = 0, minutes = 0, seconds = 0] = parts
        .slice(1)
        .map((part) => Number(part ?? 0))
      const moved = later(Math.floor(clock.at / 1000), 'month', years * 12 + months)
      clock.at = 1000 * (moved + days * 86_400 + hours * 3600 + minutes * 60 + seconds)
      return Promise.resolve(clock.at)
    },
  }
  return clock
}

async function listen(
  answer: (request: Request) => Promise<Response> | Response,
): Promise<{ port: number; close(): Promise<void> }> {
  const server: Server = createServer((incoming, outgoing) => {
    void pass(incoming, outgoing, answer)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** What a server does between a socket and `fetch`: a body that breaks, breaks the connection. */
async function pass(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answer: (request: Request) => Promise<Response> | Response,
): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const response = await answer(
    new Request(`http://${incoming.headers.host}${incoming.url}`, {
      method: incoming.method ?? 'GET',
      headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as [string, string]),
      body: chunks.length === 0 ? null : Buffer.concat(chunks),
      signal: gone.signal,
    }),
  )
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (response.body === null) outgoing.end()
  else
    Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0])
      .on('error', () => outgoing.destroy())
      .pipe(outgoing)
}
