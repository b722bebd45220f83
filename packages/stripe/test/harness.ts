/** Money in against a Stripe of our own: real PostgreSQL, real HTTP in both directions, the real SDK, a clock that the test moves. */
import { testDatabase } from '@headroom/local-postgres/test'
import { createSimulator, type Simulator } from '@headroom/stripe-simulator'
import type { Catalog, CheckoutWire, UsageWire } from '@headroom/core'
import { mint, startEngine, type EngineInterface, type Submission } from '@headroom/engine'
import Stripe from 'stripe'
import { expect } from 'vitest'
import ken from '../../../catalogs/ken.ts'
import { createMoney, pushCatalog, type Asking, type Bought, type Money, type MoneyTimes } from '../src/index.ts'
import { listen, type Listening } from './listen.ts'

export const secret = 'whsec_harness'
export const secretKey = 'sk_test_harness'
export const publicUrl = 'https://app.example.test'
export const start = '2026-11-10T09:00:00.000Z'

/** The loops are not started, or look only when woken: a test says when something happens. */
const calm: MoneyTimes = { inboxMs: 50, purchasesMs: 1e9, unlookedMs: 0, eventsMs: 1e9, customersMs: 1e9 }

export interface Logged {
  level: string
  message: string
  alarm?: string
}

export interface HarnessOptions {
  times?: MoneyTimes
  catalog?: Catalog
  /** Pushed unless false. */
  push?: boolean
  /** Delivered as Stripe does; false: events are kept until `sim('webhooks', { paused: false })`. */
  webhooks?: boolean
  start?: string
}

export class Harness {
  readonly simulated: Listening
  readonly #endpoint: Listening
  readonly simulator: Simulator
  readonly engine: EngineInterface
  readonly money: Money
  readonly stripe: Stripe
  readonly logged: Logged[]
  /** What came to the webhook endpoint. */
  readonly deliveries: { body: string; signature: string }[] = []
  readonly #drop: () => Promise<void>

  constructor(parts: {
    simulated: Listening
    endpoint: Listening
    simulator: Simulator
    engine: EngineInterface
    money: Money
    stripe: Stripe
    logged: Logged[]
    drop: () => Promise<void>
  }) {
    this.simulated = parts.simulated
    this.#endpoint = parts.endpoint
    this.simulator = parts.simulator
    this.engine = parts.engine
    this.money = parts.money
    this.stripe = parts.stripe
    this.logged = parts.logged
    this.#drop = parts.drop
  }

  async stop(): Promise<void> {
    await this.money.stop()
    await this.simulator.stop()
    await Promise.all([this.simulated.close(), this.#endpoint.close()])
    await this.engine.stop()
    await this.#drop()
  }

  async workspace(plan = 'starter', contacts: number | null = null): Promise<string> {
    const id = `ws_${mint('ws').slice(-12)}`
    const answer = await this.engine.submit(
      this.asked({
        op: 'create-workspace',
        workspace: id,
        name: 'Acme',
        plan,
        contacts,
        interval: 'month',
        anchor: null,
      }),
    )
    expect(answer.status).toBe(201)
    return id
  }

  asked(operation: object): Submission {
    return { key: null, requestId: 'req_test', actor: 'test', viewer: 'admin', ...operation } as Submission
  }

  asking(workspace: string, key: string | null = null): Asking {
    return { workspace, key, requestId: 'req_test', actor: 'ada' }
  }

  async checkout(workspace: string, bought: Bought, key = mint('req')): Promise<CheckoutWire> {
    const answer = await patiently(() => this.money.checkout(this.asking(workspace, key), bought))
    expect(answer, JSON.stringify(answer)).toMatchObject({ status: 201 })
    return answer.body as CheckoutWire
  }

  async purchase(workspace: string, id: string) {
    return (await this.money.purchase(workspace, id, true))!
  }

  async reconcile(workspace: string, id: string) {
    return (await patiently(() => this.money.reconcile(workspace, id, true)))!
  }

  /** As a buyer would on the hosted page. */
  async pay(workspace: string, id: string, outcome = 'paid'): Promise<void> {
    const { checkoutSession } = await this.purchase(workspace, id)
    await this.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome })
  }

  /** Buys and pays; nothing is settled by this. */
  async buy(workspace: string, bought: Bought): Promise<CheckoutWire & { session: string }> {
    const made = await this.checkout(workspace, bought)
    await this.pay(workspace, made.purchaseId)
    return { ...made, session: (await this.purchase(workspace, made.purchaseId)).checkoutSession! }
  }

