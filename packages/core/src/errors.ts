/** The closed list of codes. Each has one status, one title, and one sentence that says what to do. */

export type Reason = 'ok' | 'limit_reached' | 'meter_not_in_plan' | 'payment_overdue' | 'workspace_suspended'

export const codes = {
  invalid_request: { status: 422, title: 'The request is not valid' },
  unauthenticated: { status: 401, title: 'No valid key or token' },
  insufficient_credits: { status: 402, title: 'Not enough left for this action' },
  forbidden: { status: 403, title: 'This key or role may not do that' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  reservation_closed: { status: 409, title: 'The reservation has already ended' },
  in_progress: { status: 409, title: 'The same request is still running' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  reservation_mismatch: { status: 422, title: 'This reservation id was used with other content' },
  subscription_exists: { status: 409, title: 'There is a subscription already' },
  workspace_mismatch: { status: 422, title: 'This workspace id was used with other content' },
  idempotency_mismatch: { status: 422, title: 'This Idempotency-Key was used with another request' },
  exceeds_reservation: { status: 422, title: 'More than the reservation holds' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'A fault on our side' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const satisfies Record<string, { status: number; title: string }>

export type Code = keyof typeof codes
