import { join } from 'node:path'
import { takeAppLock } from './app-lock.ts'
import type { AppLock } from './app-lock.ts'
import { installBinaries } from './binaries.ts'
import { openCluster } from './cluster.ts'
import { openDataRoot } from './data-root.ts'
import type { DataRoot } from './data-root.ts'
import { startPostmaster, stopPostmaster } from './postmaster.ts'
import { APP_ROLE, connect, ensureDatabase, ensureRoles, OWNER_ROLE } from './roles.ts'

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
  /** Ends PostgreSQL, waits for it, and frees the directory. Close your own pools first. A repeat waits for the same end. */
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
  const root = openDataRoot(options.dataDir, log)
  const lock = await takeAppLock(root.path, options.appPort)
  try {
    return await start(root, lock, options, log)
  } catch (error) {
    lock.release()
    throw error
  }
}

async function start(
  root: DataRoot,
  lock: AppLock,
  options: LocalPostgresOptions,
  log: (line: string) => void,
): Promise<LocalPostgres> {
  const binaries = installBinaries(root.path)
  const cluster = await openCluster(root, binaries)
  const settings = { ...DEFAULT_SETTINGS, ...options.settings }
  const logFile = join(root.path, 'postgres.log')
  const postmaster = await startPostmaster({ cluster, binaries, logFile, settings, log })

  const { passwords } = cluster
  const database = options.database ?? 'headroom'
  const url = (role: string, password: string, name = database) =>
    `postgresql://${role}:${password}@127.0.0.1:${postmaster.port}/${encodeURIComponent(name)}`
  const admin = await connect(url('postgres', passwords.postgres, 'postgres'), { ssl: false })
  await ensureRoles(admin, passwords)
  await ensureDatabase(admin, database)
  await admin.end()

  let stopping: Promise<void> | undefined
  return {
    url: url(APP_ROLE, passwords.app),
    ownerUrl: url(OWNER_ROLE, passwords.owner),
    adminUrl: url('postgres', passwords.postgres),
    dataRoot: root.path,
    version: binaries.version,
    adopted: postmaster.adopted,
    stop: () => (stopping ??= stopPostmaster(postmaster, cluster.data).finally(() => lock.release())),
  }
}
