import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openDataRoot } from '../src/data-root.ts'
import { dataDirectory, processesUsing, query, refusedApp, startApp, stopWhatRuns } from './run-app.ts'

const NOBODY = { uid: 65534, gid: 65534 }
const asRoot = process.getuid?.() === 0
/** A checkout under a closed directory cannot be read by others, so nothing can be tried on their behalf. */
const othersCanRead =
  asRoot && spawnSync(process.execPath, ['-e', ''], { ...NOBODY, cwd: '/' }).status === 0 && reads(import.meta.filename)

test.runIf(othersCanRead)('an ordinary user works in place', async () => {
  const dataDir = dataDirectory()
  chownSync(dataDir, NOBODY.uid, NOBODY.gid)
  const app = await startApp(dataDir, { account: NOBODY })
  expect(app.dataRoot).toBe(dataDir)
  expect(await query(app.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(statSync(join(dataDir, 'postgres', 'data')).uid).toBe(NOBODY.uid)
  expect(await app.end('SIGINT')).toBe(0)
  expect(processesUsing(dataDir)).toEqual([])
})

test.runIf(othersCanRead)('a user id without an account is told to set DATABASE_URL', async () => {
  const refused = await refusedApp(dataDirectory(), { account: { uid: 4_200_042, gid: 4_200_042 } })
  expect(refused).toMatchObject({
    code: 2,
    said: expect.stringMatching(/no entry in the system's account list.*DATABASE_URL/),
  })
})

test.runIf(othersCanRead)("another user's directory is refused in one line", async () => {
  const dataDir = dataDirectory()
  const refused = await refusedApp(dataDir, { account: NOBODY })
  expect(refused).toMatchObject({
    code: 2,
    said: expect.stringMatching(/^Cannot use the data directory .*EACCES.*\n$/),
  })
})

test.runIf(asRoot)('as root, PostgreSQL has its own account, and a closed parent a stand-in that is said', async () => {
  const closed = mkdtempSync(join(tmpdir(), `headroom-test-${process.pid}-`))
  const app = await startApp(join(closed, 'data'))
  onTestFinished(async () => {
    await stopWhatRuns(app.dataRoot)
    for (const folder of [closed, app.dataRoot]) rmSync(folder, { recursive: true, force: true })
  })
  expect(app.dataRoot).toMatch(/^\/var\/lib\/headroom\/[0-9a-f]{16}$/)
  expect(app.said()).toContain(`${closed} is closed to the account PostgreSQL runs as: data is kept in ${app.dataRoot}`)
  expect(await query(app.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(statSync(join(app.dataRoot, 'postgres', 'data')).uid).not.toBe(0)
  expect(statSync(join(app.dataRoot, 'database-passwords.json'))).toMatchObject({ uid: 0, mode: 0o100600 })
  expect(statSync(app.dataRoot).mode & 0o777).toBe(0o711)
  await app.end('SIGINT')
  expect(openDataRoot(join(closed, 'data'), () => {}).path).toBe(app.dataRoot)
})

function reads(path: string): boolean {
  const script = `require('node:fs').accessSync(${JSON.stringify(path)})`
  return existsSync(path) && spawnSync(process.execPath, ['-e', script], { ...NOBODY, cwd: '/' }).status === 0
}
