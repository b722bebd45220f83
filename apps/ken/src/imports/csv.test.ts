import { expect, test } from 'vitest'
import { CsvFault, csvLimits, readCsv } from './csv.ts'

/** Reads a file that arrives in pieces of the given size; the header, then the rows with their numbers. */
async function read(
  file: string | Uint8Array,
  piece = 70_000,
): Promise<{ header: string[]; rows: [number, ...string[]][] }> {
  const bytes = typeof file === 'string' ? new TextEncoder().encode(file) : file
  async function* pieces(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let from = 0; from < bytes.length; from += piece) yield bytes.subarray(from, from + piece)
  }
  const found = { header: [] as string[], rows: [] as [number, ...string[]][] }
  await readCsv(pieces(), {
    header: (cells) => void (found.header = cells),
    rows: async (rows) => void found.rows.push(...rows.map(({ row, cells }): [number, ...string[]] => [row, ...cells])),
  })
  return found
}

async function faultOf(file: string | Uint8Array): Promise<Pick<CsvFault, 'kind' | 'row' | 'column' | 'message'>> {
  const error: unknown = await read(file).then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof CsvFault)) throw new Error(`Expected a refusal, got ${String(error)}.`)
  return { kind: error.kind, row: error.row, column: error.column, message: error.message }
}

const readable: [name: string, file: string, rows: [number, ...string[]][]][] = [
  ['commas', 'Email,Name\na@x.example,Ann\n', [[2, 'a@x.example', 'Ann']]],
  ['semicolons', 'Email;Name\na@x.example;Ann, B.\n', [[2, 'a@x.example', 'Ann, B.']]],
  ['tabs', 'Email\tName\na@x.example\tAnn; B.\n', [[2, 'a@x.example', 'Ann; B.']]],
  ['a byte order mark', '\ufeffEmail,Name\na@x.example,Ann\n', [[2, 'a@x.example', 'Ann']]],
  ['no line end at the end', 'Email\na@x.example', [[2, 'a@x.example']]],
  [
    'CRLF',
    'Email\r\na@x.example\r\nb@x.example\r\n',
    [
      [2, 'a@x.example'],
      [3, 'b@x.example'],
    ],
  ],
  [
    'mixed line ends',
    'Email\r\na@x.example\nb@x.example\r\n',
    [
      [2, 'a@x.example'],
      [3, 'b@x.example'],
    ],
  ],
  [
    'quoted commas and doubled quotes',
    'Email,Company\na@x.example,"Ann ""A"", Ltd"\n',
    [[2, 'a@x.example', 'Ann "A", Ltd']],
  ],
  [
    'a quoted line break',
    'Email,Note\na@x.example,"one\r\ntwo"\nb@x.example,\n',
    [
      [2, 'a@x.example', 'one\r\ntwo'],
      [3, 'b@x.example', ''],
    ],
  ],
  ['accents', 'Prénom,Email\nZoë Łuczak,a@x.example\n', [[2, 'Zoë Łuczak', 'a@x.example']]],
  [
    'blank lines and blank rows, which keep their number',
    'Email,Name\n\na@x.example,Ann\n,\n  ,\nb@x.example,Ben\n',
    [
      [3, 'a@x.example', 'Ann'],
      [6, 'b@x.example', 'Ben'],
    ],
  ],
  [
    'rows that are too short or too long',
    'Email,Name\na@x.example\nb@x.example,Ben,more\n',
    [
      [2, 'a@x.example'],
      [3, 'b@x.example', 'Ben', 'more'],
    ],
  ],
  ['a quoted delimiter in the header', '"Email;first",Name\na@x.example,Ann\n', [[2, 'a@x.example', 'Ann']]],
]

test.each(readable)('reads %s', async (_name, file, rows) => {
  expect((await read(file)).rows).toEqual(rows)
})

test('reads the same whatever pieces the network cuts the file into', async () => {
  const file =
    '\ufeffE-Mail;Name\r\n' + Array.from({ length: 2_000 }, (_, n) => `p${n}@x.example;"Zoë; ${n}"\r\n`).join('')
  const whole = await read(file)
  expect(whole.rows).toHaveLength(2_000)
  for (const piece of [1, 7, 4_096]) expect(await read(file, piece)).toEqual(whole)
})

