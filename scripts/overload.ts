/**
 * npx tsx scripts/overload.ts [--seconds 5] [--times 1,2,5,10]
 * More than can be done, on a server and a PostgreSQL of its own: capacity, then one, two, five and ten times of it, a storm of repeats,
 * and connections that say nothing. Prints figures as JSON (reliability E3, E9, E10, E11).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startLocalPostgres } from '@headroom/local-postgres'
import { offered, type Offer } from './overload/load.ts'
import { freePort, Instance } from './restarts/instance.ts'

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '5' }, times: { type: 'string', default: '1,2,5,10' } },
})
const seconds = Number(values.seconds)
const apiKey = 'hr_sk_overload_0123456789'
const folder = await mkdtemp(join(tmpdir(), 'headroom-overload-'))
const postgres = await startLocalPostgres({ dataDir: folder })
const server = new Instance(await freePort(), {
  DATABASE_URL: postgres.ownerUrl,
  HEADROOM_DATA_DIR: folder,
  HEADROOM_API_KEY: apiKey,
  KEN_DIRECTORY_PEOPLE: '2400',
  LOG_LEVEL: 'error',
})

try {
  await server.start()
  await prepare()
  const load = (rate: number, more: Partial<Offer> = {}) =>
    offered({ url: server.url, apiKey, workspace: 'ws_overload', rate, seconds, criticalShare: 0.1, ...more })

  // As much as comes back when somewhat more is offered than can be done.
  const capacity = Math.max((await load(1_000)).good, (await load(2_000)).good)
  console.log(JSON.stringify({ capacity }))

  let peak = capacity
  for (const times of values.times.split(',').map(Number)) {
    const at = await load(capacity * times)
    peak = Math.max(peak, at.good)
    console.log(JSON.stringify({ test: 'E9', times, ...at, shareOfPeak: Math.round((at.good / peak) * 100) / 100 }))
  }

  const storm = await load(capacity * 5, { repeats: 3 })
  const started = performance.now()
  for (let calm = false; !calm;) calm = (await load(capacity / 4, { seconds: 1 })).criticalP99Ms < 100
  const backMs = Math.round(performance.now() - started)
  console.log(JSON.stringify({ test: 'E10', ...storm, backToNormalMs: backMs }))

  const alone = await load(capacity / 4)
  const silent = await Promise.all(Array.from({ length: 5_000 }, (_, n) => say(n)))
  const beside = await load(capacity / 4)
  const cut = await Promise.all(silent.slice(0, 100).map(({ closedAfterMs }) => closedAfterMs))
  console.log(
    JSON.stringify({
      test: 'E11',
      connections: silent.length,
      p99AloneMs: alone.criticalP99Ms,
      p99BesideMs: beside.criticalP99Ms,
      errorsBeside: beside.errors,
      slowestCutMs: Math.max(...cut.slice(0, 100)),
    }),
  )
  for (const { socket } of silent) socket.destroy()
} finally {
  await server.stop()
  await postgres.stop()
  await rm(folder, { recursive: true, force: true })
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
function say(n: number): Promise<{ socket: Socket; closedAfterMs: Promise<number> }> {
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
