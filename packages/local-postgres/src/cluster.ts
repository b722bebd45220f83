import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Account, DataRoot } from './data-root.ts'
import { LocalPostgresError } from './local-postgres-error.ts'
import { makePasswords, readPasswords } from './passwords.ts'
import type { Passwords } from './passwords.ts'

export interface Cluster {
  /** PostgreSQL's own folder inside the data root, belonging to its account. */
  home: string
  data: string
  account: Account | null
  passwords: Passwords
}

const NEW = 'new-'

/**
 * Opens the database cluster of a data root, making it at the first call. It is made under another name and renamed
 * when complete, so a start killed half-way is simply begun again. Another major version is refused, never touched.
 */
export async function openCluster(root: DataRoot, binaries: Binaries): Promise<Cluster> {
  const home = join(root.path, 'postgres')
  const data = join(home, 'data')
  makeFolder(home, root.account)
  const kept = readPasswords(root.path)
  if (existsSync(data)) {
    refuseOtherMajor(data, binaries)
    if (!kept) {
      throw new LocalPostgresError(
        `The passwords of the database in ${root.path} are gone: put database-passwords.json back, or move ${home} away to begin anew.`,
      )
    }
    return { home, data, account: root.account, passwords: kept }
  }
  const cluster = { home, data, account: root.account, passwords: kept ?? makePasswords(root.path) }
  await makeCluster(cluster, binaries)
  return cluster
}

/** The environment of PostgreSQL's processes: nothing of ours, for PGDATA and its kin would change what they do. */
export const POSTGRES_ENVIRONMENT = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' }

async function makeCluster({ home, data, account, passwords }: Cluster, binaries: Binaries): Promise<void> {
  for (const name of readdirSync(home)) {
    if (name.startsWith(NEW)) rmSync(join(home, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
  const fresh = join(home, NEW + randomBytes(6).toString('hex'))
  makeFolder(fresh, account)
  const passwordFile = join(fresh, 'password')
  writeFileSync(passwordFile, passwords.postgres, { mode: 0o600 })
  if (account) chownSync(passwordFile, account.uid, account.gid)
  await runInitdb(binaries, join(fresh, 'data'), passwordFile, account)
  renameSync(join(fresh, 'data'), data)
  rmSync(fresh, { recursive: true, force: true })
}

async function runInitdb(
  binaries: Binaries,
  data: string,
  passwordFile: string,
  account: Account | null,
): Promise<void> {
  // The built-in locale sorts the same on every machine and needs none of the system's.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const child = spawn(join(binaries.folder, 'initdb'), ['-D', data, ...login, ...locale, '--no-sync'], {
    ...account,
    cwd: '/',
    env: POSTGRES_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const failure = await new Promise<string | null>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(cannotRun(error)))
    child.once('close', (code) => resolve(code === 0 ? null : said.trim().replaceAll('\n', ' ')))
  })
  if (failure !== null) throw new LocalPostgresError(`PostgreSQL could not make its data directory: ${failure}`)
}

/** The file is there, so ENOENT speaks of its loader: the binaries are made for glibc. */
export function cannotRun(error: NodeJS.ErrnoException): string {
  if (error.code !== 'ENOENT') return `${error.message}.`
  return 'the binaries do not run on this system (they need glibc 2.27 or newer): set DATABASE_URL to a PostgreSQL 15 or newer instead.'
}

function makeFolder(path: string, account: Account | null): void {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (account) chownSync(path, account.uid, account.gid)
}

function refuseOtherMajor(data: string, binaries: Binaries): void {
  const found = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim()
  if (found === binaries.major) return
  throw new LocalPostgresError(
    `The database in ${data} is of PostgreSQL ${found}, this program brings PostgreSQL ${binaries.major}: run it with a PostgreSQL ${found} through DATABASE_URL, or set HEADROOM_DATA_DIR to another directory.`,
  )
}
