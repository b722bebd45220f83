import { afterEach, expect, test } from 'vitest'
import { counted, fourSteps, launch, oneStep, ready, recipients, sending, sentAndCounted, state } from './campaign.ts'
import { people } from './harness.ts'
import { closeAll, open, until } from './houses.ts'
import { startMailServer, type MailServer } from './mail-server.ts'
import { must } from './visitor.ts'

const servers: Pick<MailServer, 'stop'>[] = []
afterEach(async () => {
  await closeAll()
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

async function started(...ways: Parameters<typeof startMailServer>): Promise<MailServer> {
  const server = await startMailServer(...ways)
  servers.push(server)
  return server
}

/** How often mails of campaigns came, one figure for each. */
const times = (server: MailServer) => Object.values(server.byId('snd_'))

/** A header with characters that have to be written in another way (RFC 2047). */
const decoded = (header: string) =>
  header
    .replaceAll(/\?=\s+=\?UTF-8\?Q\?|^=\?UTF-8\?Q\?|\?=$/g, '')
    .replaceAll('_', ' ')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, code: string) => String.fromCodePoint(parseInt(code, 16)))

test('a mail of a campaign comes from its owner, as text and HTML, with a way to answer and a way out in its header', async () => {
  const server = await started()
  const here = await open({ smtpUrl: `${server.url}?from=hello@acme.example`, lookSeconds: 0.2 })
  const editor = await here.signIn('editor')
  const file = 'First name,Company,Email,Title\n<Anna> {{company}},"R&D ""Labs""",anna@company.example,\n'
  const upload = await editor.prepared(file)
  await editor.ended((await editor.start(upload.id)).id)
  const body = 'Hi {{ first_name }},\nyou are {{title}} of {{company}}{{nonsense}}.\n\n<b>Best</b>'
  const steps = [{ waitDays: 0, subject: '{{company}}, {{firstName}}', body }]
  const headers = { 'Content-Type': 'application/json' }
  await editor.ask('PUT', `/api/campaigns/${upload.campaignId}/sequence`, { body: JSON.stringify({ steps }), headers })
  await launch(editor, upload.campaignId)
  await state(editor, upload.campaignId, 'completed')
  const mail = server.mails.find(({ messageId }) => messageId.startsWith('<snd_'))!
  const { rows } = await here.sql.query<{ id: string }>('select id from ken.sends')
  expect(mail).toMatchObject({ to: 'anna@company.example', messageId: `<${rows[0]!.id}@ken.example>` })
  expect(decoded(mail.subject)).toBe('R&D "Labs", <Anna> {{company}}')
  const raw = mail.raw
    .replaceAll(/=\r\n/g, '')
    .replaceAll('=3D', '=')
    .replaceAll(/\r\n[ \t]+/g, ' ')
  expect(raw).toMatch(/^From: Edda Editor <hello@acme\.example>\r$/m)
  expect(raw).toMatch(/^Reply-To: reply\+[0-9a-f]{56}@ken\.example\r$/m)
  expect(raw).toMatch(/^List-Unsubscribe: <http:\/\/[a-z0-9.:]+\/unsubscribe\/[0-9a-f]{56}>\r$/m)
  expect(raw).toMatch(/^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m)
  expect(raw).not.toMatch(/^Auto-Submitted/m)
  expect(raw).toContain('Hi <Anna> {{company}},\r\nyou are your role of R&D "Labs".')
  expect(raw).toContain('Hi &lt;Anna&gt; {{company}},<br>you are your role of R&amp;D &quot;Labs&quot;.</p>')
  expect(raw).toContain('&lt;b&gt;Best&lt;/b&gt;')
}, 120_000)

test('what the server refuses for good ends that recipient and is not counted; what it puts off is tried again and counts once', async () => {
  let [puttingOff, asked] = [true, 0]
  const server = await started({
    onRecipient(address) {
      if (address === 'person3@company.example') return Promise.resolve(550)
      if (!puttingOff || address !== 'person5@company.example') return Promise.resolve(null)
      asked += 1
      return Promise.resolve(451)
    },
  })
  const here = await open({ smtpUrl: server.url, lookSeconds: 0.2 }, { testClock: true })
  const editor = await here.signIn('editor')
  const id = await ready(editor, { count: 20, steps: fourSteps.slice(0, 2) })
  await launch(editor, id)
  await until(() => Promise.resolve(asked === 2))
  await sentAndCounted(editor, id, 18)
  expect(await sending(editor, id)).toMatchObject({ state: 'sending', queued: 1, notice: { kind: 'mail_server' } })
  const [failed] = await recipients(editor, id, 'failed')
  expect(failed).toMatchObject({ email: 'person3@company.example', nextAt: null })
  expect(failed!.reason).toContain('550 No such mailbox here')
  puttingOff = false
  await sentAndCounted(editor, id, 19)
  await here.headroom.testClock.advance('P3D')
  await state(editor, id, 'completed')
  expect(await sending(editor, id)).toMatchObject({
    sent: 38,
    counted: 38,
    recipients: { finished: 19, failed: 1 },
    steps: [
      { sent: 19, failed: 1 },
      { sent: 19, failed: 0 },
    ],
  })
  expect(times(server)).toEqual(Array.from({ length: 38 }, () => 1))
  expect(await counted(here)).toEqual({ used: 38, overage: 0, entries: 38, sum: 38 })
  expect(here.errors).toEqual([])
}, 120_000)

