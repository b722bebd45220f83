/** What was thrown, as an answer. A fault of ours is logged whole and answered without its inside. */
import { codes, problem } from '@headroom/core'
import { isLostConnection, type UnavailableFault } from '@headroom/engine'
import type { Log } from './log.ts'
import { Refused, refusedReply, type Reply } from './problem.ts'

export function replyToFault(fault: unknown, requestId: string, log: Log): Reply {
  if (fault instanceof Refused) return refusedReply(fault, requestId)
  if (isUnavailable(fault)) {
    log.warn({ requestId, outcome: fault.outcome, reason: fault.message }, 'unavailable')
    return unavailable(fault, requestId)
  }
  if (isOutOfReach(fault)) {
    log.warn({ requestId, reason: fault.message }, 'unavailable')
    return unavailable({ outcome: 'nothing_happened', retryAfterSeconds: 1 }, requestId)
  }
  log.error({ requestId, err: fault }, 'fault')
  const detail = 'This is a fault of ours; it has been logged under the requestId.'
  return { status: codes.internal.status, body: problem('internal', detail, requestId) }
}

const isUnavailable = (fault: unknown): fault is UnavailableFault =>
  fault instanceof Error && (fault as Partial<UnavailableFault>).code === 'unavailable'

/** A read that found no database: what writes is judged by the engine itself, which alone knows how far it came. */
const isOutOfReach = (fault: unknown): fault is Error =>
  fault instanceof Error && isLostConnection((fault as NodeJS.ErrnoException).code ?? '', fault.message)

function unavailable(
  { outcome, retryAfterSeconds }: Pick<UnavailableFault, 'outcome' | 'retryAfterSeconds'>,
  requestId: string,
): Reply {
  const detail =
    outcome === 'unknown'
      ? 'The outcome is unknown: ask again with the same Idempotency-Key or id; it will not act twice.'
      : 'Nothing happened: what this takes could not be reached in time. Ask again with the same Idempotency-Key or id.'
  const headers = { 'retry-after': String(retryAfterSeconds) }
  return { status: codes.unavailable.status, body: problem('unavailable', detail, requestId), headers }
}
