/** Reads the body of a request: bounded, JSON and UTF-8 only. */
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { invalid, malformed, Refused } from './problem.ts'
import { JsonFault, parseStrictJson } from './strict-json.ts'

export const bodyLimit = 100 * 1024
export const batchLimit = 1024 * 1024
export const webhookLimit = 1024 * 1024

/** Up to here a body that is too large is read to its end, so that a client still writing is sure to see the answer. */
const readThrough = 1024 * 1024

/** The JSON value of the body. With `mayBeEmpty` an empty body is an empty object. Throws the 400, 413, 415 or 422. */
export async function readJson(incoming: IncomingMessage, limit: number, mayBeEmpty: boolean): Promise<unknown> {
  const type = incoming.headers['content-type'] ?? null
  mustBePlain(incoming)
  if (type !== null && !isJson(type)) throw unsupported('The body must be application/json in UTF-8.')
  const bytes = await readBytes(incoming, limit)
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
export async function readText(incoming: IncomingMessage, limit: number): Promise<string> {
  mustBePlain(incoming)
  const bytes = await readBytes(incoming, limit)
  if (!isUtf8(bytes)) throw malformed('The body is not valid UTF-8.')
  return bytes.toString('utf8')
}

function mustBePlain({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw unsupported('A compressed body is not taken.')
}

const isJson = (type: string): boolean => /^application\/json\s*(?:;\s*charset\s*=\s*"?utf-8"?\s*)?;?$/i.test(type)

const unsupported = (detail: string): Refused => new Refused('unsupported_media_type', detail)

const tooLarge = (limit: number): Refused =>
  new Refused('too_large', `The body is larger than ${limit} bytes.`, { headers: { connection: 'close' } })

/** The whole body; leaves off where one of unknown length passes the limit. */
async function readBytes(incoming: IncomingMessage, limit: number): Promise<Buffer> {
  const declared = incoming.headers['content-length']
  const length = Number(declared ?? 0)
  if (length > limit && length > readThrough) throw tooLarge(limit)
  // The parser of the connection holds a body to its declared length.
  const bytes = await received(incoming, declared === undefined ? limit : length)
  if (bytes.length > limit) throw tooLarge(limit)
  return bytes
}

/** At most one chunk more than `most`. A client that went away, or was too slow, has sent no whole body. */
function received(incoming: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (incoming.destroyed) return reject(endedEarly())
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      size += chunk.length
      if (size <= most) return
      incoming.pause()
      resolve(Buffer.concat(chunks))
    })
    incoming.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)))
    incoming.on('close', () => {
      // The usual close behind an end tells nothing new, and an error takes its time to be made.
      if (!incoming.readableEnded) reject(endedEarly())
    })
  })
}

const endedEarly = (): Refused => malformed('The body ended early.')
