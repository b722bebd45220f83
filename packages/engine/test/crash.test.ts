import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalPostgres } from '@headroom/local-postgres'
import pg from 'pg'
import { expect, test } from 'vitest'
import catalog from '../../../catalogs/ken.ts'
import { startEngine, type EngineInterface } from '../src/index.ts'
import { asked, createWorkspace, engines, reserve } from './engines.ts'

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Runs the load in a process of its own and kills it; answers what it had been told before. */
async function killedAfter(ms: number, url: string, ownerUrl: string, run: string): Promise<string[]> {
  const app = spawn(
    process.execPath,
    ['--import', 'tsx', new URL('crash-app.ts', import.meta.url).pathname, url, ownerUrl, run],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  let said = ''
  app.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const closed = new Promise((resolve) => app.on('close', resolve))
  while (!said.startsWith('ready')) await pause(10)
  await pause(ms)
  app.kill('SIGKILL')
  await closed
  // The last line may have been cut in the middle.
  return said.slice(0, said.lastIndexOf('\n')).split('\n').slice(1)
}

test('kill -9 of two servers in the middle of their batches: nothing acknowledged is lost, nothing is half done', async () => {
  const bench = await engines(1)
  const [engine] = bench.engines as [EngineInterface]
  for (const n of [0, 1, 2]) await createWorkspace(engine, `ws_crash_${n}`, 'growth', 50_000)
  const acknowledged: string[] = []
  for (let round = 0; round < 4; round++) {
    const { url, ownerUrl } = bench.database
    const ms = 60 + 130 * round
    const said = await Promise.all([
      killedAfter(ms, url, ownerUrl, `${round}a`),
      killedAfter(ms, url, ownerUrl, `${round}b`),
    ])
    acknowledged.push(...said.flat())
  }
  expect(acknowledged.length).toBeGreaterThan(500)
  const client = new pg.Client({ connectionString: bench.database.url, options: '-c search_path=headroom' })
  await client.connect()
  const states = new Map<string, { state: number; used: number }>()
  const { rows } = await client.query<{ id: string; state: number; used: string }>(
    'select id, state, (lines->0->>3) as used from reservations',
  )
  for (const { id, state, used } of rows) states.set(id, { state, used: Number(used) })
  const uses = await client.query<{ id: string; times: string }>(
    'select source_id as id, count(*) as times from ledger_entries where source_type = 3 group by 1',
  )
  const times = new Map(uses.rows.map(({ id, times }) => [id, Number(times)]))
  await client.end()
  for (const line of acknowledged) {
    const [what, , id] = line.split(' ') as [string, string, string]
    if (what === 'reserved') expect(states.has(id), line).toBe(true)
    if (what === 'part') expect(states.get(id)!.used, line).toBeGreaterThanOrEqual(1)
    if (what === 'committed') expect(states.get(id), line).toEqual({ state: 1, used: 3 })
    if (what === 'used') expect(times.get(id), line).toBe(1)
  }
  expect([...times.values()].every((count) => count === 1)).toBe(true)
  expect((await engine.audit()).differences).toEqual([])
  await bench.stop()
}, 60_000)

test('kill -9 of PostgreSQL under load: the engine comes back by itself, every key acted once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'headroom-crash-'))
  const postgres = await startLocalPostgres({ dataDir: folder })
  const engine = await startEngine({ databaseUrl: postgres.url, ownerUrl: postgres.ownerUrl, catalog, sweeper: false })
  try {
    await createWorkspace(engine, 'ws_pg', 'growth', 50_000)
    let running = true
    let unavailable = 0
    const done = { uses: 0, reserved: new Set<string>() }
    /** Asks again with the same key until there is an answer, as the SDK does. */
    async function untilAnswered(work: () => Promise<{ status: number }>): Promise<number> {
      for (;;) {
        try {
          return (await work()).status
        } catch (fault) {
          expect((fault as { code?: string }).code).toBe('unavailable')
          unavailable += 1
          await pause(50)
        }
      }
    }
    const lines = [{ meter: 'email_sends', quantity: 1 }]
    const callers = Array.from({ length: 32 }, async (_, caller) => {
      for (let turn = 0; running; turn++) {
        const key = `use_${caller}_${turn}`
        const id = `r_${caller}_${turn}`
        const use = asked({ op: 'use', workspace: 'ws_pg', id: key, lines, mode: 'record', reference: key, key })
        expect(await untilAnswered(() => engine.submit(use))).toBe(200)
        done.uses += 1
        expect([200, 201]).toContain(await untilAnswered(() => reserve(engine, 'ws_pg', 1, { id })))
        done.reserved.add(id)
      }
    })
    for (let round = 0; round < 3; round++) {
      await pause(300)
      killPostgres(join(postgres.dataRoot, 'postgres', 'data', 'postmaster.pid'))
      await pause(200)
      await untilAnswered(async () => ({ status: (await engine.workspace('ws_pg')) ? 200 : 404 }))
    }
    running = false
    await Promise.all(callers)
    const meters = (await engine.usage('ws_pg'))!.usage.meters
    expect(meters.find(({ meter }) => meter === 'email_sends')).toMatchObject({ used: done.uses })
    expect(meters.find(({ meter }) => meter === 'leads')).toMatchObject({ reserved: done.reserved.size })
    expect(done.uses).toBeGreaterThan(100)
    expect((await engine.audit()).differences).toEqual([])
    console.log(
      `PostgreSQL killed 3 times: ${done.uses} uses, ${done.reserved.size} reservations, ${unavailable} answers "unavailable"`,
    )
  } finally {
    await engine.stop()
    await postgres.stop()
    await rm(folder, { recursive: true, force: true })
  }
}, 90_000)

function killPostgres(pidFile: string): void {
  const postmaster = readFileSync(pidFile, 'utf8').split('\n')[0]!
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ')
  for (const pid of [postmaster, ...children]) process.kill(Number(pid), 'SIGKILL')
}
