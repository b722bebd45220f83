import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { clusterOf, dataDirectory, launchApp, refusedApp } from './run-app.ts'
import type { RunningApp } from './run-app.ts'

// Each test finds the directory the one before has left.
const dataDir = dataDirectory(afterAll)

test('of five apps started at the same moment one wins; they and a later one are told its pid and port', async () => {
  const apps = await Promise.all([4701, 4702, 4703, 4704, 4705].map((port) => launchApp(dataDir, { port })))
  const winners = apps.filter((app): app is RunningApp => !('code' in app))
  expect(winners).toHaveLength(1)
  const winner = winners[0]
  const refused = apps.filter((app) => 'code' in app)
  for (const app of [...refused, await refusedApp(dataDir)]) {
    expect(app.code).toBe(2)
    expect(app.said).toMatch(
      new RegExp(`^Another Headroom \\(process ${winner?.pid}, port 470\\d\\) uses .*headroom-test.*\n$`),
    )
  }
  await winner?.end('SIGINT')
})

test('when PostgreSQL does not start, its own words are passed on', async () => {
  const refused = await refusedApp(dataDir, { settings: { shared_buffers: 'plenty' } })
  expect(refused.code).toBe(2)
  expect(refused.said).toMatch(/^PostgreSQL did not start: .*shared_buffers.*postgres\.log\)\n$/)
})

test('another major version and lost passwords are refused in one line that says what to do', async () => {
  rmSync(join(dataDir, 'database-passwords.json'))
  expect(await refusedApp(dataDir)).toMatchObject({
    code: 2,
    said: expect.stringMatching(/^The passwords of the database in .* are gone: .*\n$/),
  })
  writeFileSync(join(clusterOf(dataDir), 'PG_VERSION'), '17\n')
  expect(await refusedApp(dataDir)).toMatchObject({
    code: 2,
    said: expect.stringMatching(
      /^The database in .* is of PostgreSQL 17, this program brings PostgreSQL 18: .*DATABASE_URL.*\n$/,
    ),
  })
})
