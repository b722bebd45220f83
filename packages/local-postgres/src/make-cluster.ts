import { randomBytes } from 'node:crypto'
import { chownSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Binaries } from './binaries.ts'
import type { Cluster } from './cluster.ts'
import { LocalPostgresError } from './local-postgres-error.ts'
import { cannotRun, spawnPostgres } from './postgres-process.ts'
import { forgetUnsynced, isUnsynced, knowsBoots, noteUnsynced, syncFolder } from './unsynced.ts'

const UNFINISHED = 'new-'

/**
 * Makes the data directory of a cluster. It grows under another name and is renamed when complete, so a start killed
 * half-way leaves no trace under the final name and is simply begun again. `durable` makes it survive a power loss: at once, or
 * noted beside it (unsynced.ts) and brought to disk by syncCluster.
 */
export async function makeCluster(cluster: Cluster, binaries: Binaries, durable: boolean): Promise<void> {
  const { home, account } = cluster
  removeUnfinished(home)
  const folder = join(home, UNFINISHED + randomBytes(6).toString('hex'))
  const data = join(folder, 'data')
  const passwordFile = join(folder, 'password')
  mkdirSync(folder, { mode: 0o700 })
  writeFileSync(passwordFile, cluster.passwords.postgres, { mode: 0o600 })
  if (account) for (const path of [folder, passwordFile]) chownSync(path, account.uid, account.gid)

  // The built-in locale sorts the same on every machine and needs none of the system's.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
  const login = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`]
  const isSyncedLater = durable && knowsBoots
  await initdb(cluster, binaries, [
    '-D',
    data,
    ...locale,
    ...login,
    ...(durable && !isSyncedLater ? [] : ['--no-sync']),
  ])
  if (isSyncedLater) noteUnsynced(home)
  renameSync(data, cluster.data)
  if (durable) for (const path of [home, folder]) syncFolder(path)
  rmSync(folder, { recursive: true, force: true })
}

/** What was made, or left unsynced by a start that was killed, survives a power loss once this resolves. PostgreSQL may run meanwhile. */
export async function syncCluster(cluster: Cluster, binaries: Binaries): Promise<void> {
  if (!isUnsynced(cluster.home)) return
  await initdb(cluster, binaries, ['-D', cluster.data, '--sync-only'])
  forgetUnsynced(cluster.home)
}

async function initdb({ account }: Cluster, binaries: Binaries, flags: string[]): Promise<void> {
  const child = spawnPostgres({ binaries, name: 'initdb', arguments: flags, account, errors: 'pipe' })
  let said = ''
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said += text))
  const failure = await new Promise<string | null>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => resolve(cannotRun(error)))
    child.once('close', (code) => resolve(code === 0 ? null : said.trim().replaceAll('\n', ' ')))
  })
  if (failure !== null) throw new LocalPostgresError(`PostgreSQL could not make its data directory: ${failure}.`)
}

/** An initdb whose app was killed may still be writing: what cannot be removed now is removed next time. */
function removeUnfinished(home: string): void {
  for (const name of readdirSync(home)) {
    if (!name.startsWith(UNFINISHED)) continue
    try {
      rmSync(join(home, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
    } catch {
      continue
    }
  }
}
