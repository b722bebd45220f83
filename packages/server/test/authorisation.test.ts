/** The table of rights in api.md, asked of every route there is, by everyone, for the own, another and no workspace. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Right } from '../src/auth.ts'
import { openApiDocument } from '../src/openapi.ts'
import type { Route } from '../src/route.ts'
import { routes } from '../src/routes/index.ts'
import { openRoom, slowly, type Answered, type Room } from './room.ts'

let room: Room
let callers: Record<Caller, string | null>
const purchaseIn: Record<string, string> = {}

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
/** What needs no key. */
const open = ['/healthz', '/readyz', '/metrics', '/openapi.json', '/docs']

const isUnbound = (caller: Caller): boolean => caller === 'full key' || caller === 'read key'

beforeAll(async () => {
  room = await openRoom({ testClock: true, payments: true })
  for (const id of [own, other]) {
    await room.workspace({ id })
    purchaseIn[id] = (await room.post(`/v1/workspaces/${id}/checkout`, bodies.checkout)).body.purchaseId
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
}, slowly)
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
  checkout: { addOn: 'leads', blocks: 1 },
  openPortal: {},
  reconcile: {},
  createKey: { name: 'A key', scope: 'read' },
  createToken: { role: 'viewer', viewerId: 'someone' },
  setClock: { advance: 'PT1S' },
}

const all = routes({ testClock: true, money: true })

const queries: Record<string, string> = { endTokens: '?viewerId=someone', findPurchases: '?receipt=1234-5678' }

function idOf({ name, tag }: Route, workspace: string): string {
  if (name === 'deleteKey') return 'key_nobody'
  return tag === 'Purchases' ? (purchaseIn[workspace] ?? 'pur_nobody') : `rsv_of_${workspace}`
}

