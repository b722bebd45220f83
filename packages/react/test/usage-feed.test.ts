import type { UsageWire } from '@headroom/sdk'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { UsageFeed } from '../src/usage-feed.ts'
import { growth, meterOf } from './sample-usage.ts'
import { ScriptedSource } from './scripted-source.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const gone = new Error('gone')
/** Events carry no money. */
const event = (used: number, more: Partial<UsageWire> = {}): UsageWire => ({
  ...growth,
  price: null,
  meters: [meterOf('leads', used, 5000)],
  ...more,
})
const settled = () => vi.advanceTimersByTimeAsync(0)

function started() {
  const source = new ScriptedSource()
  const feed = new UsageFeed(source, 'ws_1')
  const leave = feed.subscribe(() => {})
  const leads = () => feed.state().usage?.meters.find(({ meter }) => meter === 'leads')?.used
  return { source, feed, leave, leads }
}

/** A feed that has loaded and whose stream is open. */
async function live() {
  const all = started()
  all.source.loads[0]!.resolve(growth)
  all.source.streams[0]!.open()
  await settled()
  return all
}

test('it loads once, then follows the stream without asking again', async () => {
  const { source, feed, leads } = started()
  expect(feed.state()).toMatchObject({ status: 'loading', usage: null, busy: true })
  source.loads[0]!.resolve(growth)
  source.streams[0]!.open()
  await settled()
  expect(feed.state()).toEqual({ status: 'ready', usage: growth, error: null, stale: false, busy: false })
  source.streams[0]!.send(event(1201))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(leads()).toBe(1201)
  expect(source.loads).toHaveLength(1)
})

test('who gets no answer waits ten seconds to be told, not through all tries of the client', async () => {
  const { source } = started()
  const { timeoutMs, maxRetries } = source.loads[0]!.options!
  expect(timeoutMs! * (1 + maxRetries!)).toBeLessThanOrEqual(10_000)
})

test('an event carries no price, so the known one stays', async () => {
  const { source, feed } = await live()
  source.streams[0]!.send(event(1201))
  await settled()
  expect(feed.state().usage?.price).toEqual(growth.price)
})

test('A55 after a change of plan the price is loaded anew and the old one is not shown for it', async () => {
  const { source, feed } = await live()
  const plan = { ...growth.plan, contacts: 10_000 }
  source.streams[0]!.send(event(1201, { plan }))
  await settled()
  expect(feed.state().usage).toMatchObject({ plan, price: null })
  source.loads[1]!.resolve({ ...growth, plan, price: { ...growth.price!, monthlyCents: 69_900 } })
  await settled()
  expect(feed.state().usage?.price?.monthlyCents).toBe(69_900)
})

test('a load that an event overtook brings only what events lack', async () => {
  const { source, feed, leads } = started()
  source.streams[0]!.open()
  source.streams[0]!.send(event(1500))
  await settled()
  expect(leads()).toBe(1500)
  source.loads[0]!.resolve(growth)
  await settled()
  expect(leads()).toBe(1500)
  expect(feed.state()).toMatchObject({ busy: false, usage: { price: growth.price } })
})

test('while the stream is down it polls, and figures that still load are not stale', async () => {
  const { source, feed, leads } = await live()
  source.streams[0]!.drop()
  source.loads[1]!.resolve(event(1300))
  await settled()
  expect(leads()).toBe(1300)
  await vi.advanceTimersByTimeAsync(15_000)
  source.loads[2]!.resolve(event(1400))
  await settled()
  expect(leads()).toBe(1400)
  expect(feed.state().stale).toBe(false)
})

test('figures that can no longer be loaded stay, and are said to be stale until they are current again', async () => {
  const { source, feed, leads } = await live()
  source.streams[0]!.drop()
  source.loads[1]!.reject(gone)
  await settled()
  expect(feed.state()).toMatchObject({ status: 'ready', usage: growth, error: gone, stale: true })
  source.streams[0]!.open()
  source.streams[0]!.send(event(1600))
  await settled()
  expect(leads()).toBe(1600)
  expect(feed.state()).toMatchObject({ error: null, stale: false })
})

test('A120 A123 when nothing can be loaded it says so, keeps trying, and recovers by itself', async () => {
  const { source, feed } = started()
  source.streams[0]!.refuse(gone)
  source.loads[0]!.reject(gone)
  await settled()
  expect(feed.state()).toEqual({ status: 'error', usage: null, error: gone, stale: false, busy: false })
  await vi.advanceTimersByTimeAsync(15_000)
  expect(source.streams, 'it listens again too').toHaveLength(2)
  source.loads[1]!.resolve(growth)
  await settled()
  expect(feed.state()).toMatchObject({ status: 'ready', usage: growth, error: null })
})

test('retry loads at once, and not twice at the same time', async () => {
  const { source, feed } = started()
  source.loads[0]!.reject(gone)
  await settled()
  feed.retry()
  feed.retry()
  expect(source.loads).toHaveLength(2)
  expect(feed.state()).toMatchObject({ status: 'error', busy: true })
})

test('A117 a load that failed is made up for even when the stream works, for the price it would bring', async () => {
  const { source, feed } = started()
  source.loads[0]!.reject(gone)
  source.streams[0]!.open()
  source.streams[0]!.send(event(7))
  await settled()
  expect(feed.state()).toMatchObject({ status: 'ready', usage: { price: null }, busy: true })
  source.loads[1]!.resolve(growth)
  await settled()
  expect(feed.state().usage?.price).toEqual(growth.price)
})

test('the last to leave ends stream and polling; who comes back sees the last figures at once', async () => {
  const { source, feed, leave, leads } = await live()
  leave()
  expect(source.streams[0]!.ended).toBe(true)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(source.loads).toHaveLength(1)
  feed.subscribe(() => {})
  expect(leads()).toBe(1200)
  expect(source.loads).toHaveLength(2)
})
