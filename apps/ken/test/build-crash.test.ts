import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadBuild } from '../src/builds/build-rows.ts'
import { takeHold } from '../src/builds/holds.ts'
import { buildJob } from '../src/builds/job.ts'
import type { Context } from '../src/context.ts'
import { openDatabase, type Database } from '../src/database.ts'
import { rulesQualifier } from '../src/imports/qualifier.ts'
import { claim, handBack } from '../src/queue.ts'
import { Builder, credits, leaveCredits, smallDirectory as directory } from './build-visitor.ts'
import { workspace, type House } from './harness.ts'
import { closeAll, open } from './houses.ts'

let here: House
let source: string

beforeAll(async () => {
  here = await open({ directory })
  const editor = new Builder(await here.signIn('editor'))
  await here.headroom.grant(workspace, { meter: 'ai_campaigns', quantity: 100, reason: 'test' })
  source = (await editor.start()).id
  await editor.through(source)
  await editor.act(source, 'leave')
  await here.ken.stop()
  await here.sql.query('delete from ken.jobs')
}, 120_000)
afterAll(closeAll)

/** A process that dies right after its `n`th statement or request: it has been carried out, and nobody heard of it. */
class Mortal {
  readonly #lives: number
  #done = 0

  constructor(lives: number) {
    this.#lives = lives
  }

  get isDead(): boolean {
    return this.#done >= this.#lives
  }

  async #live<Result>(act: () => Promise<Result>): Promise<Result> {
    if (this.isDead) throw new Error('Dead.')
    const result = await act()
    this.#done += 1
    if (this.isDead) throw new Error('Died.')
    return result
  }

  /** The same thing, whose methods by these names count. */
  wrap<Thing extends object>(thing: Thing, names: readonly string[]): Thing {
    return new Proxy(thing, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target)
        if (typeof value !== 'function') return value
        const method = value.bind(target) as (...values: unknown[]) => Promise<unknown>
        if (name === 'as') return (viewer: unknown) => this.wrap(method(viewer) as unknown as Thing, names)
        if (name === 'connect') return async () => this.wrap((await method()) as pg.PoolClient, ['query'])
        return names.includes(String(name)) ? (...values: unknown[]) => this.#live(() => method(...values)) : method
      },
    })
  }
}

const verbs = ['reserve', 'commit', 'release', 'extend', 'reservation', 'usage', 'balances']

/** What a job needs of Ken, in a process that dies after so many acts. */
function contextOf(here: House, database: Database, mortal: Mortal): Context {
  return {
    database: mortal.wrap(database, ['query']),
    headroom: mortal.wrap(here.headroom, verbs),
    builder: here.options.builder,
    qualifier: rulesQualifier,
    directoryPeople: directory.people,
    log: () => {},
    wakeWorker: () => {},
  } as unknown as Context
}

/** Works on the job of this build until it is done or the process dies; true when it was done. */
async function workOn(here: House, database: Database, lives: number): Promise<boolean> {
  await here.sql.query(`update ken.jobs set locked_until = null, run_at = now() where kind = 'build'`)
  const job = await claim(database, ['build'])
  // It died when all was done, and only it did not know.
  if (!job) return true
  const mortal = new Mortal(lives)
  const run = { signal: new AbortController().signal, stopping: () => false }
  const end = await buildJob(contextOf(here, database, mortal))(job, run).catch((error: unknown) => {
    if (!mortal.isDead) throw error
    return null
  })
  if (end !== null && end !== 'done') await handBack(database, job, { afterSeconds: 0, failed: false })
  return end === 'done'
}

/** A finished build that somebody has just been content with, as a copy of one that was made. */
async function contentWith(here: House, source: string, id: string, hold: 'held' | 'ended'): Promise<void> {
  const ask = { id: `build_${id}_1`, lines: [{ meter: 'ai_campaigns', quantity: 1 }], ttlSeconds: 900 }
  if (hold === 'held') await here.headroom.reserve(workspace, ask)
  await here.sql.query(
    `insert into ken.builds
     select (jsonb_populate_record(b, jsonb_build_object(
              'id', $2::text, 'ask', $3::jsonb, 'hold', 1, 'hold_state', $4::text, 'completing', true, 'campaign_id', 'cmp_' || $2::text))).*
       from ken.builds b where b.id = $1`,
    [source, id, JSON.stringify(ask), hold],
  )
  await here.sql.query(`insert into ken.jobs (workspace_id, id, kind) values ($1, $2, 'build')`, [workspace, id])
}

test('of two who ask for one hold the one that was refused decides, and what the other was given goes back', async () => {
  const database = openDatabase(here.database.ownerUrl, () => {})
  const context = contextOf(here, database, new Mortal(Number.POSITIVE_INFINITY))
  for (const [state, reserved] of [
    ['lost', 0],
    ['ended', 0],
    ['held', 1],
  ] as const) {
    const key = { workspaceId: workspace, id: `bld_twice_${state}` }
    await contentWith(here, source, key.id, 'ended')
    await here.sql.query('delete from ken.jobs where id = $1', [key.id])
    const asking = (await loadBuild(database, key))!
    await here.sql.query('update ken.builds set hold_state = $2 where id = $1', [key.id, state])
    await takeHold(context, { ...asking, holdState: 'asking' })
    expect([state, await credits(here)]).toMatchObject([state, { used: 0, reserved }])
  }
  await here.headroom.release(workspace, 'build_bld_twice_held_1')
  await database.end()
})

test.each([
  ['its hold stands', 'held', 'spent', 1],
  ['its hold has run out and a credit is left', 'ended', 'spent', 1],
  ['its hold has run out and none is left', 'ended', 'lost', 0],
] as const)(
  'A67 A147 a process dies after each single act of completing a build whose credit is such that %s: one campaign, one list, the credit once',
  async (_title, hold, credit, used) => {
    if (credit === 'lost') await leaveCredits(here, 0)
    const database = openDatabase(here.database.ownerUrl, () => {})
    let deaths = 0
    for (let lives = 1; ; lives += 1) {
      const id = `bld_${hold}_${credit}_${lives}`
      const before = await credits(here)
      await contentWith(here, source, id, hold)
      const wasDone = await workOn(here, database, lives)
      if (!wasDone) deaths += 1
      if (!wasDone) expect(await workOn(here, database, Number.POSITIVE_INFINITY)).toBe(true)
      const { rows } = await here.sql.query(
        `select b.state, b.hold_state as hold, (select count(*)::int from ken.campaigns c where c.build_id = b.id) as campaigns,
                (select count(*)::int from ken.uploads u where u.campaign_id = b.campaign_id and u.ready_at is not null) as lists,
                (select count(*)::int from ken.sequence_steps s where s.campaign_id = b.campaign_id) as mails
           from ken.builds b where b.id = $1`,
        [id],
      )
      const settled = credit === 'spent' ? 'committed' : 'lost'
      expect([lives, rows[0]]).toEqual([lives, { state: 'completed', hold: settled, campaigns: 1, lists: 1, mails: 4 }])
      expect([lives, await credits(here)]).toMatchObject([lives, { used: before.used + used, reserved: 0 }])
      if (wasDone) break
    }
    // So many acts it takes at the least, and each of them was the last of some process.
    expect(deaths).toBeGreaterThan(20)
    await database.end()
  },
  240_000,
)
