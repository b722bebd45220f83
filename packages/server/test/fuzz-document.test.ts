/**
 * Requests made from the document the server publishes, most of them then spoiled: whatever comes, the answer is a documented one, and
 * what is refused has changed nothing. HEADROOM_FUZZ_REQUESTS sends more of them, and others; HEADROOM_FUZZ_SEED sends the same again.
 */
import { Agent, request as httpRequest } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isOurs } from '../src/router.ts'
import { Chance } from '../../../torture/chance.ts'
import { held, seen, type Fetched } from './contract.ts'
import { changedValue, spoil, type Request } from './mutations.ts'
import { openRoom, slowly, type Answered, type Room } from './room.ts'
import { SchemaValues, type Schema } from './schema-values.ts'

const count = Number(process.env.HEADROOM_FUZZ_REQUESTS ?? 20_000)
/** In `npm test` always the same, so that a failure is somebody's doing; new ones are drawn by whoever asks for more requests. */
const drawnSeed = process.env.HEADROOM_FUZZ_REQUESTS ? Math.floor(Math.random() * 2 ** 31) : 561_430_589
const seed = Number(process.env.HEADROOM_FUZZ_SEED ?? drawnSeed)
const callersAtOnce = 32
const workspaces = Array.from({ length: 8 }, (_, n) => `ws_fuzz_${n}`)
const longestUrl = 8 * 1024
const mostGrowthBytes = 64 * 1024 * 1024

interface Operation {
  operationId: string
  tags: string[]
  parameters?: { name: string; in: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema> }
}

let room: Room
let values: SchemaValues
let operations: { method: string; path: string; operation: Operation }[]
let keys: string[]
const agent = new Agent({ keepAlive: true, maxSockets: callersAtOnce })

beforeAll(async () => {
  room = await openRoom({ payments: true })
  for (const id of workspaces) await room.workspace({ id })
  const document = JSON.parse((await room.get('/openapi.json')).text) as OpenApi
  values = new SchemaValues(document.components.schemas)
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  )
  const [first] = workspaces
  keys = [
    ...Array.from({ length: 12 }, () => room.key),
    await room.newKey('read'),
    await room.newKey('full', first),
    await room.token(first!, 'admin'),
    await room.token(first!, 'viewer'),
  ]
}, slowly)
afterAll(async () => {
  agent.destroy()
  await room.stop()
})

/**
 * What changes something comes oftenest. What Stripe is asked for takes its turn at Stripe, and figures are long: now and then is enough.
 * A stream has no end to wait for.
 */
function drawn(chance: Chance): (typeof operations)[number] {
  for (;;) {
    const found = chance.oneOf(operations)
    const { operationId, tags } = found.operation
    if (operationId === 'streamEvents') continue
    if (tags.includes('Purchases') && !chance.isOneIn(12)) continue
    if ((tags.includes('Operations') || found.method === 'GET') && !chance.isOneIn(4)) continue
    return found
  }
}

/** The nth request of this seed, by itself: any of them can be made again alone. */
function nth(n: number): Request {
  const chance = new Chance(seed ^ Math.imul(n + 1, 0x9e3779b1))
  const { method, path, operation } = drawn(chance)
  const { parameters = [], requestBody } = operation
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => String(values.value({}, chance, name)))
  const query = new URLSearchParams()
  for (const { name, in: place, schema } of parameters)
    if (place === 'query' && chance.isOneIn(3)) query.set(name, String(values.value(schema, chance)))
  const key = chance.oneOf(keys)
  const headers: Record<string, string> = { authorization: `Bearer ${key}` }
  // Whoever asked stands in every entry that the request brings.
  if (key.startsWith('hr_sk_')) headers['headroom-viewer'] = `admin;f${n}`
  if (method === 'POST' && chance.isOneIn(4)) headers['idempotency-key'] = `f${chance.below(2_000)}`
  let body: Buffer | null = null
  if (requestBody) {
    headers['content-type'] = 'application/json'
    let content = values.value(requestBody.content['application/json']!.schema, chance)
    if (chance.isOneIn(2))
      for (let left = chance.below(3); left >= 0; left -= 1) content = changedValue(content, chance)
    body = Buffer.from(JSON.stringify(content) ?? '')
  }
  const made: Request = { method, path: filled, query: query.toString(), headers, body }
  if (chance.isOneIn(2)) for (let left = chance.below(2); left >= 0; left -= 1) spoil(made, chance)
  return made
}

const targetOf = ({ path, query }: Request): string => path + (query === '' ? '' : `?${query}`)

/** With a length of its own, so that nothing waits for a body that never comes. By hand: fetch and its Response took a sixth of the time. */
function send(request: Request): Promise<Fetched> {
  const { method, headers, body } = request
  const { hostname, port } = new URL(room.url)
  const sent = { ...headers, ...(body && { 'content-length': String(body.length) }) }
  return new Promise((resolve, reject) => {
    const options = { agent, host: hostname, port, method, path: targetOf(request), headers: sent }
    const asked = httpRequest(options, (answer) => {
      const chunks: Buffer[] = []
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream')
      const end = () => {
        const status = answer.statusCode!
        const headers = new Headers(answer.headers as Record<string, string>)
        const text = () => Promise.resolve(Buffer.concat(chunks).toString('utf8'))
        resolve({ status, ok: status < 300, headers, text })
      }
      if (isStream) return (answer.destroy(), end())
      answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', end)
      answer.on('error', reject)
    })
    asked.on('error', reject)
    asked.end(body)
  })
}

