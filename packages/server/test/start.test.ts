/** The whole thing as `npm start` runs it: one process, found ready, stopped without a trace. */
import { createHmac } from 'node:crypto'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))
let folder: string
let port: number
const running: App[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-start-'))
  port = await freePort()
})
afterAll(async () => {
  for (const { child } of running) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true, maxRetries: 5 })
})

interface App {
  child: ChildProcess
  output: () => string
  /** Rejects when the app ends before it answers. */
  ready(): Promise<void>
  exit: Promise<number | null>
}

function start(env: Record<string, string> = {}): App {
  const { PATH = '', HOME = '', TMPDIR } = process.env
  const own = {
    PATH,
    HOME,
    ...(TMPDIR && { TMPDIR }),
    HEADROOM_DATA_DIR: folder,
    PORT: String(port),
    LOG_LEVEL: 'warn',
    // The Leads Database is none of these tests' business, and a start is all the quieter for it.
    KEN_DIRECTORY_PEOPLE: '2400',
    ...env,
  }
  const child = spawn(process.execPath, ['start/run.mjs'], { cwd: root, env: own })
  let text = ''
  child.stdout.on('data', (data) => (text += String(data)))
  child.stderr.on('data', (data) => (text += String(data)))
  const exit = once(child, 'exit').then(([code]) => code as number | null)
  const app: App = {
    child,
    output: () => text,
    exit,
    async ready() {
      while (!text.includes('Headroom is ready')) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended: ${text}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    },
  }
  running.push(app)
  return app
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  return port
}

const status = async (path: string, init?: RequestInit) => (await fetch(`http://127.0.0.1:${port}${path}`, init)).status

