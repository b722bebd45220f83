/** A column of a bulk statement reaches PostgreSQL value by value: no text may end it, shift it, or turn into null. */
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import fc from 'fast-check'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bigintColumn, booleanColumn, instantColumn, smallintColumn, textColumn } from '../src/column.ts'
import { connectOwner } from '../src/connection.ts'

let database: TestDatabase
let client: pg.Client

beforeAll(async () => {
  database = await testDatabase()
  client = await connectOwner(database.ownerUrl)
})

afterAll(async () => {
  await client.end()
  await database.drop()
})

async function roundTrip(column: Buffer, type = 'text'): Promise<unknown[]> {
  const { rows } = await client.query<[unknown]>({
    text: `select v from unnest($1::${type}[]) with ordinality t(v, n) order by n`,
    values: [column],
    rowMode: 'array',
  })
  return rows.map(([value]) => value)
}

const itself = <T>(value: T): T => value
const texts = (values: (string | null)[]) => textColumn(values, itself)

test('every character of Unicode comes back as it was, alone and between others', async () => {
  const size = 0x8000
  for (let from = 0; from < 0x110000; from += size) {
    const values: string[] = []
    // U+0000 and lone surrogates are no text for PostgreSQL: the HTTP edge refuses them.
    for (let point = Math.max(1, from); point < from + size; point++)
      if (point < 0xd800 || point > 0xdfff) values.push(String.fromCodePoint(point))
    // A fault of PostgreSQL quotes the whole column: too much to read.
    const back = await roundTrip(texts(values)).catch((error: { code?: string }) => [error.code])
    expect(same(back, values), `from U+${from.toString(16)}`).toBe(true)
  }
}, 60_000)

/** Faster than a deep comparison of 32,768 texts, and as strict. */
const same = (a: unknown[], b: unknown[]) =>
  a.length === b.length && a.every((value, index) => Object.is(value, b[index]))

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom('"', '\\', ',', '{', '}', "'", ' ', '\t', '\n', '\r', 'N', 'null', 'é', '😀'),
    maxLength: 8,
  }),
  fc.constantFrom('', 'null', 'NULL', 'Null', '{}', '{"a"}', '\\N', ' ', 'x,y', '"', '\\"', '--', '$1', '%s'),
)

test('any texts, with nulls between them, keep their places, also beside a second column', async () => {
  const row = fc.tuple(fc.option(text), fc.option(text))
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (pairs) => {
      const rows = pairs.map(
        (pair) => pair.map((value) => value?.replaceAll('\0', '') ?? null) as [string | null, string | null],
      )
      const found = await client.query<[string | null, string | null]>({
        text: 'select a, b from unnest($1::text[], $2::text[]) with ordinality t(a, b, n) order by n',
        values: [textColumn(rows, ([a]) => a), textColumn(rows, ([, b]) => b)],
        rowMode: 'array',
      })
      expect(found.rows).toEqual(rows)
    }),
    { numRuns: 400 },
  )
}, 60_000)

test('the same text many times over, and texts longer than a page, come back as they were', async () => {
  const values = [
    'a',
    'a',
    'a',
    null,
    'a',
    'é',
    'é',
    'é',
    '',
    '',
    'x'.repeat(10_000),
    'x'.repeat(10_000),
    '😀'.repeat(3_000),
  ]
  expect(await roundTrip(texts(values))).toEqual(values)
})

test('whole numbers, instants and truth values come back exactly; what is no whole number is a mistake of ours', async () => {
  const numbers = [0, 1, -1, 255, 256, 2 ** 31, -(2 ** 31), 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1, -(2 ** 53 - 1), null]
  expect(await roundTrip(bigintColumn(numbers, itself), 'bigint')).toEqual(numbers)
  const instants = [
    0,
    Date.UTC(1969, 11, 31, 23, 59, 59, 999),
    Date.UTC(2000, 0),
    Date.UTC(2026, 10, 26, 1, 2, 3, 4),
    null,
  ]
  expect(await roundTrip(instantColumn(instants, itself), 'timestamptz')).toEqual(instants)
  expect(await roundTrip(instantColumn([Date.UTC(9999, 11, 31)], itself), 'timestamptz')).toEqual([
    Date.UTC(9999, 11, 31),
  ])
  expect(await roundTrip(smallintColumn([0, 1, 200, 32_767], itself), 'smallint')).toEqual([0, 1, 200, 32_767])
  expect(await roundTrip(booleanColumn([true, false, true], itself), 'boolean')).toEqual([true, false, true])
  for (const wrong of [1.5, NaN, Infinity, 2 ** 53]) {
    expect(() => bigintColumn([wrong], itself)).toThrow(RangeError)
    expect(() => instantColumn([wrong], itself)).toThrow(RangeError)
  }
  expect(await roundTrip(texts([]))).toEqual([])
  expect(await roundTrip(bigintColumn([], itself), 'bigint')).toEqual([])
})
