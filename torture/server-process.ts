/** One of the servers: a process of its own that is killed, frozen, stopped and started again. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { hasRemoved, leaves } from './cleaner.ts'
import { readyLine } from './ready-line.ts'

const root = fileURLToPath(new URL('..', import.meta.url))

export interface ServerOptions {
  file: string
  port: number
  env: Record<string, string>
}

/** How a server ended that was not told to. By itself it never may. */
export type Ending = 'crash point' | 'without a database' | 'by itself'

/** What a server says that could not start because its connection was refused or broken just then. */
const withoutDatabase =
  /\b(?:ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|57P0\d)\b|onnection (?:terminated|timeout|error)|database is out of reach|timeout e|starting up|shutting down|not yet accepting/

/** So many of its last lines are kept: they belong to a violation. */
const keptLines = 300
const startLine = '— started —'

export class ServerProcess {
  readonly name: string
  readonly port: number
  readonly said: string[] = []
  readonly #options: ServerOptions
  #child: ChildProcess | null = null
  #armed: Record<string, string> = {}
  onEnd: (how: Ending) => void = () => {}
  /** How often it ended by itself, with what it had said. */
  readonly faults: string[][] = []
  #isExpected = false
  #isRetired = false
  #wasReady = false

  constructor(name: string, options: ServerOptions) {
    this.name = name
    this.port = options.port
    this.#options = options
  }

  get isRunning(): boolean {
    return this.#child !== null
  }

  /** The next start dies at this point. */
  arm(point: string, at: number): void {
    this.#armed = { TORTURE_CRASH_POINT: point, TORTURE_CRASH_AT: String(at) }
  }

  /** Does nothing where it runs, or is retired. */
  start(): void {
    if (this.#child !== null || this.#isRetired) return
    const { file, env, port } = this.#options
    const armed = this.#armed
    this.#armed = {}
    this.#isExpected = false
    this.#wasReady = false
    this.said.push(startLine)
    const { PATH = '', HOME = '' } = process.env
    const child = spawn(process.execPath, [file], {
      cwd: root,
      env: { PATH, HOME, NODE_ENV: 'production', PORT: String(port), ...env, ...armed },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.#child = child
    const { pid = 0 } = child
    leaves('process', pid)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => this.#hear(text.toString()))
    child.once('exit', (_code, signal) => {
      hasRemoved('process', pid)
      if (this.#child !== child) return
      this.#child = null
      if (this.#isExpected) return
      if (signal === 'SIGKILL' && 'TORTURE_CRASH_POINT' in armed) return this.onEnd('crash point')
      if (!this.#wasReady && withoutDatabase.test(this.#saidSinceStart())) return this.onEnd('without a database')
      this.faults.push([...this.said])
      this.onEnd('by itself')
    })
  }

  /** Dies as if the power went. */
  kill(): Promise<void> {
    return this.#end('SIGKILL')
  }

  /** Is asked to stop, and given time to. */
  stop(): Promise<void> {
    return this.#end('SIGTERM')
  }

  /** Dies, and never starts again. */
  retire(): Promise<void> {
    this.#isRetired = true
    return this.kill()
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }

  thaw(): void {
    this.#child?.kill('SIGCONT')
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    if (child === null) return
    this.#isExpected = true
    const gone = once(child, 'exit')
    child.kill(signal)
    // A process that is frozen hears of no other signal than this one.
    child.kill('SIGCONT')
    const late = setTimeout(() => child.kill('SIGKILL'), 15_000)
    await gone
    clearTimeout(late)
    this.#child = null
  }

  #saidSinceStart(): string {
    return this.said.slice(this.said.lastIndexOf(startLine)).join('\n')
  }

  #hear(text: string): void {
    if (text.includes(readyLine)) this.#wasReady = true
    for (const line of text.split('\n'))
      if (line !== '' && !line.includes('"unavailable"}')) this.said.push(line.slice(0, 400))
    if (this.said.length > keptLines) this.said.splice(0, this.said.length - keptLines)
  }
}

/** Resolves when it says that it is ready; rejects where it does not within the time. */
export async function untilReady(port: number, withinMs = 30_000): Promise<void> {
  const until = performance.now() + withinMs
  while (performance.now() < until) {
    if (await isReady(port)) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`Nobody is ready at port ${port} after ${withinMs} ms`)
}

async function isReady(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(2_000) })
    // Read to its end: a connection with something left in it would keep this process alive.
    await answer.arrayBuffer()
    return answer.ok
  } catch {
    return false
  }
}
