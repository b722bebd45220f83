/** The rows of docs/reference/bad-inputs.md (R1-R59, R95-R112): each gets the stated answer, a problem document, and changes nothing. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openRoom, type Answered, type Ask, type Room } from './room.ts'

let room: Room
let before: string[]
const ws = 'ws_bad'
const other = 'ws_other'
const at = `/v1/workspaces/${ws}`

beforeAll(async () => {
  room = await openRoom()
  await room.workspace({ id: ws })
  await room.workspace({ id: other })
  await room.workspace({ id: 'ws_dfy', plan: 'dfy', contacts: 10_000 })
  for (const workspace of [ws, other]) {
    const path = `/v1/workspaces/${workspace}/reservations`
    await room.post(path, { id: `held_${workspace}`, lines: [{ meter: 'leads', quantity: 100 }] })
    await room.post(path, { id: 'closed', lines: [{ meter: 'leads', quantity: 10 }] })
    await room.post(`${path}/closed/commit`, { lines: [{ meter: 'leads', quantity: 4 }] })
  }
})
afterAll(() => room.stop())

const books = () => Promise.all([ws, other].map((workspace) => room.books(workspace)))
beforeEach(async () => {
  before = await books()
})
afterEach(async () => {
  expect(await books()).toEqual(before)
})

const jwt = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

const isProblem = (answer: Answered, ...expected: number[]): void => {
  expect(expected, `${answer.status} ${answer.text}`).toContain(answer.status)
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.body.code).toBeTypeOf('string')
}
const reserve = (body: unknown) => room.post(`${at}/reservations`, body)
const raw = (content: BodyInit, more: Ask = {}) => room.ask('POST', `${at}/reservations`, { raw: content, ...more })
/** A quantity as it stands in the JSON text. */
const quantity = (text: string, path = '/reservations') =>
  room.ask('POST', at + path, {
    raw: `{"lines":[{"meter":"leads","quantity":${text}}]${path === '/use' ? ',"mode":"record"' : ''}}`,
  })

