/** What the start composes of money, the simulator and the clock (start/payments.ts). */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, slowly, type Room } from './room.ts'

let here: Room
let elsewhere: Room
beforeAll(async () => {
  here = await openRoom({ payments: true, testClock: true })
  elsewhere = await openRoom({ payments: { env: { STRIPE_API_BASE: `${here.url}/stripe-simulator/` } } })
}, slowly)
afterAll(async () => {
  await elsewhere.stop()
  await here.stop()
})

const sessionOf = async (room: Room, workspace: string, purchase: string): Promise<string> =>
  (await room.get(`/v1/workspaces/${workspace}/purchases/${purchase}`)).body.checkoutSession

test('with STRIPE_API_BASE alone the simulator there takes the money, and there is none here', async () => {
  const workspace = await elsewhere.workspace()
  const { body } = await elsewhere.post(`/v1/workspaces/${workspace}/checkout`, { addOn: 'leads', blocks: 1 })
  expect(body.url).toContain(`${here.url}/stripe-simulator/`)
  await here.sim(`checkout/sessions/${await sessionOf(elsewhere, workspace, body.purchaseId)}/complete`, {
    outcome: 'paid',
  })
  const path = `/v1/workspaces/${workspace}/purchases/${body.purchaseId}/reconcile`
  expect((await elsewhere.post(path)).body).toMatchObject({ state: 'paid' })
  expect((await fetch(`${elsewhere.url}/stripe-simulator/_sim/state`)).status).toBe(404)
})

test('the test clock is the simulator’s too: what falls due there has happened when its setting is answered', async () => {
  const workspace = await here.workspace({ plan: 'free' })
  await here.post('/v1/test/clock', { now: '2031-01-31T10:00:00Z' })
  const { body } = await here.post(`/v1/workspaces/${workspace}/checkout`, { plan: 'starter' })
  await here.sim(`checkout/sessions/${await sessionOf(here, workspace, body.purchaseId)}/complete`, { outcome: 'paid' })
  await here.post(`/v1/workspaces/${workspace}/purchases/${body.purchaseId}/reconcile`)
  const left = (await here.post(`/v1/workspaces/${workspace}/checkout`, { addOn: 'leads', blocks: 1 })).body.purchaseId
  const abandoned = await sessionOf(here, workspace, left)

  expect((await here.post('/v1/test/clock', { advance: 'P1M' })).body).toEqual({ now: '2031-02-28T10:00:00.000Z' })
  const { objects } = await here.sim('state')
  expect(objects.invoice.map(({ created }: any) => new Date(created * 1000).toISOString().slice(0, 10))).toEqual([
    '2031-02-28',
    '2031-01-31',
  ])
  expect(objects['checkout.session'].find(({ id }: any) => id === abandoned).status).toBe('expired')

  // And the other way: the control call moves Headroom’s.
  await here.sim('clock', { advance: 'P1D' })
  expect((await here.get(`/v1/workspaces/${workspace}/usage`)).body.asOf).toBe('2031-03-01T10:00:00.000Z')
})
