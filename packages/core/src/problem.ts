import { codes, type Code } from './errors.ts'
import type { ProblemWire } from './wire.ts'
import type { Answer } from './operations.ts'

type Extra = Omit<Partial<ProblemWire>, 'type' | 'title' | 'status' | 'detail' | 'code' | 'requestId'>

/** A problem document (RFC 9457): what happened and to what; `extra` carries the fields that help to go on. */
export function problem(
  code: Code,
  detail: string,
  requestId: string,
  extra: Extra = {},
  status?: number,
): ProblemWire {
  const { title, status: usual } = codes[code]
  return { type: `/docs#${code}`, title, status: status ?? usual, detail, code, requestId, ...extra }
}

/** The same as an answer. */
export function refusal(code: Code, detail: string, requestId: string, extra: Extra = {}): Answer {
  const body = problem(code, detail, requestId, extra)
  return { status: body.status, body }
}