describe('quantities', () => {
  const rows: [row: string, text: string, statuses: number[]][] = [
    ['R1 -1', '-1', [422]],
    ['R2 0', '0', [422]],
    ['R3 1.5', '1.5', [422]],
    ['R5 text', '"10"', [422]],
    ['R6 beyond what is exact', '9007199254740993', [422]],
    ['R7 beyond 64 bits', '9223372036854775807', [422]],
    ['R7 one more', '9223372036854775808', [422]],
    ['R8 1e309', '1e309', [422]],
    ['R9 NaN', 'NaN', [400]],
    ['R9 Infinity', 'Infinity', [400]],
    ['R10 -0', '-0', [422]],
    ['R11 hexadecimal', '0x10', [400]],
    ['R11 leading zero', '010', [400]],
    ['R11 full-width digits', '"１０"', [422]],
    ['R11 thousands separator', '"1,000"', [422]],
    ['R11 underscore', '1_000', [400]],
    ['R12 null', 'null', [422]],
    ['R12 list', '[]', [422]],
    ['R12 object', '{}', [422]],
    ['R12 true', 'true', [422]],
    ['R59 beyond the range', '1000000000000', [422]],
  ]
  test.each(rows)('%s is refused', async (_, text, statuses) => {
    for (const path of ['/reservations', '/use', '/check']) isProblem(await quantity(text, path), ...statuses)
    const item = `{"operations":[{"op":"reserve","workspace":"${ws}","lines":[{"meter":"leads","quantity":${text}}]}]}`
    const batch = await room.ask('POST', '/v1/batch', { raw: item })
    if (batch.status === 200) expect(batch.body.results[0].status).toBe(422)
    else isProblem(batch, ...statuses)
  })

  test('R12 a missing quantity is refused', async () => isProblem(await reserve({ lines: [{ meter: 'leads' }] }), 422))
  test('R4 1e3 is 1000', async () => {
    const answer = await room.post(`${at}/check`, { lines: [{ meter: 'leads', quantity: 1e3 }] })
    const spelled = await quantity('1e3', '/check')
    expect(spelled.body.lines).toEqual(answer.body.lines)
  })
  test('R13 duplicate keys are refused', async () => {
    isProblem(await raw('{"lines":[{"meter":"leads","quantity":1,"quantity":1000000}]}'), 400)
  })
  test('R16 a commit above what is held is refused', async () => {
    const answer = await room.post(`${at}/reservations/held_${ws}/commit`, {
      lines: [{ meter: 'leads', quantity: 101 }],
    })
    isProblem(answer, 422)
    expect(answer.body.code).toBe('exceeds_reservation')
  })
  test('R16 a commit of a meter that is not held is refused', async () => {
    isProblem(
      await room.post(`${at}/reservations/held_${ws}/commit`, { lines: [{ meter: 'email_sends', quantity: 1 }] }),
      422,
    )
  })
  test('R17 a commit of -5 or -0 is refused', async () => {
    for (const text of ['-5', '-0']) {
      const content = `{"lines":[{"meter":"leads","quantity":${text}}]}`
      isProblem(await room.ask('POST', `${at}/reservations/held_${ws}/commit`, { raw: content }), 422)
    }
  })
  test.each([0, -1, 315_360_000, 1.5, '60', null])('R18 a ttl of %j is refused', async (ttlSeconds) => {
    isProblem(await reserve({ lines: [{ meter: 'leads', quantity: 1 }], ttlSeconds }), 422)
    isProblem(await room.post(`${at}/reservations/held_${ws}/extend`, { ttlSeconds }), 422)
  })
  test('R59 an unlimited meter has no denominator and no overflow', async () => {
    const lines = [{ meter: 'email_sends', quantity: 1_000_000_000 }]
    const { body } = await room.post('/v1/workspaces/ws_dfy/check', { lines })
    expect(body).toMatchObject({ allowed: true, lines: [{ available: null, limit: null, maxAllowed: null }] })
    expect((await room.post('/v1/workspaces/ws_dfy/use', { lines, mode: 'record' })).status).toBe(200)
  })
})

describe('lines', () => {
  const line = { meter: 'leads', quantity: 1 }
  const rows: [row: string, lines: unknown][] = [
    ['R58 LEADS', [{ ...line, meter: 'LEADS' }]],
    ['R58 leads with a blank', [{ ...line, meter: 'leads ' }]],
    ['R58 léads', [{ ...line, meter: 'léads' }]],
    ['R58 an unknown meter', [{ ...line, meter: 'unknown' }]],
    ['a meter twice', [line, line]],
    ['no line', []],
    ['21 lines', Array.from({ length: 21 }, (_, n) => ({ ...line, meter: `m${n}` }))],
    ['an object', { 0: line }],
    ['nothing', undefined],
  ]
  test.each(rows)('%s is refused', async (_, lines) => {
    isProblem(await reserve({ lines }), 422)
    isProblem(await room.post(`${at}/check`, { lines }), 422)
    isProblem(await room.post(`${at}/use`, { lines, mode: 'enforce' }), 422)
  })
})

describe('instants', () => {
  const texts = [
    '2026-02-30T00:00:00Z',
    '0000-00-00T00:00:00Z',
    '275761-01-01T00:00:00Z',
    'tomorrow',
    '2026-11-01T00:00:00+24:00',
    '2026-11-01',
    '',
  ]
  test.each(texts)('R19 %j is refused', async (text) => {
    const value = encodeURIComponent(text)
    isProblem(await room.get(`${at}/balances?at=${value}`), 422)
    isProblem(await room.get(`${at}/ledger?period=${value}`), 422)
    isProblem(await room.post('/v1/workspaces', { name: 'x', anchor: text }), 422)
    isProblem(await room.post('/v1/keys', { name: 'x', scope: 'read', expiresAt: text }), 422)
  })
  test('R109 R110 a client’s own time is no field', async () => {
    for (const field of ['now', 'at', 'occurred_at', 'occurredAt', 'timestamp']) {
      const lines = [{ meter: 'leads', quantity: 1 }]
      isProblem(await room.post(`${at}/use`, { lines, mode: 'record', [field]: '2027-11-01T00:00:00Z' }), 422)
    }
  })
})

