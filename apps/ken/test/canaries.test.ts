/**
 * Secrets are planted wherever there is one, a day of requests is made with them, good ones and bad ones, and then everything that
 * was logged is searched: by Headroom, by Ken, by the money, at the finest level, and by the process itself.
 */
import { createHmac } from 'node:crypto'
import { createLog, createServer, readConfig } from '@headroom/server'
import { startEngine } from '@headroom/engine'
import { testDatabase } from '@headroom/local-postgres/test'
import pg from 'pg'
import { expect, test, vi } from 'vitest'
import catalog from '../../../catalogs/ken.ts'
import { later, laterMoney } from '../../../start/later.ts'
import { Lifetime } from '../../../start/lifetime.ts'
import { openPayments, isForSimulator, type Payments } from '../../../start/payments.ts'
import { createKen, type Ken } from '../src/index.ts'
import { until } from './houses.ts'
import { must, Visitor } from './visitor.ts'

vi.setConfig({ testTimeout: 120_000 })

/** Which secrets stand in a table as they are: of keys, tokens and passwords only hashes are kept. What a caller wrote as a text is theirs. */
async function kept(adminUrl: string, secrets: Map<string, string>): Promise<string[]> {
  const theirs = ['a Stripe key sent by mistake', 'a card number sent by mistake', 'a client secret']
  // Of no use without the secret that signs it.
  const signed = 'the session cookie'
  const superuser = new pg.Client({ connectionString: adminUrl })
  await superuser.connect()
  const { rows: tables } = await superuser.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('ken', 'auth', 'headroom')`,
  )
  const found = new Set<string>()
  for (const { name: table } of tables) {
    const { rows } = await superuser.query<{ text: string | null }>(
      `select string_agg(t::text, ' ') as text from ${table} t`,
    )
    for (const [name, value] of secrets)
      if (name !== signed && !theirs.includes(name) && rows[0]?.text?.includes(value)) found.add(`${name} in ${table}`)
  }
  await superuser.end()
  return [...found]
}

test('no secret stands in any log, whatever went right or wrong, and none in the database', async () => {
  const canary = (name: string) => `canary${name}${'0123456789abcdef'.repeat(2)}`
  const secrets = new Map<string, string>([
    ['the API key', `hr_sk_${canary('key')}`],
    ['the secret of sessions', canary('session')],
    ['the secret of webhooks', `whsec_${canary('hook')}`],
    ['the secret of inbound mail', canary('inbound')],
    ['the password of the mail server', canary('smtp')],
    ['a password', canary('pass')],
    ['a wrong password', canary('wrong')],
    ['a new password', canary('new')],
    ['a key nobody has', `hr_sk_${canary('nobody')}`],
    ['a Stripe key sent by mistake', `sk_live_${canary('stripe')}`],
    ['a card number sent by mistake', '4242424242424242'],
  ])
  const secret = (name: string) => secrets.get(name)!

  const logged: string[] = []
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => (logged.push(String(text)), true))
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => (logged.push(String(text)), true))
  const log = createLog('trace', { write: (line) => void logged.push(line) })
  const say = (level: 'debug' | 'info' | 'warn' | 'error', fields: Record<string, unknown>, message: string) =>
    log[level](fields, message)
  const lifetime = new Lifetime((what, fault) => say('error', { err: fault }, what))
  const database = await testDatabase()
  secrets.set('the password of the database', new URL(database.url).password)
  secrets.set('the password of its owner', new URL(database.ownerUrl).password)
  const engine = await startEngine({
    databaseUrl: database.url,
    ownerUrl: database.ownerUrl,
    catalog,
    log: (level, message, fields = {}) => say(level, fields, message),
  })
  await engine.ensureKey(secret('the API key'), 'canary')
  let stopped: Promise<void> | null = null
  const stopEngine = () => (stopped ??= engine.stop())
  const late: { ken?: Ken } = {}
  const paying = later<Payments>()
  const server = createServer({
    engine,
    log,
    money: laterMoney(
      paying.thing.then(({ money }) => money),
      Promise.resolve(),
    ),
    elsewhere: async (request) =>
      isForSimulator(request) ? (await paying.thing).simulator!.fetch(request) : late.ken!.fetch(request),
  })
  const { url } = await server.listen(0, '127.0.0.1')
  const paid = await openPayments(
    {
      config: readConfig({}),
      engine,
      databaseUrl: database.ownerUrl,
      url,
      ownUrl: url,
      webhookSecret: () => Promise.resolve(secret('the secret of webhooks')),
      log: (level, message, fields = {}) => say(level, fields, message),
    },
    lifetime,
  )
  paying.give(paid)
  await paid.prepare(() => {})
  const ken = await createKen({
    databaseUrl: database.ownerUrl,
    headroom: { baseUrl: url, apiKey: secret('the API key') },
    publicUrl: url,
    secret: secret('the secret of sessions'),
    demo: false,
    webRoot: null,
    build: 'test',
    log: say,
    // Nobody listens there: each mail fails, and that is logged.
    smtpUrl: `smtp://ken:${secret('the password of the mail server')}@127.0.0.1:1/`,
    inboundSecret: secret('the secret of inbound mail'),
    lookSeconds: 1,
  })
  late.ken = ken
  await ken.start()

  try {
    const ann = new Visitor(url)
    const account = { name: 'Ann', email: 'ann@people.example', password: secret('a password'), workspace: 'W' }
    must(await ann.post('/api/signup', account), 204)
    secrets.set('the session cookie', decodeURIComponent(ann.cookie.split('=')[1]!).split('.')[0]!)
    const { workspace } = must(await ann.get<{ workspace: { id: string } }>('/api/session'), 200)
    const { token } = must(await ann.get<{ token: string }>('/api/token'), 200)
    secrets.set('a browser token', token.slice(token.indexOf('.') + 1))
    await ann.post('/api/login', { email: account.email, password: secret('a wrong password') })
    await ann.post('/api/login', { email: secret('a password'), password: '' })
    await ann.put('/api/password', { current: secret('a wrong password'), next: secret('a new password') })
    await ann.post('/api/forgot', { email: account.email })
    await ann.post('/api/invitations', { email: 'bob@people.example', role: 'member' })
    await ann.post(`/api/resets/${secret('a new password')}`, { password: secret('a new password') })
    await ann.ask('POST', '/api/login', {
      body: `{"password":"${secret('a password')}"`,
      headers: { 'Content-Type': 'application/json' },
    })
    for (const authorization of [secret('the secret of inbound mail'), secret('a key nobody has')])
      await ann.ask('POST', '/api/inbound-mail', { headers: { Authorization: `Bearer ${authorization}` }, body: '{' })
    await new Visitor(url, `${ann.cookie}x`).get('/api/session')

    const at = `/v1/workspaces/${workspace.id}`
    const mistaken = secret('a Stripe key sent by mistake')
    const keys = ['the API key', 'a key nobody has', 'a Stripe key sent by mistake'].map(secret)
    for (const key of [...keys, token]) {
      const headers = { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json', 'Idempotency-Key': 'k' }
      const asked: [method: string, path: string, body?: string][] = [
        ['GET', `${at}/usage`],
        ['GET', `/v1/catalog?api_key=${key}`],
        ['GET', `/v1/${key}`],
        ['POST', `${at}/reservations`, `{"lines":[{"meter":"leads","quantity":1}],"reference":"${mistaken}"}`],
        ['POST', `${at}/reservations`, `{"lines":[{"meter":"${key}","quantity":"${key}"}]`],
        ['POST', '/v1/keys', `{"name":"${mistaken.slice(0, 60)}","scope":"full"}`],
        ['POST', `${at}/checkout`, `{"addOn":"leads","blocks":1}`],
        ['POST', `${at}/checkout`, `{"card":"${secret('a card number sent by mistake')}"}`],
        ['POST', '/v1/batch', `{"operations":[{"op":"use","token":"${key}"}]}`],
      ]
      for (const [method, path, body = null] of asked) {
        const text = await (await fetch(url + path, { method, headers, body })).text()
        const made = (JSON.parse(text) as { key?: string }).key
        if (made !== undefined) secrets.set('a key that was made', made)
      }
    }
    for (const signer of [secret('the secret of webhooks'), secret('a key nobody has')]) {
      const body = `{"id":"evt_1","object":"event","type":"x","created":1,"livemode":false,"data":{"object":{"client_secret":"pi_1_secret_canary"}}}`
      const t = Math.floor(Date.now() / 1000)
      const v1 = createHmac('sha256', signer).update(`${t}.${body}`).digest('hex')
      secrets.set(`a signature by ${signer.slice(0, 12)}`, v1)
      await fetch(`${url}/stripe/webhook`, { method: 'POST', body, headers: { 'Stripe-Signature': `t=${t},v1=${v1}` } })
    }
    secrets.set('a client secret', 'pi_1_secret_canary')
    // The mails have been tried and have failed, so that something is said about the mail server.
    await until(() => Promise.resolve(logged.some((line) => /127\.0\.0\.1:1|ECONNREFUSED|mail/i.test(line))))
    expect(await kept(database.adminUrl, secrets)).toEqual([])
    // Statements that fail say what they were, and whom they were sent as.
    await stopEngine()
    await fetch(`${url}${at}/usage`, { headers: { Authorization: `Bearer ${secret('the API key')}` } })
    expect((await ann.get('/api/token')).status).toBe(503)
  } finally {
    await ken.stop()
    await lifetime.stop()
    await server.stop()
    await stopEngine()
    await database.drop()
    stdout.mockRestore()
    stderr.mockRestore()
  }
  const all = logged.join('\n')
  expect(all.length, 'something was logged').toBeGreaterThan(10_000)
  expect([...secrets].filter(([, value]) => all.includes(value)).map(([name]) => name)).toEqual([])
  // Also as they travel: percent-encoded, and in base64.
  const carried = [...secrets.values()].flatMap((value) => [
    encodeURIComponent(value),
    Buffer.from(value).toString('base64'),
  ])
  expect(carried.filter((value) => all.includes(value))).toEqual([])
})
