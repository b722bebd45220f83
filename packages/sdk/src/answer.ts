/** Reads one HTTP answer: its body where it is a success, else the error it stands for. */
import type { Code, ProblemWire } from '@headroom/core'
import { errorOf, type ClientCode, type HeadroomError } from './errors.ts'

/** What an answer came to. `body` is undefined for 204. */
export type Outcome =
  { ok: true; body: unknown } | { ok: false; error: HeadroomError; retryAfterSeconds: number | null }

/** Reads the whole body; rejects where the connection is cut before its end. */
export async function outcomeOf(response: Response): Promise<Outcome> {
  const text = await response.text()
  const body = parsed(text)
  if (response.ok && (response.status === 204 || body !== undefined)) return { ok: true, body }
  const problem = !response.ok && isProblem(body) ? body : null
  const code = problem?.code ?? (response.ok ? 'unexpected_answer' : codeOfStatus(response.status))
  const detail = problem?.detail ?? `The answer was HTTP ${response.status} without a problem document.`
  const requestId = problem?.requestId ?? response.headers.get('x-request-id')
  const retryAfterSeconds = retryAfterOf(response.headers.get('retry-after'))
  const error = errorOf({ status: response.status, code, detail, problem, requestId, retryAfterSeconds })
  return { ok: false, error, retryAfterSeconds }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function isProblem(body: unknown): body is ProblemWire {
  return typeof body === 'object' && body !== null && 'code' in body && typeof body.code === 'string'
}

/** A proxy in front of Headroom answers without our codes. */
function codeOfStatus(status: number): Code | ClientCode {
  if (status === 401) return 'unauthenticated'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not_found'
  if (status === 413) return 'too_large'
  if (status === 429) return 'rate_limited'
  if (status === 502 || status === 503 || status === 504) return 'unavailable'
  return 'unexpected_answer'
}

/** Retry-After is whole seconds or a date; anything else is as if it were not there. */
function retryAfterOf(header: string | null): number | null {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - Date.now()) / 1000))
}