describe('text', () => {
  test.each([
    "' OR 1=1 --",
    '"; DROP TABLE workspaces; --',
    '<script>alert(1)</script>',
    "=cmd|'/c calc'!A0",
    '\u202eevil',
    '{{7*7}}',
  ])('R20 R21 R22 %j is kept as it is', async (name) => {
    const made = await room.post('/v1/workspaces', { name })
    expect(made).toMatchObject({ status: 201, body: { name } })
    expect((await room.get(`/v1/workspaces/${made.body.id}`)).body.name).toBe(name)
  })
  test.each(['a\n=1+1', '\u0007', 'x'.repeat(10_000), 'z' + '\u0301'.repeat(1_000), '   ', '👨‍👩‍👧'.repeat(21)])(
    'R23 R27 R28 the name %j is refused',
    async (name) => isProblem(await room.post('/v1/workspaces', { name }), 422),
  )
  test('R24 R25 NUL and lone surrogates are refused wherever text may stand', async () => {
    for (const text of ['\\u0000', '\\ud800', 'a\\udc00b']) {
      isProblem(await room.ask('POST', '/v1/workspaces', { raw: `{"name":"x${text}"}` }), 422)
      const lines = '"lines":[{"meter":"leads","quantity":1}]'
      isProblem(await raw(`{${lines},"reference":"${text}"}`), 422)
      isProblem(await raw(`{${lines},"metadata":{"${text}":1}}`), 422)
      isProblem(await raw(`{${lines},"metadata":{"a":["${text}"]}}`), 422)
      const batch = `{"operations":[{"op":"reserve","workspace":"${ws}",${lines},"reference":"${text}"}]}`
      isProblem(await room.ask('POST', '/v1/batch', { raw: batch }), 422)
    }
  })
  test('R26 invalid UTF-8 is refused', async () => {
    for (const bytes of [
      [0xc0, 0xaf],
      [0xff, 0xfe],
    ]) {
      isProblem(await raw(Buffer.concat([Buffer.from('{"id":"'), Buffer.from(bytes), Buffer.from('"}')])), 400)
    }
  })
  test('R57 metadata that is too large or too deep is refused', async () => {
    const lines = [{ meter: 'leads', quantity: 1 }]
    isProblem(await reserve({ lines, metadata: { text: 'x'.repeat(5_000) } }), 422)
    isProblem(await reserve({ lines, metadata: { a: { b: { c: { d: { e: 1 } } } } } }), 422)
    isProblem(await reserve({ lines, metadata: { text: 'x'.repeat(2_000_000) } }), 413)
    for (const metadata of ['text', [], 1]) isProblem(await reserve({ lines, metadata }), 422)
  })
  test.each(['', 'x'.repeat(201), 'a\nb', 5])('the reference %j is refused', async (reference) => {
    isProblem(await reserve({ lines: [{ meter: 'leads', quantity: 1 }], reference }), 422)
  })
})

