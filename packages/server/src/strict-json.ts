/**
 * JSON as this interface takes it: nothing two readers could understand differently, and nothing PostgreSQL cannot keep. JSON.parse
 * silently takes the last of two equal keys; NUL and lone surrogates would fail a whole batch in the database (heart.md M5).
 */

const deepest = 20
const mostKeys = 200
const longestNumber = 60

/** Malformed (400) is what no reader should have to understand; invalid (422) is well-formed and still refused. */
export class JsonFault extends Error {
  override name = 'JsonFault'
  readonly status: 400 | 422
  readonly path: string

  constructor(status: 400 | 422, message: string, path = '') {
    super(message)
    this.status = status
    this.path = path
  }
}

/** The value of a JSON text; throws JsonFault. */
export function parseStrictJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new JsonFault(400, text.trim() === '' ? 'The body is empty.' : 'The body is not valid JSON.')
  }
  inspect(text)
  return value
}

interface Frame {
  /** Null for an array. */
  keys: Set<string> | null
  key: string
  index: number
}

const quote = 34
const comma = 44
const colon = 58
const numberPart = /[-+.0-9eE]/

/** Walks a text that is known to be valid JSON. */
function inspect(text: string): void {
  const mayEscape = text.includes('\\')
  const frames: Frame[] = []
  let keyNext = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charCodeAt(at)
    const frame = frames[frames.length - 1]
    if (char === quote) {
      const end = closingQuote(text, at, mayEscape)
      const raw = text.slice(at + 1, end)
      const string = mayEscape && raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw
      if (keyNext && frame?.keys) {
        takeKey(frames, frame, string)
        keyNext = false
      }
      if (string !== raw && /\0|\p{Surrogate}/u.test(string)) {
        throw new JsonFault(422, 'must not contain NUL or a lone surrogate', pathOf(frames))
      }
      at = end
    } else if (char === 123 || char === 91) {
      if (frames.length === deepest) throw new JsonFault(400, `The body is nested deeper than ${deepest}.`)
      keyNext = char === 123
      frames.push({ keys: keyNext ? new Set() : null, key: '', index: 0 })
    } else if (char === 125 || char === 93) {
      frames.pop()
    } else if (char === comma && frame) {
      if (frame.keys) keyNext = true
      else frame.index += 1
    } else if (char === 45 || (char >= 48 && char <= 57)) {
      const start = at
      while (at + 1 < text.length && numberPart.test(text[at + 1]!)) at += 1
      if (at - start >= longestNumber) throw new JsonFault(400, 'The body has a number that is too long.')
    } else if (char === colon) {
      keyNext = false
    }
  }
}

function takeKey(frames: Frame[], frame: Frame, key: string): void {
  const keys = frame.keys!
  frame.key = key
  if (keys.has(key)) throw new JsonFault(400, 'The body names a key twice.', pathOf(frames))
  if (key === '__proto__') throw new JsonFault(422, 'is not a known field', pathOf(frames))
  keys.add(key)
  if (keys.size > mostKeys) throw new JsonFault(400, `The body has an object with more than ${mostKeys} keys.`)
}

function closingQuote(text: string, opening: number, mayEscape: boolean): number {
  let end = text.indexOf('"', opening + 1)
  while (mayEscape) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === 92) backslashes += 1
    if (backslashes % 2 === 0) break
    end = text.indexOf('"', end + 1)
  }
  return end
}

const pathOf = (frames: Frame[]): string =>
  frames.map(({ keys, key, index }) => (keys ? key.slice(0, 100) : String(index))).join('.')
