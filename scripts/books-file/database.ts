/** Which database a command is about: the one DATABASE_URL names, or the embedded one, running or not. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LocalPostgresError, startLocalPostgres } from '@headroom/local-postgres'
import type { Config } from '@headroom/server'

export interface Opened {
  /** May read and fill every table. */
  url: string
  /** Who works on it, and is granted what a server needs. */
  role: string
  /** Where secrets are kept that go with it. */
  dataDir: string
  stop(): Promise<void>
}

export async function openDatabase({ databaseUrl, dataDir, port }: Config): Promise<Opened> {
  const stop = () => Promise.resolve()
  if (databaseUrl !== null) return { url: databaseUrl, role: roleOf(databaseUrl), dataDir, stop }
  try {
    const postgres = await startLocalPostgres({ dataDir, appPort: port, log: () => {} })
    return { url: postgres.ownerUrl, role: roleOf(postgres.url), dataDir, stop: () => postgres.stop() }
  } catch (error) {
    const running = error instanceof LocalPostgresError ? runningIn(dataDir) : null
    if (running === null) throw error
    return { url: running, role: roleOf(running), dataDir, stop }
  }
}

const roleOf = (url: string): string => decodeURIComponent(new URL(url).username)

/** The server that has the directory has written down how to reach its PostgreSQL; null where it is not there. */
function runningIn(dataDir: string): string | null {
  try {
    const { owner } = JSON.parse(readFileSync(join(dataDir, 'database-passwords.json'), 'utf8')) as { owner: string }
    const port = readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[3]
    return `postgresql://headroom_owner:${owner}@127.0.0.1:${port}/headroom`
  } catch {
    return null
  }
}
