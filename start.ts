/** Everything in one process: PostgreSQL, Headroom, and Ken beside it. Composition only; what each part does is its own room's. */
import { ConfigError, createLog, createServer, readConfig, standardOutput } from '@headroom/server'
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

  // Side by side: the web app is built, and the modules are read, while PostgreSQL starts.
  const web = import('./apps/ken/build-web.ts').then(({ buildWeb }) => buildWeb())
  const parts = Promise.all([import('@headroom/engine'), import('@headroom/ken'), readCatalog(config.catalog)])
  const paymentParts = loadPayments(config)
  for (const early of [web, parts, paymentParts]) early.catch(() => {})
  const database = await lifetime.start('PostgreSQL', openDatabase(config), ({ stop }) => stop())
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

  const [ken, payments, prices] = [later<Ken>(), later<Payments>(), later<void>()]
  let notYet: string | null = 'Still starting.'
  const server = createServer({
    engine,
    log,
    money: laterMoney(
      payments.thing.then(({ money }) => money),
      prices.thing,
    ),
    build: (await import('./package.json', { with: { type: 'json' } })).default.version,
    rateLimit: config.rateLimit,
    testClock: config.testClock,
    onClock: async () => (await payments.thing).simulator?.settle(),
    notYet: () => notYet,
    elsewhere: async (request) => {
      const simulator = isForSimulator(request) ? (await payments.thing).simulator : null
      return (simulator ?? (await ken.thing)).fetch(request)
    },
  })
  const listening = await lifetime.start('The server', named('PORT or HOST', server.listen(port, host)), () =>
    server.stop(),
  )
  const url = config.publicUrl ?? listening.url

  const { ownUrl } = listening
  const webhookSecret = async () => (await secret('stripe-webhook-secret', 'whsec_')).value
  const site = { config, engine, databaseUrl: database.ownerUrl, url, ownUrl, webhookSecret, log: tell }
  const paid = await openPayments(site, lifetime)
  payments.give(paid)
  paid.money.start()
  void paid.preparePrices((line) => console.log(`  ${line}\n`)).then(prices.give)

  const { build } = await web
  const opened = await lifetime.start(
    'Ken',
    createKen({
      databaseUrl: database.ownerUrl,
      headroom: { baseUrl: ownUrl, apiKey: key },
      publicUrl: url,
      secret: (await secret('session-secret')).value,
      demo: config.demo,
      smtpUrl: config.smtpUrl,
      ...(paid.pay && { payForDemo: paid.pay }),
      webRoot: new URL('apps/ken/dist', import.meta.url).pathname,
      build,
      log: (level, fields, message) => log[level](fields, message),
    }),
    (opened) => {
      server.drain()
      return opened.stop()
    },
  )
  const logins = config.demo ? await opened.seedDemo() : []
  await opened.start()
  ken.give(opened)
  notYet = null
  lifetime.check()
  console.log(banner.started({ url, seconds: process.uptime(), apiKey, logins, payments: paid }))
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
