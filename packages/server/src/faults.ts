/** What was thrown, as an answer. A fault of ours is logged whole and answered without its inside. */
import { codes, problem } from '@headroom/core'
import { isLostConnection, unavailable, type UnavailableFault } from '@headroom/engine'
import type { Log } from './log.ts'
import { Refused, refusedReply, type Reply } from './problem.ts'

export function replyToFault(fault: unknown, requestId: string, log: Log): Reply {
  if (fault instanceof Refused) return refusedReply(fault, requestId)
  if (isUnavailable(fault)) {
    log.warn({ requestId, outcome: fault.outcome, reason: fault.message }, 'unavailable')
    return unavailableReply(fault, requestId)
  }
  if (isOutOfReach(fault)) {
    log.warn({ requestId, reason: fault.message }, 'unavailable')
    return unavailableReply(unavailable('nothing_happened', 'The database is out of reach.'), requestId)
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

/** Its message says what is away, whether anything happened, and what to do: it is written for whoever asked. */
function unavailableReply({ message, retryAfterSeconds }: UnavailableFault, requestId: string): Reply {
  const headers = { 'retry-after': String(retryAfterSeconds) }
  return { status: codes.unavailable.status, body: problem('unavailable', message, requestId), headers }
}
