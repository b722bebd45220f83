import { chmodSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runningPostgres } from '../src/index.ts'
import { dataDirectory, launchApp, processesUsing, query, startApp } from './run-app.ts'

const dataDir = dataDirectory(afterAll)

test('a first start makes three roles with one right each; a second start finds everything again', async () => {
  const first = await startApp(dataDir)
  expect(first.adopted).toBe(false)
  expect(await rolesOf(first)).toEqual([
    ['headroom', false],
    ['headroom_owner', false],
    ['postgres', true],
  ])
  await query(first.ownerUrl, 'create table entries (id int)')
  await expect(query(first.url, 'select * from entries')).rejects.toThrow(/permission denied/)
  await expect(query(first.url.replace(/:[^:@]+@/, ':wrong@'), 'select 1')).rejects.toThrow(/password authentication/)
  const settings = await query(
    first.url,
    `select current_setting('TimeZone') as zone, current_setting('synchronous_commit') as commit`,
  )
  expect(settings).toEqual([{ zone: 'UTC', commit: 'on' }])
  expect(statSync(join(dataDir, 'database-passwords.json')).mode & 0o777).toBe(0o600)
  expect(await first.end('SIGINT')).toBe(0)

  const second = await startApp(dataDir)
  await query(second.ownerUrl, 'select * from entries')
  expect(passwordOf(second.url)).toBe(passwordOf(first.url))
  await second.end('SIGINT')
})

test('a command beside a running app reaches the same database; where none runs there is nothing to reach', async () => {
  expect(runningPostgres(dataDir)).toBeNull()
  const app = await startApp(dataDir)
  expect(runningPostgres(dataDir)).toEqual({ url: app.url, ownerUrl: app.ownerUrl })
  await app.end('SIGINT')
  expect(runningPostgres(dataDir)).toBeNull()
  expect(runningPostgres(join(dataDir, 'database-passwords.json', 'below'))).toBeNull()
})

test.runIf(process.platform === 'linux')('Ctrl-C in a terminal leaves no process and no claim behind', async () => {
  const app = await startApp(dataDir)
  expect(processesUsing(dataDir).length).toBeGreaterThan(1)
  expect(await app.end('SIGINT', 'group')).toBe(0)
  expect(processesUsing(dataDir)).toEqual([])
  expect(readdirSync(join(dataDir, 'app.lock'))).toEqual([])
})

test.skipIf(process.getuid?.() === 0)('a directory that may not be written is refused in one line', async () => {
  const dataDir = dataDirectory()
  chmodSync(dataDir, 0o500)
  const refused = await launchApp(dataDir)
  expect(refused).toMatchObject({
    code: 2,
    said: expect.stringMatching(/^Cannot use the data directory .*EACCES.*\n$/),
  })
})

async function rolesOf(app: { adminUrl: string; ownerUrl: string; url: string }): Promise<unknown[]> {
  const urls = [app.url, app.ownerUrl, app.adminUrl]
  const who = `select rolname as role, rolsuper as super from pg_roles where rolname = current_user`
  const rows = await Promise.all(urls.map(async (url) => query(url, who)))
  return rows.flat().map(({ role, super: all }) => [role, all])
}

function passwordOf(url: string): string {
  return new URL(url).password
}
