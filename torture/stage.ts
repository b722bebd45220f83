/** Everything that is real: a PostgreSQL that flushes, two servers on it, and the lines between them all. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalPostgres, type LocalPostgres } from '@headroom/local-postgres'
import { hasRemoved, leaves } from './cleaner.ts'
import { ServerProcess, untilReady } from './server-process.ts'
import { TcpProxy } from './tcp-proxy.ts'

export interface Stage {
  servers: ServerProcess[]
  /** From each server to the database. */
  databaseLines: TcpProxy[]
  /** From the clients to each server. */
  clientLines: TcpProxy[]
  apiKey: string
  /** For the checker: past all lines, and it may read everything. */
  adminUrl: string
  /** PostgreSQL dies with all its processes; it is started again at once. */
  killPostgres(): void
  stop(): Promise<void>
}

const serverNames = ['A', 'B']

/** Nothing can be tortured here, for the reason it gives. */
export class StageError extends Error {
  override name = 'StageError'
}

/** Throws a StageError, with everything taken away again, where PostgreSQL or a server does not start. */
export async function setStage(serverFile: string): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-torture-'))
  leaves('folder', folder)
  const databaseLines: TcpProxy[] = []
  const clientLines: TcpProxy[] = []
  const servers: ServerProcess[] = []
  const apiKey = `hr_sk_${randomBytes(24).toString('base64url')}`
  const webhookSecret = `whsec_${randomBytes(24).toString('base64url')}`
  let postgres: LocalPostgres | undefined
  const stop = async () => {
    await Promise.all(servers.map((server) => server.retire()))
    await Promise.all([...databaseLines, ...clientLines].map((line) => line.close()))
    await postgres?.stop()
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    for (const data of [dataIn(folder), postgres && dataIn(postgres.dataRoot)])
      if (data !== undefined) hasRemoved('database', data)
    hasRemoved('folder', folder)
  }
  try {
    leaves('database', dataIn(folder))
    const settings = { shared_buffers: '128MB', max_connections: '100' }
    postgres = await startLocalPostgres({ dataDir: folder, settings })
    leaves('database', dataIn(postgres.dataRoot))
    for (const name of serverNames) {
      const database = await TcpProxy.open({ port: portOf(postgres.url) })
      databaseLines.push(database)
      const port = await freePort()
      clientLines.push(await TcpProxy.open({ port }))
      const env = {
        HEADROOM_DATA_DIR: join(folder, `server-${name}`),
        HEADROOM_API_KEY: apiKey,
        HEADROOM_TEST_CLOCK: '1',
        STRIPE_WEBHOOK_SECRET: webhookSecret,
        LOG_LEVEL: 'warn',
        DATABASE_URL: through(postgres.url, database),
        TORTURE_OWNER_URL: through(postgres.ownerUrl, database),
      }
      servers.push(new ServerProcess(name, { file: serverFile, port, env }))
    }
    await allReady(servers)
  } catch (fault) {
    const said = servers.flatMap(({ name, said }) => said.map((line) => `\n  server ${name}: ${line}`)).join('')
    await stop()
    throw new StageError(`The stage could not be set: ${(fault as Error).message}${said}`, { cause: fault })
  }
  const { adminUrl, dataRoot } = postgres
  const killPostgres = () => killWithChildren(dataIn(dataRoot))
  return { servers, databaseLines, clientLines, apiKey, adminUrl, killPostgres, stop }
}

/** Starts them and waits for all; where one ends instead nobody waits any longer. */
async function allReady(servers: readonly ServerProcess[]): Promise<void> {
  const ended = new Promise<never>((_, reject) => {
    for (const server of servers)
      server.onEnd = () => reject(new Error(`Server ${server.name} ended while it started; it said:`))
  })
  for (const server of servers) server.start()
  await Promise.race([ended, Promise.all(servers.map(({ port }) => untilReady(port, firstStartMs)))])
  for (const server of servers) server.onEnd = () => {}
}

/** The first start makes the schema, on a machine that may be slow. */
const firstStartMs = 60_000

const dataIn = (root: string): string => join(root, 'postgres', 'data')

const portOf = (url: string): number => Number(new URL(url).port)

function through(url: string, line: TcpProxy): string {
  const changed = new URL(url)
  changed.port = String(line.port)
  return changed.href
}

function killWithChildren(data: string): void {
  const postmaster = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]!
  for (const pid of [postmaster, ...childrenOf(postmaster)]) {
    try {
      process.kill(Number(pid), 'SIGKILL')
    } catch {
      // It has ended by itself meanwhile.
    }
  }
}

/** Where processes cannot be listed the children end by themselves: they see that their parent is gone. */
function childrenOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  } catch {
    return []
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
