/** Reads what a request says, within limits, or refuses it with a problem document. */
import type * as z from 'zod'
import { JsonFault, parsePlainJson } from './plain-json.ts'
import { Problem } from './problem.ts'

const maxBodyBytes = 100_000

/** The JSON body, checked. An empty body is an empty object, so that a request that needs to say nothing need not say so. */
export async function jsonBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
  maxBytes = maxBodyBytes,
): Promise<z.infer<Schema>> {
  const text = await bodyText(request, maxBytes)
  const type = (request.headers.get('content-type') ?? '').toLowerCase().replaceAll(' ', '')
  if (text !== '' && type !== 'application/json' && type !== 'application/json;charset=utf-8') {
    throw new Problem('unsupported_media_type', 'Send the body as application/json.')
  }
  const parsed = schema.safeParse(text === '' ? {} : parse(text))
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }))
  const first = errors[0]!
  throw new Problem('invalid_request', first.path === '' ? first.message : `${first.path}: ${first.message}`, {
    errors,
  })
}

function parse(text: string): unknown {
  try {
    return parsePlainJson(text)
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    const { status, path, message } = error
    throw new Problem('invalid_request', path ? `${path}: ${message}` : message, {
      status,
      ...(path !== null && { errors: [{ path, message }] }),
    })
  }
}

async function bodyText(request: Request, maxBytes: number): Promise<string> {
  if (request.headers.has('content-encoding'))
    throw new Problem('unsupported_media_type', 'Send the body uncompressed.')
  const tooLarge = () => new Problem('too_large', `A body may be at most ${maxBytes / 1_000} KB.`)
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let total = 0
  for await (const chunk of (request.body ?? []) as AsyncIterable<Uint8Array>) {
    total += chunk.byteLength
    if (total > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    // A byte order mark is kept, and is no JSON.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.concat(chunks))
  } catch {
    throw new Problem('invalid_request', 'The body is not UTF-8.', { status: 400 })
  }
}

/** One query parameter; the same one twice is refused rather than guessed at, and so is what nobody types: control characters. */
export function parameter(url: URL, name: string): string | null {
  const values = url.searchParams.getAll(name)
  if (values.length > 1) {
    throw new Problem('invalid_request', `Give ${name} once.`, {
      status: 400,
      errors: [{ path: name, message: 'Given twice.' }],
    })
  }
  const value = values[0] ?? null
  if (value !== null && /\p{Cc}/u.test(value)) {
    const message = `The parameter ${name} may not have control characters.`
    throw new Problem('invalid_request', message, { status: 400, errors: [{ path: name, message }] })
  }
  return value
}

const mostDropped = 12 * 1024 * 1024
const longestDropMs = 10_000

/**
 * Reads and drops what is left of a body. An answer that is sent while the body still comes is lost on the way in most browsers, which
 * then report a broken connection instead of the refusal. False when there is too much of it: then the connection has to be closed.
 */
export async function dropBody(request: Request): Promise<boolean> {
  if (request.body === null || request.body.locked) return true
  const reader = request.body.getReader()
  const until = Date.now() + longestDropMs
  const timer = setTimeout(() => void reader.cancel().catch(() => undefined), longestDropMs)
  try {
    for (let total = 0; total < mostDropped && Date.now() < until;) {
      const { done, value } = await reader.read()
      if (done) return Date.now() < until
      total += value.byteLength
    }
    return false
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
