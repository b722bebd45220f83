import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Headroom } from '@headroom/sdk'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The whole product as a person starts it: one process, its own data directory, the demo workspace in it. */
export interface Product {
  url: string
  /** With the full key, for what an operator would do. */
  headroom: Headroom
  /** Dies as if the power went; `start` brings it up again on the same data. */
  kill(): Promise<void>
  start(): Promise<void>
  /** A control call of the simulated Stripe: `sim('webhooks', { paused: true })`. */
  sim(path: string, body?: object): Promise<unknown>
  /** Ends it and removes its data. */
  stop(): Promise<void>
}

/** Resolves when it answers; rejects with its output when it ends instead. `env` is added to the environment. */
export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const data = await mkdtemp(join(tmpdir(), 'headroom-e2e-'))
  const port = await freePort()
  const apiKey = `hr_sk_${randomBytes(24).toString('base64url')}`
  const url = `http://localhost:${port}`
  let child: ChildProcess | null = null

  const start = async () => {
    const output: string[] = []
    child = spawn(process.execPath, ['start/run.mjs'], {
      cwd: root,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        PORT: String(port),
        HEADROOM_DATA_DIR: data,
        HEADROOM_API_KEY: apiKey,
        HEADROOM_DEMO: '1',
        LOG_LEVEL: 'warn',
        // A tenth of the people: made in the background, they would slow down what is tested meanwhile.
        KEN_DIRECTORY_PEOPLE: '24000',
        DATABASE_URL: '',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stdout?.on('data', (text: Buffer) => output.push(text.toString()))
    child.stderr?.on('data', (text: Buffer) => output.push(text.toString()))
    const started = child
    const died = new Promise<never>((_resolve, reject) => {
      started.once('exit', (code) => reject(new Error(`The product ended with ${code}:\n${output.join('')}`)))
    })
    died.catch(() => {})
    await Promise.race([answers(`${url}/readyz`), died])
  }

  const end = async (signal: NodeJS.Signals) => {
    const ending = child
    child = null
    if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
    const gone = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await gone
  }

  await start()
  return {
    url,
    headroom: new Headroom({ baseUrl: url, apiKey }),
    start,
    kill: () => end('SIGKILL'),
    async sim(path, body) {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      const response = await fetch(`${url}/stripe-simulator/_sim/${path}`, init)
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
      return response.json()
    },
    async stop() {
      await end('SIGTERM')
      await rm(data, { recursive: true, force: true })
    },
  }
}

async function answers(url: string): Promise<void> {
  for (;;) {
    const response = await fetch(url).catch(() => null)
    if (response?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
