/** Two server processes' worth of rooms on one database: what holds for one holds for both together. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openRoom, type Room } from './room.ts'

let one: Room
let two: Room
beforeAll(async () => {
  one = await openRoom()
  two = await openRoom({}, one.database)
})
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
