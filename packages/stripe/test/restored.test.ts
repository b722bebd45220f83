/** What was paid after the copy was made is granted again, each once, although the database has never heard of it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { startEngine, type EngineInterface, type Submission } from '@headroom/engine'
import { createContext } from '../src/create-money.ts'
import { subjectOf } from '../src/event-subject.ts'
import { createMoney, pushCatalog, type Bought, type Money } from '../src/index.ts'
import { createSimulator, type Simulator } from '@headroom/stripe-simulator'
import Stripe from 'stripe'
import { afterAll, beforeAll, expect, test } from 'vitest'
import catalog from '../../../catalogs/ken.ts'
import { listen, type Listening } from './listen.ts'
import { makeTables } from '../../../scripts/books-file/empty-tables.ts'
import { readBooks } from '../../../scripts/books-file/read.ts'
import { writeBooks } from '../../../scripts/books-file/write.ts'

const secretKey = 'sk_test_restore'
let folder: string
/** It stands elsewhere, with a database of its own: nobody restores Stripe. */
let simulator: Simulator
let simulated: Listening
let stripe: Stripe
const databases: TestDatabase[] = []
const newDatabase = async () => {
  const database = await testDatabase()
  databases.push(database)
  return database
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-paid-'))
  simulated = await listen((request) => simulator.fetch(request))
  const now = () => Promise.resolve(Date.now())
  simulator = await createSimulator({
    databaseUrl: (await newDatabase()).ownerUrl,
    publicUrl: simulated.url,
    mount: '',
    clock: { now, advance: now, moving: false },
    webhook: { url: 'http://127.0.0.1:9', secret: 'whsec_lost' },
  })
  const { hostname: host, port } = new URL(simulated.url)
  stripe = new Stripe(secretKey, { host, port, protocol: 'http', telemetry: false })
  await pushCatalog('apply', { secretKey, apiBase: simulated.url, catalog })
}, 120_000)
afterAll(async () => {
  await simulator.stop()
  await simulated.close()
  for (const database of databases) await database.drop()
  await rm(folder, { recursive: true, force: true })
})

class Side {
  readonly engine: EngineInterface
  readonly money: Money
  readonly logged: string[] = []

  constructor(engine: EngineInterface) {
    this.engine = engine
    this.money = createMoney({
      engine,
      secretKey,
      apiBase: simulated.url,
      webhookSecrets: ['whsec_lost'],
      publicUrl: 'https://app.example.test',
      log: (_level, message) => void this.logged.push(message),
      times: { inboxMs: 50, purchasesMs: 50, unlookedMs: 0, eventsMs: 50, customersMs: 200 },
    })
  }

  submit(operation: object) {
    const by = { key: null, requestId: 'req_test', actor: 'test', viewer: 'admin' }
    return this.engine.submit({ ...by, ...operation } as Submission)
  }

  async workspace(workspace: string, plan: string, contacts: number | null): Promise<void> {
    const asked = {
      op: 'create-workspace',
      workspace,
      name: workspace,
      plan,
      contacts,
      interval: 'month',
      anchor: null,
    }
    expect((await this.submit(asked)).status).toBe(201)
  }

  async begin(workspace: string, bought: Bought): Promise<string> {
    const asking = { workspace, key: `k_${Math.random()}`, requestId: 'req_test', actor: 'ada' }
    const answer = await this.money.checkout(asking, bought)
    expect(answer.status).toBe(201)
    return (answer.body as { purchaseId: string }).purchaseId
  }

  async pay(workspace: string, id: string, isHeardOf: boolean): Promise<void> {
    await pay((await this.money.purchase(workspace, id, true))!.checkoutSession!)
    if (isHeardOf) expect((await this.money.reconcile(workspace, id, true))?.state).toBe('paid')
  }

  async leads(workspace: string): Promise<number | null> {
    const { usage } = (await this.engine.usage(workspace))!
    return usage.meters.find(({ meter }) => meter === 'leads')!.limit
  }

  async stop(): Promise<void> {
    await this.money.stop()
    await this.engine.stop()
  }
}

async function pay(session: string): Promise<void> {
  const init = { method: 'POST', body: JSON.stringify({ outcome: 'paid' }) }
  expect((await fetch(`${simulated.url}/_sim/checkout/sessions/${session}/complete`, init)).status).toBe(200)
}

const open = async (database: { url: string; ownerUrl: string }) =>
  new Side(await startEngine({ databaseUrl: database.url, ownerUrl: database.ownerUrl, catalog, sweeper: false }))

const leads = { addOn: 'leads', blocks: 1 } as const

async function restored(database: TestDatabase, file: string): Promise<void> {
  await makeTables(database.ownerUrl, false)
  await readBooks(database.ownerUrl, file)
}

