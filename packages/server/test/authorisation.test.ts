/** The table of rights in api.md, asked of every route there is, by everyone, for the own, another and no workspace. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Right } from '../src/auth.ts'
import type { Route } from '../src/route.ts'
import { routes } from '../src/routes/index.ts'
import { openRoom, type Answered, type Room } from './room.ts'

let room: Room
let callers: Record<Caller, string | null>

const own = 'ws_own'
const other = 'ws_other'
const nobody = 'ws_nobody'

const callerNames = [
  'admin token',
  'editor token',
  'member token',
  'viewer token',
  'full key',
  'read key',
  'bound full key',
  'bound read key',
  'nobody',
  'wrong key',
] as const
type Caller = (typeof callerNames)[number]

/** Who has which right; whoever is bound sees the own workspace alone. */
const holders: Record<Right, Caller[]> = {
  look: callerNames.filter((caller) => caller !== 'nobody' && caller !== 'wrong key'),
  books: ['admin token', 'full key', 'read key', 'bound full key', 'bound read key'],
  money: ['admin token', 'full key', 'bound full key'],
  write: ['full key', 'bound full key'],
  unbound: ['full key'],
}
const isUnbound = (caller: Caller): boolean => caller === 'full key' || caller === 'read key'

beforeAll(async () => {
  room = await openRoom({ testClock: true })
  for (const id of [own, other]) {
    await room.workspace({ id })
    await room.post(`/v1/workspaces/${id}/reservations`, {
      id: `rsv_of_${id}`,
      lines: [{ meter: 'leads', quantity: 5 }],
    })
  }
  callers = {
    'admin token': await room.token(own, 'admin'),
    'editor token': await room.token(own, 'editor'),
    'member token': await room.token(own, 'member'),
    'viewer token': await room.token(own, 'viewer'),
    'full key': room.key,
    'read key': await room.newKey('read'),
    'bound full key': await room.newKey('full', own),
    'bound read key': await room.newKey('read', own),
    nobody: null,
    'wrong key': 'hr_sk_wrong_0123456789abcdef',
  }
})
afterAll(() => room.stop())

/** A body each route takes; what would change the books under the test's feet is refused by them, which is a right too. */
const bodies: Record<string, object> = {
  createWorkspace: { id: 'ws_own', name: 'Workspace ws_own', plan: 'starter', contacts: 1000 },
  setPlan: { plan: 'starter', contacts: 1000 },
  check: { lines: [{ meter: 'leads', quantity: 1 }] },
  reserve: { lines: [{ meter: 'leads', quantity: 1 }] },
  commit: { lines: [], final: true },
  extend: { ttlSeconds: 60 },
  use: { lines: [{ meter: 'leads', quantity: 1 }], mode: 'record' },
  batch: { operations: [{ op: 'check', workspace: own, lines: [{ meter: 'leads', quantity: 1 }] }] },
  grant: { meter: 'leads', quantity: 1, reason: 'A test' },
  createKey: { name: 'A key', scope: 'read' },
  createToken: { role: 'viewer', viewerId: 'someone' },
  setClock: { advance: 'PT1S' },
}

const all = routes({ testClock: true, money: true })

function ask(route: Route, caller: Caller, workspace: string): Promise<Answered> {
  const path = route.path
    .replace('{workspace}', workspace)
    .replace('{id}', route.name === 'deleteKey' ? 'key_nobody' : `rsv_of_${workspace}`)
    .replace('{meter}', 'leads')
  const query = route.name === 'endTokens' ? '?viewerId=someone' : ''
  // A stream is opened only to see its status.
  const method = route.name === 'streamEvents' ? 'HEAD' : route.method.toUpperCase()
  const body = bodies[route.name]
  return room.ask(method, path + query, { key: callers[caller], ...(body && { body }) })
}

function expectedOf(route: Route, caller: Caller, workspace: string): 'served' | 401 | 403 | 404 {
  if (caller === 'nobody' || caller === 'wrong key') return 401
  if (route.path.includes('{workspace}') && workspace !== own && !isUnbound(caller)) return 404
  if (!holders[route.right].includes(caller)) return 403
  return workspace === nobody && route.path.includes('{workspace}') ? 404 : 'served'
}

