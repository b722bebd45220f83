/** What is put off under overload, and what goes on. */
import { connectOwner } from '../../engine/src/connection.ts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { Gate } from '../src/gate.ts'
import { Refused } from '../src/problem.ts'
import { Urgencies } from '../src/urgency.ts'
import { openRoom, slowly, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({ payments: true })
}, slowly)
afterAll(() => room.stop())

const lines = (quantity: number) => [{ meter: 'leads', quantity }]

/** Ends when it is told to. */
function held(): { promise: Promise<void>; end: () => void } {
  let end!: () => void
  const promise = new Promise<void>((resolve) => (end = resolve))
  return { promise, end }
}

test('E3 while long lists hang in the database, reserving, looking, paying and readiness go on, and who waits for a list is told', async () => {
  const workspace = await room.workspace()
  const [own, other] = [await room.newKey('full'), await room.newKey('full')]
  const path = `/v1/workspaces/${workspace}`
  const ask = (what: string) =>
    fetch(`${room.url}${path}/${what}`, { headers: { Authorization: `Bearer ${room.key}` } })
  const owner = await connectOwner(room.database.ownerUrl)
  await owner.query('begin')
  await owner.query('lock table purchases in access exclusive mode')
  let told = 0
  const hanging = Array.from({ length: 600 }, async () => {
    const response = await ask('purchases')
    told += 1
    return response
  })
  // Four are asking the database and five hundred wait: the next one hears of it, so all the others are on their way.
  await expect.poll(() => told, { timeout: 20_000 }).toBeGreaterThan(0)

  // A key that was never seen needs a connection for reading.
  const reserved = await room.ask('POST', `${path}/reservations`, { key: own, body: { id: 'r1', lines: lines(5) } })
  expect(reserved.status).toBe(201)
  expect((await room.post(`${path}/reservations/r1/commit`, { lines: lines(5) })).status).toBe(200)
  expect((await room.get(`${path}/usage`)).status).toBe(200)
  expect((await fetch(`${room.url}/readyz`)).status).toBe(200)
  const forged = await fetch(`${room.url}/stripe/webhook`, { method: 'POST', body: '{}' })
  expect(forged.status).toBe(400)

  // Even with every place to look taken, and every connection that looks: whoever counts is recognised and served.
  const looking = Array.from({ length: 150 }, () => ask('purchases/pur_1'))
  const waits = `select 1 from pg_locks where not granted and relation = 'purchases'::regclass`
  await expect.poll(async () => (await owner.query(waits)).rows.length, { timeout: 20_000 }).toBe(6)
  const another = await room.ask('POST', `${path}/reservations`, {
    key: other,
    body: { id: 'r2', lines: lines(5) },
  })
  expect(another.status).toBe(201)
  expect((await fetch(`${room.url}/readyz`)).status).toBe(200)

  await owner.query('rollback')
  await owner.end()
  for (const { status } of await Promise.all(looking)) expect([404, 503]).toContain(status)
  const answers = await Promise.all(hanging)
  const refused = answers.filter(({ status }) => status === 503)
  expect(answers.every(({ status }) => status === 200 || status === 503)).toBe(true)
  expect(refused.length).toBeGreaterThan(50)
  const [first] = refused
  expect(Number(first!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
  expect(await first!.json()).toMatchObject({
    code: 'unavailable',
    detail: expect.stringMatching(/puts off what can wait\. Nothing happened; ask again in [1-3] s\.$/),
  })
  expect((await room.get(`${path}/purchases`)).status).toBe(200)
}, 60_000)

test('E3 10,000 who look at once are served, one more is told', async () => {
  const urgencies = new Urgencies(4)
  let served = 0
  const { promise, end } = held()
  const look = () => urgencies.pass('usual', () => promise.then(() => (served += 1)))
  const all = Array.from({ length: 16 + 10_000 }, look)
  await expect(look()).rejects.toMatchObject({ code: 'unavailable' })
  end()
  await Promise.all(all)
  expect(served).toBe(10_016)
})

test('E9 while many reserve, what can wait is refused first, then what is looked at, and never what counts', async () => {
  const urgencies = new Urgencies(4)
  const ends: (() => void)[] = []
  const begin = (count: number) => {
    for (let n = 0; n < count; n += 1) {
      const { promise, end } = held()
      ends.push(end)
      void urgencies.pass('first', () => promise)
    }
  }
  const enters = () => (['first', 'usual', 'later'] as const).filter((urgency) => urgencies.refusal(urgency) === null)
  begin(499)
  expect(enters()).toEqual(['first', 'usual', 'later'])
  begin(1)
  expect(enters()).toEqual(['first', 'usual'])
  begin(1_500)
  expect(enters()).toEqual(['first'])
  begin(5_000)
  expect(enters()).toEqual(['first'])
  for (const end of ends) end()
  await expect.poll(enters).toEqual(['first', 'usual', 'later'])
})

test('a gate lets in as many as it has places for, in the order of their coming, and gives every place back', async () => {
  const gate = new Gate({ atOnce: 2, waiting: 2, patienceMs: 60_000 })
  const [a, b, c, d] = [held(), held(), held(), held()]
  const seen: string[] = []
  const enter = (name: string, { promise }: ReturnType<typeof held>) =>
    gate.pass(async () => {
      seen.push(name)
      await promise
    })
  const all = [enter('a', a), enter('b', b), enter('c', c), enter('d', d)]
  await expect(gate.pass(() => Promise.resolve())).rejects.toMatchObject({ code: 'unavailable' })
  expect(seen).toEqual(['a', 'b'])
  b.end()
  await expect.poll(() => seen).toEqual(['a', 'b', 'c'])
  for (const { end } of [a, c, d]) end()
  await Promise.all(all)
  await expect(gate.pass(() => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own')
  expect([gate.running, gate.waiting, gate.figures.shed]).toEqual([0, 0, 1])
})

test('a burst is waited for; where somebody always waits, a quarter of a second is enough', async () => {
  vi.useFakeTimers()
  try {
    const gate = new Gate({ atOnce: 1, waiting: 100, patienceMs: 4_000 })
    const { promise, end } = held()
    void gate.pass(() => promise)
    let gone = 0
    const wait = () => void gate.pass(() => Promise.resolve()).catch(() => (gone += 1))
    wait()
    await vi.advanceTimersByTimeAsync(1_900)
    wait()
    await vi.advanceTimersByTimeAsync(200)
    // Somebody has been waiting for more than two seconds: who comes now waits briefly, and is not let in where many wait already.
    let told: Refused | undefined
    void gate.refusal()!.then((refused) => (told = refused))
    expect([gone, gate.waiting]).toEqual([0, 2])
    wait()
    await vi.advanceTimersByTimeAsync(260)
    expect([gone, gate.waiting, told]).toEqual([1, 2, undefined])
    await vi.advanceTimersByTimeAsync(3_600)
    expect([gone, gate.waiting]).toEqual([3, 0])
    expect(told).toBeInstanceOf(Refused)
    expect(gate.refusal()).toBeNull()
    wait()
    await vi.advanceTimersByTimeAsync(3_900)
    expect([gone, gate.waiting]).toEqual([3, 1])
    end()
    await vi.advanceTimersByTimeAsync(0)
    expect([gate.running, gate.waiting]).toEqual([0, 0])
  } finally {
    vi.useRealTimers()
  }
})

test('many who ask all the time and are served within moments are no overload, however long it lasts', async () => {
  vi.useFakeTimers()
  try {
    const gate = new Gate({ atOnce: 2, waiting: 1_000, patienceMs: 4_000 })
    let isOver = false
    let served = 0
    const asking = Array.from({ length: 50 }, async () => {
      while (!isOver) {
        expect(gate.refusal()).toBeNull()
        await gate.pass(() => new Promise((resolve) => setTimeout(resolve, 2)))
        served += 1
      }
    })
    await vi.advanceTimersByTimeAsync(5_000)
    isOver = true
    await vi.advanceTimersByTimeAsync(500)
    await Promise.all(asking)
    expect(served).toBeGreaterThan(3_000)
    expect(gate.figures.shed).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test('E9 who is turned away hears of it after a second, a few at a time; of too many at once the rest at once', async () => {
  vi.useFakeTimers()
  try {
    const gate = new Gate({ atOnce: 1, waiting: 0, patienceMs: 60_000 })
    let told = 0
    const turnAway = (count: number) => {
      for (let n = 0; n < count; n += 1) void gate.refusal()!.then(() => (told += 1))
    }
    turnAway(5_000)
    await vi.advanceTimersByTimeAsync(500)
    turnAway(10)
    await vi.advanceTimersByTimeAsync(0)
    expect([told, gate.heldBack, gate.figures.shed]).toEqual([10, 5_000, 5_010])
    await vi.advanceTimersByTimeAsync(490)
    expect(told).toBe(10)
    await vi.advanceTimersByTimeAsync(20)
    expect(told).toBeGreaterThan(10)
    expect(told).toBeLessThan(300)
    // One who comes now waits a second of their own.
    turnAway(1)
    await vi.advanceTimersByTimeAsync(970)
    expect([told, gate.heldBack]).toEqual([5_010, 1])
    await vi.advanceTimersByTimeAsync(50)
    expect([told, gate.heldBack]).toEqual([5_011, 0])
  } finally {
    vi.useRealTimers()
  }
})

test('E9 what can wait begins a few in a turn of the event loop, so that what has come meanwhile is read first', async () => {
  const gate = new Gate({ atOnce: 128, waiting: 1_000, patienceMs: 60_000 })
  const { promise, end } = held()
  let begun = 0
  const all = Array.from({ length: 100 }, () =>
    gate.pass(() => {
      begun += 1
      return promise
    }),
  )
  await Promise.resolve()
  const most = begun
  expect(most).toBeLessThan(50)
  await new Promise(setImmediate)
  expect(begun).toBeGreaterThan(most)
  expect(begun).toBeLessThanOrEqual(2 * most)
  await expect.poll(() => begun).toBe(100)
  end()
  await Promise.all(all)
  expect([gate.running, gate.waiting, gate.figures.shed]).toEqual([0, 0, 0])
})

test('with a database that has gone silent, readiness says so and the figures that are ours are still there', async () => {
  const never = () => new Promise<never>(() => {})
  const own = await openRoom({ engine: { ...room.engine, ready: never, metrics: never } }, room.database)
  const [ready, figures] = await Promise.all([fetch(`${own.url}/readyz`), fetch(`${own.url}/metrics`)])
  expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ detail: expect.any(String) })])
  expect(await figures.text()).toMatch(/^headroom_engine_up 0$/m)
  await own.stop()
}, 60_000)

test('what finds no answer in time is told so: whether nothing happened, or that a repeat will tell', async () => {
  const never = () => new Promise<never>(() => {})
  const own = await openRoom({ engine: { ...room.engine, submit: never, workspace: never } }, room.database)
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const answered = (path: string, init: RequestInit = {}) =>
      fetch(own.url + path, { headers: { Authorization: `Bearer ${own.key}` }, ...init }).then((response) =>
        response.json(),
      )
    const headers = { Authorization: `Bearer ${own.key}`, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ lines: lines(1) })
    const both = Promise.all([
      answered('/v1/workspaces/ws_1'),
      answered('/v1/workspaces/ws_1/reservations', { method: 'POST', headers, body }),
    ])
    const passing = setInterval(() => vi.advanceTimersByTime(500), 20)
    const [read, written] = await both
    clearInterval(passing)
    expect(read).toMatchObject({ status: 503, detail: expect.stringContaining('Nothing happened') })
    expect(written).toMatchObject({ status: 503, detail: expect.stringContaining('same id or Idempotency-Key') })
  } finally {
    vi.useRealTimers()
  }
  await own.stop()
})
