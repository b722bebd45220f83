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
  new Inspection(text).run()
  return value
}

/** An object or a list that the walk is in. */
interface Frame {
  outer: Frame | null
  depth: number
  /** Null for a list. */
  keys: string[] | null
  /** The keys again, once they are too many to look through. */
  manyKeys: Set<string> | null
  /** Of a list. */
  index: number
}

const fewKeys = 8
const [space, quote, comma, minus, zero, nine] = [32, 34, 44, 45, 48, 57]
const [openObject, closeObject, openList, closeList] = [123, 125, 91, 93]

/**
 * Walks a text that is known to be valid JSON. Strings are jumped over, and looked into only where they may hold an escape. One function
 * for the way and one for each stop: as one loop over both it was made into code that took a microsecond for every character.
 */
class Inspection {
  readonly #text: string
  readonly #mayEscape: boolean
  #frame: Frame | null = null
  #isKey = false

  constructor(text: string) {
    this.#text = text
    this.#mayEscape = text.includes('\\')
  }

  run(): void {
    const text = this.#text
    for (let at = 0; at < text.length; at += 1) {
      const char = text.charCodeAt(at)
      if (char > space) at = this.#token(char, at)
    }
  }

  /** Takes what begins here; answers where it ends. */
  #token(char: number, at: number): number {
    if (char === quote) return this.#string(at)
    if (char === openObject || char === openList) this.#open(char === openObject)
    else if (char === closeObject || char === closeList) {
      this.#frame = this.#frame!.outer
      this.#isKey = false
    } else if (char === comma) {
      if (this.#frame!.keys) this.#isKey = true
      else this.#frame!.index += 1
    } else if (char === minus || (char >= zero && char <= nine)) {
      const end = endOfNumber(this.#text, at)
      if (end - at > longestNumber) throw new JsonFault(400, 'The body has a number that is too long.')
      return end - 1
    }
    return at
  }

  #string(at: number): number {
    const mayEscape = this.#mayEscape
    const end = closingQuote(this.#text, at, mayEscape)
    if (this.#isKey) takeKey(this.#frame!, unescaped(this.#text.slice(at + 1, end), mayEscape))
    if (mayEscape) mustBeStorable(this.#text.slice(at + 1, end), this.#frame)
    this.#isKey = false
    return end
  }

  #open(isObject: boolean): void {
    const depth = this.#frame === null ? 1 : this.#frame.depth + 1
    if (depth > deepest) throw new JsonFault(400, `The body is nested deeper than ${deepest}.`)
    this.#isKey = isObject
    this.#frame = { outer: this.#frame, depth, keys: isObject ? [] : null, manyKeys: null, index: 0 }
  }
}

function takeKey(frame: Frame, key: string): void {
  const keys = frame.keys!
  const isTwice = frame.manyKeys ? frame.manyKeys.has(key) : keys.includes(key)
  keys.push(key)
  if (isTwice) throw new JsonFault(400, 'The body names a key twice.', pathOf(frame))
  if (key === '__proto__') throw new JsonFault(422, 'is not a known field', pathOf(frame))
  if (keys.length > mostKeys) throw new JsonFault(400, `The body has an object with more than ${mostKeys} keys.`)
  if (frame.manyKeys) frame.manyKeys.add(key)
  else if (keys.length > fewKeys) frame.manyKeys = new Set(keys)
}

const unescaped = (raw: string, mayEscape: boolean): string =>
  mayEscape && raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw

/** As characters of their own NUL and lone surrogates are no JSON and no UTF-8: they come escaped. */
function mustBeStorable(raw: string, frame: Frame | null): void {
  const string = unescaped(raw, true)
  if (string !== raw && /\0|\p{Surrogate}/u.test(string))
    throw new JsonFault(422, 'must not contain NUL or a lone surrogate', pathOf(frame))
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

/** Behind the last of its characters: digits, dot, signs, e and E. */
function endOfNumber(text: string, start: number): number {
  let end = start + 1
  for (; end < text.length; end += 1) {
    const char = text.charCodeAt(end)
    const isPart = (char >= zero && char <= nine) || char === 46 || char === 43 || char === minus || (char | 32) === 101
    if (!isPart) break
  }
  return end
}

function pathOf(frame: Frame | null): string {
  const path: string[] = []
  for (let at = frame; at !== null; at = at.outer)
    path.unshift(at.keys ? (at.keys.at(-1) ?? '').slice(0, 100) : String(at.index))
  return path.join('.')
}