test('a server that hangs over one recipient holds up neither the others nor an import', async () => {
  const server = await started({
    onRecipient: (address) =>
      address === 'person0@company.example' ? new Promise<never>(() => {}) : Promise.resolve(null),
  })
  const here = await open({ smtpUrl: server.url, lookSeconds: 0.2 })
  const editor = await here.signIn('editor')
  const id = await ready(editor, { count: 150, steps: oneStep })
  await launch(editor, id)
  await sentAndCounted(editor, id, 149)
  expect(await sending(editor, id)).toMatchObject({ state: 'sending', queued: 1, sent: 149 })
  const upload = await editor.prepared(people(50, 500))
  expect(await editor.ended((await editor.start(upload.id)).id)).toMatchObject({ counted: 50 })
}, 120_000)

test('while the mail server is away a campaign waits and tries seldom; when it is back every mail goes out once', async () => {
  const first = await startMailServer()
  await first.stop()
  const here = await open({ smtpUrl: first.url, lookSeconds: 0.2 })
  const editor = await here.signIn('editor')
  const id = await ready(editor, { count: 120, steps: oneStep })
  await launch(editor, id)
  await until(async () => (await sending(editor, id)).notice?.kind === 'mail_server')
  await until(async () => {
    const { rows } = await here.sql.query<{ resting: boolean }>(
      `select run_at > now() and locked_until is null as resting from ken.jobs where id = $1`,
      [id],
    )
    return rows[0]!.resting
  })
  expect(await sending(editor, id)).toMatchObject({ state: 'sending', sent: 0, counted: 0 })
  const { rows } = await here.sql.query<{ tries: number }>('select sum(attempts)::int as tries from ken.sends')
  expect(rows[0]!.tries).toBeLessThanOrEqual(30)
  const back = await started({ port: Number(new URL(first.url).port) })
  await here.sql.query(`update ken.sends set try_at = now() where state = 'queued'`)
  await here.sql.query(`update ken.jobs set run_at = now() where id = $1`, [id])
  await state(editor, id, 'completed')
  expect(times(back)).toEqual(Array.from({ length: 120 }, () => 1))
  expect(await counted(here)).toEqual({ used: 120, overage: 0, entries: 120, sum: 120 })
  expect(here.errors).toEqual([])
}, 120_000)

test('paused in the middle no more leaves than is on its way; resumed it goes on, and the figures agree', async () => {
  let letGo = () => {}
  const open20 = new Promise<void>((resolve) => (letGo = resolve))
  const server = await started({
    onMail: ({ messageId }) =>
      messageId.startsWith('<snd_') && times(server).length > 20 ? open20 : Promise.resolve(),
  })
  const here = await open({ smtpUrl: server.url, lookSeconds: 0.2 })
  const editor = await here.signIn('editor')
  const id = await ready(editor, { count: 90, steps: oneStep })
  await launch(editor, id)
  await until(() => Promise.resolve(times(server).length === 25))
  expect(must(await editor.post(`/api/campaigns/${id}/pause`), 200)).toMatchObject({ state: 'paused', nextAt: null })
  letGo()
  await until(async () => (await here.sql.query(`select 1 from ken.jobs where kind = 'sending'`)).rowCount === 0)
  expect(times(server)).toHaveLength(25)
  expect(await sending(editor, id)).toMatchObject({ state: 'paused', sent: 25, counted: 25, queued: 65 })
  expect(await counted(here)).toMatchObject({ used: 25, entries: 25 })
  must(await editor.post(`/api/campaigns/${id}/resume`), 200)
  await state(editor, id, 'completed')
  expect(times(server)).toEqual(Array.from({ length: 90 }, () => 1))
  expect(await counted(here)).toMatchObject({ used: 90, entries: 90, sum: 90 })
}, 120_000)

test('a mail whose answer was lost goes out again under its Message-ID, and counts once', async () => {
  let breaking = true
  const server: MailServer = await started({
    async onMail({ messageId, to }) {
      if (!breaking || !messageId.startsWith('<snd_') || to !== 'person1@company.example') return
      breaking = false
      // The mail is taken; whoever sent it never hears so.
      server.hangUp()
      await new Promise(() => {})
    },
  })
  const here = await open({ smtpUrl: server.url, lookSeconds: 0.2 })
  const editor = await here.signIn('editor')
  const id = await ready(editor, { count: 3, steps: oneStep })
  await launch(editor, id)
  await state(editor, id, 'completed')
  expect(times(server).reduce((sum, one) => sum + one)).toBeGreaterThan(3)
  expect(times(server)).toHaveLength(3)
  expect(await sending(editor, id)).toMatchObject({ sent: 3, counted: 3 })
  expect(await counted(here)).toEqual({ used: 3, overage: 0, entries: 3, sum: 3 })
}, 120_000)
