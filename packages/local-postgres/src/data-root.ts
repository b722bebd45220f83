import { createHash } from 'node:crypto'
import { accessSync, chmodSync, constants, mkdirSync, readFileSync, realpathSync, statSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { LocalPostgresError } from './local-postgres-error.ts'

/** The system account PostgreSQL runs as; null: the one we run as ourselves. */
export interface Account {
  uid: number
  gid: number
}

export interface DataRoot {
  path: string
  account: Account | null
}

const VAR_ROOT = '/var/lib/headroom'

/**
 * Makes the data directory and says who runs PostgreSQL in it. PostgreSQL refuses to run as root, so for root an
 * unprivileged account takes that part: the directory becomes traversable (0711) and stays root's. Where that account
 * cannot come through a parent (say, under /root), a directory under /var/lib stands in, always the same for the same path.
 */
export function openDataRoot(dataDir: string, log: (line: string) => void): DataRoot {
  const wanted = resolve(dataDir)
  return process.getuid?.() === 0 ? openAsRoot(wanted, log) : openAsUser(wanted)
}

function openAsUser(wanted: string): DataRoot {
  try {
    userInfo()
  } catch {
    throw new LocalPostgresError(
      `The current user id has no entry in the system's account list, which PostgreSQL needs: set DATABASE_URL to a PostgreSQL 15 or newer instead.`,
    )
  }
  mkdirSync(wanted, { recursive: true, mode: 0o700 })
  accessSync(wanted, constants.R_OK | constants.W_OK | constants.X_OK)
  return { path: realpathSync(wanted), account: null }
}

function openAsRoot(wanted: string, log: (line: string) => void): DataRoot {
  makeTraversable(wanted)
  let path = realpathSync(wanted)
  const account = ownerOfCluster(path) ?? unprivilegedAccount()
  const barred = parentsOf(path).find((parent) => !mayEnter(parent, account))
  if (barred !== undefined) {
    path = join(VAR_ROOT, createHash('sha256').update(path).digest('hex').slice(0, 16))
    log(`${barred} is closed to the account PostgreSQL runs as: data is kept in ${path}`)
    makeTraversable(path)
    return { path, account: ownerOfCluster(path) ?? account }
  }
  // A directory of the account's own user is left as that user wants it.
  if (statSync(path).uid !== account.uid) chmodSync(path, 0o711)
  return { path, account }
}

/** Existing directories keep their mode, except the last; the ones made here can be entered, whatever the umask. */
function makeTraversable(path: string): void {
  const first = mkdirSync(path, { recursive: true })
  for (let made = path; first !== undefined && made.length >= first.length; made = dirname(made)) chmodSync(made, 0o711)
}

/** An existing cluster keeps its owner: accounts come and go, and PostgreSQL insists on owning its files. */
function ownerOfCluster(root: string): Account | null {
  const stat = statSync(join(root, 'postgres'), { throwIfNoEntry: false })
  return stat && stat.uid !== 0 ? { uid: stat.uid, gid: stat.gid } : null
}

function unprivilegedAccount(): Account {
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? []
    // macOS writes -2 for nobody.
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid) >>> 0, gid: Number(gid) >>> 0 }
  }
  throw new LocalPostgresError(
    `PostgreSQL cannot run as root and there is no account named postgres or nobody: run as another user, or set DATABASE_URL to a PostgreSQL 15 or newer.`,
  )
}

function parentsOf(path: string): string[] {
  const parents: string[] = []
  for (let at = path; dirname(at) !== at;) parents.unshift((at = dirname(at)))
  return parents
}

function mayEnter(path: string, account: Account): boolean {
  const { mode, uid, gid } = statSync(path)
  if (uid === account.uid) return (mode & 0o100) !== 0
  if (gid === account.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}
