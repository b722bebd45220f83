import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Role } from '@headroom/sdk'
import { apiKey, createDoor, gatedVerifier, house, people, type Door, type House } from './harness.ts'
import { until } from './houses.ts'
import { atOnce, idOf, joined, sessionOf, signedUp } from './people-of.ts'
import { must, Visitor } from './visitor.ts'

vi.setConfig({ testTimeout: 90_000 })

let here: House
let door: Door
const gate = gatedVerifier(1)

beforeAll(async () => {
  door = await createDoor()
  here = await house({ headroom: { baseUrl: door.url, apiKey }, verifier: gate.verifier }, { door })
})
afterAll(async () => {
  gate.letGo()
  await here.stop()
  await door.close()
})

interface Users {
  users: { id: string; name: string; email: string; role: Role; you: boolean }[]
}

const rosterOf = async (visitor: Visitor) =>
  must(await visitor.get<Users>('/api/users'), 200).users.map(({ name, role, you }) => [name, role, you])

/** The Admins of a workspace, as the database has them. */
async function adminsOf(workspaceId: string | null): Promise<string[]> {
  const { rows } = await here.sql.query<{ user_id: string }>(
    `select user_id from ken.members where workspace_id = $1 and role = 'admin'`,
    [workspaceId],
  )
  return rows.map((row) => row.user_id)
}

/** What the token of somebody's page may ask of Headroom now. */
async function tokenOf(visitor: Visitor) {
  const { token } = must(await visitor.get<{ token: string }>('/api/token'), 200)
  const headers = { Authorization: `Bearer ${token}` }
  const at = `${here.url}/v1/workspaces/${visitor.workspace}`
  return {
    ledger: async () => (await fetch(`${at}/ledger`, { headers })).status,
    usage: async () => (await fetch(`${at}/usage`, { headers })).status,
    stream: () => fetch(`${at}/events`, { headers }),
  }
}

test('everyone sees the roster, and who of it they are', async () => {
  const ann = await signedUp(here, 'Ann')
  const bob = await joined(ann, 'Bob', 'viewer')
  expect(await rosterOf(ann)).toEqual([
    ['Ann', 'admin', true],
    ['Bob', 'viewer', false],
  ])
  expect(await rosterOf(bob)).toEqual([
    ['Ann', 'admin', false],
    ['Bob', 'viewer', true],
  ])
})