function ask(route: Route, caller: Caller, workspace: string): Promise<Answered> {
  const path = route.path
    .replace('{workspace}', workspace)
    .replace('{id}', idOf(route, workspace))
    .replace('{meter}', 'leads')
  const query = queries[route.name] ?? ''
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

/** How often somebody was let in or refused here, and where. */
let checks = 0
const askedRoutes = new Set<string>()

/** The clock moves on for everyone, so it is asked last. */
const inOrder = [...all].sort((a, b) => Number(a.name === 'setClock') - Number(b.name === 'setClock'))

describe.each(inOrder.map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const))(
  '%s',
  (_, route) => {
    const targets = route.path.includes('{workspace}') ? [own, other, nobody] : [own]
    askedRoutes.add(`${route.method} ${route.path}`)

    test.each(callerNames)('asked by: %s', async (caller) => {
      for (const workspace of targets) {
        const expected = expectedOf(route, caller, workspace)
        const { status, body } = await ask(route, caller, workspace)
        checks += 1
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

/** Whoever is bound to one workspace. */
const bound = callerNames.filter((caller) => !isUnbound(caller) && caller !== 'nobody' && caller !== 'wrong key')

test('what belongs to another and what is not there answer alike, to the byte, whoever asks', async () => {
  const plain = (answer: Answered) => answer.text.replace(/"requestId":"[^"]*"/, '')
  const key = callers['bound full key']
  for (const route of all.filter(({ path, name }) => path.includes('{workspace}') && name !== 'streamEvents')) {
    for (const caller of bound) {
      const [foreign, unknown] = [await ask(route, caller, other), await ask(route, caller, nobody)]
      expect(foreign.status, `${route.name} ${caller}`).toBe(404)
      expect(plain(foreign), `${route.name} ${caller}`).toBe(plain(unknown))
      checks += 2
    }
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

test('A11 money actions of anyone but an Admin reach nothing, however they are asked', async () => {
  const before = [await room.books(own), await room.sim('state')]
  for (const caller of callerNames.filter((caller) => !holders.money.includes(caller))) {
    for (const [path, body] of [
      ['checkout', { addOn: 'leads', blocks: 1 }],
      ['checkout', { plan: 'growth', contacts: 5000 }],
      ['portal', {}],
      ['portal', { plan: 'growth', contacts: 5000 }],
      [`purchases/${purchaseIn[own]}/reconcile`, {}],
    ] as const) {
      const headers = { 'Headroom-Viewer': 'admin', 'Idempotency-Key': 'a11' }
      const sent = { key: callers[caller], body, ...(caller === 'read key' && { headers }) }
      const { status } = await room.ask('POST', `/v1/workspaces/${own}/${path}`, sent)
      const expected = caller === 'nobody' || caller === 'wrong key' ? 401 : 403
      expect({ caller, path, status }).toEqual({ caller, path, status: expected })
    }
  }
  expect([await room.books(own), await room.sim('state')]).toEqual(before)
})

test('a Checkout Session’s id is for full keys; it names the purchase in its own workspace alone', async () => {
  const one = async (caller: Caller, id: string) =>
    room.ask('GET', `/v1/workspaces/${own}/purchases/${id}`, { key: callers[caller] })
  const { checkoutSession } = (await one('full key', purchaseIn[own]!)).body
  expect(checkoutSession).toMatch(/^cs_test_/)
  for (const caller of holders.books) {
    const seen = holders.write.includes(caller) ? checkoutSession : null
    for (const id of [purchaseIn[own]!, checkoutSession]) {
      expect((await one(caller, id)).body, caller).toMatchObject({ id: purchaseIn[own], checkoutSession: seen })
    }
    const list = await room.ask('GET', `/v1/workspaces/${own}/purchases`, { key: callers[caller] })
    expect(list.body.data.at(-1), caller).toMatchObject({ id: purchaseIn[own], checkoutSession: seen })
  }
  const foreign = (await room.get(`/v1/workspaces/${other}/purchases/${purchaseIn[other]}`)).body.checkoutSession
  const plain = (answer: Answered) => answer.text.replace(/"requestId":"[^"]*"/, '')
  for (const [method, verb] of [
    ['GET', ''],
    ['POST', '/reconcile'],
  ] as const) {
    const asked = (id: string) =>
      room.ask(method, `/v1/workspaces/${own}/purchases/${id}${verb}`, { key: callers['admin token'] })
    const unknown = await asked('pur_nobody')
    expect(unknown.status).toBe(404)
    for (const id of [purchaseIn[other]!, foreign]) expect(plain(await asked(id))).toBe(plain(unknown))
  }
})

test('the webhook goes by its signature: no key or token helps, and none is needed', async () => {
  const texts = new Set<string>()
  for (const caller of callerNames) {
    const answer = await room.ask('POST', '/stripe/webhook', { key: callers[caller], body: { id: 'evt_1' } })
    expect(answer.status, caller).toBe(400)
    texts.add(answer.text.replace(/"requestId":"[^"]*"/, ''))
  }
  expect(texts.size).toBe(1)
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

test('what is open is open to everyone alike and tells nothing of anybody', async () => {
  for (const path of open) {
    const texts = new Set<string>()
    for (const caller of callerNames) {
      const { status, text } = await room.ask('GET', path, { key: callers[caller] })
      expect([path, caller, status]).toEqual([path, caller, 200])
      // Figures move on from one look to the next.
      texts.add(path === '/metrics' ? '' : text)
      for (const secret of [own, other, room.key]) expect(text, `${path} ${caller}`).not.toContain(secret)
      checks += 1
    }
    expect(texts.size, path).toBe(1)
  }
})

test('a session of Ken’s is nothing here: cookies are not looked at', async () => {
  const headers = { Cookie: `ken.session_token=${callers['full key']}; hr=${callers['admin token']}` }
  for (const route of all) {
    const path = route.path.replace('{workspace}', own).replace('{id}', 'x').replace('{meter}', 'leads')
    const { status } = await room.ask(route.method.toUpperCase(), path, { key: null, headers })
    expect([route.name, status]).toEqual([route.name, 401])
    checks += 1
  }
})

test('no route that is served was left out, and there were more than a thousand checks', () => {
  const document = openApiDocument(all, 'test') as { paths: Record<string, object> }
  const served = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  const elsewhere = ['post /stripe/webhook', ...open.map((path) => `get ${path}`)]
  expect(served.filter((route) => !askedRoutes.has(route) && !elsewhere.includes(route))).toEqual([])
  expect(askedRoutes.size).toBe(all.length)
  expect(checks).toBeGreaterThan(1_000)
})
