import { afterEach, expect, test } from 'vitest'
import { Builder, credits, leaveCredits, smallDirectory as directory } from './build-visitor.ts'
import { apiKey, createDoor, workspace, type House } from './harness.ts'
import { another, closeAll, open, until } from './houses.ts'
import { killWorkers, startWorker } from './killed-worker.ts'

afterEach(async () => {
  killWorkers()
  await closeAll()
})

const minutes = 60_000
const countOf = async (here: House, table: 'builds' | 'campaigns' | 'uploads', where = 'true') =>
  (await here.sql.query(`select 1 from ken.${table} where ${where}`)).rowCount
const madeHere = `build_id is not null`

test(
  'A74 A144 two builds started at once on the last credit: exactly one starts, and the other leaves nothing behind',
  async () => {
    const here = await open({ directory })
    const [editor, member] = [new Builder(await here.signIn('editor')), new Builder(await here.signIn('member'))]
    await leaveCredits(here, 1)
    const started = await Promise.all([editor.tryStart('A'), member.tryStart('B')])
    expect(started.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 402])
    expect(await credits(here)).toMatchObject({ reserved: 1, available: 0, overage: 0 })
    expect(await countOf(here, 'builds')).toBe(1)
    expect((await here.headroom.reservations(workspace, { state: 'held' })).data).toHaveLength(1)
    expect(here.errors).toEqual([])
  },
  2 * minutes,
)

test(
  'A147 a build that is completed five times at once, by two processes, is one campaign and one credit; so is one resumed five times',
  async () => {
    const here = await open({ directory })
    await another(here)
    const editor = new Builder(await here.signIn('editor'))
    const { id } = await editor.start()
    await editor.through(id)
    await editor.act(id, 'leave')
    const resumed = await Promise.all(Array.from({ length: 5 }, () => editor.act(id, 'resume')))
    for (const { body } of resumed) expect(body).toMatchObject({ state: 'active', credit: { state: 'reserved' } })
    expect(await credits(here)).toMatchObject({ used: 0, reserved: 1 })
    const all = await Promise.all(Array.from({ length: 5 }, () => editor.complete(id)))
    expect(new Set(all.map(({ campaignId }) => campaignId)).size).toBe(1)
    expect(await credits(here)).toMatchObject({ used: 1, reserved: 0 })
    expect(await countOf(here, 'campaigns', madeHere)).toBe(1)
    expect(await countOf(here, 'uploads')).toBe(1)
    expect(here.errors).toEqual([])
  },
  2 * minutes,
)

test(
  'A67 A147 workers are killed with -9 during a build and while it is completed: it goes on, with exactly one credit and one campaign',
  async () => {
    const here = await open({ directory, worker: false })
    const editor = new Builder(await here.signIn('editor'))
    // Asked for here, so that it is as small as this house wants it.
    await editor.visitor.get('/api/directory')
    const { id } = await editor.start()
    let kills = 0
    let worker = startWorker(here)
    const again = async () => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 80))
      await worker.kill()
      kills += 1
      // A dead worker's lease would run for ten seconds; the test does not wait for that.
      await here.sql.query(`update ken.jobs set locked_until = now() where kind in ('build', 'directory')`)
      worker = startWorker(here)
    }
    for (const from of ['files', 'research', 'planning', 'ideal_customer', 'qualify', 'segment', 'strategy']) {
      await editor.act(id, 'next', { from })
      if (from === 'research' || from === 'planning') {
        await until(() => isClaimed(here))
        await again()
      }
      await editor.rested(id)
    }
    const before = await editor.show(id)
    expect(before).toMatchObject({ step: 'email_copy', working: null, notice: null })
    const completing = editor.act<{ campaignId: string }>(id, 'complete')
    // Each worker is killed at another place on the way from "somebody is content" to the end.
    for (const place of ['completing', "hold_state = 'committed'"]) {
      await until(async () => (await countOf(here, 'builds', `${place} or state = 'completed'`)) === 1)
      await again()
    }
    await completing
    const { build, campaignId } = await editor.complete(id)
    expect(build).toMatchObject({ credit: { state: 'spent', reservation: `build_${id}_1` }, notice: null })
    expect(kills).toBe(4)
    expect(await credits(here)).toMatchObject({ used: 1, reserved: 0 })
    expect(await countOf(here, 'campaigns', madeHere)).toBe(1)
    expect(await countOf(here, 'uploads', `campaign_id = '${campaignId}' and ready_at is not null`)).toBe(1)
  },
  4 * minutes,
)

const isClaimed = async (here: House) =>
  (await here.sql.query(`select 1 from ken.jobs where kind = 'build' and locked_until > now()`)).rowCount === 1

test(
  'while Headroom cannot be asked no build starts and none is forgotten: what was left gives its credit back later',
  async () => {
    const door = await createDoor()
    const here = await open({ directory, headroom: { baseUrl: door.url, apiKey } }, { door })
    const editor = new Builder(await here.signIn('editor'))
    const { id } = await editor.start()
    await editor.through(id, 'research')
    door.shut = true
    expect((await editor.tryStart('Second')).status).toBe(503)
    // It can still be read and worked on, and put aside.
    expect(await editor.show(id)).toMatchObject({ state: 'active', step: 'research' })
    expect((await editor.act(id, 'leave')).body).toMatchObject({ state: 'draft', credit: { state: 'reserved' } })
    expect(await credits(here)).toMatchObject({ reserved: 1 })
    door.shut = false
    await until(async () => (await editor.show(id)).credit.state === 'returned')
    await until(async () => (await countOf(here, 'builds')) === 1)
    expect(await credits(here)).toMatchObject({ used: 0, reserved: 0 })
    expect(await editor.act(id, 'resume')).toMatchObject({ body: { state: 'active', step: 'research' } })
    await door.close()
  },
  3 * minutes,
)

test(
  'a step that was under way when the build was left goes on when it is resumed',
  async () => {
    const here = await open({ directory, worker: false })
    const editor = new Builder(await here.signIn('editor'))
    const { id } = await editor.start()
    expect((await editor.act(id, 'next', { from: 'files' })).body).toMatchObject({ working: 'research' })
    expect((await editor.act(id, 'leave')).body).toMatchObject({ state: 'draft', step: 'research', working: null })
    expect((await editor.act(id, 'resume')).body).toMatchObject({ state: 'active', working: 'research' })
    await another(here, { worker: true })
    expect((await editor.rested(id)).research!.summary).toContain('Brightdesk offers')
    expect(here.errors).toEqual([])
  },
  2 * minutes,
)

test(
  'a number that was used before, with other words, is passed over when a build is resumed',
  async () => {
    const here = await open({ directory })
    const editor = new Builder(await here.signIn('editor'))
    const { id } = await editor.start()
    await editor.act(id, 'leave')
    const taken = { id: `build_${id}_2`, lines: [{ meter: 'ai_campaigns', quantity: 1 }] }
    await here.headroom.reserve(workspace, taken)
    await here.headroom.release(workspace, taken.id)
    expect((await editor.act(id, 'resume')).body).toMatchObject({
      state: 'active',
      credit: { state: 'reserved', reservation: `build_${id}_3` },
    })
    expect(await credits(here)).toMatchObject({ reserved: 1 })
  },
  2 * minutes,
)
