import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { ExceedsReservation, Headroom, InsufficientCredits, ReservationClosed, Unavailable } from '../src/index.ts'
import { booksServer, type BooksServer } from './books-server.ts'
import { hang, problem } from './scripted-server.ts'

const leads = (quantity: number) => [{ meter: 'leads', quantity }]
const request = { id: 'rsv_1', lines: leads(1000) }
const clientOf = (server: BooksServer) =>
  new Headroom({ baseUrl: server.baseUrl, apiKey: 'hr_sk_test', timeoutMs: 2000, maxRetries: 1 })

test('A75 A76 what the work says it used is counted when it ends, the rest returns', async () => {
  await using server = await booksServer()
  const settled = await clientOf(server).withReservation('ws_1', request, async (reservation) => {
    expect(reservation.lines[0]!.reserved).toBe(1000)
    return Promise.resolve(leads(640))
  })
  expect(server.done).toEqual(['commit 640 leads'])
  expect(settled.state).toBe('committed')
})

test('parts are counted at once; what was noted and what is returned go with the end', async () => {
  await using server = await booksServer()
  await clientOf(server).withReservation('ws_1', request, async (_, { used, commitPart }) => {
    expect((await commitPart()).state).toBe('held')
    await commitPart(leads(100))
    used(leads(20))
    used([...leads(5), { meter: 'email_sends', quantity: 4 }])
    await commitPart()
    used(leads(1))
    return leads(2)
  })
  expect(server.done).toEqual(['part 100 leads', 'part 25 leads, 4 email_sends', 'commit 3 leads'])
})

test('work that used nothing returns everything', async () => {
  await using server = await booksServer()
  await clientOf(server).withReservation('ws_1', request, () => Promise.resolve())
  expect(server.done).toEqual(['commit'])
})

test('A152 when the work throws, what is counted stays, what was noted is counted, the rest returns', async () => {
  const failure = new Error('the file ends in the middle of a row')
  const fail = () => Promise.reject(failure)
  await using plain = await booksServer()
  await expect(clientOf(plain).withReservation('ws_1', request, fail)).rejects.toBe(failure)
  expect(plain.done).toEqual(['release'])

  await using parts = await booksServer()
  const afterPart = clientOf(parts).withReservation('ws_1', request, async (_, at) => {
    await at.commitPart(leads(100))
    return fail()
  })
  await expect(afterPart).rejects.toBe(failure)
  expect(parts.done).toEqual(['part 100 leads', 'release'])

  await using noted = await booksServer()
  const afterNote = clientOf(noted).withReservation('ws_1', request, async (_, at) => {
    at.used(leads(7))
    return fail()
  })
  await expect(afterNote).rejects.toBe(failure)
  expect(noted.done).toEqual(['commit 7 leads'])
})

test("the work's error is thrown even when the release fails too, with that failure beside it", async () => {
  await using server = await booksServer()
  server.fault = (verb) => (verb === 'release' ? problem(503, 'unavailable') : undefined)
  const failure = new Error('no more rows')
  await expect(clientOf(server).withReservation('ws_1', request, () => Promise.reject(failure))).rejects.toBe(failure)
  expect((failure as { suppressed?: unknown }).suppressed).toBeInstanceOf(Unavailable)

  const frozen = Object.freeze(new Error('frozen'))
  await expect(clientOf(server).withReservation('ws_1', request, () => Promise.reject(frozen))).rejects.toBe(frozen)
})

test('A147 a part whose answer was lost is sent again under its own key before the end, and counts once', async () => {
  await using server = await booksServer()
  let lost = 0
  const client = clientOf(server)
  await client.withReservation('ws_1', request, async (_, at) => {
    server.losesAnswer = (verb) => verb === 'commit' && (lost += 1) <= 2
    await at.commitPart(leads(10)).catch(() => {})
    return leads(5)
  })
  const keys = server.asked.filter((asked) => asked.url.endsWith('/commit')).map((a) => a.headers['idempotency-key'])
  expect(new Set(keys.slice(0, 3)).size).toBe(1)
  expect(server.done).toEqual(['part 10 leads', 'commit 5 leads'])
})

test('a part the server refused is not sent again', async () => {
  await using server = await booksServer()
  const work = clientOf(server).withReservation('ws_1', request, async (_, at) => {
    server.fault = (verb) => (verb === 'commit' ? problem(422, 'exceeds_reservation') : undefined)
    await at.commitPart(leads(2000))
  })
  await expect(work).rejects.toBeInstanceOf(ExceedsReservation)
  expect(server.done).toEqual(['release'])
})

test('work is not started when it does not fit', async () => {
  await using server = await booksServer()
  server.fault = () => problem(402, 'insufficient_credits', { reason: 'limit_reached' })
  const work = () => Promise.reject(new Error('started'))
  await expect(clientOf(server).withReservation('ws_1', request, work)).rejects.toBeInstanceOf(InsufficientCredits)
})

test('work under an id that has ended is not run a second time', async () => {
  await using server = await booksServer()
  const client = clientOf(server)
  await client.withReservation('ws_1', request, () => Promise.resolve(leads(3)))
  const again = client.withReservation('ws_1', request, () => Promise.reject(new Error('started')))
  await expect(again).rejects.toMatchObject({ name: 'ReservationClosed', state: 'committed' })
  expect(server.done).toEqual(['commit 3 leads'])
})

test('the reservation is extended while the work runs, also after a call that failed, and not after it', async () => {
  await using server = await booksServer()
  let refused = false
  server.fault = (verb) => {
    if (verb !== 'extend' || refused) return undefined
    refused = true
    return problem(500, 'internal')
  }
  await clientOf(server).withReservation('ws_1', { ...request, ttlSeconds: 0.3 }, async () => {
    while (server.extended < 3) await new Promise((resolve) => setTimeout(resolve, 10))
  })
  const asked = server.asked.length
  await new Promise((resolve) => setTimeout(resolve, 350))
  expect(server.asked).toHaveLength(asked)
})

test('a lost reservation aborts the signal; the work decides what then', async () => {
  await using server = await booksServer()
  const work = clientOf(server).withReservation('ws_1', { ...request, ttlSeconds: 0.3 }, async (_, { signal }) => {
    server.state = 'expired'
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    throw signal.reason
  })
  const error: unknown = await work.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ReservationClosed)
  expect(error).toMatchObject({ state: 'expired' })
  expect((error as { suppressed?: unknown }).suppressed).toBeInstanceOf(ReservationClosed)
  expect(server.extended).toBe(0)
})

test('a server that cannot be reached for a whole ttl is a lost reservation too', async () => {
  await using server = await booksServer()
  server.fault = (verb) => (verb === 'extend' ? hang : undefined)
  await clientOf(server).withReservation('ws_1', { ...request, ttlSeconds: 0.3 }, async (_, { signal }) => {
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    expect(signal.reason).toBeInstanceOf(Error)
  })
  expect(server.done).toEqual(['commit'])
})

test('the heartbeat does not keep the process alive', async () => {
  // Work that never ends and waits for nothing: only the heartbeat could keep this process running.
  const source = `import { withReservation } from ${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)}
    const reservation = { id: 'rsv_1', workspace: 'ws_1', state: 'held' }
    const client = { reserve: async () => reservation, extend: async () => reservation }
    void withReservation(client, 'ws_1', { lines: [] }, () => { console.log('at work'); return new Promise(() => {}) })`
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const args = ['--import', 'tsx', '--input-type=module', '--eval', source]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root, timeout: 20_000 })
  expect(stdout).toBe('at work\n')
})
