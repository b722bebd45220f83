/**
 * Who may ask what of Ken: every route, by every role, signed out, and in a workspace of one's own, of others, and in none there is.
 * The list of cases is made from the routes themselves; a new route is covered by being there.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Role } from '@headroom/sdk'
import type { Right, Route } from '../src/http/route.ts'
import { routes } from '../src/http/routes.ts'
import { apiKey, house, people, type House } from './harness.ts'
import { until } from './houses.ts'
import { signedUp } from './people-of.ts'
import { must, Visitor } from './visitor.ts'

vi.setConfig({ testTimeout: 120_000 })

const roles: Role[] = ['admin', 'editor', 'member', 'viewer']
const may: Record<Right, Role[]> = {
  anyone: roles,
  person: roles,
  member: roles,
  worker: ['admin', 'editor', 'member'],
  admin: ['admin'],
}

let here: House
const cookies = new Map<Role, string>()
let stranger: Visitor
/** In this order: where the four demo users belong, where they do not, and nowhere. */
let workspaces: { own: string; other: string; unknown: string }

beforeAll(async () => {
  here = await house({}, { payments: true })
  for (const role of roles) cookies.set(role, (await here.signIn(role)).cookie)
  stranger = await signedUp(here, 'Stranger')
  workspaces = { own: 'ws_demo', other: stranger.workspace!, unknown: 'ws_nowhere' }
}, 60_000)
afterAll(() => here.stop())

interface Answer {
  status: number
  code: unknown
  /** The whole body but what differs from request to request. */
  body: string
}

/** Asks without saying more than it has to; a stream is not read. */
async function ask(
  route: Pick<Route, 'method' | 'path'>,
  { cookie = '', workspace = null, id = 'nothing' }: { cookie?: string; workspace?: string | null; id?: string },
): Promise<Answer> {
  const aborted = new AbortController()
  const response = await fetch(here.url + route.path.replace(':id', id).replace(':item', 'nothing'), {
    method: route.method,
    signal: aborted.signal,
    redirect: 'manual',
    headers: {
      Origin: here.url,
      ...(cookie === '' ? {} : { Cookie: cookie }),
      ...(workspace === null ? {} : { 'X-Workspace': workspace }),
      ...(route.method === 'POST' || route.method === 'PUT' ? { 'Content-Type': 'application/json' } : {}),
    },
    body: route.method === 'POST' || route.method === 'PUT' ? '{}' : null,
  })
  const isProblem = response.headers.get('content-type') === 'application/problem+json'
  const body = isProblem ? ((await response.json()) as Record<string, unknown>) : {}
  aborted.abort()
  return { status: response.status, code: body.code, body: JSON.stringify({ ...body, requestId: '' }) }
}

/** A cookie that is good now: some routes end the session they are asked with. */
async function cookieOf(role: Role): Promise<string> {
  const visitor = new Visitor(here.url, cookies.get(role))
  if ((await visitor.get('/api/session')).status !== 200) cookies.set(role, (await here.signIn(role)).cookie)
  return cookies.get(role)!
}

const named = (route: Route) => `${route.method} ${route.path}`
const guarded = routes.filter(({ right }) => right !== 'anyone' && right !== 'person')
const unguarded = routes.filter(({ right }) => right === 'anyone' || right === 'person')

test('every route says for whom it is, and no path and method has two', () => {
  expect(routes.map(({ right }) => Object.hasOwn(may, right))).not.toContain(false)
  expect(routes.map(named)).toEqual([...new Set(routes.map(named))])
})

/** The table below goes by what each route says of itself; this says what some of them have to say. */
test('A7 A11 Billing’s books and the people are for Admins, and View only changes nothing but what is its own', () => {
  const adminOnly = routes.filter(({ right }) => right === 'admin').map(named)
  expect(adminOnly).toEqual(
    expect.arrayContaining([
      'GET /api/ledger',
      'GET /api/ledger.csv',
      'GET /api/purchases',
      'GET /api/invitations',
      'POST /api/invitations',
      'POST /api/invitations/:id/resend',
      'DELETE /api/invitations/:id',
      'PUT /api/users/:id',
      'DELETE /api/users/:id',
    ]),
  )
  const openToAll = guarded.filter(({ right, method }) => right === 'member' && method !== 'GET').map(named)
  expect(openToAll.toSorted()).toEqual(['POST /api/directory/search', 'POST /api/leave', 'PUT /api/notifications'])
})

describe.each(guarded)('$method $path, for $right', (route) => {
  test('A7 A11 A112 each role is let in or refused by its right, and nobody without signing in', async () => {
    expect(await ask(route, {})).toMatchObject({ status: 401, code: 'unauthenticated' })
    expect(await ask(route, { workspace: workspaces.own })).toMatchObject({ status: 401, code: 'unauthenticated' })
    await Promise.all(
      roles.map(async (role) => {
        const { status, code } = await ask(route, { cookie: cookies.get(role)!, workspace: workspaces.own })
        if (!may[route.right].includes(role)) expect([role, status, code]).toEqual([role, 403, 'forbidden'])
        // What is asked for is not there, or something is missing: that far this role may come.
        else expect([role, [401, 403, 500].includes(status), status]).toEqual([role, false, status])
      }),
    )
  })

  test('a key or a token of Headroom’s is no session here, however it is sent', async () => {
    const { token } = must(await new Visitor(here.url, cookies.get('admin')).get<{ token: string }>('/api/token'), 200)
    for (const secret of [apiKey, token]) {
      const sent: Record<string, string>[] = [
        { Authorization: `Bearer ${secret}` },
        { Cookie: `ken.session_token=${secret}` },
        { Cookie: `ken.session_token=${secret}.${secret}` },
      ]
      for (const headers of sent) {
        const { status } = await fetch(here.url + route.path.replace(':id', 'nothing').replace(':item', 'nothing'), {
          method: route.method,
          headers: { Origin: here.url, 'X-Workspace': workspaces.own, ...headers },
        })
        expect(status).toBe(401)
      }
    }
  })

  test('A11 in a workspace of others nothing is there, and nobody can tell it from one that is not', async () => {
    await Promise.all(
      roles.map(async (role) => {
        const cookie = cookies.get(role)!
        const other = await ask(route, { cookie, workspace: workspaces.other })
        expect([role, other.status, other.code]).toEqual([role, 404, 'not_found'])
        expect(await ask(route, { cookie, workspace: workspaces.unknown })).toEqual(other)
      }),
    )
  })
})

