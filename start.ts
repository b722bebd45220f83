/** Everything in one process: PostgreSQL, Headroom, and Ken beside it. Composition only; what each part does is its own room's. */
import { setTimeout as pause } from 'node:timers/promises'
import {
  ConfigError,
  createLog,
  createServer,
  readConfig,
  standardOutput,
  type Config,
  type Log,
} from '@headroom/server'
import type { EngineInterface } from '@headroom/engine'
import type { Ken } from '@headroom/ken'
import * as banner from './start/banner.ts'
import { readCatalog } from './start/catalog.ts'
import { later, laterMoney } from './start/later.ts'
import { Lifetime, Stopped } from './start/lifetime.ts'
import { named } from './start/named.ts'
import { isForSimulator, loadPayments, openPayments, type Payments } from './start/payments.ts'
import { secretOf } from './start/secrets.ts'

const output = standardOutput()
const lifetime = new Lifetime((what, fault) => console.error(`${what} did not stop cleanly:`, fault))

async function start(): Promise<void> {
  const config = readConfig(process.env)
  const log = createLog(config.logLevel, output)
  const tell = (level: 'info' | 'warn' | 'error', message: string, fields = {}) => log[level](fields, message)
  const { host, port } = config
  console.log(banner.starting(`http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`))

  // Side by side: PostgreSQL starts, the modules are read, and the web app is built.
  const opening = lifetime.start('PostgreSQL', openDatabase(config), ({ stop }) => stop())
  const parts = Promise.all([import('@headroom/engine'), import('@headroom/ken'), readCatalog(config.catalog)])
  // What the first answer needs comes first; Stripe's own SDK is large.
  const early = parts.then(() => loadPayments(config))
  const web = import('./apps/ken/build-web.ts').then(({ buildWeb }) => buildWeb())
  for (const part of [web, parts, early]) part.catch(() => {})
  const database = await opening
  const [{ startEngine }, { createKen }, catalog] = await parts
  const secret = (name: string, prefix?: string) => named('HEADROOM_DATA_DIR', secretOf(database.secrets, name, prefix))
  const apiKey = config.apiKey === null ? await secret('api-key', 'hr_sk_') : null
  const key = config.apiKey ?? apiKey!.value

  const engine = await lifetime.start(
    'The engine',
    named(
      config.databaseUrl === null ? 'The embedded PostgreSQL' : 'DATABASE_URL',
      startEngine({
        databaseUrl: database.url,
        ownerUrl: database.ownerUrl,
        catalog,
        testClock: config.testClock,
        log: tell,
      }),
    ),
    (engine) => engine.stop(),
  )
  await engine.ensureKey(key, 'bootstrap')

  const { server, listening, late } = await openServer(config, log, engine)
  const { ownUrl } = listening
  const url = config.publicUrl ?? listening.url
  const webhookSecret = async () => (await secret('stripe-webhook-secret', 'whsec_')).value
  const site = { config, engine, databaseUrl: database.ownerUrl, url, ownUrl, webhookSecret, log: tell }
  const payments = await openPayments(site, lifetime)
  late.payments.give(payments)
  payments.money.start()
  const prepared = payments.prepare((line) => console.log(`  ${line}\n`))
  // A simulator is given its prices first. At Stripe they are there, or the checkout says that they are not.
  late.prices.give(payments.simulator ? prepared : Promise.resolve())

  const { build } = await web
  const ken = await lifetime.start(
    'Ken',
    createKen({
      databaseUrl: database.ownerUrl,
      headroom: { baseUrl: ownUrl, apiKey: key },
      publicUrl: url,
      secret: (await secret('session-secret')).value,
      demo: config.demo,
      smtpUrl: config.smtpUrl,
      // Where time is moved by hand, nobody waits a minute for a mail that is due.
      lookSeconds: config.testClock ? 2 : 60,
      // In a demo somebody looks at the Leads Database soon; elsewhere it is made for the first who does.
      directory: { ahead: config.demo },
      ...(payments.pay && { payForDemo: payments.pay }),
      webRoot: new URL('apps/ken/dist', import.meta.url).pathname,
      build,
      log: (level, fields, message) => log[level](fields, message),
    }),
    async (ken) => {
      server.drain()
      // Everything goes on, and says that it will not for long.
      await pause(config.drainSeconds * 1_000)
      return ken.stop()
    },
  )
  const logins = config.demo ? await ken.seedDemo() : []
  await ken.start()
  late.ken.give(ken)
  lifetime.check()
  console.log(banner.started({ url, seconds: process.uptime(), apiKey, logins, payments }))
}

/** It answers from here on; what it stands in front of, and what sells, comes while it does. */
async function openServer(config: Config, log: Log, engine: EngineInterface) {
  const { canWait } = await import('@headroom/ken')
  const late = { ken: later<Ken>(), payments: later<Payments>(), prices: later<void>() }
  let notYet: string | null = 'Still starting.'
  void late.ken.thing.then(() => (notYet = null))
  const server = createServer({
    engine,
    log,
    money: laterMoney(
      late.payments.thing.then(({ money }) => money),
      late.prices.thing,
    ),
    build: (await import('./package.json', { with: { type: 'json' } })).default.version,
    rateLimit: config.rateLimit,
    testClock: config.testClock,
    auditEveryMs: config.auditMinutes && config.auditMinutes * 60_000,
    dataDir: config.dataDir,
    onClock: async () => (await late.payments.thing).simulator?.settle(),
    notYet: () => notYet,
    // The simulator stands for somebody else's service: it is not ours to put off.
    elsewhereUrgency: (request) => (isForSimulator(request) ? 'first' : canWait(request) ? 'later' : 'usual'),
    elsewhere: async (request) => {
      const simulator = isForSimulator(request) ? (await late.payments.thing).simulator : null
      return (simulator ?? (await late.ken.thing)).fetch(request)
    },
  })
  const opening = named('PORT or HOST', server.listen(config.port, config.host))
  const listening = await lifetime.start('The server', opening, () => server.stop())
  return { server, listening, late }
}

interface Database {
  url: string
  ownerUrl: string
  /** Where generated secrets are kept. */
  secrets: string
  stop: () => Promise<void>
}

async function openDatabase({ databaseUrl, dataDir, port }: ReturnType<typeof readConfig>): Promise<Database> {
  if (databaseUrl !== null) {
    return { url: databaseUrl, ownerUrl: databaseUrl, secrets: `${dataDir}/secrets`, stop: () => Promise.resolve() }
  }
  const { startLocalPostgres } = await import('@headroom/local-postgres')
  const postgres = await startLocalPostgres({ dataDir, appPort: port, log: (line) => console.log(`  ${line}`) })
  return {
    url: postgres.url,
    ownerUrl: postgres.ownerUrl,
    secrets: `${postgres.dataRoot}/secrets`,
    stop: () => postgres.stop(),
  }
}

async function end(exitCode: number): Promise<void> {
  await lifetime.stop()
  output.flushSync()
  process.exit(exitCode)
}

let isStarted = false
lifetime.onSignals(() => {
  console.log('\n  Stopping …')
  if (isStarted) void end(0)
})
process.on('uncaughtException', (error) => {
  console.error(error)
  void end(1)
})
try {
  await start()
  isStarted = true
} catch (error) {
  if (error instanceof Stopped) await end(0)
  const isPlain = error instanceof ConfigError || (error instanceof Error && 'exitCode' in error)
  console.error(isPlain ? `\n  ${(error as Error).message}\n` : error)
  await end(isPlain ? 2 : 1)
}
