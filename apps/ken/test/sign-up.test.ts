import { afterAll, beforeAll, expect, test } from 'vitest'
import { createDoor, apiKey, house, type Door, type House } from './harness.ts'
import { emailOf, goodPassword, joined, sessionOf, signedUp } from './people-of.ts'
import { must, Visitor } from './visitor.ts'

let here: House
let door: Door

beforeAll(async () => {
  door = await createDoor()
  here = await house({ headroom: { baseUrl: door.url, apiKey } }, { door })
})
afterAll(async () => {
  await here.stop()
  await door.close()
})

test('signing up makes a workspace on the Free plan in Ken and in Headroom, with its Admin signed in', async () => {
  const ann = await signedUp(here, 'Ann', 'Ann & sons')
  const session = await sessionOf(ann)
  expect(session).toMatchObject({
    user: { name: 'Ann', email: 'ann@people.example' },
    workspace: { id: expect.stringMatching(/^ws_/) as string, name: 'Ann & sons' },
    role: 'admin',
    workspaces: [{ name: 'Ann & sons', role: 'admin' }],
    notifications: { import_finished: true, campaign_completed: true, reply_received: true, credits_low: true },
  })
  const usage = await here.headroom.usage(session.workspace.id)
  expect(usage.plan).toMatchObject({ id: 'free', status: 'active' })
  expect(usage.meters.map(({ limit }) => limit)).toEqual([200, 50, 1])
  const again = new Visitor(here.url)
  expect((await again.post('/api/login', { email: 'ANN@people.example', password: goodPassword })).status).toBe(204)
})

test('an address that is taken is refused by a sentence of its own, in the shape of any other refusal', async () => {
  await signedUp(here, 'Bob')
  const visitor = new Visitor(here.url)
  const asked = { name: 'Bob', email: 'Bob@people.example', password: goodPassword, workspace: 'Again' }
  const taken = await visitor.post('/api/signup', asked)
  expect(taken).toMatchObject({ status: 409, body: { code: 'conflict', errors: [{ path: 'email' }] } })
  expect(taken.body.detail).toBe('There is an account with this address already. Sign in, or reset the password.')
  expect(visitor.cookie).toBe('')
  for (const [path, wrong] of [
    ['email', { ...asked, email: 'bob' }],
    ['password', { ...asked, email: 'new@people.example', password: 'too short' }],
    ['name', { ...asked, email: 'new@people.example', name: ' \u200b ' }],
    ['name', { ...asked, email: 'new@people.example', name: 'Bob \ud83d' }],
    ['workspace', { ...asked, email: 'new@people.example', workspace: '' }],
    ['workspace', { ...asked, email: 'new@people.example', workspace: 'W\ud800' }],
  ] as const) {
    expect(await visitor.post('/api/signup', wrong)).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', errors: [{ path }] },
    })
  }
})

test('two who sign up with one address at the same moment: one has it', async () => {
  const tries = await Promise.all(
    [1, 2].map((n) =>
      new Visitor(here.url).post('/api/signup', {
        name: `Twin ${n}`,
        email: 'twin@people.example',
        password: goodPassword,
        workspace: 'Twins',
      }),
    ),
  )
  expect(tries.map(({ status }) => status).sort((one, other) => one - other)).toEqual([204, 409])
})

test('an address that is tried again and again has to wait, and no other one with it', async () => {
  const asked = { name: 'Ida', email: 'ida@people.example', password: goodPassword, workspace: 'Ida' }
  const statuses: number[] = []
  for (let n = 0; n < 6; n += 1) statuses.push((await new Visitor(here.url).post('/api/signup', asked)).status)
  expect(statuses).toEqual([204, 409, 409, 409, 409, 429])
  await signedUp(here, 'Jon')
})

test('while Headroom is away nobody is signed up, and nothing is left of the try', async () => {
  door.shut = true
  const asked = { name: 'Kim', email: 'kim@people.example', password: goodPassword, workspace: 'Kim' }
  const refused = await new Visitor(here.url).post('/api/signup', asked)
  door.shut = false
  expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  expect((await new Visitor(here.url).post('/api/signup', asked)).status).toBe(204)
}, 30_000)

