import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Role } from '@headroom/sdk'
import { createKen } from '../src/index.ts'
import { house, people, type House } from './harness.ts'
import { must, Visitor } from './visitor.ts'

const webRoot = mkdtempSync(join(tmpdir(), 'ken-web-'))
mkdirSync(join(webRoot, 'assets'))
writeFileSync(join(webRoot, 'index.html'), '<!doctype html><title>Ken</title>')
writeFileSync(join(webRoot, 'assets', 'main-abc123.js'), 'export {}')
writeFileSync(join(webRoot, 'favicon.svg'), '<svg/>')

let here: House
const signedIn = new Map<Role, Visitor>()
const as = (role: Role) => signedIn.get(role)!

beforeAll(async () => {
  here = await house({ webRoot })
  for (const role of ['admin', 'editor', 'member', 'viewer'] as const) signedIn.set(role, await here.signIn(role))
})
afterAll(async () => {
  await here.stop()
  rmSync(webRoot, { recursive: true })
})

test('a session says who, where and in which role; without one the answer is 401', async () => {
  expect((await as('editor').get('/api/session')).body).toEqual({
    user: { id: expect.any(String) as string, name: 'Edda Editor', email: 'editor@ken.example' },
    workspace: { id: 'ws_demo', name: 'Demo workspace' },
    role: 'editor',
    workspaces: [{ id: 'ws_demo', name: 'Demo workspace', role: 'editor' }],
    notifications: { import_finished: true, campaign_completed: true, reply_received: true, credits_low: true },
    build: 'test-build',
    demo: true,
    mailbox: true,
  })
  const nobody = await new Visitor(here.url).get('/api/session')
  expect(nobody).toMatchObject({
    status: 401,
    body: { code: 'unauthenticated', demo: true, requestId: expect.any(String) as string },
  })
  expect(nobody.headers.get('content-type')).toBe('application/problem+json')
  expect(nobody.headers.get('x-build')).toBe('test-build')
})

test('R96 signing in by password sets a cookie that scripts and other sites cannot use; signing out ends it and the tokens', async () => {
  const visitor = new Visitor(here.url)
  const answer = await visitor.post('/api/login', { email: 'Viewer@ken.example', password: 'ken-demo-viewer' })
  expect(answer.status).toBe(204)
  const [cookie = ''] = answer.headers.getSetCookie()
  expect(cookie).toMatch(/HttpOnly/)
  expect(cookie).toMatch(/SameSite=Lax/)
  expect(cookie).toMatch(/Path=\//)
  const { token } = must(await visitor.get<{ token: string }>('/api/token'), 200)
  const usage = () =>
    fetch(`${here.url}/v1/workspaces/ws_demo/usage`, { headers: { Authorization: `Bearer ${token}` } })
  expect((await usage()).status).toBe(200)
  const stolen = new Visitor(here.url, visitor.cookie)
  expect((await visitor.post('/api/logout')).status).toBe(204)
  expect(visitor.cookie).toBe('')
  expect((await stolen.get('/api/session')).status).toBe(401)
  expect((await usage()).status).toBe(401)
  // The session of the same person elsewhere has ended its tokens too, and gets a new one.
  expect((await as('viewer').get('/api/token')).status).toBe(200)
})

test('over https the cookie is Secure and bound to this host', async () => {
  const ken = await createKen({ ...here.options, publicUrl: 'https://ken.example', worker: false })
  try {
    const ask = (path: string, init?: RequestInit) => ken.fetch(new Request(`https://ken.example${path}`, init))
    const headers = { 'Content-Type': 'application/json' }
    const answer = await ask('/api/demo-login', { method: 'POST', headers, body: '{"role":"admin"}' })
    const [cookie = ''] = answer.headers.getSetCookie()
    expect(cookie).toMatch(/^__Host-ken\.session_token=/)
    expect(cookie).toMatch(/; Secure/)
    const [pair = ''] = cookie.split(';')
    expect((await ask('/api/session', { headers: { Cookie: pair } })).status).toBe(200)
    expect((await ask('/login')).headers.get('strict-transport-security')).toBe('max-age=31536000')
  } finally {
    await ken.stop()
  }
})

test('a secret that is too short is refused before anything is opened', async () => {
  await expect(createKen({ ...here.options, secret: 'short' })).rejects.toThrow('32 bytes')
})

test('a wrong password and an unknown address get the same answer; ten of them and the address has to wait', async () => {
  const visitor = new Visitor(here.url)
  const tryTo = (email: string, password: string) => visitor.post('/api/login', { email, password })
  const [wrong, unknown] = [
    await tryTo('member@ken.example', 'not it, sorry'),
    await tryTo('nobody@ken.example', 'not it, sorry'),
  ]
  for (const { status, body } of [wrong, unknown]) {
    expect([status, body.code, body.detail]).toEqual([401, 'wrong_credentials', 'The email or password is wrong.'])
  }
  for (let n = 1; n < 10; n += 1) expect((await tryTo('member@ken.example', `guess ${n} of many`)).status).toBe(401)
  const refused = await tryTo('member@ken.example', 'ken-demo-member')
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } })
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await tryTo('editor@ken.example', 'ken-demo-editor')).status).toBe(204)
  expect((await new Visitor(here.url).post('/api/demo-login', { role: 'member' })).status).toBe(204)
}, 60_000)

