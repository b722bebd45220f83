import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isPostmaster, readPostmasterFile } from './postmaster-file.ts'
import { stopPostmaster } from './postmaster.ts'
import { processLife } from './process-life.ts'
import { APP_ROLE, connect, ensureRoles, OWNER_ROLE } from './roles.ts'
import { startLocalPostgres } from './start-local-postgres.ts'
import { announceTestServer } from './test-server.ts'

/** Followed by the pid of the run, so that a later one can tell whether it is over. */
const FOLDER = 'headroom-test-'

/** Fixed, so that two runs on one outside server agree. They guard nothing but test data. */
const TEST_PASSWORDS = { postgres: '', owner: 'headroom-test', app: 'headroom-test' }

/**
 * Gives a test run its one PostgreSQL: our own in a temporary directory, without fsync, or the one TEST_DATABASE_URL
 * names (the URL of an administrator on any PostgreSQL from 15). The returned function takes everything away again.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const prefix = `headroom_test_${process.pid}_${randomBytes(3).toString('hex')}_`
  const outside = process.env.TEST_DATABASE_URL
  return outside ? useOutsideServer(outside, prefix) : useOwnServer(prefix)
}

async function useOwnServer(prefix: string): Promise<() => Promise<void>> {
  await removeAbandonedServers()
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
  const data = join(folder, 'postgres', 'data')
  // Ctrl-C ends the run without calling us back, and leaves no time to wait.
  const leaveNothing = () => {
    const running = readPostmasterFile(data)
    if (running && isPostmaster(running.pid, data)) process.kill(running.pid, 'SIGKILL')
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once('exit', leaveNothing)
  const settings = { fsync: 'off', full_page_writes: 'off', max_connections: '300', shared_buffers: '128MB' }
  const server = await startLocalPostgres({ dataDir: folder, settings })
  announceTestServer({ url: server.url, ownerUrl: server.ownerUrl, adminUrl: server.adminUrl, prefix })
  return async () => {
    await server.stop()
    leaveNothing()
    process.off('exit', leaveNothing)
  }
}

/** A run that was killed could not clean up: the next one does. */
async function removeAbandonedServers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(FOLDER) ? Number(name.slice(FOLDER.length).split('-')[0]) : NaN
    if (Number.isNaN(pid) || processLife(pid).alive) continue
    const folder = join(tmpdir(), name)
    const data = join(folder, 'postgres', 'data')
    const left = readPostmasterFile(data)
    try {
      if (left) await stopPostmaster(left, data)
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    } catch {
      // Another user's run.
    }
  }
}

async function useOutsideServer(adminUrl: string, prefix: string): Promise<() => Promise<void>> {
  const admin = await connect(adminUrl)
  await ensureRoles(admin, TEST_PASSWORDS)
  await admin.end()
  announceTestServer({
    url: withLogin(adminUrl, APP_ROLE, TEST_PASSWORDS.app),
    ownerUrl: withLogin(adminUrl, OWNER_ROLE, TEST_PASSWORDS.owner),
    adminUrl,
    prefix,
  })
  return async () => {
    const again = await connect(adminUrl)
    const left = await again.query<{ datname: string }>(
      'select datname from pg_database where starts_with(datname, $1)',
      [prefix],
    )
    for (const { datname } of left.rows) await again.query(`drop database if exists ${datname} with (force)`)
    await again.end()
  }
}

function withLogin(url: string, role: string, password: string): string {
  const changed = new URL(url)
  changed.username = role
  changed.password = password
  return changed.href
}
