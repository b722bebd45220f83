import { join } from 'node:path'
import { openDataRoot } from './data-root.ts'
import { readPasswords } from './passwords.ts'
import { isPostmaster, readPostmasterFile } from './postmaster-file.ts'
import { APP_ROLE, localUrl, OWNER_ROLE } from './roles.ts'

/**
 * The database `headroom` of the PostgreSQL that runs in this directory: for a command that works beside the app that has it. It is not
 * started, and not to be stopped; it may end at any time. Null where none is ready, or the directory cannot be looked into.
 */
export function runningPostgres(dataDir: string): { url: string; ownerUrl: string } | null {
  try {
    const { path } = openDataRoot(dataDir, () => {})
    const data = join(path, 'postgres', 'data')
    const [file, passwords] = [readPostmasterFile(data), readPasswords(path)]
    if (file?.status !== 'ready' || passwords === null || !isPostmaster(file.pid, data)) return null
    return {
      url: localUrl(file.port, APP_ROLE, passwords.app),
      ownerUrl: localUrl(file.port, OWNER_ROLE, passwords.owner),
    }
  } catch {
    return null
  }
}
