/** Problem documents (RFC 9457): every error Ken answers has this shape, with a closed list of codes. */
import { HeadroomError } from '@headroom/sdk'

const codes = {
  invalid_request: { status: 422, title: 'The request is not valid' },
  invalid_file: { status: 422, title: 'The file cannot be read as CSV' },
  unauthenticated: { status: 401, title: 'Not signed in' },
  wrong_credentials: { status: 401, title: 'The email or password is wrong' },
  insufficient_credits: { status: 402, title: 'Not enough left for this action' },
  forbidden: { status: 403, title: 'Your role may not do that' },
  foreign_origin: { status: 403, title: 'The request came from another site' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  timed_out: { status: 408, title: 'The body did not arrive in time' },
  conflict: { status: 409, title: 'That does not go with how it stands' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body has the wrong content type' },
  rate_limited: { status: 429, title: 'Too many attempts' },
  internal: { status: 500, title: 'A fault on our side' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const

export type ProblemCode = keyof typeof codes

interface ProblemExtras {
  status?: number
  headers?: Record<string, string>
  errors?: { path: string; message: string }[]
  [field: string]: unknown
}

/** An answer that is a problem document; thrown from anywhere on the path of a request. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly code: ProblemCode
  readonly extras: ProblemExtras

  constructor(code: ProblemCode, detail: string, extras: ProblemExtras = {}) {
    super(detail)
    this.code = code
    this.extras = extras
  }
}

export const notFound = () => new Problem('not_found', 'There is nothing here by that name.')

/** The answer for a problem. `requestId` is what a person can give to support. */
export function problemResponse(problem: Problem, requestId: string): Response {
  const { status = codes[problem.code].status, headers = {}, ...fields } = problem.extras
  const body = {
    type: 'about:blank',
    title: codes[problem.code].title,
    status,
    detail: problem.message,
    code: problem.code,
    requestId,
    ...fields,
  }
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  })
}

/**
 * What a failed call to Headroom means for the person who asked Ken: a refusal for want of credits is passed on whole, with its
 * actions; everything else is ours to sort out, so it is "not available", never a fault of the request.
 */
export function problemOfHeadroom(error: HeadroomError): Problem {
  if (error.code === 'insufficient_credits' && error.problem) {
    const { reason, resetsAt, lines, actions } = error.problem
    return new Problem('insufficient_credits', error.message, { reason, resetsAt, lines, actions })
  }
  return new Problem('unavailable', 'Usage and limits cannot be read right now. Try again in a moment.', {
    headers: { 'Retry-After': '5' },
  })
}
