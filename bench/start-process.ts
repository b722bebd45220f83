import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const key = 'hr_sk_bench_0123456789abcdef0123456789'
const patienceMs = 60_000

/** The product as `npm start` runs it. */
export interface Started {
  url: string
  /** From the start of the process to the first reservation that was answered. */
  firstReserveSeconds: number
  stop(): Promise<void>
}

/** A data directory nobody has started in. */
export const newDataDir = (): Promise<string> => mkdtemp(join(tmpdir(), 'headroom-bench-start-'))

export const removeDataDir = (dataDir: string): Promise<void> =>
  rm(dataDir, { recursive: true, force: true, maxRetries: 5 })

/** Starts the product in a data directory, new or not, and reserves as soon as it answers. Resolves when everything has started. */
export async function startTimed(dataDir: string): Promise<Started> {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, PORT: String(port), HEADROOM_DATA_DIR: dataDir, HEADROOM_API_KEY: key, LOG_LEVEL: 'warn' }
  const start = performance.now()
  const child = spawn(process.execPath, ['--max-semi-space-size=64', 'start/run.mjs'], { cwd: root, env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)))
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGTERM')
    await gone
  }
  const answered = async (path: string, init?: RequestInit) => {
    while (performance.now() - start < patienceMs) {
      if (child.exitCode !== null) throw new Error(`The product ended:\n${said}`)
      const response = await fetch(url + path, init).catch(() => null)
      if (response && response.status < 500) return response.status
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    throw new Error(`The product did not answer ${path}:\n${said}`)
  }
  const posted = (path: string, body: object) =>
    answered(path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  try {
    // At the second start it is there already.
    await posted('/v1/workspaces', { id: 'ws_bench', name: 'Bench', plan: 'free' })
    const lines = [{ meter: 'leads', quantity: 1 }]
    const status = await posted('/v1/workspaces/ws_bench/reservations', { lines })
    if (status !== 201) throw new Error(`The first reservation was answered with ${status}`)
    const firstReserveSeconds = (performance.now() - start) / 1000
    await answered('/readyz')
    return { url, firstReserveSeconds, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