describe.each(unguarded)('$method $path, for $right', (route) => {
  test('it answers the same whoever asks, wherever they say they are', async () => {
    const signedOut = await ask(route, {})
    if (route.right === 'person') expect(signedOut).toMatchObject({ status: 401, code: 'unauthenticated' })
    const answers = new Set<string>()
    for (const role of roles) {
      for (const workspace of [null, ...Object.values(workspaces)]) {
        const { status, code } = await ask(route, { cookie: await cookieOf(role), workspace })
        expect(status).not.toBe(500)
        answers.add(JSON.stringify([status, code]))
      }
    }
    expect(answers.size).toBe(1)
    if (route.right === 'anyone') expect(answers).toContain(JSON.stringify([signedOut.status, signedOut.code]))
    else expect(answers).not.toContain(JSON.stringify([signedOut.status, signedOut.code]))
  })
})

describe('things of another workspace, by their real ids', () => {
  const withId = guarded.filter(({ path }) => path.includes(':id'))
  /** The first word after /api names the table the id is of, where there is one. */
  const areaOf = ({ path }: Route) => path.split('/')[2]!
  const known = new Map<string, string>()

  beforeAll(async () => {
    const editor = await here.signIn('editor')
    const upload = await editor.prepared(people(5))
    await editor.ended((await editor.start(upload.id)).id)
    const admin = await here.signIn('admin')
    await admin.post('/api/invitations', { email: 'somebody@corp.example', role: 'admin' })
    await editor.post('/api/builds', {
      name: 'Theirs',
      brief: { company: 'Acme', website: '', offer: 'Anvils', audience: 'Coyotes', goal: 'Meetings' },
    })
    await until(async () => {
      const { rowCount } = await here.sql.query(`select 1 from ken.mails where state = 'sent'`)
      return rowCount! > 0
    })
    const { rows } = await here.sql.query<{ name: string }>(
      `select table_name as name from information_schema.columns
        where table_schema = 'ken' and column_name = 'id'
        intersect
       select table_name from information_schema.columns where table_schema = 'ken' and column_name = 'workspace_id'`,
    )
    for (const { name } of rows) {
      const { rows: found } = await here.sql.query<{ id: string }>(
        `select id from ken."${name}" where workspace_id = 'ws_demo' order by id limit 1`,
      )
      if (found[0]) known.set(name, found[0].id)
    }
    const { rows: members } = await here.sql.query<{ id: string }>(
      `select user_id as id from ken.members where workspace_id = 'ws_demo' and role = 'editor'`,
    )
    known.set('users', members[0]!.id)
  })

  test('there is one of each to ask for', () => {
    expect([...known.keys()]).toEqual(
      expect.arrayContaining(['campaigns', 'uploads', 'imports', 'mails', 'invitations', 'users']),
    )
  })

  test.each(withId)(
    '$method $path: even an Admin of another workspace gets the answer for what is not there',
    async (route) => {
      const { cookie, workspace } = stranger
      const real = await ask(route, { cookie, workspace, id: known.get(areaOf(route)) ?? 'nothing' })
      expect(real).toEqual(await ask(route, { cookie, workspace }))
      expect([401, 403, 500]).not.toContain(real.status)
    },
  )
})

test('A7 A8 A9 A10 every page below Billing, typed as an address, is for Admins; the books are closed to others’ tokens', async () => {
  const paths = ['/settings/billing', '/settings/billing/return?session_id=cs_1', '/settings/billing/ledger']
  for (const role of roles) {
    const visitor = new Visitor(here.url, await cookieOf(role))
    for (const path of paths) {
      const { status, headers } = await visitor.get(path)
      // 503: the page would be sent, and no web app is built for this test.
      const expected = role === 'admin' ? [503, null] : [302, '/settings/profile']
      expect([role, path, status, headers.get('location')]).toEqual([role, path, ...expected])
    }
    const { token } = (await visitor.get<{ token: string }>('/api/token')).body
    const asked: [method: string, path: string, body?: string][] = [
      ['GET', '/ledger'],
      ['GET', '/explain/leads'],
      ['GET', '/purchases'],
      ['POST', '/checkout', '{"addOn":"leads","blocks":1}'],
      ['POST', '/portal', '{}'],
    ]
    for (const [method, path, body = null] of asked) {
      const { status } = await fetch(`${here.url}/v1/workspaces/ws_demo${path}`, {
        method,
        body,
        headers: { Authorization: `Bearer ${token}`, ...(body === null ? {} : { 'Content-Type': 'application/json' }) },
      })
      expect([role, method, path, status === 403]).toEqual([role, method, path, role !== 'admin'])
    }
  }
})
