import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Contender } from './contender.ts'

export interface ServerOrder {
  kind: 'bare' | 'plain' | 'typical' | 'headroom'
  urls: { url: string; ownerUrl: string }
  workspaces: number
  limit: number
  key: string
}

export interface ServerProcess {
  port: number
  totals(): ReturnType<Contender['totals']>
  stop(): Promise<void>
}

/** Starts a server as `npm start` does. BENCH_PROFILE names a directory for its CPU profile. */
export async function startServer(order: ServerOrder): Promise<ServerProcess> {
  const profile = process.env['BENCH_PROFILE']
  const flags = profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}/${order.kind}`] : []
  const file = fileURLToPath(new URL('run.mjs', import.meta.url))
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', ...flags, file, 'http-server', JSON.stringify(order)],
    { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
  )
  const answer = async <Answer>(): Promise<Answer> => {
    const end = new AbortController()
    try {
      return (await Promise.race([
        once(child, 'message', { signal: end.signal }).then(([message]) => message),
        once(child, 'exit', { signal: end.signal }).then(([code]) => {
          throw new Error(`The ${order.kind} server ended with ${code}`)
        }),
      ])) as Answer
    } finally {
      end.abort()
    }
  }
  const { port } = await answer<{ port: number }>()
  return {
    port,
    async totals() {
      child.send('totals')
      return (await answer<{ totals: Awaited<ReturnType<Contender['totals']>> }>()).totals
    },
    async stop() {
      const exit = once(child, 'exit')
      child.send('stop')
      await exit
    },
  }
}
