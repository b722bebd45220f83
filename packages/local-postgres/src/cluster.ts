import { chownSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Account, DataRoot } from './data-root.ts'
import { LocalPostgresError } from './local-postgres-error.ts'
import { makeCluster } from './make-cluster.ts'
import { makePasswords, readPasswords } from './passwords.ts'
import type { Passwords } from './passwords.ts'
import { mayHaveHoles } from './unsynced.ts'

/** PostgreSQL's data directory with what it takes to run and enter it. */
export interface Cluster {
  /** PostgreSQL's own folder inside the data root, belonging to its account. */
  home: string
  data: string
  account: Account | null
  passwords: Passwords
}

/** Opens the cluster of a data root, making it at the first call. One of another major version is refused, never touched. */
export async function openCluster(root: DataRoot, binaries: Binaries, options: { durable: boolean }): Promise<Cluster> {
  const { path, account } = root
  const home = join(path, 'postgres')
  const data = join(home, 'data')
  const kept = readPasswords(path)
  if (mayHaveHoles(home)) rmSync(data, { recursive: true, force: true })
  if (existsSync(data)) {
    refuseOtherMajor(data, binaries)
    if (kept) return { home, data, account, passwords: kept }
    throw new LocalPostgresError(
      `The passwords of the database in ${path} are gone: put database-passwords.json back, or move ${home} away to begin anew.`,
    )
  }
  mkdirSync(home, { recursive: true, mode: 0o700 })
  if (account) chownSync(home, account.uid, account.gid)
  const cluster = { home, data, account, passwords: kept ?? makePasswords(path) }
  await makeCluster(cluster, binaries, options.durable)
  return cluster
}

function refuseOtherMajor(data: string, binaries: Binaries): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (found === binaries.major) return
  throw new LocalPostgresError(
    `The database in ${data} is of PostgreSQL ${found}, this program brings PostgreSQL ${binaries.major}: reach it through a DATABASE_URL of PostgreSQL ${found}, or set HEADROOM_DATA_DIR to another directory.`,
  )
}
