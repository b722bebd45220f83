/** Backup, restore and move, as the commands do them; and what was paid after the backup comes back by itself. */
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { connectOwner } from '../packages/engine/src/connection.ts'
import { openRoom, slowly } from '../packages/server/test/room.ts'
import { makeTables } from './books-file/empty-tables.ts'
import { refuseUsed } from './books-file/only-empty.ts'
import { readBooks } from './books-file/read.ts'

const root = new URL('..', import.meta.url).pathname
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headroom-backup-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** A command of package.json; what it printed, and its exit code. */
async function run(script: string, file: string, database: TestDatabase): Promise<{ code: number; text: string }> {
  const env = { ...process.env, DATABASE_URL: database.ownerUrl, HEADROOM_DATA_DIR: folder, STRIPE_SECRET_KEY: '' }
  const ran = promisify(execFile)(process.execPath, ['--import', 'tsx', `scripts/${script}.ts`, file], {
    cwd: root,
    env,
  })
  return ran.then(
    ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      code: error.code,
      text: error.stdout + error.stderr,
    }),
  )
}

const figures = async (database: TestDatabase): Promise<unknown[]> => {
  const client = await connectOwner(database.ownerUrl)
  const { rows } = await client.query(
    `select (select json_agg(b order by workspace_id, period_start, meter) from headroom.balances b)::text as balances,
            (select json_agg(e order by workspace_id, seq) from headroom.ledger_entries e)::text as ledger,
            (select json_agg(p order by id) from headroom.purchases p)::text as purchases,
            (select json_agg(a order by workspace_id, key) from headroom.answers a)::text as answers,
            (select json_agg(o order by seq) from stripe_simulator.objects o)::text as stripe,
            (select json_agg(c order by id) from ken.campaigns c)::text as campaigns`,
  )
  await client.end()
  return rows
}

/** Numbered by the table itself. */
const deliver = `insert into stripe_simulator.deliveries (event, state, due_at, due_by_clock) values ('evt_1', 'delivered', 0, 0)`

test(
  'F6 a database is backed up and restored into another one: equal to the last row, and the books are right',
  async () => {
    const room = await openRoom({ payments: true })
    await makeTables(room.database.ownerUrl, true)
    const owner = await connectOwner(room.database.ownerUrl)
    await owner.query(`insert into ken.workspaces (id, name) values ('k1', $1)`, [
      'A name with "quotes", \\ and \n lines',
    ])
    await owner.query(`insert into ken.campaigns values ('k1', 'c1', 'First', '{"a": [1]}', 'draft', 'u1', now())`)
    await owner.query(deliver)
    await owner.end()
    const workspace = await room.workspace()
    const path = `/v1/workspaces/${workspace}`
    const lines = [{ meter: 'leads', quantity: 7 }]
    await room.post(`${path}/use`, { lines, mode: 'enforce', reference: 'a \\ "b"' }, { 'Idempotency-Key': 'k_1' })
    await room.post(`${path}/reservations`, { id: 'r1', lines, metadata: { note: 'häuser "1"' } })
    await room.post(`${path}/checkout`, { addOn: 'leads', blocks: 2 })
    const file = join(folder, 'books.gz')
    const before = await figures(room.database)
    const saved = await run('backup', file, room.database)
    const after = await figures(room.database)
    expect(saved).toMatchObject({ code: 0, text: expect.stringMatching(/: [1-9]\d* rows of \d+ tables\.\n/) })

    const other = await testDatabase()
    expect(await run('restore', file, other)).toMatchObject({
      code: 0,
      text: expect.stringMatching(
        /every table is what the file says\.\n1 workspaces, [1-9]\d* ledger entries, 0 differences\.\n$/,
      ),
    })
    // The server works meanwhile: it looks at what is not paid yet, and writes down that it has.
    expect([before, after]).toContainEqual(await figures(other))
    // A server goes on where the other one stopped: the same key gives the same answer, and new rows find new numbers.
    const next = await openRoom({ payments: true }, other)
    const again = await next.post(
      `${path}/use`,
      { lines, mode: 'enforce', reference: 'a \\ "b"' },
      { 'Idempotency-Key': 'k_1' },
    )
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect((await next.post(`${path}/checkout`, { addOn: 'leads', blocks: 1 })).status).toBe(201)
    await next.stop()
    const restored = await connectOwner(other.ownerUrl)
    expect((await restored.query(`${deliver} returning id`)).rows).toHaveLength(1)
    await restored.end()

    // Not into a database that is in use, and nothing of a file that was cut off.
    expect(await run('restore', file, other)).toMatchObject({
      code: 2,
      text: expect.stringContaining('has workspaces already'),
    })
    const cut = join(folder, 'cut.gz')
    const whole = await readFile(file)
    await writeFile(cut, whole.subarray(0, whole.length - 20))
    const third = await testDatabase()
    expect(await run('restore', cut, third)).toMatchObject({ code: 2, text: expect.stringContaining('cut.gz') })
    const looking = await connectOwner(third.ownerUrl)
    expect((await looking.query('select 1 from headroom.ledger_entries')).rows).toEqual([])
    await looking.end()
    const foreign = join(folder, 'foreign.gz')
    await writeFile(foreign, gzipSync('What somebody else has packed.\n'))
    await expect(readBooks(third.ownerUrl, foreign)).rejects.toThrow('foreign.gz is no file of npm run backup')
    // A server has been started on it and nothing more: it has a catalog that cannot be taken out, and works.
    const young = await openRoom({}, third)
    await expect(refuseUsed(third.ownerUrl)).rejects.toThrow('The database has catalogs already')
    await young.stop()
    await room.stop()
    await other.drop()
    await third.drop()
  },
  slowly,
)
