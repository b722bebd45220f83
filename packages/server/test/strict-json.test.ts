import { expect, test } from 'vitest'
import { JsonFault, parseStrictJson } from '../src/strict-json.ts'

function faultOf(text: string): Pick<JsonFault, 'status' | 'path'> {
  try {
    parseStrictJson(text)
  } catch (fault) {
    if (fault instanceof JsonFault) return { status: fault.status, path: fault.path }
    throw fault
  }
  throw new Error(`taken: ${text.slice(0, 80)}`)
}

test('what is well-formed is taken as JSON.parse takes it', () => {
  for (const text of [
    '{"lines":[{"meter":"leads","quantity":75}],"a":null,"b":[true,false,[]],"c":{}}',
    '{"quoted \\" key \\\\":"\\u00e9\\n\\\\"}',
    '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":2}]}',
    '{"emoji":"\\ud83d\\ude00","raw":"😀"}',
    '[1e3,-0,1.5,"1,2:3{[",{"x":"]}"}]',
    ' {"a" : 1 , "b" : [ ] } ',
  ]) {
    expect(parseStrictJson(text)).toEqual(JSON.parse(text))
  }
})

test('R13 duplicate keys are refused wherever they stand, however they are spelled', () => {
  expect(faultOf('{"amount":1,"amount":1000000}')).toEqual({ status: 400, path: 'amount' })
  expect(faultOf('{"lines":[{"quantity":1},{"quantity":1,"meter":"m","quantity":2}]}')).toEqual({
    status: 400,
    path: 'lines.1.quantity',
  })
  expect(faultOf('{"a":1,"\\u0061":2}')).toEqual({ status: 400, path: 'a' })
})

test('R32 depth 20 is the deepest', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(parseStrictJson(nested(20))).toBeDefined()
  expect(faultOf(nested(21)).status).toBe(400)
  expect(faultOf(nested(10_000)).status).toBe(400)
})

test('R33 200 keys are the most of one object', () => {
  const object = (keys: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: keys }, (_, n) => [`k${n}`, n])))
  expect(parseStrictJson(object(200))).toBeDefined()
  expect(faultOf(object(201)).status).toBe(400)
})

test('R34 a number of a million digits is refused', () => {
  expect(faultOf(`{"quantity":${'9'.repeat(1_000_000)}}`).status).toBe(400)
  expect(parseStrictJson('{"quantity":9223372036854775807}')).toBeDefined()
})

test('R24 R25 NUL and lone surrogates are refused as values and as keys', () => {
  expect(faultOf('{"name":"a\\u0000b"}')).toEqual({ status: 422, path: 'name' })
  expect(faultOf('{"a":[1,{"b":"\\ud800"}]}')).toEqual({ status: 422, path: 'a.1.b' })
  expect(faultOf('{"\\udc00":1}').status).toBe(422)
})

test('R37 what is not JSON is malformed', () => {
  for (const text of ['', ' ', '{', '{"a":1,}', '\ufeff{}', '{"a":NaN}', '{"a":01}', '{"a":0x10}', "{'a':1}", '{}{}']) {
    expect(faultOf(text).status, text).toBe(400)
  }
})

test('R41 __proto__ is never a field', () => {
  expect(faultOf('{"__proto__":{"role":"admin"}}')).toEqual({ status: 422, path: '__proto__' })
  expect(faultOf('{"metadata":{"\\u005f_proto__":{}}}')).toEqual({ status: 422, path: 'metadata.__proto__' })
  expect(({} as { role?: string }).role).toBeUndefined()
})