describe('bodies', () => {
  test('R31 a body above 100 KB is refused, a batch above 1 MB', async () => {
    const padded = (size: number) => `{"reference":"${'x'.repeat(size - 16)}"}`
    isProblem(await raw(padded(100 * 1024 + 1)), 413)
    isProblem(await raw(padded(100 * 1024)), 422)
    isProblem(await room.ask('POST', '/v1/batch', { raw: padded(1024 * 1024 + 1) }), 413)
    isProblem(await room.ask('POST', '/v1/batch', { raw: padded(1024 * 1024) }), 422)
  })
  test('R32 R33 R34 what is too deep, too wide or too long is refused', async () => {
    isProblem(await raw('['.repeat(10_000) + ']'.repeat(10_000)), 400)
    isProblem(await raw(JSON.stringify(Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`k${n}`, n])))), 400)
    isProblem(
      await raw(JSON.stringify(Object.fromEntries(Array.from({ length: 100_000 }, (_, n) => [`k${n}`, n])))),
      413,
    )
    isProblem(await room.ask('POST', '/v1/batch', { raw: `{"operations":${'9'.repeat(1_000_000)}}` }), 400)
    isProblem(await quantity('9'.repeat(50_000)), 400)
  })
  test('R35 a compressed body is refused', async () => {
    isProblem(await raw(Buffer.from([0x1f, 0x8b]), { headers: { 'Content-Encoding': 'gzip' } }), 415)
  })
  test.each([
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
  ])('R36 the type %s is refused', async (type) =>
    isProblem(await raw('{}', { headers: { 'content-type': type } }), 415),
  )
  test.each(['', '{', '\ufeff{}', '{"lines":[],}', 'null}', '{}{}'])('R37 the body %j is refused', async (content) => {
    isProblem(await raw(content), 400)
  })
  test.each(['null', '[]', '"text"', '1', 'true'])('the body %s is no object', async (content) =>
    isProblem(await raw(content), 422),
  )
  test('R41 __proto__ and constructor are no fields', async () => {
    isProblem(await raw('{"__proto__":{"role":"admin"}}'), 422)
    isProblem(await raw('{"constructor":{"prototype":{"role":"admin"}}}'), 422)
    expect(({} as Record<string, unknown>).role).toBeUndefined()
  })
  test.each(['role', 'workspace_id', 'workspace', 'used', 'limit', 'price', 'plan', 'state'])(
    'R42 the field %s is refused',
    async (field) => {
      const answer = await reserve({ lines: [{ meter: 'leads', quantity: 1 }], [field]: 1 })
      isProblem(answer, 422)
      expect(answer.body.errors).toEqual([{ path: field, message: 'is not a known field' }])
    },
  )
})

describe('queries and headers', () => {
  test.each(['?limit=1&limit=2', '?a[]=1&a[b]=2', '?role=admin', '?limit=50&api_key=x', '?state=held&state=held'])(
    'R43 %s is refused',
    async (query) => {
      isProblem(await room.get(`${at}/reservations${query}`), 400)
      isProblem(await room.get(`${at}/usage${query}`), 400)
    },
  )
  test.each(['0', '-1', '1e9', '101', '1.5', 'ten', ''])('R40 a page of %j is refused', async (limit) => {
    isProblem(await room.get(`${at}/ledger?limit=${limit}`), 422)
    isProblem(await room.get(`${at}/reservations?limit=${limit}`), 422)
  })
  test('R40 a forged cursor and another workspace’s are refused', async () => {
    for (const list of ['ledger', 'reservations']) {
      const { body } = await room.get(`/v1/workspaces/${other}/${list}?limit=1`)
      expect(body.nextCursor).toBeTypeOf('string')
      for (const cursor of ['forged', body.nextCursor as string, 'x'.repeat(501)]) {
        isProblem(await room.get(`${at}/${list}?cursor=${encodeURIComponent(cursor)}`), 422)
      }
    }
  })
  test('R44 the method is the method', async () => {
    const headers = { 'X-HTTP-Method-Override': 'DELETE', 'X-Method-Override': 'DELETE' }
    expect((await room.ask('GET', at, { headers })).status).toBe(200)
    isProblem(await room.get(`${at}?_method=DELETE`), 400)
  })
  test('R45 R46 no header names a workspace, an address or a host', async () => {
    const headers = { 'X-Workspace-Id': other, 'X-Forwarded-For': '127.0.0.1', 'X-Forwarded-Host': 'evil.example' }
    const answer = await room.ask('GET', at, { headers })
    expect(answer.body.id).toBe(ws)
    expect(JSON.stringify([...answer.headers])).not.toContain('evil')
  })
  test('R29 a request id is taken only where it is harmless', async () => {
    const idOf = async (sent: string) =>
      (await room.ask('GET', at, { headers: { 'X-Request-Id': sent } })).headers.get('x-request-id')
    expect(await idOf('my-request_1')).toBe('my-request_1')
    for (const sent of ['a b', '<script>', 'x'.repeat(65), 'a;Set-Cookie: x=1', 'ä'])
      expect(await idOf(sent)).toMatch(/^req_/)
  })
})

