/** Engines on a fresh database, for tests. */
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import catalog from '../../../catalogs/ken.ts'
import type { Answer } from '@headroom/core'
import { mint, startEngine, type EngineInterface, type EngineOptions, type Submission } from '../src/index.ts'

export interface Bench {
  database: TestDatabase
  engines: EngineInterface[]
  stop(): Promise<void>
}

export async function engines(count = 1, options: Partial<EngineOptions> = {}): Promise<Bench> {
  const database = await testDatabase()
  const started = await Promise.all(
    Array.from({ length: count }, () =>
      startEngine({ databaseUrl: database.url, ownerUrl: database.ownerUrl, catalog, sweeper: false, ...options }),
    ),
  )
  return {
    database,
    engines: started,
    async stop() {
      await Promise.all(started.map((engine) => engine.stop()))
      await database.drop()
    },
  }
}

type Plain<T> = T extends unknown ? Omit<T, 'key' | 'requestId' | 'actor' | 'viewer'> & Partial<T> : never

/** Fills in what a test does not care about. */
export const asked = (operation: Plain<Submission>): Submission =>
  ({ key: null, requestId: 'req_test', actor: 'test', viewer: 'admin', ...operation }) as Submission

export const createWorkspace = (
  engine: EngineInterface,
  workspace: string,
  plan = 'starter',
  contacts: number | null = null,
): Promise<Answer> =>
  engine.submit(
    asked({ op: 'create-workspace', workspace, name: workspace, plan, contacts, interval: 'month', anchor: null }),
  )

export const reserve = (
  engine: EngineInterface,
  workspace: string,
  quantity: number,
  more: { id?: string; meter?: string; partial?: boolean; ttlSeconds?: number; key?: string } = {},
): Promise<Answer> => {
  const { id = mint('rsv'), meter = 'leads', partial = false, ttlSeconds = 900, key = null } = more
  const lines = [{ meter, quantity }]
  return engine.submit(
    asked({ op: 'reserve', workspace, id, lines, partial, ttlSeconds, reference: null, metadata: null, key }),
  )
}

export const commit = (
  engine: EngineInterface,
  workspace: string,
  id: string,
  quantity: number,
  final = true,
  key: string | null = null,
): Promise<Answer> =>
  engine.submit(asked({ op: 'commit', workspace, id, lines: [{ meter: 'leads', quantity }], final, key }))
