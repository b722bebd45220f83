import { join } from 'node:path'
import { takeAppLock } from './app-lock.ts'
import type { AppLock } from './app-lock.ts'
import { installBinaries, removeOtherBinaries } from './binaries.ts'
import { openCluster } from './cluster.ts'
import { openDataRoot } from './data-root.ts'
import type { DataRoot } from './data-root.ts'
import { keepRunning } from './keep-running.ts'
import { syncCluster } from './make-cluster.ts'
import { LocalPostgresError } from './local-postgres-error.ts'
import { startPostmaster, stopPostmaster } from './postmaster.ts'
import type { Passwords } from './passwords.ts'
import { APP_ROLE, connect, DATABASE, ensureDatabase, ensureRoles, localUrl, OWNER_ROLE } from './roles.ts'

export interface LocalPostgres {
  /** For the application: the role `headroom`, which may do what migrations grant it. */
  url: string
  /** For migrations: the role `headroom_owner`, which owns the database. */
  ownerUrl: string
  /** The superuser. */
  adminUrl: string
  /** The directory really used; secrets may be kept beside the database in files of mode 0600. */
  dataRoot: string
  version: string
  /** True when a PostgreSQL left behind by a killed app was found running and taken over with its settings. */
  adopted: boolean
  /**
   * Ends PostgreSQL, waits for it, and frees the directory; a repeat waits for the same end. Close your own pools first:
   * whoever is still connected (say, a psql) is disconnected and its open transaction rolled back, because with one
   * app for each directory nothing else may keep the server alive.
   */
  stop(): Promise<void>
}

export interface LocalPostgresOptions {
  dataDir: string
  /** Default `headroom`. */
  database?: string
  /** PostgreSQL settings over the defaults, e.g. fsync off for tests. */
  settings?: Record<string, string>
  /** The app's HTTP port, told to whoever tries to open the same directory. */
  appPort?: number
  log?: (line: string) => void
}

const DEFAULT_SETTINGS = {
  listen_addresses: '127.0.0.1',
  // Socket paths have a length limit that data directories do not keep; TCP serves every client library alike.
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '256MB',
  fsync: 'on',
  synchronous_commit: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_checkpoints: 'off',
  log_line_prefix: '%m [%p] ',
  jit: 'off',
}

/**
 * Starts the PostgreSQL of a data directory, making both at the first call, and promises that no other app uses it
 * until stop(). Throws a LocalPostgresError, one line with exit code 2, when the directory is taken or cannot be used.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const log = options.log ?? (() => {})
  let lock: AppLock | undefined
  try {
    const root = openDataRoot(options.dataDir, log)
    lock = await takeAppLock(root.path, options.appPort)
    return await start(root, lock, options, log)
  } catch (error) {
    lock?.release()
    throw asRefusal(error, options.dataDir)
  }
}

/** A full disk, a missing permission: the system's own words, on one line. */
function asRefusal(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error
  return new LocalPostgresError(
    `Cannot use the data directory ${dataDir}: ${error.message}. Set HEADROOM_DATA_DIR to another one, or DATABASE_URL to a PostgreSQL 15 or newer.`,
    { cause: error },
  )
}

async function start(
  root: DataRoot,
  lock: AppLock,
  options: LocalPostgresOptions,
  log: (line: string) => void,
): Promise<LocalPostgres> {
  const binaries = installBinaries(root.path)
  const settings = { ...DEFAULT_SETTINGS, ...options.settings }
  const cluster = await openCluster(root, binaries, { durable: settings.fsync !== 'off' })
  const postmasterOptions = { cluster, binaries, logFile: join(root.path, 'postgres.log'), settings, log }
  const postmaster = await startPostmaster(postmasterOptions)
  if (!postmaster.adopted) removeOtherBinaries(root.path, binaries)

  const { passwords } = cluster
  const { database } = options
  const url = (role: string, password: string, name = database) => localUrl(postmaster.port, role, password, name)
  try {
    // Side by side; nobody is told of this PostgreSQL before its files are on disk.
    await Promise.all([
      syncCluster(cluster, binaries),
      prepare(url('postgres', passwords.postgres, 'postgres'), passwords, database ?? DATABASE),
    ])
  } catch (error) {
    await stopPostmaster(postmaster, cluster.data)
    throw error
  }

  const kept = keepRunning(postmaster, postmasterOptions)
  let stopping: Promise<void> | undefined
  return {
    url: url(APP_ROLE, passwords.app),
    ownerUrl: url(OWNER_ROLE, passwords.owner),
    adminUrl: url('postgres', passwords.postgres),
    dataRoot: root.path,
    version: binaries.version,
    adopted: postmaster.adopted,
    stop: () => (stopping ??= kept.stop().finally(() => lock.release())),
  }
}

async function prepare(adminUrl: string, passwords: Passwords, database: string): Promise<void> {
  const admin = await connect(adminUrl, { ssl: false })
  try {
    await ensureRoles(admin, passwords)
    await ensureDatabase(admin, database)
  } finally {
    await admin.end()
  }
}