const refused: [name: string, file: string | Uint8Array, fault: object][] = [
  ['an empty file', '', { kind: 'invalid_file' }],
  ['only a header', 'Email,Name\n', { kind: 'invalid_file' }],
  [
    'a zip or xlsx with a .csv name',
    Uint8Array.from([0x50, 0x4b, 3, 4, 20, 0, 6, 0]),
    { message: expect.stringContaining('zip archive') as string },
  ],
  [
    'an old xls',
    Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]),
    { message: expect.stringContaining('Excel') as string },
  ],
  ['gzip', Uint8Array.from([0x1f, 0x8b, 8, 0]), { message: expect.stringContaining('gzip') as string }],
  [
    'UTF-16 with a mark',
    new Uint8Array(Buffer.from('\ufeffEmail\na@x.example\n', 'utf16le')),
    { message: expect.stringContaining('UTF-16') as string },
  ],
  [
    'UTF-16 without a mark',
    new Uint8Array(Buffer.from('Email\na@x.example\n', 'utf16le')),
    { row: 1, message: expect.stringContaining('NUL') as string },
  ],
  [
    'Latin-1',
    new Uint8Array(Buffer.from('Email,Name\na@x.example,Zoë\n', 'latin1')),
    { message: expect.stringContaining('UTF-8') as string },
  ],
  [
    'a character cut off at the end',
    new Uint8Array(Buffer.from('Email,Name\na@x.example,Zoë').subarray(0, -1)),
    { message: expect.stringContaining('UTF-8') as string },
  ],
  ['a NUL in a cell', 'Email,Name\na@x.example,A\0nn\n', { row: 2, column: 'Name' }],
  [
    'lone carriage returns',
    'Email,Name\ra@x.example,Ann\r',
    { row: 1, message: expect.stringContaining('carriage return') as string },
  ],
  [
    'lone carriage returns after quoted cells',
    '"Email","Name"\r"a@x.example","Ann"\r',
    { row: 1, message: expect.stringContaining('carriage return') as string },
  ],
  ['a lone carriage return in one row', 'Email,Name\na@x.example,Ann\nb@x.example,B\ren\n', { row: 3, column: 'Name' }],
  [
    'a quote that is never closed',
    'Email,Name\na@x.example,Ann\nb@x.example,"Ben\nc@x.example,Cy\n',
    { row: 3, column: 'Name', message: expect.stringContaining('never closed') as string },
  ],
  ['a quote in the middle of a cell', 'Email,Name\na@x.example,5" Ann\n', { row: 2, column: 'Name' }],
  ['text after a closing quote', 'Email,Name\na@x.example,"Ann" B\n', { row: 2, column: 'Name' }],
  [
    'a cell above 64 KB',
    `Email,Note\na@x.example,ok\nb@x.example,${'x'.repeat(csvLimits.cellCharacters + 1)}\n`,
    { kind: 'too_large', row: 3, column: 'Note' },
  ],
  ['a cell of 5 MB', `Email,Note\na@x.example,${'x'.repeat(5_000_000)}\n`, { kind: 'too_large', row: 2 }],
  ['201 columns in a row', `Email\n${'x,'.repeat(200)}x\n`, { kind: 'invalid_file', row: 2 }],
  ['10,000 columns', `${'x,'.repeat(9_999)}x\n1\n`, { kind: 'invalid_file', row: 1 }],
  ['50,001 rows', `Email\n${'a@x.example\n'.repeat(50_001)}`, { kind: 'too_large', row: 50_002 }],
  ['more than 10 MB', new Uint8Array(csvLimits.bytes + 1).fill(0x61), { kind: 'too_large' }],
]

test.each(refused)('refuses %s and says where', async (_name, file, fault) => {
  expect(await faultOf(file)).toMatchObject(fault)
})

test('50,000 rows and cells of exactly 64 KB are still taken', async () => {
  expect((await read(`Email\n${'a@x.example\n'.repeat(50_000)}`)).rows).toHaveLength(50_000)
  const longest = 'x'.repeat(csvLimits.cellCharacters)
  expect((await read(`Email,Note\na@x.example,${longest}\n`)).rows).toEqual([[2, 'a@x.example', longest]])
})

test('other work gets its turn while a large file is read', async () => {
  let turns = 0
  const counting = setInterval(() => (turns += 1), 1)
  await read(`Email,Name\n${'someone@company.example,Someone Somewhere\n'.repeat(45_000)}`, 10_000_000)
  clearInterval(counting)
  // More than a hundred slices of 16 KB, each followed by a turn.
  expect(turns).toBeGreaterThan(10)
})

test('what the sink refuses ends the reading with that refusal', async () => {
  async function* file(): AsyncGenerator<Uint8Array, void, undefined> {
    for (let piece = 0; piece < 100; piece += 1) yield new TextEncoder().encode('Email\n'.repeat(20_000))
  }
  const refusal = new CsvFault('invalid_file', 'No.')
  const reading = readCsv(file(), {
    header: () => {
      throw refusal
    },
    rows: () => Promise.resolve(),
  })
  await expect(reading).rejects.toBe(refusal)
})
