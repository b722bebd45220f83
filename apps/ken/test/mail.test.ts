import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { another, closeAll, open, until } from './houses.ts'
import { apiKey, people, type House } from './harness.ts'
import { startMailServer, startSilentServer, type MailServer } from './mail-server.ts'
import { days, looked, mailRows, setRole, settled, stand } from './standings.ts'

const servers: Pick<MailServer, 'stop'>[] = []
afterEach(async () => {
  await closeAll()
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function started<Server extends Pick<MailServer, 'stop'>>(starting: Promise<Server>): Promise<Server> {
  const server = await starting
  servers.push(server)
  return server
}

const fail = (here: House) => stand(here, { status: 'past_due', graceUntil: Date.now() + days(7) })

/** The next try is due now. */
const hurry = (here: House) => here.sql.query(`update ken.jobs set run_at = now() where kind = 'mail'`)

test('a mail goes out as text and HTML, to one Admin, under a Message-ID of its own', async () => {
  const server = await started(startMailServer())
  const here = await open({ smtpUrl: `${server.url}?from=billing@acme.example`, lookSeconds: 0.1 })
  await fail(here)
  await until(() => Promise.resolve(server.mails.length === 1))
  await settled(here)
  const [mail] = server.mails
  const { rows } = await here.sql.query<{ id: string }>('select id from ken.mails')
  expect(mail).toMatchObject({
    to: 'admin@ken.example',
    subject: 'Payment failed for Demo workspace',
    messageId: `<${rows[0]!.id}@ken.example>`,
  })
  expect(mail!.raw).toMatch(/^From: Ken <billing@acme\.example>\r$/m)
  expect(mail!.raw).toMatch(/^To: Ada Admin <admin@ken\.example>\r$/m)
  expect(mail!.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
  expect(mail!.raw).toContain('Content-Type: text/plain; charset=utf-8')
  expect(mail!.raw).toContain('Content-Type: text/html; charset=utf-8')
  expect(mail!.raw).toContain(`Manage Plan: ${here.url}/settings/billing`)
  await looked(here)
  expect(server.mails).toHaveLength(1)
})

test('while the mail server is away a mail waits and is tried again; when it is back it goes out once', async () => {
  const first = await startMailServer()
  await first.stop()
  const here = await open({ smtpUrl: first.url, lookSeconds: 0.1 })
  await setRole(here, 'editor@ken.example', 'admin')
  await fail(here)
  await until(async () => (await mailRows(here)).filter(({ attempts }) => attempts >= 2).length === 2)
  expect((await mailRows(here)).map(({ state }) => state)).toEqual(['queued', 'queued'])
  const { rows } = await here.sql.query<{ fault: string }>('select fault from ken.mails')
  expect(rows[0]!.fault).toMatch(/ECONNREFUSED/)
  const back = await started(startMailServer({ port: Number(new URL(first.url).port) }))
  await hurry(here)
  await settled(here)
  await looked(here)
  expect(Object.values(back.byId())).toEqual([1, 1])
  expect(back.mails.map(({ to }) => to).sort()).toEqual(['admin@ken.example', 'editor@ken.example'])
  expect(here.errors).toEqual([])
}, 60_000)

test('a mail that still waits when the payment has gone through is not sent, nor to someone who is no Admin any more', async () => {
  const gone = await startMailServer()
  await gone.stop()
  const here = await open({ smtpUrl: gone.url, lookSeconds: 0.1 })
  await setRole(here, 'editor@ken.example', 'admin')
  await fail(here)
  await until(async () => (await mailRows(here)).filter(({ attempts }) => attempts >= 1).length === 2)
  await setRole(here, 'editor@ken.example', 'member')
  await setRole(here, 'member@ken.example', 'admin')
  const back = await started(startMailServer({ port: Number(new URL(gone.url).port) }))
  await until(async () => (await mailRows(here)).length === 3)
  await hurry(here)
  await settled(here)
  const states = Object.fromEntries((await mailRows(here)).map(({ email, state }) => [email, state]))
  expect(states).toEqual({ 'admin@ken.example': 'sent', 'editor@ken.example': 'dropped', 'member@ken.example': 'sent' })
  await back.stop()

  await stand(here, { status: 'past_due', graceUntil: Date.now() + days(20) })
  await until(async () => (await mailRows(here)).filter(({ state }) => state === 'queued').length === 2)
  await stand(here, { status: 'active' })
  await hurry(here)
  await settled(here)
  expect((await mailRows(here)).filter(({ state }) => state === 'dropped')).toHaveLength(3)
  expect(back.mails.map(({ to }) => to).sort()).toEqual(['admin@ken.example', 'member@ken.example'])
  expect(here.errors).toEqual([])
}, 60_000)

test('a process killed between sending and noting it sends again, under the same Message-ID', async () => {
  const lock: { held?: pg.Client } = {}
  const server = await started(
    startMailServer({
      // From here on the row cannot be written, so the mail is taken and nobody can note it.
      onMail: async () => {
        if (lock.held) return
        lock.held = new pg.Client({ connectionString: here.options.databaseUrl })
        lock.held.on('error', () => {})
        await lock.held.connect()
        await lock.held.query('begin')
        await lock.held.query('select 1 from ken.mails for update')
      },
    }),
  )
  const here = await open({ smtpUrl: server.url, worker: false })
  await fail(here)
  const { databaseUrl, publicUrl, secret, smtpUrl } = here.options
  const settings = JSON.stringify({ databaseUrl, publicUrl, secret, apiKey, baseUrl: here.url, smtpUrl })
  const script = fileURLToPath(new URL('worker-process.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', script, settings], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    await until(async () => {
      const { rowCount } = await here.sql.query(
        `select 1 from pg_stat_activity
          where datname = current_database() and application_name = 'ken' and wait_event_type = 'Lock' and query like '%update ken.mails%'`,
      )
      return rowCount === 1
    })
  } finally {
    const dead = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await dead
    await lock.held?.end()
  }
  expect(await mailRows(here)).toMatchObject([{ state: 'queued', attempts: 1 }])
  await here.sql.query('update ken.jobs set locked_until = null')
  await another(here, { worker: true })
  await until(async () => (await mailRows(here))[0]!.state === 'sent')
  expect(await mailRows(here)).toMatchObject([{ state: 'sent', attempts: 2 }])
  expect(Object.values(server.byId())).toEqual([2])
}, 60_000)

test('a mail the server refuses for good is not tried again and holds up no other', async () => {
  const server = await started(startMailServer({ refuse: 'admin@ken.example' }))
  const here = await open({ smtpUrl: server.url, lookSeconds: 0.1 })
  await setRole(here, 'editor@ken.example', 'admin')
  await fail(here)
  await until(async () => (await mailRows(here)).length === 2)
  await looked(here)
  const states = Object.fromEntries((await mailRows(here)).map(({ email, state }) => [email, state]))
  expect(states).toEqual({ 'admin@ken.example': 'failed', 'editor@ken.example': 'sent' })
  expect(here.errors).toMatchObject([expect.stringContaining('refused a mail for good')])
})

test('a mail server that never answers holds up no import, and no stop', async () => {
  const server = await started(startSilentServer())
  const here = await open({ smtpUrl: server.url, lookSeconds: 0.1 })
  for (const who of ['editor', 'member', 'viewer']) await setRole(here, `${who}@ken.example`, 'admin')
  await fail(here)
  await until(() => Promise.resolve(server.connections() > 0))
  const admin = await here.signIn('admin')
  const { id } = await admin.start((await admin.prepared(people(150))).id)
  expect(await admin.ended(id)).toMatchObject({ state: 'completed', counted: 150 })
}, 60_000)
