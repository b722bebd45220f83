import { afterEach, expect, test } from 'vitest'
import { counted, fourSteps, launch, ready, sending, sentAndCounted, state } from './campaign.ts'
import type { House } from './harness.ts'
import { another, closeAll, open, until } from './houses.ts'
import { killWorkers, startWorker } from './killed-worker.ts'
import { startMailServer, type MailServer } from './mail-server.ts'

const servers: MailServer[] = []
afterEach(async () => {
  killWorkers()
  await closeAll()
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

/** A server that takes a moment for each mail, so that there is something to be killed in the middle of. */
async function slowServer(): Promise<MailServer> {
  const server = await startMailServer({
    onMail: () => new Promise((resolve) => setTimeout(resolve, Math.random() * 12)),
  })
  servers.push(server)
  return server
}

/** A dead worker's lease would run for ten seconds; the test does not wait for that. */
const freeJobs = ({ sql }: House) => sql.query(`update ken.jobs set locked_until = null where kind = 'sending'`)

/** Starts workers and kills each after it has got some way on, so often or until `mails` have come to the server; the last one stays. */
async function killAgainAndAgain(here: House, server: MailServer, { times, mails }: { times: number; mails: number }) {
  for (let kills = 0; ; kills += 1) {
    const worker = startWorker(here)
    const before = server.mails.length
    await until(() => Promise.resolve(server.mails.length > before || distinct(server) >= mails))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 150))
    if (distinct(server) >= mails || kills === times) return kills
    await worker.kill()
    await freeJobs(here)
  }
}

/** Mails of campaigns; their owners get some too. */
const distinct = (server: MailServer): number => Object.keys(server.byId('snd_')).length

/** A house whose own process does no work, with a campaign that is launched. */
async function launched(server: MailServer, { count, steps }: { count: number; steps: number }) {
  const here = await open({ smtpUrl: server.url, worker: false }, { testClock: true })
  const editor = await here.signIn('editor')
  const importing = await another(here, { worker: true })
  const id = await ready(editor, { count, steps: fourSteps.slice(0, steps) })
  await importing.stop()
  await launch(editor, id)
  return { here, editor, id }
}

test('workers are killed with -9 again and again while a campaign sends: every mail goes out, and each is counted once', async () => {
  const server = await slowServer()
  const { here, editor, id } = await launched(server, { count: 140, steps: 2 })
  let kills = await killAgainAndAgain(here, server, { times: 3, mails: 140 })
  await sentAndCounted(editor, id, 140)
  await here.headroom.testClock.advance('P3D')
  kills += await killAgainAndAgain(here, server, { times: 1, mails: 280 })
  await sentAndCounted(editor, id, 280)
  await state(editor, id, 'completed')
  expect(kills).toBeGreaterThanOrEqual(3)
  const ids = Object.keys(server.byId('snd_'))
  expect(ids).toHaveLength(280)
  // At the most those that were on their way at a kill came twice, under the Message-ID they had.
  const came = Object.values(server.byId('snd_')).reduce((sum, times) => sum + times, 0)
  expect(came - 280).toBeLessThanOrEqual(kills * 5)
  const { rows } = await here.sql.query<{ id: string }>(`select id from ken.sends where state = 'accepted'`)
  expect(rows.map((row) => `<${row.id}@ken.example>`).sort()).toEqual(ids.sort())
  expect(await counted(here)).toEqual({ used: 280, overage: 0, entries: 280, sum: 280 })
}, 240_000)

test('two worker processes at once send a campaign once', async () => {
  const server = await slowServer()
  const { here, editor, id } = await launched(server, { count: 200, steps: 1 })
  const workers = [startWorker(here), startWorker(here)]
  await state(editor, id, 'completed')
  await Promise.all(workers.map((worker) => worker.kill()))
  expect(Object.values(server.byId('snd_'))).toEqual(Array.from({ length: 200 }, () => 1))
  expect(await sending(editor, id)).toMatchObject({ sent: 200, counted: 200, queued: 0 })
  expect(await counted(here)).toEqual({ used: 200, overage: 0, entries: 200, sum: 200 })
}, 120_000)

test('mails that Headroom was told of, but whose answer was not noted, are told again and count once', async () => {
  const server = await slowServer()
  const { here, editor, id } = await launched(server, { count: 60, steps: 1 })
  // As if the process had died after each answer came and before it was noted.
  await here.sql.query(`
    create function ken.forget() returns trigger language plpgsql as
      $$ begin new.counted_at := null; return new; end $$`)
  await here.sql.query(`
    create trigger forget before update on ken.sends for each row when (new.counted_at is not null) execute function ken.forget()`)
  const worker = startWorker(here)
  await until(async () => (await sending(editor, id)).sent === 60 && (await counted(here)).entries >= 60)
  expect(await sending(editor, id)).toMatchObject({ state: 'sending', sent: 60, counted: 0 })
  await worker.kill()
  await here.sql.query('drop trigger forget on ken.sends')
  await freeJobs(here)
  startWorker(here)
  await state(editor, id, 'completed')
  expect(await sending(editor, id)).toMatchObject({ sent: 60, counted: 60 })
  expect(await counted(here)).toEqual({ used: 60, overage: 0, entries: 60, sum: 60 })
}, 120_000)