test('R97 a tampered cookie is no session', async () => {
  const { cookie } = as('admin')
  for (const broken of [
    cookie.slice(0, -3),
    `${cookie}x`,
    cookie.replace(/=.{8}/, '=AAAAAAAA'),
    'ken.session_token=',
  ]) {
    expect((await new Visitor(here.url, broken).get('/api/session')).status).toBe(401)
  }
})

test('R93 R94 a request that changes something is refused when it comes from another site', async () => {
  const { cookie } = as('admin')
  const send = (headers: Record<string, string>) =>
    fetch(`${here.url}/api/campaigns`, { method: 'POST', headers: { Cookie: cookie, ...headers }, body: '{}' })
  const json = { 'Content-Type': 'application/json' }
  expect((await send({ ...json, Origin: 'https://evil.example' })).status).toBe(403)
  expect((await send({ ...json, Origin: 'null' })).status).toBe(403)
  expect((await send({ ...json, 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403)
  expect((await send({ ...json, Origin: here.url })).status).toBe(422)
  expect((await send({ 'Content-Type': 'text/plain', Origin: here.url })).status).toBe(415)
})

test('A8 A9 A10 A7 Billing opened by anyone but an Admin lands on Profile, before a page is sent', async () => {
  for (const path of ['/settings/billing', '/settings/billing/return?session_id=cs_1']) {
    for (const role of ['editor', 'member', 'viewer'] as const) {
      const { status, headers } = await as(role).get(path)
      expect([role, status, headers.get('location')]).toEqual([role, 302, '/settings/profile'])
    }
    expect((await as('admin').get<string>(path)).body).toContain('<title>Ken</title>')
  }
})

test('A12 a changed role counts from the next request', async () => {
  const member = as('member')
  expect((await member.get('/settings/billing')).status).toBe(302)
  const { user } = must(await member.get<{ user: { id: string } }>('/api/session'), 200)
  const become = (role: Role) => here.sql.query('update ken.members set role = $2 where user_id = $1', [user.id, role])
  await become('admin')
  expect((await member.get('/settings/billing')).status).toBe(200)
  await become('viewer')
  expect((await member.post('/api/campaigns', { name: 'No', criteria: {} })).status).toBe(403)
  await here.sql.query('delete from ken.members where user_id = $1', [user.id])
  expect((await member.get('/api/session')).status).toBe(401)
  await here.sql.query(`insert into ken.members (workspace_id, user_id, role) values ('ws_demo', $1, 'member')`, [
    user.id,
  ])
})

test('A11 the token of anyone but an Admin sees no prices and no ledger', async () => {
  const { token } = must(await as('editor').get<{ token: string }>('/api/token'), 200)
  const headers = { Authorization: `Bearer ${token}` }
  const usage = (await (await fetch(`${here.url}/v1/workspaces/ws_demo/usage`, { headers })).json()) as {
    price: unknown
    addOns: unknown
  }
  expect([usage.price, usage.addOns]).toEqual([null, null])
  expect((await fetch(`${here.url}/v1/workspaces/ws_demo/ledger`, { headers })).status).toBe(403)
})

test('every other path is a problem document, and a wrong method names the right ones', async () => {
  const visitor = as('admin')
  for (const path of [
    '/api/nothing',
    '/api',
    '/api/campaigns/',
    '/api/Campaigns',
    '/api/auth/sign-up/email',
    '/api/auth/get-session',
    '/api/auth/list-sessions',
    '/nowhere',
    '/campaigns/a/b',
    '/settings/nothing',
    '//campaigns',
  ]) {
    const { status, headers } = await visitor.get(path)
    expect([path, status, headers.get('content-type')]).toEqual([path, 404, 'application/problem+json'])
  }
  const wrong: [method: string, path: string, allow: string][] = [
    ['GET', '/api/logout', 'POST'],
    ['DELETE', '/api/campaigns', 'GET, HEAD, POST'],
    ['POST', '/api/session', 'GET, HEAD'],
    ['POST', '/login', 'GET, HEAD'],
    ['PUT', '/assets/main-abc123.js', 'GET, HEAD'],
  ]
  for (const [method, path, allow] of wrong) {
    const answer = await visitor.ask(method, path)
    expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 405, allow])
    expect(answer.body).toMatchObject({ code: 'method_not_allowed' })
  }
})

test('View only looks at everything and starts nothing; Members have their own campaigns to themselves', async () => {
  const [editor, member, viewer] = [as('editor'), as('member'), as('viewer')]
  const upload = await editor.prepared(people(5))
  const own = await member.campaign()
  const running = await editor.start(upload.id)
  await editor.ended(running.id)
  for (const path of [
    `/api/campaigns/${upload.campaignId}`,
    `/api/uploads/${upload.id}/plan`,
    `/api/imports/${running.id}`,
    `/api/campaigns/${own.id}/contacts`,
  ]) {
    expect((await viewer.get(path)).status, path).toBe(200)
  }
  const criteria = { titles: [], countries: [], industries: [] }
  const starts = [
    await viewer.post('/api/campaigns', { name: 'No', criteria }),
    await viewer.tryUpload(upload.campaignId, people(1)),
    await viewer.post(`/api/uploads/${upload.id}/imports`),
    await viewer.post(`/api/imports/${running.id}/cancel`),
  ]
  expect(starts.map(({ status }) => status)).toEqual([403, 403, 403, 403])
  const hidden = [
    await member.get(`/api/campaigns/${upload.campaignId}`),
    await member.get(`/api/campaigns/${upload.campaignId}/contacts`),
    await member.tryUpload(upload.campaignId, people(1)),
    await member.get(`/api/uploads/${upload.id}/plan`),
    await member.post(`/api/uploads/${upload.id}/imports`),
    await member.get(`/api/imports/${running.id}`),
    await member.get(`/api/imports/${running.id}/events`),
    await member.post(`/api/imports/${running.id}/cancel`),
  ]
  const unknown = await member.get('/api/campaigns/cmp_none')
  for (const { status, body } of hidden) {
    expect([status, { ...body, requestId: '' }]).toEqual([404, { ...unknown.body, requestId: '' }])
  }
  const list = async (visitor: Visitor) =>
    must(await visitor.get<{ campaigns: { id: string }[] }>('/api/campaigns'), 200).campaigns.map(({ id }) => id)
  expect(await list(member)).toEqual([own.id])
  expect(await list(editor)).toEqual(expect.arrayContaining([own.id, upload.campaignId, 'cmp_demo']))
})

test('a workspace with more campaigns than a page holds lists each once, newest first, and knows a cursor of somebody else’s', async () => {
  const here = await house()
  try {
    const [editor, member] = [await here.signIn('editor'), await here.signIn('member')]
    const theirs = await editor.campaign()
    // Half of them made in one instant.
    await here.sql.query(
      `insert into ken.campaigns (workspace_id, id, name, criteria, state, owner_id, created_at)
       select workspace_id, 'cmp_many_' || n, 'Many', criteria, state, $2, created_at + interval '1 hour' * greatest(0, n - 300)
         from ken.campaigns, generate_series(1, 600) n where id = $1`,
      [theirs.id, (await member.campaign()).owner.id],
    )
    interface Page {
      campaigns: { id: string; createdAt: string }[]
      nextCursor: string | null
    }
    const pages: Page[] = []
    do {
      const cursor = pages.at(-1)?.nextCursor
      pages.push(must(await member.get<Page>(`/api/campaigns${cursor ? `?cursor=${cursor}` : ''}`), 200))
    } while (pages.at(-1)!.nextCursor !== null)
    const all = pages.flatMap(({ campaigns }) => campaigns)
    expect(pages.map(({ campaigns }) => campaigns.length)).toEqual([250, 250, 101])
    expect(new Set(all.map(({ id }) => id)).size).toBe(601)
    const times = all.map(({ createdAt }) => createdAt)
    expect(times).toEqual(times.toSorted().toReversed())
    for (const cursor of [theirs.id, 'cmp_none', ''])
      expect(await member.get(`/api/campaigns?cursor=${cursor}`)).toMatchObject({ status: 422 })
  } finally {
    await here.stop()
  }
})
