/**
 * npx tsx scripts/overload.ts [--seconds 5] [--times 1,2,5,10] [--only E3,E9,E10,E11]
 * More than can be done, on a server and a PostgreSQL of its own: 5,000 at once, then one, two, five and ten times of what can be done, a
 * storm of repeats, and connections that say nothing. Prints figures as JSON (reliability E3, E9, E10, E11). Where taskset is there,
 * server and database have one core and the load has another: what is offered takes nothing from what is done.
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLocalPostgres } from '@headroom/local-postgres'
import { atOnce, offered, type Offer } from './overload/load.ts'
import { freePort, Instance } from './restarts/instance.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '5' },
    times: { type: 'string', default: '1,2,5,10' },
    only: { type: 'string', default: 'E3,E9,E10,E11' },
  },
})
const seconds = Number(values.seconds)
const wanted = new Set(values.only.split(','))
const apiKey = 'hr_sk_overload_0123456789'
const folder = await mkdtemp(join(tmpdir(), 'headroom-overload-'))
const isApart = runOn(0)
const postgres = await startLocalPostgres({ dataDir: folder })
const server = new Instance(await freePort(), {
  DATABASE_URL: postgres.ownerUrl,
  HEADROOM_DATA_DIR: folder,
  HEADROOM_API_KEY: apiKey,
  KEN_DIRECTORY_PEOPLE: '2400',
  LOG_LEVEL: 'error',
})

let isDone = false

try {
  await server.start()
  if (isApart) runOn(1)
  await prepare()
  const offer = { url: server.url, apiKey, workspace: 'ws_overload', seconds, criticalShare: 0.1 }
  const load = (rate: number, more: Partial<Offer> = {}) => offered({ ...offer, rate, ...more })

  const capacity = await mostOf(load)
  say({ capacity, coreOfItsOwn: isApart })
  if (wanted.has('E3'))
    for (const what of ['usage', 'use'] as const) say({ test: 'E3', what, ...(await atOnce(offer, what, 5_000)) })
  if (wanted.has('E9')) await sheds(load, capacity)
  if (wanted.has('E10')) await storms(load, capacity)
  if (wanted.has('E11')) await staysSilent(load, capacity)
  isDone = true
} finally {
  await server.stop()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
  if (!isDone) process.exitCode = 1
}

type Load = (rate: number, more?: Partial<Offer>) => ReturnType<typeof offered>

/** As much as comes back when somewhat more is offered than can be done. */
async function mostOf(load: Load): Promise<number> {
  await load(300)
  for (let rate = 500, most = 0; ; rate *= 1.4) {
    const { good } = await load(rate)
    if (good <= most * 1.05) return Math.max(good, most)
    most = good
  }
}

async function sheds(load: Load, capacity: number): Promise<void> {
  let peak = capacity
  for (const times of values.times.split(',').map(Number)) {
    const at = await load(capacity * times)
    peak = Math.max(peak, at.good)
    say({ test: 'E9', times, ...at, shareOfPeak: Math.round((at.good / peak) * 100) / 100 })
  }
}

async function storms(load: Load, capacity: number): Promise<void> {
  const storm = await load(capacity * 5, { repeats: 3 })
  const started = performance.now()
  for (let calm = false; !calm;) calm = (await load(capacity / 4, { seconds: 1 })).criticalP99Ms < 100
  say({ test: 'E10', ...storm, backToNormalMs: Math.round(performance.now() - started) })
}

async function staysSilent(load: Load, capacity: number): Promise<void> {
  const alone = await load(capacity / 4)
  const silent = await Promise.all(Array.from({ length: 5_000 }, (_, n) => silence(n)))
  const beside = await load(capacity / 4)
  const cut = await Promise.all(silent.map(({ closedAfterMs }) => closedAfterMs))
  say({
    test: 'E11',
    connections: silent.length,
    p99AloneMs: alone.criticalP99Ms,
    p99BesideMs: beside.criticalP99Ms,
    errorsBeside: beside.errors,
    slowestCutMs: Math.max(...cut),
  })
}

/** Whether this process, and what it starts from here on, has been moved to that core; not where there is one core or no taskset. */
function runOn(core: number): boolean {
  if (availableParallelism() < 2) return false
  try {
    execFileSync('taskset', ['--all-tasks', '--cpu-list', '--pid', String(core), String(process.pid)], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

function say(figures: object): void {
  console.log(JSON.stringify(figures))
}

async function prepare(): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' }
  const post = (path: string, body: object) =>
    fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  await post('/v1/workspaces', { id: 'ws_overload', name: 'Overload', plan: 'starter', contacts: 1_000 })
  const grant = { meter: 'email_sends', quantity: 1_000_000_000, reason: 'To work on' }
  const { status } = await post('/v1/workspaces/ws_overload/grants', grant)
  if (status !== 201) throw new Error(`The grant was answered with ${status}.`)
}

/** One that sends half of a head and then nothing: when the server has had enough of it. */
function silence(n: number): Promise<{ socket: Socket; closedAfterMs: Promise<number> }> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      const began = performance.now()
      socket.on('data', () => {})
      const closedAfterMs = new Promise<number>((done) =>
        socket.once('close', () => done(Math.round(performance.now() - began))),
      )
      socket.write(`GET /v1/catalog HTTP/1.1\r\nHost: localhost\r\nX-${n}: `)
      resolve({ socket, closedAfterMs })
    })
    socket.on('error', reject)
  })
}
