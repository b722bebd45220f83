/** For whom somebody asks: the header Headroom-Viewer of a key, and the viewer a token has. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './room.ts'

let room: Room
const own = 'ws_own'
beforeAll(async () => {
  room = await openRoom()
  await room.workspace({ id: own })
})
afterAll(() => room.stop())

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
  const answer = await room.ask('GET', `/v1/workspaces/${own}/usage`, { key: await room.token(own, 'viewer'), headers })
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'Headroom-Viewer' }] } })
})
