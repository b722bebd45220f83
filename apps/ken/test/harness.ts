/** Headroom and Ken on a fresh database, in one process behind one port, as they are started for real. */
import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Headroom, type Role, type UsageWire } from '@headroom/sdk'
import { startEngine, type EngineInterface } from '@headroom/engine'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { createLog, createServer } from '@headroom/server'
import pg from 'pg'
import kenCatalog from '../../../catalogs/ken.ts'
import { createKen, type Ken, type KenOptions } from '../src/index.ts'
import type { CampaignView, ContactView } from '../src/campaigns.ts'
import type { ImportView } from '../src/imports.ts'
import type { PlanView } from '../src/plan.ts'
import type { UploadView } from '../src/uploads.ts'

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
  }: { testClock?: boolean; catalog?: typeof kenCatalog; door?: Door } = {},
): Promise<House> {
  const database = await testDatabase()
  const { url: databaseUrl, ownerUrl } = database
  const engine = await startEngine({ databaseUrl, ownerUrl, catalog, testClock })
  await engine.ensureKey(apiKey, 'bootstrap')
  const late: { ken?: Ken } = {}
  const server = createServer({
    engine,
    log: createLog('fatal', process.stderr),
    testClock,
    elsewhere: (request) => late.ken!.fetch(request),
  })
  const { url } = await server.listen(0, '127.0.0.1')
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
    ...options,
  }
  const ken = await createKen(whole)
  late.ken = ken
  await ken.seedDemo()
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
    async leave(wanted) {
      const quantity = (await leads()).available! - wanted
      if (quantity > 0) await headroom.use(workspace, { lines: [{ meter: 'leads', quantity }], mode: 'enforce' })
      if (quantity < 0) await headroom.grant(workspace, { meter: 'leads', quantity: -quantity, reason: 'test' })
    },
    async stop() {
      await ken.stop()
      await server.stop()
      await engine.stop()
      await sql.end()
      await database.drop()
    },
  }
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

export interface Answered<Body> {
  status: number
  headers: Headers
  body: Body
}

/** Someone with a browser: keeps cookies, sends Origin. */
export class Visitor {
  readonly url: string
  #cookie: string

  constructor(url: string, cookie = '') {
    this.url = url
    this.#cookie = cookie
  }

  get cookie(): string {
    return this.#cookie
  }

  async ask<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, headers = {} }: { body?: BodyInit | null; headers?: Record<string, string> } = {},
  ): Promise<Answered<Body>> {
    const response = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      body: body ?? null,
      headers: { Origin: this.url, ...(this.#cookie === '' ? {} : { Cookie: this.#cookie }), ...headers },
    })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      this.#cookie = /max-age=0/i.test(set) ? '' : pair
    }
    const text = await response.text()
    const json = (response.headers.get('content-type') ?? '').includes('json')
    return { status: response.status, headers: response.headers, body: (json ? JSON.parse(text) : text) as Body }
  }

  get<Body = Record<string, unknown>>(path: string): Promise<Answered<Body>> {
    return this.ask<Body>('GET', path)
  }

  post<Body = Record<string, unknown>>(path: string, json: unknown = {}): Promise<Answered<Body>> {
    return this.ask<Body>('POST', path, { body: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } })
  }

  async campaign(criteria: object = { titles: [], countries: [], industries: [] }): Promise<CampaignView> {
    return must(await this.post<CampaignView>('/api/campaigns', { name: 'Test', criteria }), 201)
  }

  tryUpload(campaignId: string, file: BodyInit, name = 'people.csv'): Promise<Answered<Record<string, unknown>>> {
    const headers = { 'Content-Type': 'text/csv', 'X-File-Name': encodeURIComponent(name) }
    return this.ask('POST', `/api/campaigns/${campaignId}/uploads`, { body: file, headers })
  }

  async upload(campaignId: string, file: BodyInit): Promise<UploadView> {
    const { upload } = must(await this.tryUpload(campaignId, file), 201) as unknown as { upload: UploadView }
    return upload
  }

  /** A campaign for everyone with this file in it. */
  async prepared(file: BodyInit, criteria?: object): Promise<UploadView & { campaignId: string }> {
    const { id: campaignId } = await this.campaign(criteria)
    return { ...(await this.upload(campaignId, file)), campaignId }
  }

  async plan(uploadId: string, target?: number): Promise<PlanView> {
    return must(
      await this.get<PlanView>(`/api/uploads/${uploadId}/plan${target === undefined ? '' : `?target=${target}`}`),
      200,
    )
  }

  async start(uploadId: string, target?: number): Promise<ImportView> {
    return must(
      await this.post<ImportView>(`/api/uploads/${uploadId}/imports`, target === undefined ? {} : { target }),
      201,
    )
  }

  async import(id: string): Promise<ImportView> {
    return must(await this.get<ImportView>(`/api/imports/${id}`), 200)
  }

  /** Waits until the import has ended. */
  async ended(id: string): Promise<ImportView> {
    for (;;) {
      const now = await this.import(id)
      if (now.state !== 'queued' && now.state !== 'running') return now
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  async contacts(campaignId: string, verdict = ''): Promise<ContactView[]> {
    const all: ContactView[] = []
    let cursor: string | null = null
    do {
      const query = new URLSearchParams({ verdict, ...(cursor === null ? {} : { cursor }) })
      const page: { data: ContactView[]; nextCursor: string | null } = must(
        await this.get<{ data: ContactView[]; nextCursor: string | null }>(
          `/api/campaigns/${campaignId}/contacts?${query}`,
        ),
        200,
      )
      all.push(...page.data)
      cursor = page.nextCursor
    } while (cursor !== null)
    return all
  }
}

async function signIn(url: string, role: Role): Promise<Visitor> {
  const visitor = new Visitor(url)
  must(await visitor.post('/api/demo-login', { role }), 204)
  return visitor
}

export function must<Body>(answer: Answered<Body>, status: number): Body {
  if (answer.status !== status)
    throw new Error(`Expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`)
  return answer.body
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
