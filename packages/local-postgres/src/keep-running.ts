import { setTimeout as sleep } from 'node:timers/promises'
import { startPostmaster, stopPostmaster } from './postmaster.ts'
import type { Postmaster, PostmasterOptions } from './postmaster.ts'
import { processLife } from './process-life.ts'

export interface KeptPostmaster {
  /** Ends PostgreSQL for good and waits for it. */
  stop(): Promise<void>
}

const LOOK_EVERY_MS = 200
const LOOK_AFTER_CHILD_EVERY_MS = 5_000
const LONGEST_PAUSE_MS = 10_000

/**
 * Brings PostgreSQL back on the same port whenever it goes away while the app lives, so that pools simply reconnect.
 * An adopted postmaster is nobody's child, so it asks the process table; of a child it hears at once.
 */
export function keepRunning(first: Postmaster, options: PostmasterOptions): KeptPostmaster {
  const stopping = new AbortController()
  let current = first
  let restarting: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined
  watch()

  function watch(): void {
    clearInterval(timer)
    if (stopping.signal.aborted) return
    timer = setInterval(look, current.ended ? LOOK_AFTER_CHILD_EVERY_MS : LOOK_EVERY_MS).unref()
    current.ended?.then(look, () => {})
  }

  function look(): void {
    if (stopping.signal.aborted || processLife(current.pid).alive) return
    restarting ??= restart().finally(() => {
      restarting = undefined
      watch()
    })
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