describe('ids', () => {
  const ids = ['..%2f..', '%2e%2e%2f', '%00', '%20', 'ä', 'a.b', '{id}', 'x'.repeat(101), '%zz', "'", 'held_WS_BAD']
  test.each(ids)('R47 %j is not found', async (id) => {
    isProblem(await room.get(`${at}/reservations/${id}`), 404, 400)
    isProblem(await room.post(`${at}/reservations/${id}/release`), 404, 400)
    isProblem(await room.get(`/v1/workspaces/${id}`), 404, 400)
  })
  test.each(['', 'a b', 'a/b', 'ä', 'x'.repeat(101), 5, null])('an own id %j is refused', async (id) => {
    isProblem(await reserve({ id, lines: [{ meter: 'leads', quantity: 1 }] }), 422)
  })
  test('R48 R49 another workspace’s reservation is not found', async () => {
    for (const verb of ['', '/commit', '/release', '/extend']) {
      const body = { '/commit': { lines: [] }, '/extend': { ttlSeconds: 60 } }[verb]
      isProblem(await room.ask(verb ? 'POST' : 'GET', `${at}/reservations/held_${other}${verb}`, { body }), 404)
    }
  })
  test('R50 an id with other content is refused', async () => {
    for (const more of [
      { lines: [{ meter: 'leads', quantity: 101 }] },
      { ttlSeconds: 60 },
      { partial: true },
      { reference: 'x' },
      { metadata: {} },
    ]) {
      const answer = await reserve({ id: `held_${ws}`, lines: [{ meter: 'leads', quantity: 100 }], ...more })
      isProblem(answer, 422)
      expect(answer.body.code).toBe('reservation_mismatch')
    }
  })
  test('R56 what has ended stays ended', async () => {
    const closed = `${at}/reservations/closed`
    expect((await room.post(`${closed}/commit`, { lines: [{ meter: 'leads', quantity: 4 }] })).status).toBe(200)
    for (const [verb, body] of [
      ['commit', { lines: [{ meter: 'leads', quantity: 5 }] }],
      ['commit', { lines: [{ meter: 'leads', quantity: 999 }] }],
      ['release', {}],
      ['extend', { ttlSeconds: 60 }],
    ] as const) {
      const answer = await room.post(`${closed}/${verb}`, body)
      isProblem(answer, 409)
      expect(answer.body).toMatchObject({ code: 'reservation_closed', state: 'committed' })
    }
  })
})

