/** Two servers behind a load balancer are restarted in turn while clients work: what they see of it, and whether the books are right. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Headroom } from '@headroom/sdk'
import { freePort, Instance } from './instance.ts'
import { roundRobin } from './round-robin.ts'

export interface Rolled {
  restarts: number
  calls: number
  /** Calls that ended with anything but success, in words. */
  failures: string[]
  /** Attempts beyond the first, by why: a status, or that no answer came. */
  retries: Record<string, number>
  mostRetriesOfOneCall: number
  slowestMs: number
  /** Exit codes of the servers that were told to stop. */
  exits: (number | null)[]
  /** What was committed by the answers, and by the books. */
  committed: number
  used: number
  reserved: number
}

export interface RollingOptions {
  databaseUrl: string
  restarts: number
  clients: number
  onRestart?: (done: number) => void
}

const callsBetween = 50

export async function rolling({ databaseUrl, restarts, clients, onRestart }: RollingOptions): Promise<Rolled> {
  const dataDir = await mkdtemp(join(tmpdir(), 'headroom-rolling-'))
  const apiKey = `hr_sk_${randomBytes(24).toString('base64url')}`
  const env = {
    DATABASE_URL: databaseUrl,
    HEADROOM_DATA_DIR: dataDir,
    HEADROOM_API_KEY: apiKey,
    HEADROOM_DRAIN_SECONDS: '1',
    KEN_DIRECTORY_PEOPLE: '2400',
    LOG_LEVEL: 'warn',
  }
  const instances = [new Instance(await freePort(), env), new Instance(await freePort(), env)]
  const balancer = await roundRobin(instances.map(({ url }) => url))
  const rolled: Rolled = {
    restarts: 0,
    calls: 0,
    failures: [],
    retries: {},
    mostRetriesOfOneCall: 0,
    slowestMs: 0,
    exits: [],
    committed: 0,
    used: 0,
    reserved: 0,
  }
  try {
    await instances[0]!.start()
    await instances[1]!.start()
    await balancer.ready(2)
    const headroom = new Headroom({ baseUrl: balancer.url, apiKey })
    const workspace = 'ws_rolling'
    await headroom.workspaces.create({ id: workspace, name: 'Rolling', plan: 'starter', contacts: 1_000 })
    await headroom.grant(workspace, { meter: 'email_sends', quantity: 1_000_000_000, reason: 'To work on' })

    let isOver = false
    const working = Array.from({ length: clients }, (_, client) =>
      work(balancer.url, apiKey, workspace, client, rolled, () => isOver),
    )
    /** Restarting begins and ends with clients at work on both. */
    const calls = async (more: number) => {
      for (const until = rolled.calls + more; rolled.calls < until;) await pause(20)
    }
    try {
      await calls(callsBetween)
      for (let n = 0; n < restarts; n += 1) {
        const instance = instances[n % 2]!
        rolled.exits.push(await instance.stop())
        await instance.start()
        await balancer.ready(2)
        await calls(callsBetween)
        rolled.restarts += 1
        onRestart?.(rolled.restarts)
      }
    } finally {
      isOver = true
      await Promise.all(working)
    }
    const { meters } = await headroom.usage(workspace)
    const sends = meters.find(({ meter }) => meter === 'email_sends')!
    return { ...rolled, used: sends.used, reserved: sends.reserved }
  } finally {
    await Promise.all(instances.map((instance) => instance.stop()))
    await balancer.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** A client with ids of its own that asks once more where no answer came, instead of the usual five times (reliability F1). */
async function work(
  baseUrl: string,
  apiKey: string,
  workspace: string,
  client: number,
  rolled: Rolled,
  isOver: () => boolean,
): Promise<void> {
  let attempts = 0
  const headroom = new Headroom({
    baseUrl,
    apiKey,
    maxRetries: 1,
    async fetch(input, init) {
      attempts += 1
      const count = (why: string) => (rolled.retries[why] = (rolled.retries[why] ?? 0) + 1)
      try {
        const response = await globalThis.fetch(input, init)
        if (!response.ok) count(String(response.status))
        return response
      } catch (error) {
        const { cause, message } = error as Error & { cause?: { code?: string } }
        count(cause?.code ?? message)
        throw error
      }
    },
  })
  const call = async (what: string, ask: () => Promise<unknown>): Promise<boolean> => {
    attempts = 0
    const started = performance.now()
    const failure = await ask().then(
      () => null,
      (error: unknown) => error as Error,
    )
    rolled.calls += 1
    rolled.slowestMs = Math.max(rolled.slowestMs, Math.round(performance.now() - started))
    rolled.mostRetriesOfOneCall = Math.max(rolled.mostRetriesOfOneCall, attempts - 1)
    if (failure) rolled.failures.push(`${what}: ${failure.name}: ${failure.message}`)
    return failure === null
  }
  const lines = [{ meter: 'email_sends', quantity: 1 }]
  for (let n = 0; !isOver(); n += 1) {
    const id = `r_${client}_${n}`
    if (!(await call('reserve', () => headroom.reserve(workspace, { id, lines })))) continue
    if (await call('commit', () => headroom.commit(workspace, id, { lines }))) rolled.committed += 1
    if (await call('use', () => headroom.use(workspace, { lines, mode: 'record' }))) rolled.committed += 1
    await call('usage', () => headroom.usage(workspace))
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
