import { defineCatalog, type Answer, type Catalog, type Operation } from '@headroom/core'
import type pg from 'pg'
import { availableParallelism } from 'node:os'
import { auditBeside } from './audit.ts'
import { Clock } from './clock.ts'
import { connectOwner, isLostConnection, readPool } from './connection.ts'
import { Customers } from './customers.ts'
import { Directory } from './directory.ts'
import { explain } from './explain.ts'
import { Flights } from './flights.ts'
import { history } from './history.ts'
import { Inbox } from './inbox.ts'
import type { EngineInterface, EngineOptions, Submission } from './interface.ts'
import { Lane } from './lane.ts'
import { RunningClock, StandingClock } from './lane-clock.ts'
import { loadStatements, realClock, testClock } from './load.ts'
import { writeStatements } from './write.ts'
import { migrate, MigrationError } from './migrate.ts'
import { balancesAt } from './past.ts'
import { Purchases } from './purchases.ts'
import { Reader } from './reader.ts'
import { requestHash } from './request-hash.ts'
import { Sealer } from './sealer.ts'
import { Spread } from './spread.ts'
import { Sweeper } from './sweeper.ts'
import type { Catalogs } from './transaction.ts'
import { mint } from './uuid-v7.ts'
import { unavailable } from './unavailable.ts'
import { Watch } from './watch.ts'

/** Server and database may disagree by this much before the process calls itself not ready. */
const clockSkewMost = 5 * 60_000

/** Migrates the database, stores the catalog, and opens the lanes. Any number of engines may share a database. */
export async function startEngine(options: EngineOptions): Promise<EngineInterface> {
  const { databaseUrl, catalog, testClock: test = false, log = () => {} } = options
  const owner = await connectOwner(options.ownerUrl ?? databaseUrl)
  try {
    const applied = await migrate(owner, decodeURIComponent(new URL(databaseUrl).username))
    for (const name of applied) log('info', `Applied migration ${name}`)
  } finally {
    await owner.end()
  }
  const pool = readPool(databaseUrl)
  const door = readPool(databaseUrl, 2)
  try {
    const clock = test ? testClock : realClock
    const catalogs = await catalogShelf(pool, catalog)
    return engine(options, { pool, door }, clock, catalogs)
  } catch (error) {
    await Promise.all([pool.end(), door.end()])
    throw error
  }
}

/** The catalog file becomes an immutable row; the same version with another content is refused. */
async function catalogShelf(pool: pg.Pool, catalog: Catalog): Promise<Catalogs> {
  const body = JSON.stringify(catalog)
  const { rows } = await pool.query<{ same: boolean }>(
    `with added as (insert into catalogs (version, body, created_at) values ($1, $2::jsonb, now()) on conflict do nothing returning 1)
     select coalesce((select body = $2::jsonb from catalogs where version = $1), true) as same`,
    [catalog.version, body],
  )
  if (!rows[0]!.same) {
    throw new MigrationError(
      `Catalog version ${catalog.version} is stored with other content. Give a changed catalog a new version.`,
    )
  }
  const byVersion = new Map([[catalog.version, catalog]])
  return {
    current: catalog.version,
    byVersion,
    async ensure(versions) {
      const missing = [...versions].filter((version) => !byVersion.has(version))
      if (missing.length === 0) return
      const found = await pool.query<{ version: string; body: Parameters<typeof defineCatalog>[0] }>(
        'select version, body from catalogs where version = any($1::text[])',
        [missing],
      )
      for (const row of found.rows) byVersion.set(row.version, defineCatalog(row.body))
    },
  }
}

interface Pools {
  /** For everything that only reads, and for the few tables outside the books. */
  pool: pg.Pool
  /** For what must not wait behind all that: who asks, what the payment provider sends, and whether the database answers. */
  door: pg.Pool
}

