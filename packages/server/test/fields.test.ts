import { expect, test } from 'vitest'
import * as fields from '../src/fields.ts'
import * as requests from '../src/requests.ts'

const takes = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success

test('R19 only real UTC instants are taken', () => {
  expect(fields.instantOf('2026-11-01T00:00:00Z')).toBe(Date.UTC(2026, 10, 1))
  expect(fields.instantOf('2024-02-29T23:59:59.999Z')).toBe(Date.UTC(2024, 1, 29, 23, 59, 59, 999))
  expect(fields.instantOf('2026-11-01t00:00:00.5+00:00')).toBe(Date.UTC(2026, 10, 1, 0, 0, 0, 500))
  for (const text of [
    '2026-02-30T00:00:00Z',
    '2025-02-29T00:00:00Z',
    '0000-00-00T00:00:00Z',
    '275761-01-01T00:00:00Z',
    '2026-11-01T24:00:00Z',
    '2026-11-01T00:00:60Z',
    '2026-11-01T00:00:00+24:00',
    '2026-11-01T00:00:00+01:00',
    '2026-11-01T00:00:00',
    '2026-11-01',
    '2026-13-01T00:00:00Z',
    'tomorrow',
    '9999-12-31T23:59:59Z',
    '',
  ]) {
    expect(fields.instantOf(text), text).toBeUndefined()
  }
})

test('R1 R2 R3 R5 R6 R7 R8 R10 R12 a quantity is a whole JSON number from 1 to a thousand millions', () => {
  expect(takes(fields.quantity, 1)).toBe(true)
  expect(takes(fields.quantity, 1_000_000_000)).toBe(true)
  for (const value of [
    -1,
    0,
    -0,
    1.5,
    '10',
    9007199254740993,
    Infinity,
    NaN,
    null,
    undefined,
    [],
    {},
    true,
    1_000_000_001,
  ]) {
    expect(takes(fields.quantity, value), String(value)).toBe(false)
  }
})

test('R17 of a commit a quantity may be 0, and neither negative nor -0', () => {
  const part = (quantity: unknown) => takes(requests.commit, { lines: [{ meter: 'leads', quantity }] })
  expect(part(0)).toBe(true)
  expect(part(-0)).toBe(false)
  expect(part(-5)).toBe(false)
})

test('a part that is not final names what was used', () => {
  expect(takes(requests.commit, { lines: [] })).toBe(true)
  expect(takes(requests.commit, { lines: [], final: false })).toBe(false)
})

test('lines are 1-20, each meter once', () => {
  const line = (meter: string) => ({ meter, quantity: 1 })
  expect(takes(fields.lines, [])).toBe(false)
  expect(takes(fields.lines, [line('leads'), line('leads')])).toBe(false)
  expect(
    takes(
      fields.lines,
      Array.from({ length: 21 }, (_, n) => line(`m${n}`)),
    ),
  ).toBe(false)
  expect(
    takes(
      fields.lines,
      Array.from({ length: 20 }, (_, n) => line(`m${n}`)),
    ),
  ).toBe(true)
})

test('R18 a reservation lives between a second and a day', () => {
  for (const [ttl, taken] of [
    [1, true],
    [86_400, true],
    [0, false],
    [-1, false],
    [315_360_000, false],
  ] as const) {
    expect(takes(fields.ttlSeconds, ttl), String(ttl)).toBe(taken)
  }
})

test('R20 R28 a name is counted in code points, trimmed, and free of control characters', () => {
  const name = fields.shownText(100)
  expect(name.parse("  ' OR 1=1 --  ")).toBe("' OR 1=1 --")
  expect(takes(name, '👨‍👩‍👧'.repeat(20))).toBe(true)
  expect(takes(name, '👨‍👩‍👧'.repeat(21))).toBe(false)
  expect(takes(name, 'x'.repeat(101))).toBe(false)
  expect(takes(name, 'x'.repeat(10_000))).toBe(false)
  expect(takes(name, '   ')).toBe(false)
  expect(takes(name, 'a\n=1+1')).toBe(false)
  expect(takes(name, 'a\u0007')).toBe(false)
})

test('R57 metadata is at most 4 KB and 4 deep', () => {
  expect(takes(fields.metadata, { a: { b: { c: { d: 1 } } } })).toBe(true)
  expect(takes(fields.metadata, { a: { b: { c: { d: {} } } } })).toBe(false)
  expect(takes(fields.metadata, { text: 'x'.repeat(4_000) })).toBe(true)
  expect(takes(fields.metadata, { text: 'x'.repeat(5_000) })).toBe(false)
  expect(takes(fields.metadata, [])).toBe(false)
  expect(takes(fields.metadata, 'text')).toBe(false)
})

test('R39 no validator is slow on text made to be slow', () => {
  const long = 'a'.repeat(50_000) + '!'
  for (const schema of [
    fields.id,
    fields.meterId,
    fields.instant,
    fields.reference,
    fields.viewerId,
    fields.shownText(100),
  ]) {
    expect(takes(schema, long)).toBe(false)
  }
  for (const advance of [long, 'P' + '1'.repeat(50_000), 'P' + '1D'.repeat(25_000)]) {
    expect(takes(requests.setClock, { advance })).toBe(false)
  }
})

test('R58 a meter id is lower case, without blanks and accents', () => {
  for (const meter of ['LEADS', 'leads ', 'léads', '']) expect(takes(fields.meterId, meter), meter).toBe(false)
})

test('R4 1e3 is 1000 for every reader', () => {
  expect(fields.quantity.parse(JSON.parse('1e3'))).toBe(1000)
})