/** The clock moves on for everyone, so it is asked last. */
const inOrder = [...all].sort((a, b) => Number(a.name === 'setClock') - Number(b.name === 'setClock'))

describe.each(inOrder.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s',
  (_, route) => {
    const targets = route.path.includes('{workspace}') ? [own, other, nobody] : [own]

    test.each(callerNames)('asked by: %s', async (caller) => {
      for (const workspace of targets) {
        const expected = expectedOf(route, caller, workspace)
        const { status, body } = await ask(route, caller, workspace)
        if (expected !== 'served') {
          expect({ workspace, status }).toEqual({ workspace, status: expected })
          continue
        }
        // A key nobody has is not found by who may look for it; a hold ended by the caller before stays ended.
        const served =
          route.name === 'deleteKey'
            ? [404]
            : ['commit', 'release', 'extend'].includes(route.name)
              ? [200, 409]
              : [200, 201, 204]
        expect(served, JSON.stringify(body)).toContain(status)
      }
    })
  },
)

test('what belongs to another and what is not there answer alike, to the byte', async () => {
  const plain = (answer: Answered) => answer.text.replace(/"requestId":"[^"]*"/, '')
  const key = callers['bound full key']
  for (const route of all.filter(({ path, name }) => path.includes('{workspace}') && name !== 'streamEvents')) {
    const [foreign, unknown] = [await ask(route, 'bound full key', other), await ask(route, 'bound full key', nobody)]
    expect(plain(foreign), route.name).toBe(plain(unknown))
  }
  for (const verb of ['', '/commit', '/release', '/extend']) {
    const method = verb === '' ? 'GET' : 'POST'
    const body = { '': undefined, '/commit': { lines: [] }, '/release': {}, '/extend': { ttlSeconds: 60 } }[verb]
    const asked = (id: string) => room.ask(method, `/v1/workspaces/${own}/reservations/${id}${verb}`, { key, body })
    const [foreign, unknown] = [await asked(`rsv_of_${other}`), await asked('rsv_of_nobody')]
    expect(foreign.status).toBe(404)
    expect(plain(foreign)).toBe(plain(unknown))
  }
})

test('prices are for Admins and keys', async () => {
  for (const caller of holders.look) {
    const { body } = await room.ask('GET', `/v1/workspaces/${own}/usage`, { key: callers[caller] })
    const seesMoney = holders.books.includes(caller)
    expect({ caller, price: body.price !== null, addOns: body.addOns !== null }).toEqual({
      caller,
      price: seesMoney,
      addOns: seesMoney,
    })
  }
})

test('a viewer named by a key resolves actions and takes no right away', async () => {
  const headers = { 'Headroom-Viewer': 'viewer;user_9' }
  expect((await room.ask('GET', `/v1/workspaces/${own}/ledger`, { headers })).status).toBe(200)
  const checked = await room.post(
    `/v1/workspaces/${own}/check`,
    { lines: [{ meter: 'leads', quantity: 999_999 }] },
    headers,
  )
  expect(checked.body.actions[0].kind).toBe('ask_admin')
})

test.each(['', 'owner', 'admin;', 'admin;ä', 'Admin', 'admin;a b'])(
  'a malformed Headroom-Viewer (%j) is refused',
  async (viewer) => {
    // A header carries bytes: what is not Latin-1 cannot be sent at all.
    const answer = await room.ask('GET', `/v1/workspaces/${own}/usage`, { headers: { 'Headroom-Viewer': viewer } })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'Headroom-Viewer' }] } })
  },
)

test('a token has its viewer: the header is refused', async () => {
  const headers = { 'Headroom-Viewer': 'admin' }
  const answer = await room.ask('GET', `/v1/workspaces/${own}/usage`, { key: callers['viewer token'], headers })
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'Headroom-Viewer' }] } })
})
