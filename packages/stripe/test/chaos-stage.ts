/** Where the chaos plays: PostgreSQL, a Stripe on a port of its own, and the money side in a process that can be killed. */
import { startEngine, type EngineInterface } from '@headroom/engine'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { Headroom, HeadroomError } from '@headroom/sdk'
import { createSimulator, type Simulator } from '@headroom/stripe-simulator'
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import Stripe from 'stripe'
import catalog from '../../../catalogs/ken.ts'
import { isOutage } from '../src/client.ts'
import { pushCatalog, type MoneyTimes } from '../src/index.ts'
import type { ChaosApp } from './chaos-app.ts'
import { listen, type Listening } from './listen.ts'

const appFile = fileURLToPath(new URL('chaos-app.ts', import.meta.url))
const stripeKey = 'sk_test_chaos'
const webhookSecret = 'whsec_chaos'
const apiKey = 'hr_sk_chaos_0123456789abcdef'
/** A period begins, and none ends before the chaos does. */
const start = '2026-11-01T09:00:00.000Z'
/** Nobody waits longer for a server that is being started again. */
const patienceMs = 300_000

export class Stage {
  readonly database: TestDatabase
  readonly engine: EngineInterface
  readonly stripe: Stripe
  readonly headroom: Headroom
  readonly secretKey = stripeKey
  kills = 0
  readonly #simulated: Listening
  readonly #simulator: Simulator
  readonly #app: ChaosApp
  #child: ChildProcess | null = null

  constructor(
    parts: { database: TestDatabase; engine: EngineInterface; stripe: Stripe; headroom: Headroom },
    stripeSide: { simulated: Listening; simulator: Simulator },
    app: ChaosApp,
  ) {
    this.database = parts.database
    this.engine = parts.engine
    this.stripe = parts.stripe
    this.headroom = parts.headroom
    this.#simulated = stripeSide.simulated
    this.#simulator = stripeSide.simulator
    this.#app = app
  }

  get apiBase(): string {
    return this.#simulated.url
  }

  /** The money side, running; it listens where the one before it did. */
  async startServer(): Promise<void> {
    const child = spawn(process.execPath, ['--import', 'tsx', appFile, JSON.stringify(this.#app)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    this.#child = child
    await new Promise<void>((resolve, reject) => {
      child.stdout.once('data', () => resolve())
      child.once('exit', (code, signal) => reject(new Error(`The server ended with ${code ?? signal}`)))
    })
  }

  /** As if the power went. */
  async killServer(): Promise<void> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    this.kills += 1
  }

  /** Until there is an answer: the server may be away, or Stripe. A refusal is thrown. */
  async insist<T>(ask: () => Promise<T>): Promise<T> {
    const until = Date.now() + patienceMs
    for (;;) {
      try {
        return await ask()
      } catch (error) {
        if (!mayPass(error) || Date.now() > until) throw error
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
  }

  async sim(path: string, body: object): Promise<void> {
    const response = await fetch(`${this.#simulated.url}/_sim/${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    await response.body?.cancel()
  }

  /** As a buyer with a good card does on Stripe's page at `url`. */
  async pay(url: string): Promise<void> {
    await this.sim(`checkout/sessions/${sessionOf(url)}/complete`, { outcome: 'paid' })
  }

  async advance(hours: number): Promise<void> {
    await this.engine.setTestClock({ advance: `PT${hours}H` })
  }

  async stop(): Promise<void> {
    await this.killServer()
    await this.#simulator.stop()
    await this.#simulated.close()
    await this.engine.stop()
    await this.database.drop()
  }
}

/** The Checkout Session behind the address of Stripe's page. */
export const sessionOf = (url: string): string => /\/pay\/([^/?#]+)/.exec(url)![1]!

export async function setStage(times: MoneyTimes): Promise<Stage> {
  const database = await testDatabase()
  const { url: databaseUrl, ownerUrl } = database
  const engine = await startEngine({ databaseUrl, ownerUrl, catalog, testClock: true, sweeper: false })
  await engine.setTestClock({ now: Date.parse(start) })
  const port = await freePort()
  let simulator: Simulator | undefined
  const simulated = await listen((request) => simulator!.fetch(request))
  const baseUrl = `http://127.0.0.1:${port}`
  simulator = await createSimulator({
    databaseUrl: ownerUrl,
    publicUrl: simulated.url,
    mount: '',
    clock: { now: () => engine.now(), advance: (by) => engine.setTestClock({ advance: by }), moving: true },
    webhook: { url: `${baseUrl}/stripe/webhook`, secret: webhookSecret },
  })
  await pushCatalog('apply', { secretKey: stripeKey, apiBase: simulated.url, catalog: engine.catalog })
  simulator.start()
  const stage = new Stage(
    {
      database,
      engine,
      stripe: unhurriedStripe(simulated.url),
      headroom: new Headroom({ baseUrl, apiKey, maxRetries: 0, timeoutMs: 20_000 }),
    },
    { simulated, simulator },
    { databaseUrl, ownerUrl, port, apiKey, apiBase: simulated.url, secretKey: stripeKey, webhookSecret, times },
  )
  await stage.startServer()
  return stage
}

/** To read everything in the end, however busy the machine is. */
function unhurriedStripe(url: string): Stripe {
  const { hostname: host, port } = new URL(url)
  return new Stripe(stripeKey, {
    host,
    port,
    protocol: 'http',
    telemetry: false,
    timeout: 60_000,
    maxNetworkRetries: 0,
  })
}

function mayPass(error: unknown): boolean {
  if (!(error instanceof HeadroomError)) return isOutage(error)
  const { status } = error
  return status === null || status >= 500 || status === 409 || status === 429
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
