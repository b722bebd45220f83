/** The heartbeat of a reservation. */
import { NotFound, ReservationClosed } from './errors.ts'
import type { CallOptions } from './requests.ts'

type Extend = (ttlSeconds: number, options: CallOptions) => Promise<unknown>

/**
 * Extends every third of the ttl, so that two calls may fail before the reservation is at risk. `onLost` is called at most once: when
 * the server says that it has ended, or when no call has come through for a whole ttl. Returns the function that stops it; after
 * that no timer and no request is left.
 */
export function keepAlive(extend: Extend, ttlSeconds: number, onLost: (reason: unknown) => void): () => void {
  const ttlMs = ttlSeconds * 1000
  const control = new AbortController()
  const { signal } = control
  let failure: unknown = new Error(`The reservation could not be extended for ${ttlSeconds} s.`)
  let beat: ReturnType<typeof setTimeout>
  let end: ReturnType<typeof setTimeout>

  const stop = () => {
    clearTimeout(beat)
    clearTimeout(end)
    control.abort()
  }
  const lose = (reason: unknown) => {
    stop()
    onLost(reason)
  }
  const extended = (agoMs: number) => {
    clearTimeout(end)
    end = afterwards(ttlMs - agoMs, () => lose(failure))
  }
  const next = () => {
    beat = afterwards(ttlMs / 3, () => void once())
  }
  const once = async () => {
    // Counted from the question, not the answer: that is the latest instant the server may have counted from.
    const asked = performance.now()
    try {
      await extend(ttlSeconds, { signal, timeoutMs: Math.min(10_000, ttlMs / 3) })
      if (!signal.aborted) extended(performance.now() - asked)
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ReservationClosed || error instanceof NotFound) return lose(error)
      failure = error
    }
    if (!signal.aborted) next()
  }
  extended(0)
  next()
  return stop
}

/** The work keeps the process alive, not the wish to extend: in Node the timer is not waited for. */
function afterwards(ms: number, act: () => void): ReturnType<typeof setTimeout> {
  const timer = setTimeout(act, ms)
  if (typeof timer === 'object') timer.unref()
  return timer
}
