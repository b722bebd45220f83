import { setTimeout as sleep } from 'node:timers/promises'
import { startPostmaster, stopPostmaster } from './postmaster.ts'
import type { Postmaster, PostmasterOptions } from './postmaster.ts'
import { processLife } from './process-life.ts'

export interface KeptPostmaster {
  /** Ends PostgreSQL for good and waits for it. */
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 200
const LONGEST_PAUSE_MS = 10_000

/**
 * Brings PostgreSQL back on the same port whenever it goes away while the app lives, so that pools simply reconnect.
 * It asks the process table and not the child, because an adopted postmaster is nobody's child.
 */
export function keepRunning(first: Postmaster, options: PostmasterOptions): KeptPostmaster {
  const stopping = new AbortController()
  let current = first
  let restarting: Promise<void> | undefined
  const timer = setInterval(look, LOOK_EVERY_MS).unref()

  function look(): void {
    if (!processLife(current.pid).alive) restarting ??= restart().finally(() => (restarting = undefined))
  }

  async function restart(): Promise<void> {
    options.log(`PostgreSQL (process ${current.pid}) has gone away, starting it again`)
    for (let pause = 500; !stopping.signal.aborted; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      try {
        current = await startPostmaster({ ...options, port: current.port })
        return options.log(`PostgreSQL is back (process ${current.pid}, port ${current.port})`)
      } catch (error) {
        options.log((error as Error).message)
        await sleep(pause, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      }
    }
  }

  return {
    async stop() {
      clearInterval(timer)
      stopping.abort()
      await restarting
      await stopPostmaster(current, options.cluster.data)
    },
  }
}
