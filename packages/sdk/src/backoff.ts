/** How long to wait before asking again. */

/** The first wait is at most this long, each further one at most twice the one before. */
const firstMs = 200

/** No wait of ours is longer, and no wait the server asks for is honoured beyond it: the caller is told instead. */
export const longestWaitMs = 30_000

/**
 * Full jitter: anywhere between nothing and the bound, so that clients that failed together do not return together.
 * `attempt` counts from 0; `random` is in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  return Math.floor(random * Math.min(longestWaitMs, firstMs * 2 ** attempt))
}

/** Resolves after `ms`, or rejects with the signal's reason as soon as it aborts. Leaves neither timer nor listener behind. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
