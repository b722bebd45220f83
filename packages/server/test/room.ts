/** A whole room for a test: a database of its own, an engine, the server on a port, and a client that holds every answer to the document. */
import { defineCatalog, type Role } from '@headroom/core'
import { startEngine, type EngineInterface } from '@headroom/engine'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import catalog from '../../../catalogs/ken.ts'
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
  /** Everything that is counted in a workspace, as text: equal before and after what must change nothing. */
  books(workspace: string): Promise<string>
  /** What has been logged, one JSON text a line. */
  logged: string[]
  /** Stops everything and proves that no secret used was logged. */
  stop(): Promise<void>
}

let made = 0

/** With a `shared` database: another server on the database of another room, which outlives this one. */
export async function openRoom(options: Partial<ServerOptions> = {}, shared?: TestDatabase): Promise<Room> {
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
  const server = createServer({ log, build: 'test', ...options, engine: options.engine ?? engine })
  const { ownUrl: url } = await server.listen(0, '127.0.0.1')

  const ask: Room['ask'] = async (method, path, { key: asked = key, body, raw, headers = {} } = {}) => {
    const sent: Record<string, string> = { ...headers }
    if (asked !== null) sent.authorization ??= `Bearer ${asked}`
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    if (content !== undefined) sent['content-type'] ??= 'application/json'
    const response = await fetch(url + path, {
      method,
      headers: sent,
      ...(content !== undefined && { body: content, duplex: 'half' }),
    } as RequestInit)
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
    async books(workspace) {
      const [balances, ledger] = await Promise.all([
        engine.balances(workspace, null),
        engine.ledger(workspace, { limit: 100 }),
      ])
      return JSON.stringify([typeof balances === 'object' && balances.balances, ledger])
    },
    async stop() {
      await server.stop()
      await engine.stop()
      if (!shared) await database.drop()
      const all = logged.join('')
      for (const secret of secrets) if (all.includes(secret)) throw new Error('A secret stands in the logs.')
    },
  }
  return room
}
