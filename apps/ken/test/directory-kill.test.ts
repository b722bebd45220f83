/** The making of the Leads Database survives the process that makes it, and makes the same people whoever makes them. */
import { spawn, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test } from 'vitest'
import type { DirectoryOptions } from '../src/directory/search.ts'
import { insertPeople } from '../src/directory/people.ts'
import { transaction } from '../src/database.ts'
import { apiKey } from './harness.ts'
import { another, closeAll, open, until } from './houses.ts'

let child: ChildProcess | null = null

afterEach(async () => {
  child?.kill('SIGKILL')
  await closeAll()
})

test('a process is killed with -9 while it makes the directory: the next one goes on, nobody is missing and nobody is there twice', async () => {
  const people = 25_000
  const here = await open({ worker: false, directory: { people } })
  const editor = await here.signIn('editor')
  const asked = (await editor.get<DirectoryOptions>('/api/directory')).body
  expect(asked).toMatchObject({ ready: false, prepared: 0, people })
  const none = await editor.post('/api/directory/search', { criteria: { titles: [], countries: [], industries: [] } })
  expect(none.body).toEqual({ ready: false, found: 0, usable: 0, estimate: 0, preview: [] })
  const { id } = await editor.campaign()
  const early = await editor.post(`/api/campaigns/${id}/lists`, {
    criteria: { titles: [], countries: [], industries: [] },
  })
  expect([early.status, early.body.detail]).toEqual([503, expect.stringContaining('is being prepared (0 %)')])

  const { databaseUrl, publicUrl, secret } = here.options
  const script = fileURLToPath(new URL('worker-process.ts', import.meta.url))
  const settings = JSON.stringify({ databaseUrl, publicUrl, secret, apiKey, baseUrl: here.url })
  child = spawn(process.execPath, ['--import', 'tsx', script, settings], { stdio: ['ignore', 'ignore', 'inherit'] })
  const prepared = async () => (await editor.get<DirectoryOptions>('/api/directory')).body.prepared
  await until(async () => (await prepared()) > 0)
  const gone = new Promise((resolve) => child!.once('exit', resolve))
  child.kill('SIGKILL')
  await gone
  const reached = await prepared()
  expect(reached % 10_000).toBe(0)
  expect((await here.sql.query('select id from ken.directory_people')).rowCount).toBe(reached)

  await here.sql.query(`update ken.jobs set locked_until = now() where kind = 'directory'`)
  await another(here, { worker: true })
  await until(async () => (await editor.get<DirectoryOptions>('/api/directory')).body.ready)
  const { rows } = await here.sql.query(
    `select count(*)::int as people, min(id) as first, max(id) as last, count(distinct email)::int = count(email)::int as "areUnlike",
            (select count(*)::int from ken.jobs where kind = 'directory') as jobs
       from ken.directory_people`,
  )
  expect(rows[0]).toEqual({ people, first: 1, last: people, areUnlike: true, jobs: 0 })

  // Made in one piece they would be the same.
  await transaction(here.sql, async (connection) => {
    await connection.query('create temporary table made on commit drop as select * from ken.directory_people')
    await connection.query('delete from ken.directory_people')
    await insertPeople(connection, { from: 1, to: people, all: people })
    const unlike = await connection.query('select * from made except select * from ken.directory_people')
    expect(unlike.rowCount).toBe(0)
  })
}, 120_000)
