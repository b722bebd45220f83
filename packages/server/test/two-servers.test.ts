/** Two server processes' worth of rooms on one database: what holds for one holds for both together. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, slowly, type Room } from './room.ts'

let one: Room
let two: Room
beforeAll(async () => {
  one = await openRoom({ payments: true, build: 'old' })
  two = await openRoom({ payments: true, build: 'new' }, one.database)
}, slowly)
afterAll(async () => {
  await two.stop()
  await one.stop()
})

const lines = (leads: number) => [{ meter: 'leads', quantity: leads }]

test('A74 A101 A144 twenty ask for 75 of 500 through two servers: six win', async () => {
  const workspace = await one.workspace({ plan: 'free' })
  await one.post(`/v1/workspaces/${workspace}/grants`, { meter: 'leads', quantity: 450, reason: 'To 500' })
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      [one, two][n % 2]!.post(`/v1/workspaces/${workspace}/reservations`, { id: `r${n}`, lines: lines(75) }),
    ),
  )
  const statuses = answers.map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(6)
  expect(statuses.filter((status) => status === 402)).toHaveLength(14)
  const { body } = await two.get(`/v1/workspaces/${workspace}/balances`)
  expect(body.balances.find(({ meter }: { meter: string }) => meter === 'leads')).toMatchObject({
    reserved: 450,
    available: 50,
  })
})

test('one key through two servers acts once and answers alike', async () => {
  const workspace = await one.workspace()
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, n) =>
      [one, two][n % 2]!.post(
        `/v1/workspaces/${workspace}/use`,
        { lines: lines(7), mode: 'enforce' },
        { 'Idempotency-Key': 'shared' },
      ),
    ),
  )
  const texts = answers.filter(({ status }) => status !== 409).map(({ text }) => text)
  expect(new Set(texts).size).toBe(1)
  const { body } = await one.get(`/v1/workspaces/${workspace}/balances`)
  expect(body.balances.find(({ meter }: { meter: string }) => meter === 'leads').used).toBe(7)
})

test('what one server writes the other reads at once', async () => {
  const workspace = await one.workspace()
  for (let n = 1; n <= 20; n += 1) {
    await one.post(`/v1/workspaces/${workspace}/use`, { lines: lines(1), mode: 'enforce' })
    const { body } = await two.get(`/v1/workspaces/${workspace}/usage`)
    expect(body.meters.find(({ meter }: { meter: string }) => meter === 'leads').used).toBe(n)
  }
})

test('a stream of one server shows what the other wrote, and a token ended there is ended here', async () => {
  const workspace = await one.workspace()
  const token = await one.token(workspace, 'member', 'traveller')
  const control = new AbortController()
  const headers = { Authorization: `Bearer ${token}` }
  const stream = await fetch(`${two.url}/v1/workspaces/${workspace}/events`, { headers, signal: control.signal })
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  await reader.read()
  await one.post(`/v1/workspaces/${workspace}/use`, { lines: lines(3), mode: 'enforce' })
  let text = ''
  while (!text.includes('\n\n')) text += (await reader.read()).value ?? ''
  expect(text).toMatch(/"meter":"leads".*?"used":3/)
  control.abort()
  await one.ask('DELETE', `/v1/workspaces/${workspace}/tokens?viewerId=traveller`)
  expect((await two.get(`/v1/workspaces/${workspace}/usage`, token)).status).toBe(401)
})

test('A115 a purchase clicked on a page of the build before goes on at the next: the interface belongs to no build', async () => {
  const workspace = await one.workspace()
  const headers = { 'Idempotency-Key': 'clicked_on_a_stale_page', 'Ken-Build': 'old' }
  const begun = await one.post(`/v1/workspaces/${workspace}/checkout`, { addOn: 'leads', blocks: 1 }, headers)
  const goneOn = await two.post(`/v1/workspaces/${workspace}/checkout`, { addOn: 'leads', blocks: 1 }, headers)
  expect(goneOn).toMatchObject({ status: 201, body: begun.body })
  const { purchaseId: id } = begun.body
  const { checkoutSession } = (await two.get(`/v1/workspaces/${workspace}/purchases/${id}`)).body
  await one.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome: 'paid' })
  const paid = await two.post(`/v1/workspaces/${workspace}/purchases/${checkoutSession}/reconcile`)
  expect(paid).toMatchObject({ status: 200, body: { id, state: 'paid' } })
  expect((await one.get(`/v1/workspaces/${workspace}/purchases/${id}`)).body).toEqual(paid.body)
})

test('A147 twenty clicks with one key through two servers are one purchase and one open checkout', async () => {
  const workspace = await one.workspace()
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      [one, two][n % 2]!.ask('POST', `/v1/workspaces/${workspace}/checkout`, {
        body: { addOn: 'leads', blocks: 2 },
        headers: { 'Idempotency-Key': 'raced' },
        patient: true,
      }),
    ),
  )
  const settled = answers.filter(({ status }) => status !== 409)
  expect(new Set(settled.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
  expect(settled[0]!.status).toBe(201)
  const { body } = await two.get(`/v1/workspaces/${workspace}/purchases`)
  expect(body.data).toHaveLength(1)
  // The two servers stand at different addresses, so each may have opened one of its own: all but the one handed out are closed.
  const { checkoutSession } = (await one.get(`/v1/workspaces/${workspace}/purchases/${body.data[0].id}`)).body
  const sessions = (await one.sim('state')).objects['checkout.session']
  const open = sessions.filter(
    ({ client_reference_id: purchase, status }: any) => purchase === body.data[0].id && status === 'open',
  )
  expect(open.map(({ id }: any) => id)).toEqual([checkoutSession])
})

test('return page, webhook and both servers at once grant a purchase once', async () => {
  const workspace = await one.workspace()
  const { body } = await one.post(`/v1/workspaces/${workspace}/checkout`, { addOn: 'leads', blocks: 1 })
  const path = `/v1/workspaces/${workspace}/purchases/${body.purchaseId}`
  const { checkoutSession } = (await one.get(path)).body
  await one.sim('webhooks', { duplicate: 5 })
  await one.sim(`checkout/sessions/${checkoutSession}/complete`, { outcome: 'paid' })
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => [one, two][n % 2]!.ask('POST', `${path}/reconcile`, { patient: true })),
  )
  expect(new Set(answers.map(({ status, body }) => `${status} ${body.state}`))).toEqual(new Set(['200 paid']))
  const { body: ledger } = await one.get(`/v1/workspaces/${workspace}/ledger?meter=leads`)
  const granted = ledger.data.filter(({ kind, source }: any) => kind === 'grant' && source.type === 'purchase')
  expect(granted.map(({ quantity }: any) => quantity)).toEqual([1_000])
})
