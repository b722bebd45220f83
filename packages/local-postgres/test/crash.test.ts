import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { readPostmasterFile } from '../src/postmaster-file.ts'
import { bootId } from '../src/process-life.ts'
import { clusterOf, dataDirectory, processesUsing, query, startApp, until } from './run-app.ts'

const dataDir = dataDirectory(afterAll)

test('after kill -9 of the app the next start adopts the running server, whatever its settings', async () => {
  const killed = await startApp(dataDir)
  await query(killed.ownerUrl, 'create table if not exists entries as select 1 as id')
  const postmaster = readPostmasterFile(clusterOf(dataDir))?.pid
  await killed.end('SIGKILL')

  const next = await startApp(dataDir, { settings: { max_connections: '77' } })
  expect(next.adopted).toBe(true)
  expect(next.said()).toMatch(/Adopted the PostgreSQL that was left running/)
  expect(next.url).toBe(killed.url)
  expect(readPostmasterFile(clusterOf(dataDir))?.pid).toBe(postmaster)
  expect(await query(next.ownerUrl, 'select id from entries')).toEqual([{ id: 1 }])
  expect(await next.end('SIGINT')).toBe(0)
  expect(processesUsing(dataDir)).toEqual([])
})

test('after kill -9 of app and postmaster the next start recovers what was committed', async () => {
  const killed = await startApp(dataDir)
  await query(killed.ownerUrl, 'create table if not exists entries as select 1 as id')
  await killed.end('SIGKILL')
  process.kill(postmasterOf(dataDir), 'SIGKILL')
  // The worst case: the dead server's pid has meanwhile gone to another process of its account.
  const { uid, gid } = statSync(clusterOf(dataDir))
  const stranger = spawn('sleep', ['60'], { uid, gid, cwd: '/' })
  onTestFinished(() => void stranger.kill())
  const file = join(clusterOf(dataDir), 'postmaster.pid')
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(stranger.pid)))

  const next = await startApp(dataDir)
  expect(next.adopted).toBe(false)
  expect(await query(next.ownerUrl, 'select id from entries')).toEqual([{ id: 1 }])
  await next.end('SIGINT')
})

test.runIf(process.platform === 'linux')(
  'a postmaster killed under a living app comes back on the same port, though a busy backend outlives it',
  async () => {
    const app = await startApp(dataDir)
    await query(app.ownerUrl, 'create table if not exists entries as select 1 as id')
    const busy = new Client({ connectionString: app.adminUrl })
    busy.on('error', () => {})
    await busy.connect()
    // A loop that never waits never looks whether its postmaster is still there.
    const endless = busy.query('do $$ begin loop end loop; end $$').catch((error: Error) => error.message)
    const killed = postmasterOf(dataDir)
    await until(
      async () => (await query(app.adminUrl, `select 1 from pg_stat_activity where query like 'do %'`)).length > 0,
    )
    process.kill(killed, 'SIGKILL')

    await until(() => /PostgreSQL is back/.test(app.said()))
    expect(app.said()).toMatch(/Waiting for the processes of a killed PostgreSQL to end/)
    expect(await endless).toBeTypeOf('string')
    expect(postmasterOf(dataDir)).not.toBe(killed)
    expect(await query(app.ownerUrl, 'select id from entries')).toEqual([{ id: 1 }])
    expect(await app.end('SIGINT')).toBe(0)
    expect(processesUsing(dataDir)).toEqual([])
  },
)

test('what starts killed half-way left behind is swept away: a claim, binaries, a data directory', async () => {
  const dataDir = dataDirectory()
  // The claim's pid is that of a live process, but another one than wrote it.
  mkdirSync(join(dataDir, 'app.lock'), { recursive: true })
  writeFileSync(join(dataDir, 'app.lock', `${process.pid}_00000000.1_3000_aabbccddeeff`), 'held')
  mkdirSync(join(dataDir, 'bin-new-0123456789ab', 'bin'), { recursive: true })
  mkdirSync(join(dataDir, 'postgres', 'new-0123456789ab', 'data', 'base'), { recursive: true })
  const app = await startApp(dataDir)
  expect(await query(app.url, 'select 1 as one')).toEqual([{ one: 1 }])
  expect(readdirSync(join(dataDir, 'app.lock'))).toEqual([expect.stringMatching(new RegExp(`^${app.pid}_`))])
  expect(readdirSync(dataDir).filter((name) => name.startsWith('bin-'))).toEqual([`bin-${app.version}`])
  expect(readdirSync(join(dataDir, 'postgres'))).toEqual(['data'])
  await app.end('SIGINT')
})

test('a data directory that was not on disk yet is kept in the same boot, and made anew when the machine went down', async () => {
  const dataDir = dataDirectory()
  const note = join(dataDir, 'postgres', 'unsynced')
  const onDisk = { settings: { fsync: 'on' } }
  const first = await startApp(dataDir, onDisk)
  expect(existsSync(note)).toBe(false)
  await query(first.ownerUrl, 'create table entries (id int)')
  await first.end('SIGINT')

  writeFileSync(note, bootId())
  const second = await startApp(dataDir, onDisk)
  expect(existsSync(note)).toBe(false)
  expect(await query(second.ownerUrl, `select to_regclass('entries')::text as kept`)).toEqual([{ kept: 'entries' }])
  await second.end('SIGINT')

  writeFileSync(note, 'of another boot')
  const third = await startApp(dataDir, onDisk)
  expect(existsSync(note)).toBe(false)
  expect(await query(third.ownerUrl, `select to_regclass('entries')::text as kept`)).toEqual([{ kept: null }])
  await third.end('SIGINT')
})

function postmasterOf(dataDir: string): number {
  const file = readPostmasterFile(clusterOf(dataDir))
  if (!file) throw new Error('No PostgreSQL is running.')
  return file.pid
}