test('F5 pay, back up, pay more, restore the old copy, start: everything paid is granted exactly once, and nothing else', async () => {
  const before = await newDatabase()
  const first = await open(before)
  await makeTables(before.ownerUrl, false)
  await first.workspace('w1', 'starter', 1_000)
  await first.workspace('w2', 'free', null)
  const settled = await first.begin('w1', leads)
  await first.pay('w1', settled, true)
  const pending = await first.begin('w1', leads)
  await first.submit({
    op: 'use',
    workspace: 'w1',
    lines: [{ meter: 'leads', quantity: 100 }],
    mode: 'enforce',
    reference: null,
  })
  const file = join(folder, 'books.gz')
  await writeBooks(before.ownerUrl, file)

  await first.pay('w1', pending, true)
  const heard = await first.begin('w1', leads)
  await first.pay('w1', heard, true)
  const unheard = await first.begin('w1', leads)
  await first.pay('w1', unheard, false)
  const plan = await first.begin('w2', { plan: 'starter', contacts: 1_000, interval: 'month' })
  await first.pay('w2', plan, true)
  // Somebody with a foot in the account sells the same for themselves: under no quote, under one of another purchase, under one that was changed.
  const { checkoutSession } = (await first.money.purchase('w1', heard, true))!
  const real = await stripe.checkout.sessions.retrieve(checkoutSession!, { expand: ['line_items'] })
  const forge = async (purchase: string, metadata: Record<string, string>) => {
    const made = await stripe.checkout.sessions.create({
      mode: 'payment',
      success_url: 'https://a.test',
      client_reference_id: purchase,
      line_items: [{ price: real.line_items!.data[0]!.price!.id, quantity: 1 }],
      metadata: { workspace: 'w1', purchase, ...metadata },
    })
    await pay(made.id)
  }
  const { quote, quote_signature } = real.metadata as { quote: string; quote_signature: string }
  await forge('pur_forged_1', {})
  await forge('pur_forged_2', { quote, quote_signature })
  await forge('pur_forged_4', { purchase: heard, quote, quote_signature })
  await forge(heard, { quote: quote.replace('1000', '9000'), quote_signature })
  expect(await first.leads('w1')).toBe(4_000)
  await first.stop()

  const after = await newDatabase()
  await restored(after, file)
  const second = await open(after)
  expect([await second.leads('w1'), await second.leads('w2')]).toEqual([2_000, expect.any(Number)])
  expect(await second.money.purchase('w1', heard, true)).toBeUndefined()
  second.money.start()
  const states = async () => {
    const all: (string | undefined)[] = []
    for (const id of [settled, pending, heard, unheard]) all.push((await second.money.purchase('w1', id, true))?.state)
    return [...all, (await second.money.purchase('w2', plan, true))?.state]
  }
  await expect.poll(states, { timeout: 60_000, interval: 100 }).toEqual(Array.from({ length: 5 }, () => 'paid'))
  await expect.poll(async () => (await second.engine.inbox.counts()).waiting, { timeout: 60_000 }).toBe(0)
  await second.stop()

  const third = await open(after)
  expect(await third.leads('w1')).toBe(5_000)
  const { usage } = (await third.engine.usage('w2'))!
  expect(usage.plan).toMatchObject({ id: 'starter', contacts: 1_000, subscribed: true })
  const page = await third.engine.ledger('w1', { meter: 'leads', kind: 'grant', limit: 100 })
  const granted = (page as { data: { source: { type: string; id: string }; quantity: number; actor: string }[] }).data
    .filter(({ source }) => source.type === 'purchase')
    .map(({ source, quantity }) => `${source.id} ${quantity}`)
  expect(granted.toSorted()).toEqual([settled, pending, heard, unheard].map((id) => `${id} 1000`).toSorted())
  expect((await third.engine.inbox.counts()).parked).toBe(4)
  expect((await third.engine.audit()).differences).toEqual([])
  expect(second.logged.filter((line) => line.includes('is made again as it was quoted'))).toHaveLength(3)
  await third.stop()
}, 180_000)

test('F5 whatever Stripe tells first, of money that came back or of a subscription, it leads to the purchase and the workspace it is about', async () => {
  const before = await newDatabase()
  const first = await open(before)
  await makeTables(before.ownerUrl, false)
  for (const workspace of ['v1', 'v2']) await first.workspace(workspace, 'free', null)
  const file = join(folder, 'young.gz')
  await writeBooks(before.ownerUrl, file)
  const bought = await first.begin('v1', leads)
  await first.pay('v1', bought, true)
  const plan = await first.begin('v2', { plan: 'starter', contacts: 1_000, interval: 'month' })
  await first.pay('v2', plan, true)
  const sessionOf = async (workspace: string, id: string) =>
    stripe.checkout.sessions.retrieve((await first.money.purchase(workspace, id, true))!.checkoutSession!)
  const { payment_intent } = await sessionOf('v1', bought)
  const { customer } = await sessionOf('v2', plan)
  const stranger = await stripe.customers.create({ name: 'Somebody else' })
  await first.stop()

  const after = await newDatabase()
  await restored(after, file)
  const { engine } = await open(after)
  const log = () => {}
  const context = createContext({
    engine,
    secretKey,
    apiBase: simulated.url,
    publicUrl: 'https://app.example.test',
    log,
  })
  const subject = (type: string, object: object) =>
    subjectOf(context, { id: 'evt_1', type, createdAt: 0, attempts: 0, body: JSON.stringify({ data: { object } }) })
  const refunded = { kind: 'purchase', workspace: 'v1', id: bought, hasFailed: false }
  expect(await subject('charge.refunded', { payment_intent })).toEqual(refunded)
  expect(await subject('charge.refunded', { payment_intent })).toEqual(refunded)
  expect(await subject('customer.subscription.created', { customer })).toEqual({ kind: 'workspace', workspace: 'v2' })
  expect((await subject('invoice.paid', { customer: stranger.id })).kind).toBe('foreign')
  await engine.stop()
}, 120_000)
