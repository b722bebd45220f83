/** An operation whose commit was sent and never answered: it may have happened, and nothing that is said later may deny it. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import pg from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from '@headroom/local-postgres/test'
import catalog from '../../../catalogs/ken.ts'
import { startEngine } from '../src/index.ts'
import { createWorkspace, reserve } from './engines.ts'

/** A way to the database that, once it is told, passes on what is asked and keeps the answers, until it is cut. */
async function line(to: URL) {
  let isSilent = false
  const clients = new Set<Socket>()
  const server = createServer((client: Socket) => {
    const database = connect(Number(to.port), to.hostname)
    clients.add(client)
    client.pipe(database)
    database.on('data', (chunk) => !isSilent && client.write(chunk))
    for (const [one, other] of [
      [client, database],
      [database, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(to)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    fallSilent: () => (isSilent = true),
    cut() {
      isSilent = false
      for (const client of clients) client.destroy()
    },
    close: () => server.close(),
  }
}

test('I12 what was committed and is then found impossible to repeat is not said to have changed nothing', async () => {
  const database = await testDatabase()
  const way = await line(new URL(database.url))
  const engine = await startEngine({
    databaseUrl: way.url,
    ownerUrl: database.ownerUrl,
    catalog,
    sweeper: false,
    lanes: 1,
  })
  const owner = new pg.Client({ connectionString: database.ownerUrl, options: '-c search_path=headroom' })
  await owner.connect()
  await createWorkspace(engine, 'ws_cut')
  expect((await reserve(engine, 'ws_cut', 1)).status).toBe(201)

  const role = new URL(database.url).username
  way.fallSilent()
  const asked = reserve(engine, 'ws_cut', 5, { id: 'r_cut', key: 'key_cut' }).catch((fault: unknown) => fault)
  // When it comes again, whoever looks for the stored answer fails, for a reason that no other try settles.
  const there = async () => (await owner.query(`select 1 from reservations where id = 'r_cut'`)).rowCount === 1
  await expect.poll(there, { timeout: 10_000, interval: 5 }).toBe(true)
  await owner.query(`revoke select on answers from ${owner.escapeIdentifier(role)}`)
  way.cut()
  expect(await asked).toMatchObject({ code: 'unavailable', outcome: 'unknown' })

  await owner.query(`grant select on answers to ${owner.escapeIdentifier(role)}`)
  expect((await reserve(engine, 'ws_cut', 5, { id: 'r_cut', key: 'key_cut' })).status).toBe(201)
  expect((await engine.audit()).differences).toEqual([])
  await owner.end()
  await engine.stop()
  way.close()
  await database.drop()
})
