/** Which database a command is about: the one DATABASE_URL names, or the embedded one, running or not. */
import { LocalPostgresError, runningPostgres, startLocalPostgres } from '@headroom/local-postgres'
import type { Config } from '@headroom/server'

export interface Opened {
  /** What a server connects with. */
  databaseUrl: string
  /** May read and fill every table. */
  ownerUrl: string
  /** Where secrets are kept that go with it. */
  dataDir: string
  stop: () => Promise<void>
}

export async function openDatabase({ databaseUrl, dataDir, port }: Config): Promise<Opened> {
  const stop = () => Promise.resolve()
  if (databaseUrl !== null) return { databaseUrl, ownerUrl: databaseUrl, dataDir, stop }
  try {
    const postgres = await startLocalPostgres({ dataDir, appPort: port, log: () => {} })
    return { databaseUrl: postgres.url, ownerUrl: postgres.ownerUrl, dataDir, stop: () => postgres.stop() }
  } catch (error) {
    const running = error instanceof LocalPostgresError ? runningPostgres(dataDir) : null
    if (running === null) throw error
    return { databaseUrl: running.url, ownerUrl: running.ownerUrl, dataDir, stop }
  }
}
