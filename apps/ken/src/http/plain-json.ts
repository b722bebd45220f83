/** JSON that every reader understands alike and the database can keep. */

const deepest = 20

/** Malformed (400) is what two readers could understand differently; unkeepable (422) is well-formed and still refused. */
export class JsonFault extends Error {
  override name = 'JsonFault'
  readonly status: 400 | 422
  /** Where it stands, as in brief.goal; null: in the whole of it. */
  readonly path: string | null

  constructor(status: 400 | 422, message: string, path: string | null = null) {
    super(message)
    this.status = status
    this.path = path
  }
}

/** The value of a JSON text; throws JsonFault. */
export function parsePlainJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new JsonFault(400, 'The body is not JSON.')
  }
  inspect(text)
  mustBeKeepable(value, [])
  return value
}

/** NUL and half a character are well-formed in JSON, and no database keeps them. */
function mustBeKeepable(value: unknown, path: string[]): void {
  if (typeof value === 'string') {
    if (unkeepable.test(value))
      throw new JsonFault(422, 'There is NUL or half a character in it, which cannot be kept.', path.join('.'))
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      mustBeKeepable(key, path)
      mustBeKeepable(item, [...path, key])
    }
  }
}

const unkeepable = /\0|\p{Surrogate}/u

/** Walks a text that is known to be JSON by its strings and brackets. A string before a colon is a key of the object it stands in. */
function inspect(text: string): void {
  const open: (Set<string> | null)[] = []
  for (const [, string, colon, bracket] of text.matchAll(/("(?:[^"\\]+|\\.)*")(\s*:)?|([{}[\]])/g)) {
    if (bracket === '{' || bracket === '[') {
      if (open.push(bracket === '{' ? new Set() : null) > deepest)
        throw new JsonFault(400, `The body is nested deeper than ${deepest}.`)
    } else if (bracket !== undefined) open.pop()
    else inspectString(string!, colon === undefined ? null : open.at(-1)!)
  }
}

/** `keys` are those of its object, where it is one itself: spelled with escapes or without, a key is the same. */
function inspectString(raw: string, keys: Set<string> | null): void {
  if (keys === null) return
  const key = JSON.parse(raw) as string
  if (keys.has(key)) throw new JsonFault(400, 'The body names a key twice.')
  keys.add(key)
}
