import pg from 'pg'

/** Instants are milliseconds since 1970, bigints are exact numbers: every figure of ours is below 2^53. */
const parsers: Record<number, (text: string) => unknown> = {
  20: Number,
  1184: instantOf,
}

/** "2026-11-23 18:41:07.5+00", as PostgreSQL writes it in UTC; what is finer than a millisecond is cut off. */
function instantOf(text: string): number {
  const year = digits(text, 0) * 100 + digits(text, 2)
  const month = digits(text, 5) - 1
  const whole = Date.UTC(year, month, digits(text, 8), digits(text, 11), digits(text, 14), digits(text, 17))
  if (text.length === 22) return whole
  return whole + Number(text.slice(20, -3).padEnd(3, '0').slice(0, 3))
}

const digits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48

const types = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    return parsers[oid] ?? pg.types.getTypeParser(oid, format as 'text')
  },
} as pg.CustomTypesConfig

/** Sent at start-up, not by SET, so that no connection ever runs without them. */
const settings = (extra: Record<string, string>): string =>
  Object.entries({ search_path: 'headroom', timezone: 'UTC', datestyle: 'ISO', ...extra })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ')

/**
 * For lanes: durable commits, bounded waits, and plans that stay good when a prepared statement was planned on an empty table.
 * A server frozen between load and write gives its lock back after 2 s.
 */
const laneSettings = settings({
  synchronous_commit: 'on',
  statement_timeout: '2000',
  lock_timeout: '1500',
  idle_in_transaction_session_timeout: '2000',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  plan_cache_mode: 'force_generic_plan',
})

export async function connectLane(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    options: laneSettings,
    types,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    application_name: 'headroom lane',
  } as pg.ClientConfig)
  // The pending queries are rejected too; without a listener the process would die of the event.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** For everything that does not go through a lane. */
export function readPool(url: string, most = 6): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    options: settings({
      synchronous_commit: 'on',
      statement_timeout: '10000',
      idle_in_transaction_session_timeout: '10000',
      // A page of a large workspace's ledger was found by reading and sorting all of it: 65 ms instead of 1.6.
      enable_bitmapscan: 'off',
    }),
    types,
    max: most,
    pipeline: true,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
    allowExitOnIdle: true,
    application_name: 'headroom read',
  } as pg.PoolConfig)
  pool.on('error', () => {})
  // The pool listens only while a connection is idle; one lost between two statements of a snapshot would end the process.
  pool.on('connect', (client) => void client.on('error', () => {}))
  return pool
}

export async function connectOwner(url: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    options: settings({}),
    types,
    connectionTimeoutMillis: 5_000,
    application_name: 'headroom migrate',
  })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** The server, the network or the pool is the reason, not the statement: nobody's request was wrong. */
export function isLostConnection(code: string, message: string): boolean {
  if (/^(08|57P|53300|25P03|ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EHOSTUNREACH)/.test(code)) return true
  return /Connection terminated|connection error|not queryable|timeout (expired|exceeded)|Client was closed/.test(
    message,
  )
}
