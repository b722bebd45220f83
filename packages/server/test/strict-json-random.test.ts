/** JSON at random, held against rules written the plain way: from the tokens of the text, by recursion. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JsonFault, parseStrictJson } from '../src/strict-json.ts'

const outcome = (text: string): string => {
  try {
    return JSON.stringify(parseStrictJson(text))
  } catch (fault) {
    if (fault instanceof JsonFault) return `${fault.status} ${fault.path}`
    throw fault
  }
}

/** What the rules say of a text that is JSON: the first fault in the order of the text, or null. */
function plainly(text: string): string | null {
  const tokens = text.match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g) ?? []
  let at = 0
  const storable = (token: string, path: string[]): string | null =>
    token.includes('\\') && /\0|\p{Surrogate}/u.test(JSON.parse(token) as string) ? `422 ${path.join('.')}` : null
  function value(path: string[], depth: number): string | null {
    const token = tokens[at]!
    at += 1
    if (token.startsWith('"')) return storable(token, path)
    if (/^[-\d]/.test(token)) return token.length > 60 ? '400 ' : null
    if (token !== '{' && token !== '[') return null
    if (depth === 20) return '400 '
    const keys: string[] = []
    for (let index = 0; tokens[at] !== '}' && tokens[at] !== ']'; index += 1) {
      if (tokens[at] === ',') at += 1
      const step = token === '{' ? (JSON.parse(tokens[at]!) as string) : String(index)
      const inner = [...path, step.slice(0, 100)]
      if (token === '{') {
        if (keys.includes(step)) return `400 ${inner.join('.')}`
        if (step === '__proto__') return `422 ${inner.join('.')}`
        keys.push(step)
        if (keys.length > 200) return '400 '
        const unstorable = storable(tokens[at]!, inner)
        if (unstorable !== null) return unstorable
        at += 2
      }
      const fault = value(inner, depth + 1)
      if (fault !== null) return fault
    }
    at += 1
    return null
  }
  return value([], 0)
}

const key = fc.oneof(
  fc.constantFrom('a', 'b', '\\u0061', '', '__proto__', '\\u005f_proto__', '\\ud800', 'a\\"b', '\\\\', 'constructor'),
  fc.integer({ min: 0, max: 3 }).map(String),
)
const leaf = fc.oneof(
  fc.constantFrom('1', '-0', '1e3', '0.5', 'null', 'true', 'false', '"x"', '"\\\\"', '"\\""', '"{[:,"', '"😀"'),
  fc.constantFrom('"\\u0000"', '"\\ud83d\\ude00"', '"\\udc00"', '"\\\\u0000"', '9'.repeat(60), '9'.repeat(61)),
)
const space = fc.constantFrom('', '', ' ', '\n\t')
const { json } = fc.letrec<{ json: string }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(fc.tuple(key, tie('json'), space)).map(joined),
    fc
      .array(fc.tuple(tie('json'), space))
      .map((items) => `[${items.map(([item, gap]) => gap + item + gap).join(',')}]`),
  ),
}))
function joined(fields: [key: string, value: string, gap: string][]): string {
  return `{${fields.map(([name, value, gap]) => `${gap}"${name}"${gap}:${gap}${value}${gap}`).join(',')}}`
}

test('R13 R24 R25 R32 R33 R34 R41 any JSON has the outcome that the rules say, by the first fault in it', () => {
  fc.assert(
    fc.property(json, (text) => {
      expect(outcome(text)).toBe(plainly(text) ?? JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 3_000 },
  )
})

test('R32 R33 at the bounds of depth and keys too', () => {
  fc.assert(
    fc.property(fc.integer({ min: 15, max: 25 }), fc.integer({ min: 1, max: 205 }), leaf, (depth, keys, inner) => {
      const fields = Array.from({ length: keys }, (_, n) => `"k${n}":${n === keys - 1 ? inner : n}`)
      const text = `${'[{"a":'.repeat(depth >> 1)}{${fields.join(',')}}${'}]'.repeat(depth >> 1)}`
      expect(outcome(text)).toBe(plainly(text) ?? JSON.stringify(JSON.parse(text)))
    }),
    { numRuns: 300 },
  )
})

test('what is no JSON is 400, whatever else is wrong with it', () => {
  fc.assert(
    fc.property(json, fc.nat(), (text, cut) => {
      expect(outcome(`${text.slice(0, cut % text.length)},`)).toBe('400 ')
    }),
  )
})
