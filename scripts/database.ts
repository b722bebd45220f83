import { startLocalPostgres } from '@headroom/local-postgres'
import type { Config } from '@headroom/server'

export interface OpenDatabase {
  urls: { databaseUrl: string; ownerUrl?: string }
  stop: () => Promise<void>
}

/** The database that the server uses: the one DATABASE_URL names, else the embedded one, started where it does not run. */
export async function openDatabase({ databaseUrl, dataDir, port }: Config): Promise<OpenDatabase> {
  if (databaseUrl !== null) return { urls: { databaseUrl }, stop: () => Promise.resolve() }
  const postgres = await startLocalPostgres({ dataDir, appPort: port, log: () => {} })
  return { urls: { databaseUrl: postgres.url, ownerUrl: postgres.ownerUrl }, stop: () => postgres.stop() }
}
