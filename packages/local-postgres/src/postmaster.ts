import { closeSync, constants, fstatSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Binaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { LocalPostgresError } from './local-postgres-error.ts'
import { endOrphans } from './orphans.ts'
import { isPostmaster, readPostmasterFile } from './postmaster-file.ts'
import { cannotRun, spawnPostgres } from './postgres-process.ts'
import { processLife } from './process-life.ts'

/** A running PostgreSQL. */
export interface Postmaster {
  pid: number
  port: number
  /** True when it was already running, left by an app that was killed. */
  adopted: boolean
  /** Resolves when it ends; null: it is nobody's child, and has to be looked for. */
  ended: Promise<unknown> | null
}

export interface PostmasterOptions {
  cluster: Cluster
  binaries: Binaries
  logFile: string
  settings: Record<string, string>
  /** The port to come back on after a crash; a free one when not given. */
  port?: number
  log: (line: string) => void
}

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants
const RECOVERY_MS = 120_000
const SHUTDOWN_MS = 30_000
const PATIENCE_MS = 10_000
const LARGEST_LOG = 10_000_000

/**
 * Returns the PostgreSQL of this cluster, ready for connections: the one that runs already, or a new one. A crashed one
 * recovers by itself on the way. Throws a LocalPostgresError with PostgreSQL's own words when it will not start.
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const running = await findRunning(options)
  if (running) return running
  const deadline = Date.now() + PATIENCE_MS
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await launch(options)
    if (typeof outcome !== 'string') return outcome
    if (Date.now() > deadline || !/still in use|could not bind/.test(outcome)) {
      throw new LocalPostgresError(`PostgreSQL did not start: ${outcome} (log: ${options.logFile})`)
    }
    if (/still in use/.test(outcome)) {
      // Killed alone, a postmaster leaves backends that still hold its memory. Idle ones notice and leave at once.
      if (attempt === 1) options.log('Waiting for the processes of a killed PostgreSQL to end')
      else endOrphans(options.cluster.data)
    }
    await sleep(100)
  }
}

/** Ends PostgreSQL in an orderly way: open transactions are rolled back, clients disconnected. Harmless when it is gone. */
export async function stopPostmaster({ pid }: { pid: number }, data: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!isPostmaster(pid, data)) return
    process.kill(pid, signal)
    if (await waitUntil(() => !processLife(pid).alive, SHUTDOWN_MS)) return
  }
}

async function findRunning({ cluster, log }: PostmasterOptions): Promise<Postmaster | null> {
  const found = readPostmasterFile(cluster.data)
  if (!found) return null
  const { pid } = found
  if (!isPostmaster(pid, cluster.data)) {
    // PostgreSQL would take any live process with this pid for its predecessor and refuse.
    rmSync(join(cluster.data, 'postmaster.pid'), { force: true })
    return null
  }
  const settled = () => !processLife(pid).alive || readPostmasterFile(cluster.data)?.status === 'ready'
  if (!(await waitUntil(settled, RECOVERY_MS))) {
    throw new LocalPostgresError(`PostgreSQL (process ${pid}) is running in ${cluster.data} but does not become ready.`)
  }
  const ready = readPostmasterFile(cluster.data)
  if (ready?.pid !== pid || ready.status !== 'ready') return null
  log(`Adopted the PostgreSQL that was left running (process ${pid}, port ${ready.port})`)
  return { pid, port: ready.port, adopted: true, ended: null }
}

/** One attempt; a string is what PostgreSQL said when it gave up. */
async function launch(options: PostmasterOptions): Promise<Postmaster | string> {
  const { cluster, binaries, logFile } = options
  const port = options.port ?? (await freePort())
  const log = openLog(logFile)
  const logStart = fstatSync(log).size
  const flags = Object.entries(options.settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const child = spawnPostgres({
    binaries,
    name: 'postgres',
    arguments: ['-D', cluster.data, '-p', String(port), ...flags],
    account: cluster.account,
    errors: log,
    // Its own session: Ctrl-C in the terminal is for the app, which then ends PostgreSQL when it is done with it.
    detached: true,
  })
  closeSync(log)
  child.unref()
  let ended: string | null = null
  child.once('error', (error: NodeJS.ErrnoException) => (ended = cannotRun(error)))
  const exit = once(child, 'exit').then(() => (ended ??= 'exit'))
  exit.catch(() => {})
  const started = () => {
    const file = readPostmasterFile(cluster.data)
    return file?.pid === child.pid && file?.status === 'ready'
  }
  const news = setTimeout(() => options.log('PostgreSQL is still starting, probably recovering from a crash'), 3_000)
  const settled = await waitUntil(() => ended !== null || started(), RECOVERY_MS)
  clearTimeout(news)
  if (ended !== null) return ended === 'exit' ? lastWords(logFile, logStart) : ended
  if (settled && child.pid !== undefined) return { pid: child.pid, port, adopted: false, ended: exit }
  child.kill('SIGINT')
  return `it was not ready after ${RECOVERY_MS / 1000} seconds.`
}

function openLog(file: string): number {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG) renameSync(file, `${file}.1`)
  return openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o600)
}

function lastWords(logFile: string, from: number): string {
  const lines = readFileSync(logFile).subarray(from).toString('utf8').trim().split('\n')
  const telling = lines.filter((line) => /FATAL|could not|error/i.test(line))
  return (telling.length > 0 ? telling : lines.slice(-1))
    .map((line) => line.replace(/^.*?(FATAL|LOG|PANIC): */, ''))
    .join('; ')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

async function waitUntil(done: () => boolean, patienceMs: number): Promise<boolean> {
  const deadline = Date.now() + patienceMs
  while (!done()) {
    if (Date.now() > deadline) return false
    await sleep(10)
  }
  return true
}
