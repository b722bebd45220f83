/** Writes all there is in a database of ours into one file: what backup makes, restore reads, and a move consists of. */
import { createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { connect, rowsOf, Sum, tablesOf } from './tables.ts'

export interface Written {
  tables: number
  rows: number
}

/**
 * One snapshot of everything, while servers work. Lines of JSON, compressed: a head, then each table with its columns, its rows and their
 * sum, then an end that says how many. The file has its name only once it is whole, and only its owner reads it.
 */
export async function writeBooks(databaseUrl: string, file: string): Promise<Written> {
  const client = await connect(databaseUrl)
  const draft = `${file}.${process.pid}`
  const written: Written = { tables: 0, rows: 0 }
  try {
    await client.query('begin isolation level repeatable read read only')
    await pipeline(Readable.from(lines(client, written)), createGzip(), createWriteStream(draft, { mode: 0o600 }))
    await client.query('commit')
    await onDisk(draft)
    await rename(draft, file)
    return written
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  } finally {
    await client.end()
  }
}

/** Whoever finds the file under its name finds all of it, also after the power has failed. */
async function onDisk(file: string): Promise<void> {
  const written = await open(file, 'r+')
  try {
    await written.sync()
  } finally {
    await written.close()
  }
}

async function* lines(client: pg.Client, written: Written): AsyncGenerator<string> {
  const at = await client.query<{ at: Date }>('select transaction_timestamp() as at')
  yield `${JSON.stringify({ headroom: 1, at: at.rows[0]!.at.toISOString() })}\n`
  for (const table of await tablesOf(client)) {
    const sum = new Sum()
    yield `${JSON.stringify({ table: table.name, columns: table.columns })}\n`
    for await (const rows of rowsOf(client, table)) {
      for (const row of rows) sum.add(row)
      yield `${rows.join('\n')}\n`
    }
    written.tables += 1
    written.rows += sum.rows
    yield `${JSON.stringify({ sum: sum.text })}\n`
  }
  yield `${JSON.stringify({ end: written.rows })}\n`
}
