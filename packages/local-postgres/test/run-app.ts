import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import { readPostmasterFile } from '../src/postmaster-file.ts'
import { stopPostmaster } from '../src/postmaster.ts'
import type { LocalPostgres } from '../src/index.ts'

export interface RunningApp extends Omit<LocalPostgres, 'stop'> {
  pid: number
  /** Everything the app has said on standard error. */
  said(): string
  /** Sends a signal to the app, or to its whole process group as a terminal does on Ctrl-C, and waits for its end. */
  end(signal: 'SIGINT' | 'SIGKILL', whom?: 'app' | 'group'): Promise<number | null>
}

export interface FailedApp {
  code: number | null
  said: string
}

interface AppOptions {
  port?: number
  settings?: Record<string, string>
  account?: { uid: number; gid: number }
}

/**
 * A data directory for one test, or with `afterAll` for a file of tests that may follow each other in it. What runs in it
 * at the end is stopped, then it is removed.
 */
export function dataDirectory(atTheEnd: (clean: () => Promise<void>) => void = onTestFinished): string {
  // Named like a test server's directory: what an interrupted run leaves is removed by the next.
  const dataDir = mkdtempSync(join(tmpdir(), `headroom-test-${process.pid}-`))
  atTheEnd(async () => {
    await stopWhatRuns(dataDir)
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })
  return dataDir
}

export async function stopWhatRuns(dataDir: string): Promise<void> {
  const running = readPostmasterFile(clusterOf(dataDir))
  if (running) await stopPostmaster(running, clusterOf(dataDir))
}

export function clusterOf(dataDir: string): string {
  return join(dataDir, 'postgres', 'data')
}

export async function startApp(dataDir: string, options: AppOptions = {}): Promise<RunningApp> {
  const app = await launchApp(dataDir, options)
  if ('code' in app) throw new Error(`The app ended with ${app.code}: ${app.said}`)
  return app
}

/** Starts an app that should be refused. */
export async function refusedApp(dataDir: string, options: AppOptions = {}): Promise<FailedApp> {
  const app = await launchApp(dataDir, options)
  if (!('code' in app)) throw new Error('The app was not refused.')
  return app
}

export async function launchApp(dataDir: string, options: AppOptions = {}): Promise<RunningApp | FailedApp> {
  const program = join(import.meta.dirname, 'app.ts')
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', program, dataDir, String(options.port ?? 0), JSON.stringify(options.settings ?? {})],
    { ...options.account, cwd: import.meta.dirname, detached: true, stdio: ['pipe', 'pipe', 'pipe'] },
  )
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve))
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const ready = new Promise<string>((resolve) => child.stdout.setEncoding('utf8').once('data', resolve))
  onTestFinished(() => void child.kill('SIGKILL'))
  const first = await Promise.race([ready, closed])
  if (typeof first !== 'string') return { code: first, said }
  return {
    ...(JSON.parse(first) as Omit<LocalPostgres, 'stop'>),
    pid: pidOf(child),
    said: () => said,
    end: async (signal, whom = 'app') => {
      process.kill(whom === 'group' ? -pidOf(child) : pidOf(child), signal)
      return closed
    },
  }
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error('The app did not start.')
  return child.pid
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Every process that sits in or was started from a data directory (Linux). */
export function processesUsing(dataDir: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(
      (pid) =>
        `${readOr('', () => readlinkSync(`/proc/${pid}/cwd`))} ${readOr('', () => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))}`,
    )
    .filter((process) => process.includes(dataDir))
}

function readOr<T>(fallback: T, read: () => T): T {
  try {
    return read()
  } catch {
    return fallback
  }
}

export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(20)
}
