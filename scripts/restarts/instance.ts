/** One server process as production runs it: from the built file, on a database of its own that others share. */
import { spawn, type ChildProcess } from 'node:child_process'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export class Instance {
  readonly url: string
  readonly #env: NodeJS.ProcessEnv
  #child: ChildProcess | null = null
  #output: string[] = []

  constructor(port: number, env: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`
    const { PATH = '', HOME = '', TMPDIR } = process.env
    this.#env = { PATH, HOME, ...(TMPDIR && { TMPDIR }), NODE_ENV: 'production', PORT: String(port), ...env }
  }

  /** Resolves when it says that it is ready; rejects with what it printed when it ends instead. */
  async start(): Promise<void> {
    this.#output = []
    const child = spawn(process.execPath, ['start/run.mjs'], { cwd: root, env: this.#env })
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text: Buffer) => this.#output.push(text.toString()))
    this.#child = child
    const died = new Promise<never>((_resolve, reject) =>
      child.once('exit', (code) => reject(new Error(`A server ended with ${code}:\n${this.#output.join('')}`))),
    )
    died.catch(() => {})
    await Promise.race([this.#isReady(), died])
  }

  /** SIGTERM; its exit code. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return null
    const gone = new Promise<number | null>((resolve) => child.once('exit', resolve))
    child.kill(signal)
    return gone
  }

  async #isReady(): Promise<void> {
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`, { headers: { connection: 'close' } }).catch(() => null)
      await answer?.body?.cancel()
      if (answer?.ok === true) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
