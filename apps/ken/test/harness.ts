/** Headroom and Ken on a fresh database, in one process behind one port, as they are started for real. */
import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Headroom, type Role, type UsageWire } from '@headroom/sdk'
import { startEngine, type EngineInterface } from '@headroom/engine'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { createLog, createServer, readConfig } from '@headroom/server'
import pg from 'pg'
import kenCatalog from '../../../catalogs/ken.ts'
import { later, laterMoney } from '../../../start/later.ts'
import { Lifetime } from '../../../start/lifetime.ts'
import { isForSimulator, openPayments, type Payments } from '../../../start/payments.ts'
import { offlineBuilder } from '../src/builds/offline-builder.ts'
import { createKen, type Ken, type KenOptions } from '../src/index.ts'
import { signIn, type Visitor } from './visitor.ts'

export const apiKey = `hr_sk_${'k'.repeat(32)}`
export const workspace = 'ws_demo'

export interface House {
  url: string
  database: TestDatabase
  /** Reads and writes Ken's tables directly. */
  sql: pg.Pool
  engine: EngineInterface
  headroom: Headroom
  ken: Ken
  options: KenOptions
  /** What Ken logged as an error. */
  errors: string[]
  signIn(role: Role): Promise<Visitor>
  /** The leads of the workspace. */
  leads(): Promise<UsageWire['meters'][number]>
  /** A control call of the simulator: sim('checkout/sessions/cs_…/complete', { outcome: 'paid' }). */
  sim<Answer>(path: string, body?: object): Promise<Answer>
  /** Uses or grants leads until so many are available. */
  leave(available: number): Promise<void>
  stop(): Promise<void>
}

/** Starts both; `options` change Ken. */
export async function house(
  options: Partial<KenOptions> = {},
  {
    testClock = false,
    catalog = kenCatalog,
    door,
    payments = false,
    seed = true,
  }: {
    testClock?: boolean
    catalog?: typeof kenCatalog
    door?: Door
    /** With money and the simulator it goes to, as the real start has them. */
    payments?: boolean
    /** Without the demo data until it is asked for. */
    seed?: boolean
  } = {},
): Promise<House> {
  const database = await testDatabase()
  const { url: databaseUrl, ownerUrl } = database
  const engine = await startEngine({ databaseUrl, ownerUrl, catalog, testClock })
  await engine.ensureKey(apiKey, 'bootstrap')
  const late: { ken?: Ken } = {}
  const paying = later<Payments>()
  const server = createServer({
    engine,
    log: createLog('fatal', process.stderr),
    testClock,
    elsewhere: async (request) =>
      payments && isForSimulator(request) ? (await paying.thing).simulator!.fetch(request) : late.ken!.fetch(request),
    ...(payments && {
      money: laterMoney(
        paying.thing.then(({ money }) => money),
        Promise.resolve(),
      ),
      onClock: async () => (await paying.thing).simulator?.settle(),
    }),
  })
  const { url } = await server.listen(0, '127.0.0.1')
  const lifetime = new Lifetime((what, fault) => {
    throw new Error(`${what} did not stop cleanly`, { cause: fault })
  })
  const paid = payments ? await openMoney({ engine, databaseUrl: ownerUrl, url, testClock }, lifetime) : null
  if (paid) paying.give(paid)
  await paid?.prepare((line) => {
    throw new Error(line)
  })
  if (door) door.to = url
  const errors: string[] = []
  const whole: KenOptions = {
    databaseUrl: ownerUrl,
    headroom: { baseUrl: url, apiKey },
    publicUrl: url,
    secret: 's'.repeat(32),
    demo: true,
    webRoot: null,
    build: 'test-build',
    log: (level, fields, message) => void (level === 'error' && errors.push(`${message} ${JSON.stringify(fields)}`)),
    verifier: quickVerifier,
    builder: offlineBuilder(),
    smtpUrl: null,
    ...(paid?.pay && { payForDemo: paid.pay }),
    ...options,
  }
  const ken = await createKen(whole)
  late.ken = ken
  if (seed) await ken.seedDemo()
  await ken.start()
  const headroom = new Headroom({ baseUrl: url, apiKey })
  const leads = async () => (await headroom.usage(workspace)).meters.find(({ meter }) => meter === 'leads')!
  const sql = new pg.Pool({ connectionString: ownerUrl, max: 3 })
  sql.on('error', () => {})
  return {
    url,
    database,
    sql,
    engine,
    headroom,
    ken,
    options: whole,
    errors,
    signIn: (role) => signIn(url, role),
    leads,
    async sim<Answer>(path: string, body?: object) {
      const asked = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      const response = await fetch(`${url}/stripe-simulator/_sim/${path}`, asked)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return (await response.json()) as Answer
    },
    async leave(wanted) {
      const quantity = (await leads()).available! - wanted
      if (quantity > 0) await headroom.use(workspace, { lines: [{ meter: 'leads', quantity }], mode: 'enforce' })
      if (quantity < 0) await headroom.grant(workspace, { meter: 'leads', quantity: -quantity, reason: 'test' })
    },
    async stop() {
      await ken.stop()
      await lifetime.stop()
      await server.stop()
      await engine.stop()
      await sql.end()
      await database.drop()
    },
  }
}

