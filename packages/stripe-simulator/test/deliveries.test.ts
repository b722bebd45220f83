import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startHarness, type Harness } from './harness.ts'

let harness: Harness

beforeAll(async () => {
  harness = await startHarness()
})
afterAll(() => harness.stop())
beforeEach(async () => {
  await harness.sim('webhooks', { duplicate: 0, delayMs: 0, reorder: false, drop: 0, paused: false })
  harness.answerWith(200)
  await harness.advance('P1D')
  harness.received.length = 0
})

interface State {
  deliveries: Record<'waiting' | 'delivered' | 'dropped' | 'failed', number>
  settings: { webhooks: Record<string, unknown> }
  objects: Record<string, object[]>
}

const state = async (): Promise<State> => (await (await fetch(`${harness.url}/_sim/state`)).json()) as State

async function happen(count = 1): Promise<void> {
  for (let at = 0; at < count; at++) await harness.stripe.customers.create({ name: `Customer ${at}` })
}

const names = () => harness.received.map((event) => (event.data.object as { name?: string }).name)

describe('deliveries', () => {
  test('each event arrives once, in order of time', async () => {
    await happen(3)
    await harness.settle()
    await harness.settle()
    expect(names().toSorted((a = '', b = '') => a.localeCompare(b))).toEqual(['Customer 0', 'Customer 1', 'Customer 2'])
  })

  test('duplicates are as many as were asked for, with one event id', async () => {
    await harness.sim('webhooks', { duplicate: 5 })
    await happen()
    await harness.settle()
    expect(harness.received).toHaveLength(6)
    expect(new Set(harness.received.map(({ id }) => id)).size).toBe(1)
    expect(await harness.sim('webhooks', { duplicate: true })).toMatchObject({ duplicate: 1, paused: false })
  })

  test('delayed by three days, it comes when the clock has moved three days', async () => {
    await harness.sim('webhooks', { delayMs: 72 * 3_600_000 })
    await happen()
    await harness.advance('P2DT23H59M59S')
    expect(harness.received).toEqual([])
    await harness.advance('PT1S')
    expect(names()).toEqual(['Customer 0'])
  })

  test('paused, nothing comes; then all of it', async () => {
    await harness.sim('webhooks', { paused: true })
    await happen(2)
    await harness.settle()
    expect(harness.received).toEqual([])
    await harness.sim('webhooks', { paused: false })
    expect(harness.received).toHaveLength(2)
  })

  test('dropped, it never comes, and is still in the list of events', async () => {
    const before = (await state()).deliveries.dropped
    await harness.sim('webhooks', { drop: true })
    await happen()
    await harness.sim('webhooks', { drop: 0 })
    await harness.advance('P30D')
    expect(harness.received).toEqual([])
    expect((await state()).deliveries.dropped).toBe(before + 1)
    const [event] = (await harness.stripe.events.list({ type: 'customer.created', limit: 1 })).data
    expect(event?.data.object).toMatchObject({ name: 'Customer 0' })
  })

  test('reordered, each waits up to two seconds of its own', async () => {
    await harness.sim('webhooks', { reorder: true, paused: true })
    await happen(20)
    await harness.advance('PT2S')
    await harness.sim('webhooks', { paused: false })
    expect(harness.received).toHaveLength(20)
    expect(names()).not.toEqual(Array.from({ length: 20 }, (_, at) => `Customer ${at}`))
  })

  test('refused by the endpoint it is sent again, later each time, sixteen times in all', async () => {
    harness.answerWith(500)
    await happen()
    await harness.settle()
    expect((await state()).deliveries.waiting).toBe(1)
    harness.answerWith(200)
    await harness.advance('PT1S')
    expect(harness.received).toHaveLength(1)

    harness.answerWith(404)
    const { failed } = (await state()).deliveries
    await happen()
    await harness.settle()
    for (let attempt = 1; attempt < 15; attempt++) await harness.advance(`PT${2 ** (attempt - 1)}S`)
    expect((await state()).deliveries).toMatchObject({ failed, waiting: 1 })
    await harness.advance(`PT${2 ** 14}S`)
    expect((await state()).deliveries).toMatchObject({ failed: failed + 1, waiting: 0 })
  })

  test('what cannot be is refused, and changes nothing', async () => {
    for (const body of [{ duplicate: 6 }, { drop: 2 }, { delayMs: -1 }, { paused: 'yes' }, { colour: 'red' }]) {
      const answer = await fetch(`${harness.url}/_sim/webhooks`, { method: 'POST', body: JSON.stringify(body) })
      expect([body, answer.status]).toEqual([body, 400])
    }
    expect((await state()).settings.webhooks).toEqual({
      duplicate: 0,
      delayMs: 0,
      reorder: false,
      drop: 0,
      paused: false,
    })
  })
})