describe('keys and paths', () => {
  test('R97 R98 every secret that is not good has the same answer', async () => {
    const secrets = [
      null,
      'x',
      room.key.slice(0, -1),
      `${room.key}x`,
      'hr_sk_unknown_0123456789',
      'hr_bt_unknown.0123456789',
      'hr_sk_' + 'x'.repeat(5_000),
      // A JWT without a signature, and one whose key is a path.
      `${jwt({ alg: 'none' })}.${jwt({ sub: 'admin', workspace: ws })}.`,
      `${jwt({ alg: 'HS256', kid: '../../dev/null' })}.${jwt({ aud: 'headroom' })}.AAAA`,
    ]
    const texts = await Promise.all(
      secrets.map(async (key) => {
        const answer = await room.ask('GET', at, { key })
        isProblem(answer, 401)
        return answer.text.replace(/"requestId":"[^"]*"/, '')
      }),
    )
    expect(new Set(texts).size).toBe(1)
  })
  test('R98 a key ends with its time', async () => {
    isProblem(await room.post('/v1/keys', { name: 'x', scope: 'read', expiresAt: '2020-01-01T00:00:00Z' }), 422)
  })
  test('R99 a key in the query is no key, and is not logged', async () => {
    isProblem(await room.ask('GET', `${at}?api_key=${room.key}`, { key: null }), 401)
    isProblem(await room.ask('GET', `/v1/${room.key}`), 404)
    expect(room.logged.join('')).not.toContain(room.key)
  })
  test('R100 a key of one workspace does not find another', async () => {
    isProblem(await room.get(`/v1/workspaces/${other}/usage`, await room.newKey('full', ws)), 404)
  })
  test('R101 a read key may not write', async () => {
    const key = await room.newKey('read', ws)
    isProblem(
      await room.ask('POST', `${at}/reservations`, { key, body: { lines: [{ meter: 'leads', quantity: 1 }] } }),
      403,
    )
    // What is wrong with the body is told to those alone who may send it.
    isProblem(await room.ask('POST', `${at}/reservations`, { key, raw: '{' }), 403)
  })
  test('R103 a key’s name is 1-64 characters', async () => {
    for (const name of ['x'.repeat(65), '', '  ']) isProblem(await room.post('/v1/keys', { name, scope: 'read' }), 422)
    isProblem(await room.post('/v1/keys', { name: 'x', scope: 'read', workspace: 'nobody' }), 422)
    isProblem(await room.post('/v1/keys', { name: 'x', scope: 'admin' }), 422)
  })
  test('R111 a grant needs a reason', async () => {
    for (const reason of [undefined, '', '  ', 'x'.repeat(201)]) {
      isProblem(await room.post(`${at}/grants`, { meter: 'leads', quantity: 1, reason }), 422)
    }
  })
  test('a token lives 1 to 60 minutes and has a known role', async () => {
    for (const body of [
      { ttlSeconds: 59 },
      { ttlSeconds: 3601 },
      { role: 'owner' },
      { viewerId: '' },
      { viewerId: 'a b' },
    ]) {
      isProblem(await room.post(`${at}/tokens`, { role: 'viewer', viewerId: 'u', ...body }), 422)
    }
  })
  const paths = [
    '/v1',
    '/v1/',
    '/v1/nothing',
    `${at}/`,
    `/v1//workspaces/${ws}`,
    `//v1/workspaces/${ws}`,
    `/V1/workspaces/${ws}`,
    `/v1/Workspaces/${ws}`,
    `${at}/usage/`,
    '/v1/purchase',
  ]
  test.each(paths)('R112 the path %s is not found, and only those who are known are told', async (path) => {
    isProblem(await room.get(path), 404)
    isProblem(await room.ask('GET', path, { key: null }), 401)
  })
  test('R95 the wrong method is told which are right', async () => {
    const answer = await room.ask('DELETE', `${at}/reservations`)
    isProblem(answer, 405)
    expect(answer.headers.get('allow')).toBe('POST, GET, HEAD')
    isProblem(await room.ask('DELETE', `${at}/reservations`, { key: null }), 401)
    isProblem(await room.ask('GET', `${at}/use`), 405)
    isProblem(await room.ask('POST', '/healthz', { key: null }), 405)
  })
  test('the test clock is not there unless it is turned on', async () => {
    const headers = { Authorization: `Bearer ${room.key}`, 'Content-Type': 'application/json' }
    const answer = await fetch(`${room.url}/v1/test/clock`, { method: 'POST', headers, body: '{"advance":"P1D"}' })
    expect(answer.status).toBe(404)
  })
})
