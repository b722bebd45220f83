/**
 * Reads an uploaded CSV file as it arrives: commas, semicolons or tabs; any mix of LF and CRLF; a byte order mark; quoted cells. What
 * cannot be read is refused with the row and column as a spreadsheet shows them (the header is row 1). Memory stays flat, and the
 * event loop gets a turn after every slice.
 */
import { pipeline } from 'node:stream/promises'
import { setImmediate } from 'node:timers/promises'
import { CsvError, parse } from 'csv-parse'

export const csvLimits = {
  bytes: 10 * 1024 * 1024,
  rows: 50_000,
  columns: 200,
  cellCharacters: 64 * 1024,
} as const

/** One row may not be larger than this in all, so that a quote that is never closed does not swallow the file into memory. */
const maxRecordBytes = 1024 * 1024
const sliceBytes = 16 * 1024
const rowsPerBatch = 500
const loneReturn = 'A line ends in a lone carriage return; save the file with LF or CRLF'

export interface CsvRow {
  row: number
  cells: string[]
}

interface CsvSink {
  /** Called once, first; may refuse the file by throwing a CsvFault. */
  header(cells: string[]): void | Promise<void>
  /** Called with the rows in order. Rows in which every cell is blank are left out. */
  rows(rows: CsvRow[]): Promise<void>
}

/** The file cannot be taken; `row` and `column` say where, as far as that can be said. */
export class CsvFault extends Error {
  override readonly name = 'CsvFault'
  readonly kind: 'too_large' | 'invalid_file'
  readonly row: number | null
  readonly column: string | null

  constructor(
    kind: 'too_large' | 'invalid_file',
    message: string,
    at: { row?: number; column?: string | undefined } = {},
  ) {
    const where = [at.row && `row ${at.row}`, at.column !== undefined && `column "${at.column}"`]
      .filter(Boolean)
      .join(', ')
    super(where === '' ? message : `${message} (${where}).`)
    this.kind = kind
    this.row = at.row ?? null
    this.column = at.column ?? null
  }
}

/** Hands the file to the sink, in order; rejects with a CsvFault where the file cannot be read. The sink may have had rows by then. */
export async function readCsv(bytes: AsyncIterable<Uint8Array>, sink: CsvSink): Promise<void> {
  const source = slices(bytes)
  const first = await source.next()
  if (first.done) throw new CsvFault('invalid_file', 'The file is empty.')
  // Parsing runs ahead of the sink, so the names of the columns are noted as they are parsed.
  const header: string[] = []
  let headed = false
  const nameOf = (index: number) => shortName(header[index]) ?? String(index + 1)
  const parser = parse({
    delimiter: delimiterOf(first.value),
    bom: true,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecordBytes,
    info: true,
    cast: (cell, { records, empty_lines, index, quoting }) => {
      const at = { row: records + empty_lines + 1, column: nameOf(index) }
      if (index >= csvLimits.columns) {
        throw new CsvFault('invalid_file', `A row may have at most ${csvLimits.columns} columns`, { row: at.row })
      }
      if (cell.length > csvLimits.cellCharacters) throw new CsvFault('too_large', 'A cell is longer than 64 KB', at)
      if (cell.includes('\0'))
        throw new CsvFault('invalid_file', 'The file has a NUL character: it is not plain text', at)
      if (!quoting && cell.includes('\r')) {
        throw new CsvFault('invalid_file', loneReturn, at)
      }
      if (records === 0) header[index] = cell
      return cell
    },
  })
  let count = 0
  try {
    await pipeline(restOf(first.value, source), parser, async (records: AsyncIterable<ParsedRecord>) => {
      let batch: CsvRow[] = []
      for await (const { record, info } of records) {
        if (!headed) {
          headed = true
          await sink.header(record)
          continue
        }
        if (record.every((cell) => cell.trim() === '')) continue
        count += 1
        const row = info.records + info.empty_lines
        if (count > csvLimits.rows) throw new CsvFault('too_large', 'A file may have at most 50,000 rows', { row })
        batch.push({ row, cells: record })
        if (batch.length === rowsPerBatch) {
          await sink.rows(batch)
          batch = []
        }
      }
      if (batch.length > 0) await sink.rows(batch)
    })
  } catch (error) {
    throw error instanceof CsvError ? faultOf(error, nameOf) : error
  }
  if (count === 0) throw new CsvFault('invalid_file', 'The file has no rows below its header.')
}

