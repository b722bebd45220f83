import { join } from 'node:path'
import { openDataRoot } from './data-root.ts'
import { readPasswords } from './passwords.ts'
import { isPostmaster, readPostmasterFile } from './postmaster-file.ts'
import { APP_ROLE, localUrl, OWNER_ROLE } from './roles.ts'

/**
 * The database `headroom` of the PostgreSQL that an app of this directory has running: for a command that works beside that app. Null
 * where none runs. It may end at any time; nothing is started, and nothing has to be stopped.
 */
export function runningPostgres(dataDir: string): { url: string; ownerUrl: string } | null {
  const { path } = openDataRoot(dataDir, () => {})
  const data = join(path, 'postgres', 'data')
  const [file, passwords] = [readPostmasterFile(data), readPasswords(path)]
  if (file === null || passwords === null || !isPostmaster(file.pid, data)) return null
  return {
    url: localUrl(file.port, APP_ROLE, passwords.app),
    ownerUrl: localUrl(file.port, OWNER_ROLE, passwords.owner),
  }
}
