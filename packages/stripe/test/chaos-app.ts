/** A server to be killed: money in as it runs in production, against a Stripe that stands elsewhere. Says "ready" once it listens. */
import { startEngine } from '@headroom/engine'
import { createLog, createServer } from '@headroom/server'
import { writeSync } from 'node:fs'
import catalog from '../../../catalogs/ken.ts'
import { createMoney, type MoneyTimes } from '../src/index.ts'

export interface ChaosApp {
  databaseUrl: string
  ownerUrl: string
  port: number
  apiKey: string
  apiBase: string
  secretKey: string
  webhookSecret: string
  times: MoneyTimes
}

const app = JSON.parse(process.argv[2]!) as ChaosApp
const log = createLog('error', { write: (line) => void writeSync(2, line) })
const engine = await startEngine({ databaseUrl: app.databaseUrl, ownerUrl: app.ownerUrl, catalog, testClock: true })
await engine.ensureKey(app.apiKey, 'chaos')
const money = createMoney({
  engine,
  secretKey: app.secretKey,
  apiBase: app.apiBase,
  webhookSecrets: [app.webhookSecret],
  publicUrl: 'https://app.example.test',
  log: (level, message, fields = {}) => log[level](fields, message),
  times: app.times,
})
const server = createServer({ engine, log, money, testClock: true })
await server.listen(app.port, '127.0.0.1')
money.start()
writeSync(1, 'ready\n')