interface ParsedRecord {
  record: string[]
  info: { records: number; empty_lines: number }
}

/** Pieces small enough that parsing one takes a few milliseconds; refuses more bytes than allowed and what is not UTF-8. */
async function* slices(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let total = 0
  let first: Uint8Array[] | null = []
  for await (const chunk of bytes) {
    total += chunk.byteLength
    if (total > csvLimits.bytes) throw new CsvFault('too_large', 'A file may be at most 10 MB.')
    for (let from = 0; from < chunk.byteLength; from += sliceBytes) {
      const slice = chunk.subarray(from, from + sliceBytes)
      // The first piece must be long enough to tell the format and the delimiter by, however small the network's pieces are.
      if (first) {
        first.push(slice)
        if (first.reduce((sum, piece) => sum + piece.byteLength, 0) < 4096) continue
        yield opening(decoder, first)
        first = null
      } else yield checked(decoder, slice, true)
      await setImmediate()
    }
  }
  if (first && first.length > 0) yield opening(decoder, first)
  // A character that was cut off at the end shows only now.
  checked(decoder, new Uint8Array(), false)
}

function opening(decoder: TextDecoder, pieces: Uint8Array[]): Uint8Array {
  const start = Buffer.concat(pieces)
  refuseOtherFormats(start)
  return checked(decoder, start, true)
}

function checked(decoder: TextDecoder, bytes: Uint8Array, stream: boolean): Uint8Array {
  try {
    decoder.decode(bytes, { stream })
    return bytes
  } catch {
    throw new CsvFault('invalid_file', 'The file is not UTF-8 text. Save it as "CSV UTF-8" and upload it again.')
  }
}

async function* restOf(
  first: Uint8Array,
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield first
  yield* rest
}

const formats: { magic: number[]; message: string }[] = [
  {
    magic: [0x50, 0x4b, 0x03, 0x04],
    message: 'This is a zip archive or an Excel workbook, not CSV. Export it as CSV first.',
  },
  { magic: [0xd0, 0xcf, 0x11, 0xe0], message: 'This is an old Excel workbook, not CSV. Export it as CSV first.' },
  { magic: [0x1f, 0x8b], message: 'This file is compressed with gzip. Upload the CSV itself.' },
  { magic: [0x25, 0x50, 0x44, 0x46], message: 'This is a PDF, not CSV.' },
  { magic: [0xff, 0xfe], message: 'The file is UTF-16. Save it as "CSV UTF-8" and upload it again.' },
  { magic: [0xfe, 0xff], message: 'The file is UTF-16. Save it as "CSV UTF-8" and upload it again.' },
]

function refuseOtherFormats(start: Uint8Array): void {
  for (const { magic, message } of formats) {
    if (start.byteLength >= magic.length && magic.every((byte, index) => start[index] === byte)) {
      throw new CsvFault('invalid_file', message)
    }
  }
}

/** The one of `,` `;` and tab that the header line has most of, outside quotes. */
function delimiterOf(start: Uint8Array): string {
  const counts = new Map([',', ';', '\t'].map((delimiter) => [delimiter, 0]))
  let quoted = false
  for (const character of new TextDecoder().decode(start).replace(/^(\r?\n)+/, '')) {
    if (character === '"') quoted = !quoted
    if (quoted) continue
    if (character === '\n') break
    const count = counts.get(character)
    if (count !== undefined) counts.set(character, count + 1)
  }
  return [...counts].reduce((best, next) => (next[1] > best[1] ? next : best))[0]
}

function faultOf(error: CsvError, nameOf: (index: number) => string): CsvFault {
  const { records, empty_lines, index } = error as unknown as { records: number; empty_lines: number; index: number }
  const at = { row: records + empty_lines + 1, column: nameOf(index) }
  switch (error.code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return new CsvFault('invalid_file', 'A quote is opened and never closed', at)
    case 'CSV_MAX_RECORD_SIZE':
      return new CsvFault('too_large', 'A row is larger than 1 MB; perhaps a quote is opened and never closed', at)
    default:
      // The reader of quoted cells meets a lone carriage return before the check for one does.
      if (error.message.includes('got "\r"')) return new CsvFault('invalid_file', loneReturn, at)
      return new CsvFault(
        'invalid_file',
        'A quote stands in the middle of a cell; quote the whole cell and double it',
        at,
      )
  }
}

function shortName(header: string | undefined): string | undefined {
  const name = header?.trim()
  return name === undefined || name === '' ? undefined : name.slice(0, 60)
}
