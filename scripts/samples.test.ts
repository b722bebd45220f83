/** Every sample of the guide runs against a real server and prints what its comments say. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { startEngine } from '@headroom/engine'
import { testDatabase } from '@headroom/local-postgres/test'
import { createLog, createServer } from '@headroom/server'
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { afterAll, beforeAll, expect, test } from 'vitest'
import catalog from '../catalogs/ken.ts'
import { Billing } from '../docs/guide/start-page.tsx'

const root = new URL('..', import.meta.url).pathname
const env: Record<string, string> = { HEADROOM_API_KEY: 'hr_sk_0123456789abcdef' }
let stop: () => Promise<void>

beforeAll(async () => {
  const database = await testDatabase()
  const { url: databaseUrl, ownerUrl } = database
  const engine = await startEngine({ databaseUrl, ownerUrl, catalog, testClock: true })
  await engine.ensureKey(env['HEADROOM_API_KEY']!, 'samples')
  const server = createServer({ engine, testClock: true, log: createLog('silent', { write: () => {} }) })
  const { url } = await server.listen(0, '127.0.0.1')
  Object.assign(env, { HEADROOM_URL: url, DATABASE_URL: ownerUrl })
  stop = async () => {
    await server.stop()
    await engine.stop()
    await database.drop()
  }
})
afterAll(() => stop())

// The one that moves the clock comes last.
test.each([
  'reserve-commit',
  'start',
  'imports-and-long-work',
  'limits-and-refusals',
  'idempotency',
  'why-is-this-number',
  'catalog',
  'audit',
  'plans-and-periods',
])('docs/guide/%s.ts prints what it says', async (name) => {
  const file = `docs/guide/${name}.ts`
  const said = [...readFileSync(root + file, 'utf8').matchAll(/\/\/> (.*)$/gm)].map(([, line]) => line)
  const run = promisify(execFile)
  const { stdout } = await run(process.execPath, ['--import', 'tsx', file], {
    cwd: root,
    env: { ...process.env, ...env },
  })
  expect(stdout.split('\n').slice(0, -1)).toEqual(said)
})

test('docs/guide/start-page.tsx renders the page, still loading', () => {
  expect(renderToString(createElement(Billing, { workspace: 'hooli' }))).toContain('hr-plan')
})
