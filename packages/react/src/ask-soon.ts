/** What a person has clicked for and waits to see. */
import { ConnectionFailed, type CallOptions } from '@headroom/sdk'

const attemptMs = 8_000
const longestMs = 10_000

/**
 * Asks once, and once more where no whole answer came, such as over a connection that has grown old. What the server says counts at
 * once: the person can ask again. Ends after ten seconds or with the signal.
 */
export async function askSoon<Answer>(ask: (options: CallOptions) => Promise<Answer>, signal?: AbortSignal) {
  const late = AbortSignal.timeout(longestMs)
  const options = { maxRetries: 0, timeoutMs: attemptMs, signal: signal ? AbortSignal.any([signal, late]) : late }
  try {
    return await ask(options)
  } catch (error) {
    if (!(error instanceof ConnectionFailed)) throw error
    return ask(options)
  }
}
