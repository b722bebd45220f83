/**
 * One class per kind of failure, so that a caller tells them apart with instanceof. Every one carries the answer's status, the code
 * of the problem document, the document itself and the request id to give to support; where no answer came, they are null.
 */
import type { ActionWire, Code, ProblemWire, Reason, ReservationState, VerdictWire } from '@headroom/core'

/** What the errors of this client can say beside the codes of the interface. */
export type ClientCode = 'connection_failed' | 'timed_out' | 'unexpected_answer'

/** What an error is made of. */
export interface Failure {
  status: number | null
  code: Code | ClientCode
  detail: string
  problem: ProblemWire | null
  requestId: string | null
  retryAfterSeconds: number | null
}

/** The base of all errors of this client. */
export class HeadroomError extends Error {
  override readonly name: string = 'HeadroomError'
  readonly status: number | null
  readonly code: Code | ClientCode
  readonly problem: ProblemWire | null
  readonly requestId: string | null

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.detail, options)
    this.status = failure.status
    this.code = failure.code
    this.problem = failure.problem
    this.requestId = failure.requestId
  }
}

/** The request is not well-formed or names something that does not exist in the catalog: `problem.errors` says which field. */
export class InvalidRequest extends HeadroomError {
  override readonly name = 'InvalidRequest'
}

/** The key or token is missing, wrong or ended, and asking for a new token once did not help. */
export class Unauthenticated extends HeadroomError {
  override readonly name = 'Unauthenticated'
}

/** There is not enough left for this action; nothing was set aside or counted, and `actions` says what would help. */
export class InsufficientCredits extends HeadroomError {
  override readonly name = 'InsufficientCredits'
  readonly verdict: VerdictWire

  constructor(failure: Failure) {
    super(failure)
    const { reason = 'limit_reached', resetsAt = '', lines = [], actions = [] } = failure.problem ?? {}
    this.verdict = { allowed: false, reason, resetsAt, lines, actions }
  }

  get reason(): Reason {
    return this.verdict.reason
  }

  get resetsAt(): string {
    return this.verdict.resetsAt
  }

  get lines(): VerdictWire['lines'] {
    return this.verdict.lines
  }

  get actions(): ActionWire[] {
    return this.verdict.actions
  }
}

/** The key or role is known but may not do this. */
export class Forbidden extends HeadroomError {
  override readonly name = 'Forbidden'
}

/** Nothing by that id is visible to this key: it does not exist or belongs to another workspace. */
export class NotFound extends HeadroomError {
  override readonly name = 'NotFound'
}

/** The reservation has already ended, in another way than this request asks for; `state` says how. */
export class ReservationClosed extends HeadroomError {
  override readonly name = 'ReservationClosed'
  readonly state: ReservationState | null

  constructor(failure: Failure, state: ReservationState | null = failure.problem?.state ?? null) {
    super(failure)
    this.state = state
  }
}

/** There is a live subscription already: change the plan in the portal. Nothing was bought. */
export class SubscriptionExists extends HeadroomError {
  override readonly name = 'SubscriptionExists'
}

/** The same request was still running each time we asked for its answer; ask again later with the same key. */
export class InProgress extends HeadroomError {
  override readonly name = 'InProgress'
}

/** The id or key was used before with other content; `of` says which of them. */
export class Mismatch extends HeadroomError {
  override readonly name = 'Mismatch'
  readonly of: 'reservation' | 'workspace' | 'idempotency'

  constructor(failure: Failure) {
    super(failure)
    this.of =
      failure.code === 'reservation_mismatch'
        ? 'reservation'
        : failure.code === 'workspace_mismatch'
          ? 'workspace'
          : 'idempotency'
  }
}

/** The commit names more than the reservation still holds, or a meter it does not hold; nothing was counted. */
export class ExceedsReservation extends HeadroomError {
  override readonly name = 'ExceedsReservation'
}

/** Too many requests, even after waiting as told; `retryAfterSeconds` is the last wait the server asked for. */
export class RateLimited extends HeadroomError {
  override readonly name = 'RateLimited'
  readonly retryAfterSeconds: number | null

  constructor(failure: Failure) {
    super(failure)
    this.retryAfterSeconds = failure.retryAfterSeconds
  }
}

/** Headroom cannot answer right now; a write may or may not have taken effect, and asking again with the same key is safe. */
export class Unavailable extends HeadroomError {
  override readonly name = 'Unavailable'
}

/** No whole answer came back: refused, reset or cut; a write may or may not have taken effect, asking again with the same key is safe. */
export class ConnectionFailed extends HeadroomError {
  override readonly name = 'ConnectionFailed'
}

/** No answer came in time; a write may or may not have taken effect, and asking again with the same key is safe. */
export class TimedOut extends HeadroomError {
  override readonly name = 'TimedOut'
}

/** A fault on the server's side, or an answer that is not Headroom's: give the request id to support. */
export class UnexpectedAnswer extends HeadroomError {
  override readonly name = 'UnexpectedAnswer'
}

/** What is known of a failure for which no answer came. */
export function withoutAnswer(code: Failure['code'], detail: string): Failure {
  return { status: null, code, detail, problem: null, requestId: null, retryAfterSeconds: null }
}

/** The error of a request for which no whole answer came. */
export function noAnswer(code: 'connection_failed' | 'timed_out', detail: string, cause?: unknown): HeadroomError {
  const failure = withoutAnswer(code, detail)
  const options = cause === undefined ? undefined : { cause }
  return code === 'timed_out' ? new TimedOut(failure, options) : new ConnectionFailed(failure, options)
}

/** The error of an answer that is not 2xx. The code decides; a status alone, as a proxy would send it, is the fallback. */
export function errorOf(failure: Failure): HeadroomError {
  switch (failure.code) {
    case 'invalid_request':
    case 'method_not_allowed':
    case 'too_large':
    case 'unsupported_media_type':
      return new InvalidRequest(failure)
    case 'unauthenticated':
      return new Unauthenticated(failure)
    case 'insufficient_credits':
      return new InsufficientCredits(failure)
    case 'forbidden':
      return new Forbidden(failure)
    case 'not_found':
      return new NotFound(failure)
    case 'reservation_closed':
      return new ReservationClosed(failure)
    case 'subscription_exists':
      return new SubscriptionExists(failure)
    case 'in_progress':
      return new InProgress(failure)
    case 'reservation_mismatch':
    case 'workspace_mismatch':
    case 'idempotency_mismatch':
      return new Mismatch(failure)
    case 'exceeds_reservation':
      return new ExceedsReservation(failure)
    case 'rate_limited':
      return new RateLimited(failure)
    case 'unavailable':
      return new Unavailable(failure)
    default:
      return new UnexpectedAnswer(failure)
  }
}
