/** What goes wrong with a request: in what it says, in how it is written, in its headers, its path and its query. */
import type { Chance } from '../../../torture/chance.ts'

export interface Request {
  method: string
  path: string
  query: string
  headers: Record<string, string>
  body: Buffer | null
}

const texts = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  '\ufeff',
  '\u202e',
  'null',
  "' OR 1=1 --",
  '{,}',
  '","',
  '\\',
  '${7*7}',
  '../..',
  '<script>',
  'LEADS',
  'x'.repeat(300),
  '👩‍👩‍👧'.repeat(40),
  '2026-02-30T00:00:00Z',
  '-0',
  '1e3',
]
const numbers = [
  -1, 0, -0, 1.5, 1e21, 9_007_199_254_740_991, 9_007_199_254_740_992, 1e308, 2_147_483_648, 1_000_000_000,
]
const odd = (chance: Chance): unknown =>
  chance.oneOf<unknown>([
    chance.oneOf(texts),
    chance.oneOf(numbers),
    null,
    true,
    false,
    [],
    {},
    [[]],
    { a: { b: [1] } },
  ])

/** One place of a value, drawn from all there are: replaced, dropped, put twice into a list, or given a neighbour. */
export function changedValue(value: unknown, chance: Chance): unknown {
  if (typeof value !== 'object' || value === null || chance.isOneIn(12)) return odd(chance)
  const keys = Object.keys(value)
  if (keys.length === 0 || chance.isOneIn(5)) {
    if (Array.isArray(value)) return [...value, chance.isOneIn(2) && value.length > 0 ? value[0] : odd(chance)]
    const name = chance.oneOf([
      'role',
      'limit',
      'used',
      'now',
      'constructor',
      '__proto__',
      'price',
      'x'.repeat(200),
      '',
    ])
    return Object.defineProperty({ ...value }, name, { value: odd(chance), enumerable: true })
  }
  const key = chance.oneOf(keys)
  if (Array.isArray(value)) return value.map((inner, n) => (String(n) === key ? changedValue(inner, chance) : inner))
  const { [key]: inner, ...rest } = value as Record<string, unknown>
  return chance.isOneIn(4) ? rest : { ...rest, [key]: changedValue(inner, chance) }
}

const rawNumbers = ['1e309', '-0', '1E400', '0.1e1', '9'.repeat(400), '9223372036854775808', '1.0', '00', 'NaN', '+1']

const spellings: ((text: string, chance: Chance) => string)[] = [
  (text, chance) => text.slice(0, chance.below(text.length + 1)),
  (text) => `\ufeff${text}`,
  (text) => `${text}${text}`,
  (text) => text.replace('{', '{"a":1,"a":2,'),
  (text) => text.replace(/}\s*$/, ',}'),
  (text, chance) => text.replace(/-?\d+/, () => chance.oneOf(rawNumbers)),
  (text) => text.replace(/"([a-z])/g, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
  (text) => `${' \n\t'.repeat(500)}${text}`,
  (text, chance) => '['.repeat(chance.oneOf([5, 21, 3_000])) + text,
  (text) => text.replaceAll('"', "'"),
  () => '',
]
const bytes: ((body: Buffer, chance: Chance) => Buffer)[] = [
  (body, chance) => {
    const copy = Buffer.from(body)
    if (copy.length > 0) copy[chance.below(copy.length)] = chance.below(256)
    return copy
  },
  (body) => Buffer.from(body.toString('utf8'), 'utf16le'),
  (body) => Buffer.concat([body, Buffer.from([0xff])]),
  (body) => Buffer.concat([body, Buffer.alloc(110 * 1024, 0x20)]),
]

const headers: ((sent: Record<string, string>, chance: Chance) => void)[] = [
  (sent) => void delete sent.authorization,
  (sent, chance) =>
    void (sent.authorization = chance.oneOf([
      'Bearer',
      'Basic YTpi',
      'Bearer hr_sk_wrong_0123456789abcdef',
      'bearer  x y',
      '\u00e4',
    ])),
  (sent, chance) =>
    void (sent['content-type'] = chance.oneOf([
      'text/plain',
      'application/json; charset=utf-16',
      'application/xml',
      'a',
      '',
    ])),
  (sent, chance) => void (sent['content-encoding'] = chance.oneOf(['gzip', 'br', 'identity', 'x'])),
  (sent, chance) =>
    void (sent['idempotency-key'] = chance.oneOf(['', ' ', '\u00e4', 'x'.repeat(255), 'x'.repeat(256), 'a b', 'k_1'])),
  (sent, chance) =>
    void (sent['headroom-viewer'] = chance.oneOf(['', 'owner', 'admin;', 'Admin', 'admin;a b', ';', '\u00e4;\u00e4'])),
  (sent, chance) => void (sent['x-http-method-override'] = chance.oneOf(['DELETE', 'PUT'])),
  (sent, chance) => void (sent['x-request-id'] = chance.oneOf(['a b', '<x>', 'x'.repeat(300), '\u00e4'])),
  (sent) => Object.assign(sent, { 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example', origin: 'null' }),
  (sent, chance) => void (sent['if-none-match'] = chance.oneOf(['*', '"', 'W/"x"', 'x'.repeat(2_000)])),
  (sent) => void (sent.accept = 'text/event-stream'),
  (sent) => void (sent.cookie = 'a=b; '.repeat(300)),
]

const segments = [
  '..',
  '%2e%2e',
  '%00',
  '%',
  '%zz',
  'WS_FUZZ_1',
  '\u00e4',
  'a%2Fb',
  ' ',
  "'",
  '{id}',
  'x'.repeat(120),
  '',
]
const parameters = [
  'limit',
  'cursor',
  'state',
  'meter',
  'period',
  'at',
  'viewerId',
  'receipt',
  'x',
  '__proto__',
  'a[b]',
]

/** Changes a request in one of the ways there are, other than by its body's values. */
export function spoil(request: Request, chance: Chance): void {
  const way = chance.below(request.body ? 6 : 4)
  if (way === 0) chance.oneOf(headers)(request.headers, chance)
  else if (way === 1) {
    const parts = request.path.split('/')
    if (parts.length > 2) parts[2 + chance.below(parts.length - 2)] = encodeSome(chance.oneOf(segments))
    request.path = parts.join('/')
    if (chance.isOneIn(4))
      request.path = chance.oneOf([`${request.path}/`, `/${request.path}`, request.path.toUpperCase()])
  } else if (way === 2) {
    const pair = `${chance.oneOf(parameters)}=${encodeURIComponent(chance.oneOf(texts).replaceAll('\ud800', '\ufffd'))}`
    request.query = [request.query, pair, ...(chance.isOneIn(4) ? [pair] : [])].filter(Boolean).join('&')
  } else if (way === 3 && chance.isOneIn(3))
    request.method = chance.oneOf(['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD'])
  else if (way === 4) request.body = Buffer.from(chance.oneOf(spellings)(request.body!.toString('utf8'), chance))
  else if (way === 5) request.body = chance.oneOf(bytes)(request.body!, chance)
}

/** As a client would have to write it; what is escaped already stays. */
const encodeSome = (segment: string): string => segment.replace(/[^\x21-\x7e]/gu, encodeURIComponent)