  async usage(workspace: string): Promise<UsageWire> {
    return (await this.engine.usage(workspace))!.usage
  }

  /** Limits by meter. */
  async limits(workspace: string): Promise<Record<string, number | null>> {
    const { meters } = await this.usage(workspace)
    return Object.fromEntries(meters.map(({ meter, limit }) => [meter, limit]))
  }

  async sim<T = Record<string, unknown>>(path: string, body?: object): Promise<T> {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
    const response = await fetch(`${this.simulated.url}/stripe-simulator/_sim/${path}`, init)
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as T
  }

  /** Moves the clock of Headroom and Stripe, and lets Stripe do what is due. */
  async advance(duration: string): Promise<void> {
    await this.sim('clock', { advance: duration })
  }

  /** Until everything that Stripe has to say was said and worked off; shuffled, that is up to two seconds ahead. */
  async quiet(): Promise<void> {
    await expect
      .poll(
        async () => {
          await this.simulator.settle()
          const { waiting } = await this.engine.inbox.counts()
          return waiting === 0 ? this.#unsaid() : waiting
        },
        { timeout: 20_000, interval: 25 },
      )
      .toBe(0)
  }

  /** What is on its way to us still; nothing is while the webhooks are paused. */
  async #unsaid(): Promise<number> {
    const { settings, deliveries } = await this.sim<{
      settings: { webhooks: { paused: boolean } }
      deliveries: { waiting: number }
    }>('state')
    return settings.webhooks.paused ? 0 : deliveries.waiting
  }

  alarms(): string[] {
    return this.logged.flatMap(({ alarm }) => alarm ?? [])
  }
}

/** Asks again as a page does, where a slow machine made us give up on Stripe. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await ask()
    } catch (error) {
      if (attempt === 5 || (error as { code?: string }).code !== 'unavailable') throw error
    }
  }
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const database = await testDatabase()
  const catalog = options.catalog ?? ken
  const urls = { databaseUrl: database.url, ownerUrl: database.ownerUrl }
  const engine = await startEngine({ ...urls, catalog, testClock: true, sweeper: false })
  await engine.setTestClock({ now: Date.parse(options.start ?? start) })
  const logged: Logged[] = []
  const deliveries: { body: string; signature: string }[] = []
  const endpoint = await listen(async (request) => {
    const body = await request.text()
    const signature = request.headers.get('stripe-signature') ?? ''
    deliveries.push({ body, signature })
    const { status } = await money.webhook(body, signature)
    return new Response('', { status })
  })
  let simulator: Simulator | undefined
  const simulated = await listen((request) => simulator?.fetch(request) ?? new Response('', { status: 503 }))
  const money: Money = createMoney({
    engine,
    secretKey,
    apiBase: `${simulated.url}/stripe-simulator`,
    webhookSecrets: [secret],
    publicUrl,
    log: (level, message, fields) => logged.push({ level, message, ...fields }),
    times: { ...calm, ...options.times },
  })
  simulator = await createSimulator({
    databaseUrl: database.ownerUrl,
    publicUrl: `${simulated.url}/stripe-simulator`,
    mount: '/stripe-simulator',
    clock: { now: () => engine.now(), advance: (by) => engine.setTestClock({ advance: by }), moving: true },
    webhook: { url: `${endpoint.url}/`, secret },
  })
  const stripe = simulatedStripe(simulated.url)
  if (options.push !== false) {
    await pushCatalog('apply', { secretKey, apiBase: `${simulated.url}/stripe-simulator`, catalog })
  }
  const harness = new Harness({
    simulated,
    endpoint,
    simulator,
    engine,
    money,
    stripe,
    logged,
    drop: () => database.drop(),
  })
  harness.deliveries.push(...deliveries)
  if (options.webhooks === false) await harness.sim('webhooks', { paused: true })
  return harness
}

/** The SDK beside ours, for what a merchant does in Stripe's dashboard. */
function simulatedStripe(url: string): Stripe {
  const { hostname, port } = new URL(url)
  const send: typeof fetch = (input, init) => {
    const target = new URL(input as string)
    target.pathname = `/stripe-simulator${target.pathname}`
    return fetch(target, init)
  }
  return new Stripe(secretKey, {
    httpClient: Stripe.createFetchHttpClient(send),
    host: hostname,
    port,
    protocol: 'http',
    telemetry: false,
  })
}