function engine(options: EngineOptions, { pool, door }: Pools, clockSql: string, catalogs: Catalogs): EngineInterface {
  const { catalog, log = () => {} } = options
  const statements = { ...loadStatements(clockSql), ...writeStatements(clockSql) }
  const watch = new Watch(pool)
  const clock = new Clock(door, clockSql, options.testClock ?? false)
  const now = () => clock.now()
  const reader = new Reader(pool, statements, catalogs)
  const directory = new Directory(door, now)
  const laneCount = options.lanes ?? Math.max(2, Math.min(availableParallelism(), 4))
  const busy = new Set<Flights>()
  const lanes = Array.from(
    { length: laneCount },
    () =>
      new Lane({
        url: options.databaseUrl,
        statements,
        catalogs,
        clock: options.testClock ? new StandingClock() : new RunningClock(),
        busy,
        log,
        onCommit: (workspaces) => watch.onCommit(workspaces),
      }),
  )
  const laneOf = (workspace: string): Lane => lanes[hash(workspace) % lanes.length]!
  const submit = (submission: Submission): Promise<Answer> => {
    // Completed in place: a copy of each was a twentieth of the process's time.
    const operation = submission as Operation
    operation.request = requestHash(submission)
    return laneOf(operation.workspace).submit(operation)
  }
  const settle = (workspace: string): Promise<Answer> =>
    submit({ op: 'settle', workspace, key: null, requestId: mint('req'), actor: 'headroom', viewer: 'admin' })
  /** The ledger is read as written: what is due is booked first. */
  const settleIfDue = async (workspace: string): Promise<void> => {
    const { rows } = await pool.query(`select 1 from workspaces where workspace_id = $1 and wake_at <= ${clockSql}`, [
      workspace,
    ])
    if (rows.length > 0) await settle(workspace)
  }
  let isStopping = false
  const sweeper = new Sweeper(pool, clockSql, settle)
  if (options.sweeper ?? true) sweeper.start()
  const sealer = new Sealer(pool, log)
  if (options.sealer ?? true) sealer.start()

  return {
    catalog,
    purchases: new Purchases(pool),
    customers: new Customers(pool),
    inbox: new Inbox(door),
    submit,
    check: (workspace, lines, viewer, requestId) => reading(reader.check(workspace, lines, viewer, requestId)),
    workspace: (workspace) => reading(reader.workspace(workspace)),
    look: (workspace, rule) => reading(reader.look(workspace, rule)),
    usage: (workspace) => reading(reader.usage(workspace)),
    reservation: (workspace, id) => reading(reader.reservation(workspace, id)),
    reservations: (workspace, query) => reading(reader.reservations(workspace, query)),
    ledger: (workspace, query) => reading(settleIfDue(workspace).then(() => reader.ledger(workspace, query))),
    balances(workspace, at) {
      if (at === null) return reading(reader.balancesNow(workspace))
      return reading(settleIfDue(workspace).then(() => balancesAt(reader, workspace, at)))
    },
    explain: (workspace, meter) => reading(explain(reader, { workspace, meter }, settleIfDue)),
    history: (workspace, meter) => reading(settleIfDue(workspace).then(() => history(reader, workspace, meter))),
    watch: (workspace, onVersion) => watch.watch(workspace, onVersion),
    authenticate: (secret) => reading(directory.authenticate(secret)),
    createKey: (input) => writing(directory.createKey(input)),
    ensureKey: (secret, name) => writing(directory.ensureKey(secret, name)),
    keys: () => reading(directory.keys()),
    deleteKey: (id) => writing(directory.deleteKey(id)),
    createToken: (input) => writing(directory.createToken(input)),
    endTokens: (workspace, viewerId) => writing(directory.endTokens(workspace, viewerId)),
    now: () => reading(now()),
    setTestClock: (change) => writing(clock.set(change)),
    async ready() {
      try {
        const { rows } = await door.query<{ now: number }>('select statement_timestamp() as now')
        const skew = Math.abs(rows[0]!.now - Date.now())
        if (skew > clockSkewMost)
          return { ok: false, why: `The clocks of server and database differ by ${Math.round(skew / 1000)} s.` }
        return { ok: true }
      } catch {
        return { ok: false, why: 'The database does not answer.' }
      }
    },
    async metrics() {
      const { rows } = await pool.query<{ overdue: number; snapshot: number; bytes: number }>(
        `select (select count(*) from (select 1 from workspaces where wake_at <= ${clockSql} - interval '1 minute' limit 1000) w)::int as overdue,
                coalesce((select max(age(backend_xmin)) from pg_stat_activity), 0)::int as snapshot,
                pg_database_size(current_database()) as bytes`,
      )
      const total = (figure: (lane: Lane) => number) => lanes.reduce((sum, lane) => sum + figure(lane), 0)
      return {
        operations_total: total(({ figures }) => figures.operations),
        batches_total: total(({ figures }) => figures.batches),
        batch_reads_total: total(({ figures }) => figures.reads),
        batch_retries_total: total(({ figures }) => figures.retries),
        reconnects_total: total(({ figures }) => figures.reconnects),
        refused_full_total: total(({ queue }) => queue.figures.refusedFull),
        refused_late_total: total(({ queue }) => queue.figures.refusedLate),
        swept_total: sweeper.swept,
        queue_depth: total(({ queue }) => queue.size),
        workspaces_overdue_a_minute: rows[0]!.overdue,
        oldest_snapshot_transactions: rows[0]!.snapshot,
        database_bytes: rows[0]!.bytes,
        reads_waiting: pool.waitingCount,
        ...Spread.figures(
          'queue_wait_seconds',
          lanes.map(({ figures }) => figures.waits),
        ),
        ...Spread.figures(
          'batch_size',
          lanes.map(({ figures }) => figures.sizes),
        ),
      }
    },
    audit: () => auditBeside((work) => reader.snapshot(work), { isOver: () => isStopping }),
    seal: () => writing(sealer.seal()),
    async stop() {
      isStopping = true
      await Promise.all([sweeper.stop(), sealer.stop()])
      await Promise.all(lanes.map((lane) => lane.stop()))
      watch.stop()
      await Promise.all([pool.end(), door.end()])
    },
  }
}

/** What does not go through a lane says the same when the database is away. */
const reading = <T>(work: Promise<T>): Promise<T> => orUnavailable(work, 'nothing_happened')
const writing = <T>(work: Promise<T>): Promise<T> => orUnavailable(work, 'unknown')

async function orUnavailable<T>(work: Promise<T>, outcome: 'nothing_happened' | 'unknown'): Promise<T> {
  try {
    return await work
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string }
    if (isLostConnection(code, message)) throw unavailable(outcome, 'The database is out of reach.')
    throw error
  }
}

/** FNV-1a: the same workspace always takes the same lane. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193)
  return value >>> 0
}