/** Sends it and holds the answer to the document. */
async function answered(asked: Request): Promise<Pick<Answered, 'status' | 'body'>> {
  const response = await send(asked)
  const { status } = response
  // Too much at once says so, and what it did not do: nothing else may be unavailable.
  if (status === 503 && response.headers.has('retry-after')) return { status, body: JSON.parse(await response.text()) }
  const target = targetOf(asked)
  if (status === 414 || target.length > longestUrl) {
    // Refused before anybody looks what it is about, so that no operation has it in the document.
    const problem = JSON.parse(await response.text()) as { code: string }
    expect([status, problem.code, target.length > longestUrl]).toEqual([414, 'too_large', true])
    return { status, body: problem }
  }
  const { pathname, search } = new URL(room.url + target)
  // Dots lead out of the interface, to the app beside it; here there is none.
  if (!isOurs(pathname)) {
    expect(status).toBe(404)
    return { status, body: undefined }
  }
  return held(asked.method, pathname + search, response)
}

/** What a failure has to say, so that the request can be looked at, and sent again. */
const told = (n: number): string => `request ${n} of HEADROOM_FUZZ_SEED=${seed}: ${shown(nth(n))}`

const shown = ({ method, path, query, headers, body }: Request) =>
  `${method} ${path}?${query} ${JSON.stringify(headers).replace(room.key, '…')} ${body?.toString('utf8').slice(0, 400) ?? ''}`

const gc = (): void => {
  setFlagsFromString('--expose-gc')
  ;(runInNewContext('gc') as () => void)()
}
const heap = (): number => (gc(), process.memoryUsage().heapUsed)

/** A use that was taken or may have been, or an item of a batch that was. */
const wasTaken = ({ status, body }: Pick<Answered, 'status' | 'body'>): boolean =>
  (status === 503 && !/Nothing happened\./.test(String(body.detail))) ||
  (status < 300 && (body?.results === undefined || body.results.some((item: { status: number }) => item.status < 300)))

test(
  `${count} requests made from the document: no fault of ours, every answer as documented, and only what was taken is booked`,
  async () => {
    console.log(`fuzz: HEADROOM_FUZZ_SEED=${seed} HEADROOM_FUZZ_REQUESTS=${count}`)
    const statuses = new Map<number, number>()
    const takenFrom = new Set<string>()
    let [next, busy, heapThen] = [0, 0, 0]
    const caller = async (): Promise<void> => {
      for (let n = next++; n < count; n = next++) {
        if (n === Math.floor(count / 4)) heapThen = heap()
        try {
          const answer = await answered(nth(n))
          statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
          if (answer.status === 503) busy += 1
          if (wasTaken(answer)) takenFrom.add(`f${n}`)
        } catch (fault) {
          throw new Error(`${(fault as Error).message}\n${told(n)}`, { cause: fault })
        }
      }
    }
    await Promise.all(Array.from({ length: callersAtOnce }, caller))
    const grown = heap() - heapThen

    console.log(`fuzz: ${JSON.stringify(Object.fromEntries([...statuses].sort(([a], [b]) => a - b)))}`)
    expect(busy).toBeLessThan(count / 50)
    expect((await strangers(takenFrom)).map(told)).toEqual([])
    expect((await room.engine.audit()).differences).toEqual([])
    expect((await room.get('/healthz')).status, 'alive').toBe(200)
    expect(grown, 'bytes kept from the first quarter to the end').toBeLessThan(mostGrowthBytes)
    // It has got past the door, and has been refused in every way there is, or it has shown nothing.
    expect([...statuses.keys()]).toEqual(
      expect.arrayContaining([200, 201, 204, 400, 401, 402, 403, 404, 405, 409, 415, 422]),
    )
    expect([...seen]).toEqual(
      expect.arrayContaining(['reserve 201', 'commit 200', 'use 200', 'grant 201', 'batch 200', 'setPlan 200']),
    )
  },
  Math.max(180_000, count * 20),
)

/** Those whose requests were refused and who stand in the books all the same. */
async function strangers(takenFrom: Set<string>): Promise<number[]> {
  const found = new Set<number>()
  let entries = 0
  for (const id of workspaces) {
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await room.engine.ledger(id, { limit: 100, ...(cursor && { cursor }) })
      if (page === undefined || page === 'bad_cursor') throw new Error(`no ledger of ${id}`)
      entries += page.data.length
      for (const { actor } of page.data)
        if (/^f\d+$/.test(actor) && !takenFrom.has(actor)) found.add(Number(actor.slice(1)))
      cursor = page.nextCursor
    }
  }
  expect(entries).toBeGreaterThan(count / 50)
  return [...found]
}
