import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { launch, oneStep, ready, sentAndCounted } from './campaign.ts'
import { newId } from '../src/database.ts'
import { closeAll, open, until } from './houses.ts'
import { must, Visitor } from './visitor.ts'
import { days, sent, setRole, stand } from './standings.ts'

afterEach(closeAll)

interface Mails {
  data: {
    id: string
    kind: string
    to: { name: string; email: string }
    subject: string
    at: string
    campaign: { id: string; name: string; step: number } | null
    ended: string | null
  }[]
  nextCursor: string | null
}

test('without a mail server mails stand in the mailbox: everyone reads their own, a demo’s Admin reads all', async () => {
  const here = await open({ lookSeconds: 0.1 })
  await setRole(here, 'editor@ken.example', 'admin')
  await stand(here, { status: 'past_due', graceUntil: Date.now() + days(7) })
  await until(async () => (await sent(here)).length === 2)
  await setRole(here, 'editor@ken.example', 'editor')
  const [admin, editor, viewer] = [await here.signIn('admin'), await here.signIn('editor'), await here.signIn('viewer')]
  const all = (await admin.get<Mails>('/api/mails')).body
  expect(all.nextCursor).toBeNull()
  expect(all.data.map(({ to, subject }) => `${to.email}: ${subject}`).sort()).toEqual([
    'admin@ken.example: Payment failed for Demo workspace',
    'editor@ken.example: Payment failed for Demo workspace',
  ])
  const own = (await editor.get<Mails>('/api/mails')).body.data
  expect(own.map(({ to }) => to.email)).toEqual(['editor@ken.example'])
  expect((await viewer.get<Mails>('/api/mails')).body.data).toEqual([])

  const opened = await editor.get<{ html: string; text: string }>(`/api/mails/${own[0]!.id}`)
  expect(opened.body.text).toContain('Hi Edda Editor,')
  expect(opened.body.html).toContain('<p style="margin:0 0 16px">Hi Edda Editor,</p>')
  const others = all.data.find(({ to }) => to.email === 'admin@ken.example')!
  expect((await editor.get(`/api/mails/${others.id}`)).status).toBe(404)
  expect((await new Visitor(here.url).get('/api/mails')).status).toBe(401)
  expect((await admin.get('/api/mails?cursor=mail_1')).status).toBe(422)
})

test('the mailbox is read page by page, newest first', async () => {
  const here = await open({ worker: false })
  await here.sql.query(
    `insert into ken.mails (workspace_id, id, kind, occasion, recipient_id, name, email, subject, text, html, state, written_at)
     select 'ws_demo', 'mail_' || gen_random_uuid(), 'suspended', n::text, 'nobody', 'N', 'n@ken.example', 'S', 't', 'h',
            case when n = 1 then 'queued' else 'sent' end, now()
       from generate_series(1, 121) n`,
  )
  const admin = await here.signIn('admin')
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const page: Mails = (await admin.get<Mails>(`/api/mails${cursor === null ? '' : `?cursor=${cursor}`}`)).body
    ids.push(...page.data.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(ids).toHaveLength(120)
  expect(ids).toEqual([...new Set(ids)].sort().toReversed())
})

test('a campaign’s mails stand beside account mails, in one order, for everyone who may see the campaign', async () => {
  const here = await open({ lookSeconds: 0.2 })
  const [admin, member] = [await here.signIn('admin'), await here.signIn('member')]
  const account = (n: number) =>
    here.sql.query(
      `insert into ken.mails (workspace_id, id, kind, occasion, recipient_id, name, email, subject, text, html, state, written_at)
       values ('ws_demo', $1, 'suspended', $2, 'nobody', 'N', 'n@ken.example', 'S', 't', 'h', 'sent', now())`,
      [newId('mail'), String(n)],
    )
  await account(1)
  const campaign = await ready(admin, { count: 60, steps: oneStep })
  await launch(admin, campaign)
  await sentAndCounted(admin, campaign, 60)
  await account(2)

  const page = async (query: string) => (await admin.get<Mails>(`/api/mails?${query}`)).body
  const first = await page('')
  expect(first.data[0]!.kind).toBe('suspended')
  const one = first.data.find(({ kind }) => kind === 'campaign')!
  expect(one).toMatchObject({ campaign: { id: campaign, name: 'Test', step: 1 }, ended: null })
  const second = await page(`cursor=${first.nextCursor}`)
  const kinds = [...first.data, ...second.data].map(({ kind }) => kind)
  expect(kinds.filter((kind) => kind === 'campaign')).toHaveLength(60)
  expect(new Set([...first.data, ...second.data].map(({ id }) => id)).size).toBe(kinds.length)
  // What came first is last; people of the workspace may have got mails of their own since.
  expect([kinds.at(-1), second.nextCursor]).toEqual(['suspended', null])
  expect((await page('folder=campaign')).data.every(({ kind }) => kind === 'campaign')).toBe(true)
  expect((await page('folder=account')).data.some(({ kind }) => kind === 'campaign')).toBe(false)
  expect((await admin.get('/api/mails?folder=other')).status).toBe(422)

  const { id } = one
  const opened = (await admin.get<{ text: string; html: string }>(`/api/mails/${id}`)).body
  expect(opened.text).toContain('this is mail 1.')
  expect(opened.html).toContain('/unsubscribe/')
  expect((await member.get<Mails>('/api/mails?folder=campaign')).body.data).toEqual([])
  expect((await member.get(`/api/mails/${id}`)).status).toBe(404)
  must(await admin.post(`/api/mails/${id}/reply`, { text: 'Call me.' }), 204)
  expect((await admin.get<{ ended: string }>(`/api/mails/${id}`)).body.ended).toBe('replied')
}, 60_000)

test('with a mail server and without demo data there is no mailbox: mails are read where they were sent', async () => {
  const webRoot = mkdtempSync(join(tmpdir(), 'ken-web-'))
  writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Ken</title>')
  const accept = { headers: { Accept: 'text/html' } }
  const statusOf = async (options: Parameters<typeof open>[0]) => {
    const here = await open({ webRoot, worker: false, ...options })
    const visitor = new Visitor(here.url)
    const body = { email: 'admin@ken.example', password: 'ken-demo-admin' }
    expect((await visitor.post('/api/login', body)).status).toBe(204)
    const session = await visitor.get<{ mailbox: boolean }>('/api/session')
    return [
      session.body.mailbox,
      (await visitor.get('/api/mails')).status,
      (await visitor.ask('GET', '/mailbox', accept)).status,
    ]
  }
  expect(await statusOf({ demo: false, smtpUrl: 'smtp://127.0.0.1:1' })).toEqual([false, 404, 404])
  expect(await statusOf({ demo: false, smtpUrl: null })).toEqual([true, 200, 200])
  expect(await statusOf({ demo: true, smtpUrl: 'smtp://127.0.0.1:1' })).toEqual([true, 200, 200])
  const here = await open({ webRoot, worker: false })
  expect((await new Visitor(here.url).get('/mailbox?mail=mail_1')).headers.get('location')).toBe(
    '/login?next=%2Fmailbox%3Fmail%3Dmail_1',
  )
  rmSync(webRoot, { recursive: true })
}, 60_000)
