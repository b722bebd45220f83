/** Every error leaves as a problem document (RFC 9457). */
import { problem, type Code, type ProblemWire } from '@headroom/core'

/** What a route answers: a body of wire.ts or a problem document, sent as `text` where that is set. */
export interface Reply {
  status: number
  body: object | null
  text?: string
  replayed?: boolean
  /** By names in lower case; they go before those every answer has. */
  headers?: Record<string, string>
  /** Sent as it comes, instead of a body. */
  stream?: ReadableStream<Uint8Array>
}

export type FieldFault = { path: string; message: string }

/** Thrown to end a request with an answer; nothing has happened. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: Code
  readonly more: { status?: number; errors?: FieldFault[]; headers?: Record<string, string> }

  constructor(
    code: Code,
    detail: string,
    more: { status?: number; errors?: FieldFault[]; headers?: Record<string, string> } = {},
  ) {
    super(detail)
    this.code = code
    this.more = more
  }
}

/** Well-formed, and not allowed. */
export const invalid = (errors: FieldFault[]): Refused =>
  new Refused(
    'invalid_request',
    errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ') + '.',
    {
      errors,
    },
  )

/** Not even well-formed. */
export const malformed = (detail: string): Refused => new Refused('invalid_request', detail, { status: 400 })

/** The one answer for what is not there and for what this caller may not know of: nothing in it tells which. */
export const notFound = (): Refused =>
  new Refused('not_found', 'There is nothing at this path, or this key may not see it.')

export function refusedReply({ code, message, more }: Refused, requestId: string): Reply {
  const body: ProblemWire = problem(code, message, requestId, more.errors ? { errors: more.errors } : {}, more.status)
  return { status: body.status, body, ...(more.headers && { headers: more.headers }) }
}