test('A12 A129 an Admin raises a role, and Billing opens with the next request; the credits are the workspace’s', async () => {
  const ann = await signedUp(here, 'Cora')
  const bob = await joined(ann, 'Dirk', 'editor')
  const billing = async () => (await new Visitor(here.url, bob.cookie).get('/settings/billing')).headers.get('location')
  expect(await billing()).toBe('/settings/profile')
  const before = await tokenOf(bob)
  expect(await before.ledger()).toBe(403)

  expect((await ann.put(`/api/users/${await idOf(bob)}`, { role: 'admin' })).status).toBe(204)
  // 200 where the web app is built.
  expect(await billing()).toBeNull()
  expect(await before.usage()).toBe(401)
  expect(await (await tokenOf(bob)).ledger()).toBe(200)
  expect((await sessionOf(bob)).role).toBe('admin')
  await here.headroom.use(ann.workspace!, { lines: [{ meter: 'leads', quantity: 20 }], mode: 'enforce' })
  const left = async (visitor: Visitor) => {
    const { token } = must(await visitor.get<{ token: string }>('/api/token'), 200)
    const answer = await fetch(`${here.url}/v1/workspaces/${visitor.workspace}/balances`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    const { balances } = (await answer.json()) as { balances: { meter: string; available: number }[] }
    return balances.find(({ meter }) => meter === 'leads')!.available
  }
  expect([await left(ann), await left(bob)]).toEqual([30, 30])
})

test('A11 A112 R96 a request of an Admin, sent again after the role was taken away or the person removed, does nothing', async () => {
  const ann = await signedUp(here, 'Emma')
  const bob = await joined(ann, 'Finn', 'admin')
  const [bobId, annId] = [await idOf(bob), await idOf(ann)]
  const old = new Visitor(here.url, bob.cookie)
  old.workspace = ann.workspace
  const token = await tokenOf(bob)
  const stream = await token.stream()
  const streamEnd = stream.text()
  const requests = [
    () => old.get('/api/invitations'),
    () => old.post('/api/invitations', { email: 'friend@people.example', role: 'admin' }),
    () => old.put(`/api/users/${bobId}`, { role: 'admin' }),
    () => old.ask('DELETE', `/api/users/${annId}`),
  ]
  const replay = async () => {
    const answers = []
    for (const request of requests) answers.push((await request()).status)
    return answers
  }
  expect(await token.ledger()).toBe(200)

  must(await ann.put(`/api/users/${bobId}`, { role: 'member' }), 204)
  expect(await replay()).toEqual([403, 403, 403, 403])
  expect([await token.ledger(), await token.usage()]).toEqual([401, 401])
  // The stream that was open has ended with it.
  expect(await streamEnd).toContain('event: usage')

  const younger = await tokenOf(bob)
  must(await ann.ask('DELETE', `/api/users/${bobId}`), 204)
  expect(await replay()).toEqual([404, 404, 404, 404])
  expect(await younger.usage()).toBe(401)
  old.workspace = null
  expect(await replay()).toEqual([401, 401, 401, 401])
  expect((await old.get('/settings/billing')).headers.get('location')).toBe('/login?next=%2Fsettings%2Fbilling')
  expect(await rosterOf(ann)).toEqual([['Emma', 'admin', true]])
})

test('the last Admin can neither be demoted nor removed nor leave; with a second one the first can', async () => {
  const ann = await signedUp(here, 'Gina')
  const bob = await joined(ann, 'Hugo', 'editor')
  const id = await idOf(ann)
  const tries = async () => [
    await ann.put(`/api/users/${id}`, { role: 'editor' }),
    await ann.ask('DELETE', `/api/users/${id}`),
    await ann.post('/api/leave', { workspace: ann.workspace }),
  ]
  for (const { status, body } of await tries()) {
    expect([status, body.code, body.detail]).toEqual([
      409,
      'conflict',
      'You are the last Admin of this workspace. Make somebody else an Admin first.',
    ])
  }
  expect((await ann.put(`/api/users/${id}`, { role: 'admin' })).status).toBe(204)
  must(await ann.put(`/api/users/${await idOf(bob)}`, { role: 'admin' }), 204)
  must(await ann.put(`/api/users/${id}`, { role: 'viewer' }), 204)
  must(await ann.post('/api/leave', { workspace: ann.workspace }), 204)
  expect(await rosterOf(bob)).toEqual([['Hugo', 'admin', true]])
})

test('two Admins who demote or remove each other at the same instant: one of them stays Admin', async () => {
  for (const [round, act] of (['demote', 'remove', 'demote', 'remove'] as const).entries()) {
    const ann = await signedUp(here, `Iris ${'x'.repeat(round + 1)}`)
    const bob = await joined(ann, `Jack ${'x'.repeat(round + 1)}`, 'admin')
    const [annId, bobId] = [await idOf(ann), await idOf(bob)]
    const strike = (by: Visitor, id: string) => () =>
      act === 'demote' ? by.put(`/api/users/${id}`, { role: 'viewer' }) : by.ask('DELETE', `/api/users/${id}`)
    const answers = await atOnce(here, ann.workspace!, [strike(ann, bobId), strike(bob, annId)])
    const statuses = answers.map(({ status }) => status)
    // Whoever comes second is no Admin any more, or not even there.
    expect(statuses.toSorted((one, other) => one - other)).toEqual([204, act === 'demote' ? 403 : 404])
    expect(await adminsOf(ann.workspace)).toEqual([statuses[0] === 204 ? annId : bobId])
  }
})

test('an Admin who invites at the instant of being demoted leaves no invitation that is open', async () => {
  const ann = await signedUp(here, 'Tina')
  const bob = await joined(ann, 'Udo', 'admin')
  const bobId = await idOf(bob)
  const { invitation } = must(
    await ann.post<{ invitation: { id: string } }>('/api/invitations', { email: 'old@corp.example', role: 'admin' }),
    201,
  )
  const invites = [1, 2, 3, 4, 5].map(
    (n) => () => bob.post('/api/invitations', { email: `friend${n}@corp.example`, role: 'admin' }),
  )
  const [demotion, ...answers] = await atOnce(here, ann.workspace!, [
    () => ann.put(`/api/users/${bobId}`, { role: 'viewer' }),
    ...invites,
    () => bob.post(`/api/invitations/${invitation.id}/resend`),
  ])
  expect(demotion!.status).toBe(204)
  for (const { status } of answers) expect([200, 201, 403]).toContain(status)
  const { rows } = await here.sql.query(
    `select email from ken.invitations
      where workspace_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null`,
    [ann.workspace, bobId],
  )
  expect(rows).toEqual([])
})

test('two Admins who leave at the same instant: the second is the last, and stays', async () => {
  const ann = await signedUp(here, 'Kara')
  const bob = await joined(ann, 'Lars', 'admin')
  const leave = (who: Visitor) => () => who.post('/api/leave', { workspace: who.workspace })
  const answers = await atOnce(here, ann.workspace!, [leave(ann), leave(bob)])
  expect(answers.map(({ status }) => status).sort((one, other) => one - other)).toEqual([204, 409])
  expect(await adminsOf(ann.workspace)).toHaveLength(1)
})

test('leaving names the workspace twice, so that a page that shows another leaves nothing', async () => {
  const ann = await signedUp(here, 'Mona')
  const bob = await joined(ann, 'Nils', 'member')
  expect((await bob.post('/api/leave', { workspace: 'ws_demo' })).status).toBe(409)
  expect((await bob.post('/api/leave')).status).toBe(422)
  expect(await rosterOf(ann)).toHaveLength(2)
})

test('while Headroom is away a role changes all the same, and the old token ends as soon as it is back', async () => {
  const ann = await signedUp(here, 'Olga')
  const bob = await joined(ann, 'Paul', 'admin')
  const token = await tokenOf(bob)
  door.shut = true
  must(await ann.put(`/api/users/${await idOf(bob)}`, { role: 'viewer' }), 204)
  expect((await bob.get('/api/invitations')).status).toBe(403)
  expect(await token.ledger()).toBe(200)
  door.shut = false
  await until(async () => (await token.ledger()) === 401)
  await until(async () => {
    const { rowCount } = await here.sql.query(`select 1 from ken.jobs where kind = 'end_tokens'`)
    return rowCount === 0
  })
})

test('the progress of an import is not told to somebody who was removed while it was open', async () => {
  const ann = await signedUp(here, 'Rosa')
  const bob = await joined(ann, 'Sven', 'viewer')
  const { id } = await ann.start((await ann.prepared(people(5))).id)
  await gate.reached
  const headers = { Cookie: `${bob.cookie}; ken.workspace=${ann.workspace}` }
  const stream = await fetch(`${here.url}/api/imports/${id}/events`, { headers })
  expect(stream.status).toBe(200)
  const told = stream.text()
  must(await ann.ask('DELETE', `/api/users/${await idOf(bob)}`), 204)
  const words = await told
  expect(words).toContain(`"id":"${id}"`)
  // The import waits for its verifier still: the stream ended before it could say more.
  expect(words).not.toContain('"state":"completed"')
  gate.letGo()
  expect(await ann.ended(id)).toMatchObject({ state: 'completed', counted: 5 })
})
