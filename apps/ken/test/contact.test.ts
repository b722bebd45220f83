import { afterAll, beforeAll, expect, test } from 'vitest'
import { supportEmailOf } from '../src/help/contact.ts'
import { house, type House } from './harness.ts'
import { until } from './houses.ts'
import { startMailServer, type MailServer, type Received } from './mail-server.ts'
import { signedUp } from './people-of.ts'
import { Visitor } from './visitor.ts'

let server: MailServer
let here: House
beforeAll(async () => {
  server = await startMailServer()
  here = await house({ smtpUrl: server.url })
})
afterAll(async () => {
  await here.stop()
  await server.stop()
})

/** The next mail that comes to support. */
async function received(count: number): Promise<Received> {
  const toSupport = () => server.mails.filter(({ to }) => to === 'support@ken.example')
  await until(() => Promise.resolve(toSupport().length >= count))
  expect(toSupport()).toHaveLength(count)
  return toSupport().at(-1)!
}

const plain = ({ raw }: Received) => raw.replaceAll('=\r\n', '').replaceAll('=3D', '=')

test('A121 A143 a message reaches support as a mail that is answered by answering it, signed in or not', async () => {
  const admin = await here.signIn('admin')
  const asked = { message: 'The meter stands still.\n\nI paid an hour ago.', receipt: ' 1234-5678 ' }
  expect(await admin.post('/api/contact', asked)).toMatchObject({
    status: 202,
    body: { answerTo: 'admin@ken.example' },
  })
  const first = await received(1)
  expect(first.subject).toBe('Message from Ada Admin')
  expect(first.raw).toMatch(/^Reply-To: admin@ken\.example\r$/m)
  expect(first.raw).not.toMatch(/^Auto-Submitted/m)
  for (const said of [
    'The meter stands still.',
    'I paid an hour ago.',
    '1234-5678',
    'Demo workspace (ws_demo), admin',
  ]) {
    expect(plain(first)).toContain(said)
  }

  const stranger = new Visitor(here.url)
  const message = 'Do you have a plan for two?'
  const said = { message, name: '  Zoë\r\nBcc: all@x.example ', email: 'Zoe@Home.example' }
  expect((await stranger.post('/api/contact', said)).body).toEqual({ answerTo: 'zoe@home.example' })
  const second = await received(2)
  expect(second.raw).toMatch(/^Reply-To: zoe@home\.example\r$/m)
  expect(second.raw).not.toMatch(/^Bcc/m)
  expect(plain(second)).toContain('Not signed in.')

  // Whatever else they say, who is signed in writes as themselves, from a workspace of their own.
  const other = await signedUp(here, 'Olga Other')
  await other.post('/api/contact', { ...said, message: 'As somebody else' })
  const third = await received(3)
  expect(third.raw).toMatch(/^Reply-To: olga\.other@people\.example\r$/m)
  expect(plain(third)).not.toContain('ws_demo')
})

test('what is missing or not well-formed is said, field by field', async () => {
  const stranger = new Visitor(here.url)
  const paths = async (said: object) => {
    const { status, body } = await stranger.post<{ errors: { path: string }[] }>('/api/contact', said)
    return [status, ...(body.errors ?? []).map(({ path }) => path)]
  }
  const whole = { message: 'Hello', name: 'Zoë', email: 'zoe@home.example' }
  expect(await paths({ message: 'Hello' })).toEqual([422, 'name', 'email'])
  expect(await paths({ ...whole, message: ' \u200b\n ' })).toEqual([422, 'message'])
  expect(await paths({ ...whole, message: 'x'.repeat(5_001) })).toEqual([422, 'message'])
  expect(await paths({ ...whole, email: 'nobody' })).toEqual([422, 'email'])
  expect(await paths({ ...whole, receipt: 'no receipt' })).toEqual([422, 'receipt'])
  expect(await paths({ ...whole, workspace: 'ws_demo' })).toEqual([422, ''])
})

test('five messages an hour from one person are enough, and who signed nothing may not write without end', async () => {
  const stranger = new Visitor(here.url)
  const write = (email: string) => stranger.post('/api/contact', { message: 'Hello', name: 'Zoë', email })
  for (let n = 0; n < 5; n++) expect((await write('often@home.example')).status).toBe(202)
  const sixth = await write('often@home.example')
  expect(sixth.status).toBe(429)
  expect(Number(sixth.headers.get('retry-after'))).toBeGreaterThan(3_000)
  const { rows } = await here.sql.query(
    `select 1 from ken.attempts where door = 'contact-signed-out' and attempts >= 7`,
  )
  expect(rows).toEqual([])
  // An address that others claim is not used up for who has it.
  for (let n = 0; n < 6; n++) await write('admin@ken.example')
  expect((await (await here.signIn('admin')).post('/api/contact', { message: 'It is me' })).status).toBe(202)
  await here.sql.query(`update ken.attempts set attempts = 100 where door = 'contact-signed-out'`)
  expect((await write('first@home.example')).status).toBe(429)
  expect((await (await here.signIn('editor')).post('/api/contact', { message: 'Still here' })).status).toBe(202)
})

test('who answers may be set; what is no address stops the start', () => {
  expect(supportEmailOf(undefined)).toBe('support@ken.example')
  expect(supportEmailOf('Help@Acme.example')).toBe('help@acme.example')
  expect(() => supportEmailOf('nobody')).toThrow('KEN_SUPPORT_EMAIL')
})