async function openMoney(
  { testClock, url, ...site }: { engine: EngineInterface; databaseUrl: string; url: string; testClock: boolean },
  lifetime: Lifetime,
): Promise<Payments> {
  const paid = await openPayments(
    {
      ...site,
      config: readConfig({ HEADROOM_TEST_CLOCK: testClock ? '1' : '0' }),
      url,
      ownUrl: url,
      webhookSecret: () => Promise.resolve(`whsec_${'w'.repeat(24)}`),
      log: () => {},
    },
    lifetime,
  )
  paid.money.start()
  return paid
}

/** Addresses deliver unless they look otherwise, so that a test can count on its fingers. */
export const quickVerifier: NonNullable<KenOptions['verifier']> = {
  verify: (emails) =>
    Promise.resolve(
      emails.map((email) => (email.endsWith('.invalid') ? 'invalid' : email.startsWith('info@') ? 'risky' : 'safe')),
    ),
}

/** A verifier that waits before its `n`th batch until it is let go; so a test can look at an import half-way. */
export function gatedVerifier(n: number): {
  verifier: NonNullable<KenOptions['verifier']>
  reached: Promise<void>
  letGo: () => void
} {
  let [batches, arrive, letGo] = [0, () => {}, () => {}]
  const reached = new Promise<void>((resolve) => (arrive = resolve))
  const open = new Promise<void>((resolve) => (letGo = resolve))
  return {
    reached,
    letGo: () => letGo(),
    verifier: {
      async verify(emails, signal) {
        batches += 1
        if (batches === n) {
          arrive()
          const aborted = new Promise((_resolve, reject) =>
            signal.addEventListener('abort', () => reject(signal.reason as Error)),
          )
          await Promise.race([open, aborted])
        }
        return quickVerifier.verify(emails, signal)
      },
    },
  }
}

/** A file of so many people, each with an address nobody else has. */
export function people(count: number, from = 0): string {
  const rows = Array.from(
    { length: count },
    (_, n) => `Person ${from + n},person${from + n}@company.example,CEO,France`,
  )
  return ['Name,Email,Title,Country', ...rows].join('\n') + '\n'
}

export const sum = (counts: { count: number }[]): number => counts.reduce((total, { count }) => total + count, 0)

/** A way to Headroom that can be shut. */
export interface Door {
  url: string
  to: string
  shut: boolean
  /** Resolves when it was knocked at so often while it was shut. */
  knocked(times: number): Promise<void>
  close(): Promise<void>
}

export async function createDoor(): Promise<Door> {
  let knocks = 0
  const server = createHttpServer((request, response) => {
    if (door.shut) {
      knocks += 1
      response.writeHead(503).end()
      return
    }
    const { method = 'GET', headers, url = '/' } = request
    const on = httpRequest(door.to + url, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    on.on('error', () => response.writeHead(502).end())
    request.pipe(on)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const door: Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    to: '',
    shut: false,
    async knocked(times) {
      while (knocks < times) await new Promise((resolve) => setTimeout(resolve, 50))
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return door
}
