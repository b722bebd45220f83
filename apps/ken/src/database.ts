/** Ken's own PostgreSQL connection: one pool, one way to run a transaction, one way to make an id. */
import { randomBytes } from 'node:crypto'
import pg from 'pg'

export type Database = pg.Pool
/** Whatever can run one statement: the pool, or the connection of a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>
}

export type Log = (level: 'debug' | 'info' | 'warn' | 'error', fields: Record<string, unknown>, message: string) => void

/** Opens the pool. A connection that dies while idle is logged and replaced; without a listener it would end the process. */
export function openDatabase(url: string, log: Log): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: 10_000,
    // Signing in costs more than a connection that waits: what comes every few seconds finds one.
    idleTimeoutMillis: 60_000,
    application_name: 'ken',
    options: '-c timezone=UTC -c statement_timeout=30000 -c idle_in_transaction_session_timeout=30000',
  })
  pool.on('error', (error) => log('warn', { error: error.message }, 'a database connection was lost'))
  // The pool listens only while a connection is idle; one lost between two statements of a transaction would end the process.
  pool.on('connect', (connection) => void connection.on('error', () => {}))
  return pool
}

/** Runs `work` in one transaction on one connection; anything it throws rolls the whole back. */
export async function transaction<Result>(
  database: Database,
  work: (connection: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const connection = await database.connect()
  let broken = false
  try {
    await connection.query('begin')
    const result = await work(connection)
    await connection.query('commit')
    return result
  } catch (error) {
    // When even the rollback fails the connection is of no further use, and the server ends the transaction with it.
    await connection.query('rollback').catch(() => (broken = true))
    throw error
  } finally {
    connection.release(broken)
  }
}

/** A new id: its prefix and a UUIDv7, so that ids sort by the instant they were made. */
export function newId(prefix: string): string {
  const bytes = randomBytes(16)
  bytes.writeUIntBE(Date.now(), 0, 6)
  bytes[6] = (bytes[6]! & 0x0f) | 0x70
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return `${prefix}_${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** The database cannot be asked now: gone, going, starting, full, or too slow. Nothing is wrong with what was asked. */
export function isOutOfReach(error: unknown): boolean {
  const { code = '', message = '' } = error as { code?: unknown; message?: unknown }
  return (
    /^(?:08...|53...|57...|ECONN\w+|EPIPE|ETIMEDOUT)$/.test(String(code)) ||
    /^(?:Connection terminated|timeout exceeded)/.test(String(message))
  )
}
