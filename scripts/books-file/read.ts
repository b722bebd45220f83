/** Brings a file of writeBooks into a database whose tables are there and empty. */
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import type pg from 'pg'
import { BooksFileError } from './books-file-error.ts'
import { mustBeEmpty } from './only-empty.ts'
import { connect, rowsOf, Sum, tablesOf, type Table } from './tables.ts'

export interface Read {
  /** When the copy was made. */
  at: string
  tables: number
  rows: number
}

const rowsAtOnce = 500

/**
 * All or nothing, in one transaction; then reads everything back and compares its sums with the file's. Throws BooksFileError for a file
 * that is not whole, a table or column that is not there, and a database that is in use already.
 */
export async function readBooks(databaseUrl: string, file: string): Promise<Read> {
  const client = await connect(databaseUrl)
  try {
    await client.query('begin')
    const there = new Map((await tablesOf(client)).map((table) => [table.name, table]))
    await mustBeEmpty(client)
    await clear(client, [...there.keys()])
    const { at, sums } = await fill(client, file, there)
    let rows = 0
    for (const [table, sum] of sums) {
      const found = new Sum()
      for await (const lines of rowsOf(client, table)) for (const line of lines) found.add(line)
      if (found.text !== sum) throw new BooksFileError(`${table.name} came to ${found.text} and not to ${sum}.`)
      rows += found.rows
    }
    // Whoever plans a query afterwards knows what is there.
    await client.query(`analyze ${[...sums.keys()].map(({ name }) => name).join(', ')}`)
    await client.query('commit')
    return { at, tables: sums.size, rows }
  } finally {
    // What was not committed is gone with the connection.
    await client.end()
  }
}

/** What programs put into their own tables when they make them comes from the file; what may never be deleted is empty. */
async function clear(client: pg.Client, tables: string[]): Promise<void> {
  for (const name of tables.toReversed()) {
    const { rows } = await client.query<{ may: boolean }>(
      `select has_table_privilege(current_user, $1::regclass, 'delete') as may`,
      [name],
    )
    if (rows[0]!.may) await client.query(`delete from ${name}`)
  }
}

async function fill(client: pg.Client, file: string, there: Map<string, Table>) {
  const sums = new Map<Table, string>()
  let at: string | null = null
  let end: number | null = null
  let table: Table | null = null
  let waiting: string[] = []
  let rows = 0
  const put = async () => {
    if (table && waiting.length > 0) await insert(client, table, waiting)
    waiting = []
  }
  for await (const line of linesOf(file)) {
    if (table && !line.startsWith('{"sum":')) {
      rows += 1
      if (waiting.push(line) === rowsAtOnce) await put()
      continue
    }
    const said = saidIn(line, file)
    if (at === null) at = beginningOf(said, file)
    else if (said.table !== undefined) table = tableOf(there, said.table, said.columns ?? [])
    else if (said.end !== undefined) end = said.end
    else if (table && said.sum !== undefined) {
      await put()
      await goOn(client, table)
      sums.set(table, said.sum)
      table = null
    } else throw new BooksFileError(`${file} is damaged.`)
  }
  if (at === null || end !== rows) throw new BooksFileError(`${file} is not whole.`)
  return { at, sums }
}

interface Said {
  headroom?: number
  at?: string
  table?: string
  columns?: string[]
  sum?: string
  end?: number
}

function saidIn(line: string, file: string): Said {
  try {
    return JSON.parse(line) as Said
  } catch {
    throw new BooksFileError(`${file} is no file of npm run backup, or damaged.`)
  }
}

/** When the copy was made, from its head. */
function beginningOf({ headroom, at }: Said, file: string): string {
  if (headroom === 1 && at !== undefined) return at
  if (headroom !== undefined) throw new BooksFileError(`${file} is of a newer version: restore it with that one.`)
  throw new BooksFileError(`${file} is no file of npm run backup.`)
}

/** Lines as they come; a file that is cut off or damaged ends them, and is told then. */
async function* linesOf(file: string): AsyncGenerator<string> {
  let fault: Error | null = null
  const unpacked = createGunzip().on('error', (error) => (fault = error))
  const packed = createReadStream(file).on('error', (error) => unpacked.destroy(error))
  let rest = ''
  try {
    for await (const text of packed.pipe(unpacked).setEncoding('utf8')) {
      // Only this ends a line: what else separates lines may stand in what people have written.
      const lines = (rest + text).split('\n')
      rest = lines.pop()!
      yield* lines
    }
  } catch (error) {
    fault = error as Error
  }
  if (fault) throw new BooksFileError(`${file} cannot be read: ${(fault as Error).message}.`)
}

function tableOf(there: Map<string, Table>, name: string, columns: string[]): Table {
  const found = there.get(name)
  const missing = found ? columns.filter((column) => !found.columns.includes(column)) : columns
  if (!found || missing.length > 0) {
    throw new BooksFileError(`The database has no ${name} with ${missing.join(', ')}: it is of an older version.`)
  }
  return { name, columns }
}

async function insert(client: pg.Client, { name, columns }: Table, lines: string[]): Promise<void> {
  const list = columns.join(', ')
  await client.query(
    `insert into ${name} (${list}) overriding system value
     select ${list} from json_populate_recordset(null::${name}, $1::json)`,
    [`[${lines.join(',')}]`],
  )
}

/** Numbers that the database gives out go on behind those that are taken. */
async function goOn(client: pg.Client, { name, columns }: Table): Promise<void> {
  for (const column of columns) {
    const { rows } = await client.query<{ sequence: string | null }>(
      `select pg_get_serial_sequence($1, $2) as sequence`,
      [name, column.replaceAll('"', '')],
    )
    const [{ sequence } = { sequence: null }] = rows
    if (sequence !== null)
      await client.query(`select setval($1::regclass, greatest(1, (select max(${column}) from ${name})))`, [sequence])
  }
}
