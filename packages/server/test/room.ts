/** A whole room for a test: a database of its own, an engine, the server on a port, and a client that holds every answer to the document. */
import { defineCatalog, type Role } from '@headroom/core'
import { startEngine, type EngineInterface } from '@headroom/engine'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import catalog from '../../../catalogs/ken.ts'
import { later, laterMoney } from '../../../start/later.ts'
import { Lifetime } from '../../../start/lifetime.ts'
import { isForSimulator, openPayments, type Payments } from '../../../start/payments.ts'
import { readConfig } from '../src/config.ts'
import { createLog } from '../src/log.ts'
import { createServer, type Server, type ServerOptions } from '../src/server.ts'
import { held } from './contract.ts'

export interface Answered {
  status: number
  headers: Headers
  text: string
  // The tests read what the document promises; the client has held it to that.
  body: any
}

export interface Ask {
  /** A key or token; null for none; left out: the room's own full key. */
  key?: string | null
  body?: unknown
  /** The body as it is, instead of `body`. */
  raw?: BodyInit
  headers?: Record<string, string>
  /** Asked again while Stripe did not answer in time (503), as a client would: many at once on a slow machine. */
  patient?: boolean
}

export interface Room {
  database: TestDatabase
  engine: EngineInterface
  server: Server
  url: string
  key: string
  ask(method: string, path: string, ask?: Ask): Promise<Answered>
  get(path: string, key?: string): Promise<Answered>
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>
  /** A workspace with a name of its own; by default Starter with 1,000 leads, 4,000 sends and 3 AI campaigns. */
  workspace(options?: { id?: string; plan?: string; contacts?: number | null }): Promise<string>
  newKey(scope: 'full' | 'read', workspace?: string): Promise<string>
  token(workspace: string, role: Role, viewerId?: string): Promise<string>
  /** A control call of the simulator: sim('checkout/sessions/cs_…/complete', { outcome: 'paid' }). */
  sim(path: string, body?: object): Promise<any>
  /** Everything that is counted, bought or begun in a workspace, as text: equal before and after what must change nothing. */
  books(workspace: string): Promise<string>
  /** What has been logged, one JSON text a line. */
  logged: string[]
  /** Stops everything and proves that no secret used was logged. */
  stop(): Promise<void>
}

let made = 0

/** For hooks that open a room with payments: a catalog is brought to its Stripe. */
export const slowly = 120_000

export const webhookSecret = 'whsec_canary0123456789abcdef'

export interface RoomOptions extends Partial<ServerOptions> {
  /** With money and the simulator it goes to, as the real start has them; the others are quicker without. */
  payments?: boolean | { env: Record<string, string> }
}

/** With a `shared` database: another server on the database of another room, which outlives this one. */
export async function openRoom({ payments, ...options }: RoomOptions = {}, shared?: TestDatabase): Promise<Room> {
  const database = shared ?? (await testDatabase())
  const engine = await startEngine({
    databaseUrl: database.url,
    ownerUrl: database.ownerUrl,
    catalog: defineCatalog(catalog),
    testClock: options.testClock ?? false,
  })
  const key = 'hr_sk_canary_0123456789abcdef'
  const secrets = new Set([key])
  await engine.ensureKey(key, 'test')
  const logged: string[] = []
  const log = createLog('info', { write: (line) => void logged.push(line) })
  const opened = later<Payments>()
  const selling: Partial<ServerOptions> = {
    money: laterMoney(
      opened.thing.then(({ money }) => money),
      Promise.resolve(),
    ),
    onClock: async () => (await opened.thing).simulator?.settle(),
    elsewhere: async (request) =>
      (isForSimulator(request) && (await opened.thing).simulator?.fetch(request)) ||
      new Response(null, { status: 404 }),
  }
  const served = { log, build: 'test', ...(payments && selling), ...options, engine: options.engine ?? engine }
  const server = createServer(served)
  const { ownUrl: url } = await server.listen(0, '127.0.0.1')
  const lifetime = new Lifetime((what, fault) => {
    throw new Error(`${what} did not stop cleanly`, { cause: fault })
  })
  if (payments) {
    const env = {
      STRIPE_WEBHOOK_SECRET: webhookSecret,
      HEADROOM_TEST_CLOCK: options.testClock ? '1' : '0',
      ...(typeof payments === 'object' && payments.env),
    }
    const site = {
      config: readConfig(env),
      engine,
      databaseUrl: database.ownerUrl,
      url,
      ownUrl: url,
      webhookSecret: () => Promise.resolve(webhookSecret),
      log: (level: 'info' | 'warn' | 'error', message: string, fields = {}) => log[level](fields, message),
    }
    const paid = await openPayments(site, lifetime)
    opened.give(paid)
    paid.money.start()
    await paid.prepare((line) => {
      throw new Error(line)
    })
    secrets.add(webhookSecret)
  }

  const ask: Room['ask'] = async (method, path, { key: asked = key, body, raw, headers = {}, patient } = {}) => {
    const sent: Record<string, string> = { ...headers }
    if (asked !== null) sent.authorization ??= `Bearer ${asked}`
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    if (content !== undefined) sent['content-type'] ??= 'application/json'
    const send = () =>
      fetch(url + path, {
        method,
        headers: sent,
        ...(content !== undefined && { body: content, duplex: 'half' }),
      } as RequestInit)
    let response = await send()
    for (let tries = 0; patient && response.status === 503 && tries < 20; tries += 1) response = await send()
    return held(method, path, response)
  }
  const room: Room = {
    database,
    engine,
    server,
    url,
    key,
    logged,
    ask,
    get: (path, key) => ask('GET', path, key === undefined ? {} : { key }),
    post: (path, body, headers) => ask('POST', path, { body, ...(headers && { headers }) }),
    async workspace({ id = `ws_${++made}`, plan = 'starter', contacts = plan === 'starter' ? 1_000 : null } = {}) {
      const answer = await ask('POST', '/v1/workspaces', { body: { id, name: `Workspace ${id}`, plan, contacts } })
      if (answer.status !== 201) throw new Error(answer.text)
      return id
    },
    async newKey(scope, workspace) {
      const { body } = await ask('POST', '/v1/keys', { body: { name: `${scope} ${++made}`, scope, workspace } })
      secrets.add(body.key as string)
      return body.key as string
    },
    async token(workspace, role, viewerId = `user_${++made}`) {
      const { body } = await ask('POST', `/v1/workspaces/${workspace}/tokens`, { body: { role, viewerId } })
      secrets.add(body.token as string)
      return body.token as string
    },
    async sim(path, body = {}) {
      const response = await fetch(`${url}/stripe-simulator/_sim/${path}`, {
        method: path === 'state' ? 'GET' : 'POST',
        headers: { 'content-type': 'application/json' },
        ...(path !== 'state' && { body: JSON.stringify(body) }),
      })
      if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    async books(workspace) {
      const [balances, ledger, purchases] = await Promise.all([
        engine.balances(workspace, null),
        engine.ledger(workspace, { limit: 100 }),
        engine.purchases.list(workspace, null, 100),
      ])
      return JSON.stringify([typeof balances === 'object' && balances.balances, ledger, purchases])
    },
    async stop() {
      await lifetime.stop()
      await server.stop()
      await engine.stop()
      if (!shared) await database.drop()
      const all = logged.join('')
      for (const secret of secrets) if (all.includes(secret)) throw new Error('A secret stands in the logs.')
    },
  }
  return room
}
