/** The live usage of a workspace: one stream after another, for as long as the caller listens. */
import type { UsageWire } from '@headroom/core'
import { backoffMs, pause } from './backoff.ts'
import type { Connection } from './connection.ts'
import { eventsOf } from './event-stream.ts'
import { Forbidden, InvalidRequest, NotFound, Unauthenticated } from './errors.ts'

export interface EventsOptions {
  /** Ends the iteration, without an error. */
  signal?: AbortSignal
  /** Told true when a stream has opened and false when it is lost; a page polls meanwhile. */
  onConnection?: (connected: boolean) => void
}

/** The server sends something at least every 20 s; a line silent for this long is dead, whatever the socket says. */
const silentMs = 45_000

/**
 * Yields the usage now and after every change; events carry no price. A lost stream is opened again with backoff, and the first
 * event then says what was missed. Ends when the signal aborts; throws only what asking again cannot mend: no valid key or token
 * even after getToken was asked again, forbidden, not found.
 */
export async function* usageEvents(
  connection: Connection,
  path: string,
  { signal, onConnection }: EventsOptions,
): AsyncGenerator<UsageWire, void, undefined> {
  for (let failures = 0; !signal?.aborted; failures += 1) {
    const control = new AbortController()
    const stop = () => control.abort(signal?.reason)
    const silent = () => control.abort(new Error('The stream has been silent for too long.'))
    let watchdog = setTimeout(silent, silentMs)
    signal?.addEventListener('abort', stop, { once: true })
    let connected = false
    try {
      const response = await connection.stream(path, control.signal)
      if (response.body === null) throw new Error('The stream has no body.')
      connected = true
      onConnection?.(true)
      const heard = () => {
        clearTimeout(watchdog)
        watchdog = setTimeout(silent, silentMs)
      }
      for await (const { event, data } of eventsOf(response.body, heard)) {
        if (event !== 'usage') continue
        failures = 0
        yield JSON.parse(data) as UsageWire
      }
    } catch (error) {
      if (signal?.aborted) return
      if (isFinal(error)) throw error
    } finally {
      clearTimeout(watchdog)
      signal?.removeEventListener('abort', stop)
      control.abort()
      if (connected) onConnection?.(false)
    }
    // Up to 1.6 s even after a stream that worked: a server that restarts is not met by everyone at once.
    await pause(backoffMs(failures + 3, Math.random()), signal).catch(() => {})
  }
}

function isFinal(error: unknown): boolean {
  return (
    error instanceof Unauthenticated ||
    error instanceof Forbidden ||
    error instanceof NotFound ||
    error instanceof InvalidRequest
  )
}
