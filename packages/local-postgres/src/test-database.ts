import { randomBytes } from 'node:crypto'
import { connect, createDatabase } from './roles.ts'
import { testServer } from './test-server.ts'

export interface TestDatabase {
  url: string
  ownerUrl: string
  adminUrl: string
  name: string
  /** Drops the database, also while connections are open. What a test leaves is dropped when the run ends. */
  drop(): Promise<void>
}

/**
 * A fresh database on the test run's server with the roles and privileges of the real one: empty, or a copy of another
 * test database (by name) that nobody is connected to.
 */
export async function testDatabase(options: { template?: string } = {}): Promise<TestDatabase> {
  const server = testServer()
  const name = server.prefix + randomBytes(5).toString('hex')
  await asAdmin((admin) => createDatabase(admin, name, options.template))
  return {
    url: onDatabase(server.url, name),
    ownerUrl: onDatabase(server.ownerUrl, name),
    adminUrl: onDatabase(server.adminUrl, name),
    name,
    drop: () => asAdmin((admin) => admin.query(`drop database if exists ${name} with (force)`)).then(() => undefined),
  }

  async function asAdmin<T>(errand: (admin: Awaited<ReturnType<typeof connect>>) => Promise<T>): Promise<T> {
    const admin = await connect(server.adminUrl)
    try {
      return await errand(admin)
    } finally {
      await admin.end()
    }
  }
}

function onDatabase(url: string, name: string): string {
  const moved = new URL(url)
  moved.pathname = `/${name}`
  return moved.href
}
