/** The rows of bad inputs at Ken's doors: every route that takes JSON gets what nobody should send, and nothing changes. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { request as httpRequest } from 'node:http'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { routes } from '../src/http/routes.ts'
import { house, type House } from './harness.ts'
import { until } from './houses.ts'
import { must, type Visitor } from './visitor.ts'

vi.setConfig({ testTimeout: 120_000 })

let here: House
let admin: Visitor
beforeAll(async () => {
  here = await house()
  admin = await here.signIn('admin')
}, 60_000)
afterAll(() => here.stop())

/** Every row of Ken's and of the sign-in's tables but what counts itself (jobs, attempts), and the books of Headroom. */
async function standing(): Promise<string> {
  const { rows: tables } = await here.sql.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
      where table_schema in ('ken', 'auth') and table_name not in ('jobs', 'attempts') order by 1`,
  )
  const sums = await Promise.all(
    tables.map(async ({ name }) => {
      const { rows } = await here.sql.query<{ sum: string }>(
        `select count(*) || ' ' || coalesce(sum(hashtext(t::text)), 0) as sum from ${name} t`,
      )
      return `${name} ${rows[0]!.sum}`
    }),
  )
  return JSON.stringify([sums, await here.headroom.balances('ws_demo').then(({ balances }) => balances)])
}

/** Those that read a body of JSON; the others leave unread what is sent to them, or take files. */
const takesJson = (path: string) =>
  !/^\/api\/(?:logout|inbound-mail|unsubscribe\/:id|campaigns\/:id\/uploads|builds\/:id\/files)$|^\/unsubscribe/.test(
    path,
  )
const asking = routes.filter(({ method, path }) => (method === 'POST' || method === 'PUT') && takesJson(path))

const json = { 'Content-Type': 'application/json' }
const bodies: [row: string, body: string | Uint8Array<ArrayBuffer>, status: number, headers: Record<string, string>][] =
  [
    ['R13 a key twice', '{"name":"a","name":"b"}', 400, json],
    ['R13 a key twice, spelled otherwise', '{"a":{"name":1,"n\\u0061me":2}}', 400, json],
    ['R26 bytes that are no UTF-8', Uint8Array.of(0x7b, 0x22, 0xc0, 0xaf, 0x22, 0x3a, 0x31, 0x7d), 400, json],
    ['R31 a body above a megabyte', JSON.stringify({ name: 'x'.repeat(1_100_000) }), 413, json],
    ['R32 depth 10,000', '['.repeat(10_000) + ']'.repeat(10_000), 400, json],
    ['R34 a number that never ends', `{"target":${'9'.repeat(90_000)}}`, 422, json],
    ['R35 a compressed body', '{}', 415, { ...json, 'Content-Encoding': 'gzip' }],
    ['R36 R94 text', '{}', 415, { 'Content-Type': 'text/plain' }],
    ['R36 R94 a form', 'name=a', 415, { 'Content-Type': 'application/x-www-form-urlencoded' }],
    ['R36 UTF-16', '{}', 415, { 'Content-Type': 'application/json; charset=utf-16' }],
    ['R37 half an object', '{', 400, json],
    ['R37 a byte order mark', '\ufeff{}', 400, json],
    ['R41 __proto__', '{"__proto__":{"role":"admin"}}', 422, json],
    ['R41 constructor', '{"constructor":{"prototype":{"role":"admin"}}}', 422, json],
    ['R42 fields that are not asked for', '{"role_":"admin","workspace_id":"ws_x","used":0}', 422, json],
  ]

describe('a body', () => {
  test.each(bodies)('%s is refused by every route that takes one', async (_row, body, status, headers) => {
    const before = await standing()
    for (const { method, path } of asking) {
      const answer = await admin.ask(method, path.replace(':id', 'nothing').replace(':item', 'nothing'), {
        body,
        headers,
      })
      expect([method, path, answer.status]).toEqual([method, path, status])
      expect(answer.headers.get('content-type')).toBe('application/problem+json')
    }
    expect(await standing()).toBe(before)
    expect(({} as Record<string, unknown>).role).toBeUndefined()
  })
})

test('R93 a change from another site’s page is refused at every door, whatever it says', async () => {
  const before = await standing()
  const foreign: Record<string, string>[] = [
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: `${here.url}.evil.example` },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
  ]
  // A mail program's button comes from anywhere: that door has a token of its own.
  for (const { method, path } of routes.filter(({ method, path }) => method !== 'GET' && path.startsWith('/api/'))) {
    for (const headers of foreign) {
      const { status, headers: sent } = await fetch(
        here.url + path.replace(':id', 'nothing').replace(':item', 'nothing'),
        {
          method,
          headers: { Cookie: admin.cookie, ...json, ...headers },
          body: method === 'DELETE' ? null : '{}',
        },
      )
      expect([method, path, status]).toEqual([method, path, 403])
      expect(sent.getSetCookie()).toEqual([])
    }
  }
  expect((await admin.get('/api/session')).status).toBe(200)
  expect(await standing()).toBe(before)
})

test('R24 R25 NUL and lone surrogates are refused wherever text is kept, and never a fault of ours', async () => {
  const before = await standing()
  const texts = ['a\u0000b', '\ud800', 'a\udc00b']
  const criteria = { titles: [], countries: [], industries: [] }
  for (const text of texts) {
    const asked: [method: string, path: string, body: object][] = [
      ['POST', '/api/campaigns', { name: text, criteria }],
      ['POST', '/api/campaigns', { name: 'a', criteria: { ...criteria, titles: [text] } }],
      ['POST', '/api/workspaces', { name: text }],
      ['PUT', '/api/profile', { name: text }],
      ['POST', '/api/invitations', { email: `a${text}@people.example`, role: 'member' }],
      ['POST', '/api/signup', { name: text, email: 'n@people.example', password: 'long enough it is', workspace: 'W' }],
      ['POST', '/api/contact', { name: text, email: 'n@people.example', message: text }],
      [
        'POST',
        '/api/builds',
        { name: text, brief: { company: text, website: '', offer: text, audience: text, goal: text } },
      ],
      ['PUT', '/api/campaigns/cmp_demo/sequence', { steps: [{ waitDays: 0, subject: text, body: text }] }],
    ]
    for (const [method, path, body] of asked) {
      const answer = await admin.ask(method, path, { body: JSON.stringify(body), headers: json })
      expect([path, JSON.stringify(text), answer.status]).toEqual([path, JSON.stringify(text), 422])
    }
  }
  expect(await standing()).toBe(before)
})

test('R40 R43 R47 parameters, cursors and ids that are not ours', async () => {
  for (const { path } of routes.filter(({ method, path }) => method === 'GET' && path.includes(':id'))) {
    for (const id of ['..%2f..', '%2e%2e%2f', '%00', '{id}', "'", 'x'.repeat(101), 'CMP_DEMO', '%zz', 'a b']) {
      const { status } = await admin.get(path.replace(':id', id).replace(':item', id))
      // A link that leads nowhere says so with a word of its own.
      const expected = status === 409 && /invites|resets/.test(path) ? 409 : 404
      expect([path, id, status]).toEqual([path, id, expected])
    }
  }
  const lists = ['/api/campaigns/cmp_demo/contacts', '/api/campaigns/cmp_demo/recipients', '/api/mails', '/api/ledger']
  for (const path of lists) {
    for (const cursor of ['forged', 'e30', 'x'.repeat(5_000)]) {
      const { status } = await admin.get(`${path}?cursor=${cursor}`)
      expect([path, cursor.slice(0, 9), status]).toEqual([path, cursor.slice(0, 9), 422])
    }
    expect((await admin.get(`${path}?cursor=a&cursor=b`)).status, path).toBe(400)
  }
})

test('R45 another Host or a forwarded one is believed by nobody: a link in a mail leads to where Ken was told it is', async () => {
  const ask = (path: string, headers: Record<string, string>, body: object) =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(here.url)
      const options = { host: hostname, port, path, method: 'POST', headers: { ...json, ...headers } }
      const asked = httpRequest(options, (answer) => answer.resume().on('end', () => resolve(answer.statusCode!)))
      asked.on('error', reject).end(JSON.stringify(body))
    })
  const headers = { Host: 'evil.example', 'X-Forwarded-Host': 'evil.example', 'X-Forwarded-Proto': 'https' }
  expect(await ask('/api/forgot', headers, { email: 'member@ken.example' })).toBe(204)
  await until(async () => {
    const { rows } = await here.sql.query<{ text: string; state: string }>(
      `select text || html as text, state from ken.mails where kind = 'password_reset'`,
    )
    if (rows[0]?.state !== 'sent') return false
    expect(rows[0].text).toContain(here.url)
    expect(rows[0].text).not.toContain('evil')
    return true
  })
})

test('R46 a header names no workspace but one where the person belongs', async () => {
  const session = (headers: Record<string, string>) => admin.ask('GET', '/api/session', { headers })
  expect((await session({ 'X-Workspace-Id': 'ws_other' })).body).toMatchObject({ workspace: { id: 'ws_demo' } })
  expect((await session({ 'X-Workspace': 'ws_other' })).status).toBe(404)
})

test('R81 R82 R83 R84 R85 R86 R87 R88 the address in a build’s brief is text: nobody goes there', async () => {
  const reached = new Set<number | undefined>()
  const onSocket = (message: unknown) => {
    const { socket } = message as { socket: Socket }
    socket.once('connect', () => reached.add(socket.remotePort))
    socket.once('lookup', (_fault, _address, _family, host) => host === new URL(here.url).hostname || reached.add(-1))
  }
  subscribe('net.client.socket', onSocket)
  try {
    const brief = { company: 'Acme', offer: 'Anvils', audience: 'Coyotes', goal: 'Meetings' }
    for (const website of ['http://169.254.169.254/', 'https://rebinding.invalid/', 'file:///etc/passwd']) {
      const build = must(
        await admin.post<{ id: string }>('/api/builds', { name: 'Theirs', brief: { ...brief, website } }),
        201,
      )
      const step = async () =>
        (await admin.get<{ working: string | null; step: string }>(`/api/builds/${build.id}`)).body
      await until(async () => (await step()).working === null)
      must(await admin.post(`/api/builds/${build.id}/next`, { from: (await step()).step }), 200)
      await until(async () => (await step()).working === null)
      must(await admin.post(`/api/builds/${build.id}/leave`), 200)
    }
    await new Promise((resolve) =>
      httpRequest(here.url, { agent: false }, (answer) => answer.resume().on('end', resolve)).end(),
    )
    expect([...reached], 'watched, and led nowhere else').toEqual([Number(new URL(here.url).port)])
  } finally {
    unsubscribe('net.client.socket', onSocket)
  }
})

test('R102 R98 wrong passwords and unknown people answer alike, and too many have to wait', async () => {
  const before = await standing()
  const sign = (email: string) =>
    admin.ask('POST', '/api/login', { body: JSON.stringify({ email, password: 'no no no no' }), headers: json })
  const plain = (answer: { status: number; body: Record<string, unknown> }) => [
    answer.status,
    { ...answer.body, requestId: '' },
  ]
  expect(plain(await sign('viewer@ken.example'))).toEqual(plain(await sign('nobody@ken.example')))
  const statuses = []
  for (let tries = 0; tries < 10; tries += 1) statuses.push((await sign('viewer@ken.example')).status)
  expect(statuses.at(-1)).toBe(429)
  expect(await standing()).toBe(before)
})
