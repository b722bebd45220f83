/** Reads the body of a request: bounded, JSON and UTF-8 only. */
import { isUtf8 } from 'node:buffer'
import { invalid, malformed, Refused } from './problem.ts'
import { JsonFault, parseStrictJson } from './strict-json.ts'

export const bodyLimit = 100 * 1024
export const batchLimit = 1024 * 1024
export const webhookLimit = 1024 * 1024

/** Up to here a body that is too large is read to its end, so that a client still writing is sure to see the answer. */
const readThrough = 1024 * 1024

/** The JSON value of the body. With `mayBeEmpty` an empty body is an empty object. Throws the 400, 413, 415 or 422. */
export async function readJson(request: Request, limit: number, mayBeEmpty: boolean): Promise<unknown> {
  const type = request.headers.get('content-type')
  mustBePlain(request)
  if (type !== null && !isJson(type)) throw unsupported('The body must be application/json in UTF-8.')
  const bytes = await readBytes(request, limit)
  if (bytes.length === 0) {
    if (mayBeEmpty) return {}
    throw malformed('The body is empty.')
  }
  if (type === null) throw unsupported('The body must be application/json in UTF-8.')
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8.')
  try {
    return parseStrictJson(bytes.toString('utf8'))
  } catch (fault) {
    if (!(fault instanceof JsonFault)) throw fault
    throw fault.status === 422 ? invalid([{ path: fault.path, message: fault.message }]) : malformed(fault.message)
  }
}

/** The body exactly as it was sent, for what is signed over its bytes. Throws the 400, 413 or 415. */
export async function readText(request: Request, limit: number): Promise<string> {
  mustBePlain(request)
  const bytes = await readBytes(request, limit)
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8.')
  return bytes.toString('utf8')
}

function mustBePlain({ headers }: Request): void {
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding !== 'identity') throw unsupported('A compressed body is not taken.')
}

const isJson = (type: string): boolean => /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i.test(type)

const unsupported = (detail: string): Refused => new Refused('unsupported_media_type', detail)

const tooLarge = (limit: number): Refused =>
  new Refused('too_large', `The body is larger than ${limit} bytes.`, { headers: { connection: 'close' } })

async function readBytes(request: Request, limit: number): Promise<Buffer> {
  const declared = request.headers.get('content-length')
  if (declared === null) return readStream(request, limit)
  const length = Number(declared)
  if (length > limit && length > readThrough) throw tooLarge(limit)
  // The parser of the connection holds the body to its declared length.
  const bytes = Buffer.from(await received(request.arrayBuffer()))
  if (bytes.length > limit) throw tooLarge(limit)
  return bytes
}

async function readStream(request: Request, limit: number): Promise<Buffer> {
  if (!request.body) return Buffer.alloc(0)
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = request.body.getReader()
  for (;;) {
    const { done, value } = await received(reader.read())
    if (done) return Buffer.concat(chunks)
    size += value.length
    if (size > limit) {
      void reader.cancel().catch(() => {})
      throw tooLarge(limit)
    }
    chunks.push(value)
  }
}

/** A client that went away, or was too slow, has sent no whole body. */
async function received<Value>(reading: Promise<Value>): Promise<Value> {
  try {
    return await reading
  } catch {
    throw malformed('The body ended early.')
  }
}
