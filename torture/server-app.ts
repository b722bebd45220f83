/**
 * The product as `npm start` composes it, without Ken: one server process of several on a database that stands elsewhere. Before it
 * starts, the seams through which it reaches the world are wrapped, so that it can be killed at a chosen point (crash-points.ts).
 */
import { defineCatalog } from '@headroom/core'
import { startEngine } from '@headroom/engine'
import { createLog, createServer, readConfig, standardOutput } from '@headroom/server'
import source from '../catalogs/ken.ts'
import { later, laterMoney } from '../start/later.ts'
import { Lifetime, Stopped } from '../start/lifetime.ts'
import { isForSimulator, openPayments, type Payments } from '../start/payments.ts'
import { armCrashPoint } from './crash-points.ts'
import { readyLine } from './ready-line.ts'

armCrashPoint(process.env['TORTURE_CRASH_POINT'], Number(process.env['TORTURE_CRASH_AT'] ?? 1))

const output = standardOutput()
const lifetime = new Lifetime((what, fault) => console.error(`${what} did not stop cleanly:`, fault))
const config = readConfig(process.env)
const log = createLog(config.logLevel, output)
const tell = (level: 'info' | 'warn' | 'error', message: string, fields = {}) => log[level](fields, message)

async function start(): Promise<void> {
  const ownerUrl = process.env['TORTURE_OWNER_URL']!
  const engine = await lifetime.start(
    'The engine',
    startEngine({
      databaseUrl: config.databaseUrl!,
      ownerUrl,
      catalog: defineCatalog(source),
      testClock: config.testClock,
      log: tell,
    }),
    (engine) => engine.stop(),
  )
  await engine.ensureKey(config.apiKey!, 'torture')
  const payments = later<Payments>()
  const prices = later<void>()
  let notYet: string | null = 'Still starting.'
  const server = createServer({
    engine,
    log,
    money: laterMoney(
      payments.thing.then(({ money }) => money),
      prices.thing,
    ),
    testClock: config.testClock,
    onClock: async () => (await payments.thing).simulator?.settle(),
    notYet: () => notYet,
    elsewhere: async (request) =>
      isForSimulator(request) ? (await payments.thing).simulator!.fetch(request) : new Response(null, { status: 404 }),
  })
  const { url, ownUrl } = await lifetime.start('The server', server.listen(config.port, config.host), () =>
    server.stop(),
  )
  const webhookSecret = () => Promise.reject(new Error('The webhook secret is in the environment.'))
  const opened = await openPayments(
    { config, engine, databaseUrl: ownerUrl, url, ownUrl, webhookSecret, log: tell },
    lifetime,
  )
  payments.give(opened)
  opened.money.start()
  prices.give(opened.prepare(() => {}))
  notYet = null
}

async function end(exitCode: number): Promise<void> {
  await lifetime.stop()
  output.flushSync()
  process.exit(exitCode)
}

let isStarted = false
lifetime.onSignals(() => {
  if (isStarted) void end(0)
})
process.on('uncaughtException', (error) => {
  console.error(error)
  void end(1)
})
try {
  await start()
  isStarted = true
  console.log(readyLine)
} catch (error) {
  if (!(error instanceof Stopped)) console.error(error)
  await end(error instanceof Stopped ? 0 : 1)
}