test('with several workspaces a request goes to the one it names, else to the browser’s last, else to the first', async () => {
  const [cat, dan] = [await signedUp(here, 'Cat'), await signedUp(here, 'Dan')]
  const [cats, dans] = [cat.workspace!, dan.workspace!]
  const { link } = must(
    await cat.post<{ link: string }>('/api/invitations', { email: emailOf('Dan'), role: 'viewer' }),
    201,
  )
  must(await dan.post(`/api/invites/${link.split('/').at(-1)}/accept`), 200)
  const named = async (workspace: string | null, cookie = '') => {
    const visitor = new Visitor(here.url, dan.cookie + cookie)
    visitor.workspace = workspace
    const { status, body } = await visitor.get<{ workspace: { id: string }; role: string }>('/api/session')
    return status === 200 ? [body.workspace.id, body.role] : status
  }
  expect(await named(null)).toEqual([dans, 'admin'])
  expect(await named(cats)).toEqual([cats, 'viewer'])
  expect(await named(null, `; ken.workspace=${cats}`)).toEqual([cats, 'viewer'])
  expect(await named(dans, `; ken.workspace=${cats}`)).toEqual([dans, 'admin'])
  // A preference that leads nowhere is none; a name that leads nowhere is a refusal.
  expect(await named(null, '; ken.workspace=ws_demo')).toEqual([dans, 'admin'])
  expect(await named('ws_demo')).toBe(404)
  expect(await named('ws_nowhere')).toBe(404)
  expect((await sessionOf(dan)).workspaces).toEqual([
    { id: dans, name: 'Dan’s workspace', role: 'admin' },
    { id: cats, name: 'Cat’s workspace', role: 'viewer' },
  ])

  // A page left open on the one keeps acting there, whatever the browser turned to since.
  const stale = new Visitor(here.url, `${dan.cookie}; ken.workspace=${cats}`)
  stale.workspace = dans
  const { id } = await stale.campaign()
  const { rows } = await here.sql.query('select workspace_id from ken.campaigns where id = $1', [id])
  expect(rows).toEqual([{ workspace_id: dans }])
})

test('A10 a typed address is decided by the workspace the browser is in, or the address names', async () => {
  const [eva, fay] = [await signedUp(here, 'Eva'), await signedUp(here, 'Fay')]
  const { link } = must(
    await eva.post<{ link: string }>('/api/invitations', { email: emailOf('Fay'), role: 'editor' }),
    201,
  )
  must(await fay.post(`/api/invites/${link.split('/').at(-1)}/accept`), 200)
  const open = async (path: string, at: string | null) => {
    const visitor = new Visitor(here.url, fay.cookie + (at === null ? '' : `; ken.workspace=${at}`))
    const { status, headers } = await visitor.get(path)
    return status === 302 ? headers.get('location') : status
  }
  // 503: the page would be sent, and no web app is built for this test.
  expect(await open('/settings/billing', fay.workspace)).toBe(503)
  expect(await open('/settings/billing/ledger', eva.workspace)).toBe('/settings/profile')
  expect(await open(`/settings/billing?workspace=${eva.workspace}`, fay.workspace)).toBe(
    `/settings/profile?workspace=${eva.workspace}`,
  )
  expect(await open(`/settings/billing?workspace=${fay.workspace}`, eva.workspace)).toBe(503)
})

test('somebody without a workspace is told so, and can begin one', async () => {
  const gil = await signedUp(here, 'Gil')
  const hal = await joined(gil, 'Hal', 'member')
  must(await hal.post('/api/leave', { workspace: gil.workspace }), 204)
  expect((await hal.get('/api/session')).status).toBe(404)
  hal.workspace = null
  expect(await hal.get('/api/session')).toMatchObject({
    status: 401,
    body: { code: 'unauthenticated', user: { name: 'Hal', email: 'hal@people.example' } },
  })
  expect((await hal.get('/settings/profile')).headers.get('location')).toBe('/login?next=%2Fsettings%2Fprofile')
  const { workspace } = must(
    await hal.post<{ workspace: { id: string } }>('/api/workspaces', { name: 'Hal alone' }),
    201,
  )
  expect(await sessionOf(hal)).toMatchObject({ workspace: { id: workspace.id, name: 'Hal alone' }, role: 'admin' })
  expect((await here.headroom.usage(workspace.id)).plan.id).toBe('free')
  expect((await new Visitor(here.url).post('/api/workspaces', { name: 'Nobody' })).status).toBe(401)
})