test('the first start makes everything, says what to do, and a SIGTERM ends all of it', async () => {
  const app = start()
  await app.ready()
  expect(app.output()).toMatch(/^\n {2}Headroom is starting on http:\/\/localhost:\d+ …\n/)
  const key = /hr_sk_[A-Za-z0-9_-]{43}/.exec(app.output())![0]
  expect(app.output()).toContain('admin@ken.example')
  expect(await readFile(join(folder, 'secrets', 'api-key'), 'utf8')).toBe(`${key}\n`)
  expect((await stat(join(folder, 'secrets', 'api-key'))).mode & 0o777).toBe(0o600)

  expect(await status('/readyz')).toBe(200)
  expect(await status('/v1/workspaces/ws_demo/usage', { headers: { Authorization: `Bearer ${key}` } })).toBe(200)
  expect(await status('/login')).toBe(200)
  expect(await status('/docs')).toBe(200)
  // Payments are simulated here, and the demo has bought its plan there.
  expect(app.output()).toMatch(/Payments are simulated at http:\/\/localhost:\d+\/stripe-simulator: no money moves/)
  expect(await readFile(join(folder, 'secrets', 'stripe-webhook-secret'), 'utf8')).toMatch(/^whsec_[\w-]{43}\n$/)
  expect(await status('/stripe-simulator/_sim/state')).toBe(200)
  expect(await status('/stripe-simulator/v1/prices')).toBe(401)
  expect(await status('/stripe/webhook', { method: 'POST', body: '{}' })).toBe(400)
  const usage = await fetch(`http://127.0.0.1:${port}/v1/workspaces/ws_demo/usage`, {
    headers: { Authorization: `Bearer ${key}` },
  })
  expect(await usage.json()).toMatchObject({
    plan: { id: 'starter', contacts: 1_000, subscribed: true },
    price: { monthlyCents: 9_900, source: 'stripe' },
  })
  expect(await status('/v1/test/clock', { method: 'POST', headers: { Authorization: `Bearer ${key}` } })).toBe(404)

  // A second one may not open the same directory; the first is not harmed.
  const second = start({ PORT: String(await freePort()) })
  expect(await second.exit).toBe(2)
  expect(second.output()).toContain(String(app.child.pid))
  expect(second.output()).toContain(String(port))
  expect(await status('/healthz')).toBe(200)

  app.child.kill('SIGTERM')
  expect(await app.exit).toBe(0)
  await expect(status('/healthz')).rejects.toThrow()
  await expect(readFile(join(folder, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow()
}, 120_000)

test('after a kill -9 the next start takes over, shows no key again, and Ctrl-C ends it', async () => {
  const killed = start()
  await killed.ready()
  killed.child.kill('SIGKILL')
  await killed.exit
  const app = start()
  await app.ready()
  expect(app.output()).not.toMatch(/hr_sk_/)
  expect(await status('/login')).toBe(200)
  app.child.kill('SIGINT')
  expect(await app.exit).toBe(0)
  await expect(readFile(join(folder, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow()
}, 120_000)

test('with a key of Stripe there is no simulator: what is missing there is said, and webhooks go by either secret', async () => {
  const asked: string[] = []
  const stripe = createHttpServer((request, response) => {
    asked.push(`${request.headers.authorization} ${request.url}`)
    response.end(JSON.stringify({ object: 'list', data: [], has_more: false, url: request.url }))
  }).listen(0, '127.0.0.1')
  await once(stripe, 'listening')
  try {
    const app = start({
      STRIPE_SECRET_KEY: 'sk_test_51MadeUp0123456789',
      STRIPE_API_BASE: `http://127.0.0.1:${(stripe.address() as { port: number }).port}`,
      STRIPE_WEBHOOK_SECRET: 'whsec_new0123456789,whsec_old0123456789',
      HEADROOM_DEMO: '0',
    })
    await app.ready()
    expect(app.output()).toContain('Payments go through Stripe in test mode: no money moves.')
    expect(app.output()).not.toContain('simulated')
    for (const path of ['/stripe-simulator', '/stripe-simulator/_sim/state', '/stripe-simulator/v1/prices']) {
      expect(await status(path), path).toBe(404)
    }
    expect(await status('/stripe-simulator/_sim/clock', { method: 'POST' })).toBe(404)
    while (!app.output().includes('npm run catalog -- apply')) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(new Set(asked.map((line) => line.split(' ')[1]))).toEqual(new Set(['sk_test_51MadeUp0123456789']))
    expect(app.output()).not.toContain('sk_test_')

    const deliver = async (secret: string) => {
      const event = { id: `evt_of_${secret}`, object: 'event', type: 'some.thing', created: 1, livemode: false }
      const body = JSON.stringify({ ...event, data: { object: {} } })
      const at = Math.floor(Date.now() / 1000)
      const signature = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')
      const headers = { 'Stripe-Signature': `t=${at},v1=${signature}` }
      return status('/stripe/webhook', { method: 'POST', body, headers })
    }
    expect([await deliver('whsec_new0123456789'), await deliver('whsec_old0123456789')]).toEqual([200, 200])
    const generated = (await readFile(join(folder, 'secrets', 'stripe-webhook-secret'), 'utf8')).trim()
    expect(await deliver(generated)).toBe(400)
    app.child.kill('SIGTERM')
    expect(await app.exit).toBe(0)
  } finally {
    stripe.close()
  }
}, 120_000)

test('PostgreSQL killed -9 under load: what was acknowledged is there, the rest is 503, and it goes on by itself', async () => {
  const app = start()
  await app.ready()
  const key = (await readFile(join(folder, 'secrets', 'api-key'), 'utf8')).trim()
  const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}/v1/workspaces/ws_demo${path}`, { headers, ...init })
  const used = async (): Promise<number> => {
    const { meters } = (await (await ask('/usage')).json()) as { meters: { meter: string; used: number }[] }
    return meters.find(({ meter }) => meter === 'email_sends')!.used
  }
  const before = await used()

  let acknowledged = 0
  const others = new Set<number>()
  let isOver = false
  const caller = async (name: string) => {
    for (let n = 0; !isOver; n += 1) {
      const body = JSON.stringify({ lines: [{ meter: 'email_sends', quantity: 1 }], mode: 'record' })
      const init = { method: 'POST', headers: { ...headers, 'Idempotency-Key': `${name}_${n}` }, body }
      // Asked until it is answered: the key makes it one, however often.
      for (let status = 0; status !== 200;) {
        status = (await ask('/use', init)).status
        if (status === 200) acknowledged += 1
        else others.add(status)
      }
    }
  }
  const callers = ['a', 'b', 'c', 'd'].map(caller)
  const enough = async (count: number) => {
    while (acknowledged < count) await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await enough(50)
  const postmaster = Number((await readFile(join(folder, 'postgres', 'data', 'postmaster.pid'), 'utf8')).split('\n')[0])
  process.kill(postmaster, 'SIGKILL')
  await enough(acknowledged + 50)
  isOver = true
  await Promise.all(callers)

  expect(await used()).toBe(before + acknowledged)
  expect([...others].filter((status) => status !== 503)).toEqual([])
  expect(await status('/login')).toBe(200)
  app.child.kill('SIGTERM')
  expect(await app.exit).toBe(0)
}, 120_000)

test('a Ctrl-C during the start ends what has been started', async () => {
  const app = start()
  while (!app.output().includes('is starting')) await new Promise((resolve) => setTimeout(resolve, 20))
  app.child.kill('SIGINT')
  expect(await app.exit).toBe(0)
  await expect(readFile(join(folder, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow()
}, 60_000)

test.each([
  ['PORT', { PORT: 'abc' }],
  ['HEADROOM_API_KEY', { HEADROOM_API_KEY: 'short' }],
  ['HEADROOM_CATALOG', { HEADROOM_CATALOG: 'nowhere.ts' }],
  ['DATABASE_URL', { DATABASE_URL: 'mysql://localhost' }],
  ['DATABASE_URL', { DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/nothing' }],
  ['HEADROOM_TEST_CLOCK', { HEADROOM_TEST_CLOCK: '1', STRIPE_SECRET_KEY: 'sk_live_secret' }],
  ['PORT', { PORT: '1', HOST: '192.0.2.1' }],
])(
  'a malformed %s ends the start with exit code 2 and one line that names it',
  async (name, env) => {
    const app = start(env)
    expect(await app.exit).toBe(2)
    const lines = app
      .output()
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.includes('is starting'))
    expect(lines).toHaveLength(1)
    expect(lines[0]!.trim()).toMatch(new RegExp(`^${name}\\b`))
    expect(lines[0]).not.toContain('secret')
  },
  60_000,
)
