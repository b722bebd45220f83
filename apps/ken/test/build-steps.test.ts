import { once } from 'node:events'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { stepNames, type BuildView } from '../src/builds/build-view.ts'
import { StepFailed, type CampaignBuilder } from '../src/builds/builder.ts'
import { offlineBuilder } from '../src/builds/offline-builder.ts'
import { brief, Builder, credits, smallDirectory as directory } from './build-visitor.ts'
import { workspace, type House } from './harness.ts'
import { closeAll, open, until } from './houses.ts'

// Each test goes through builds of seven steps; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

/** Holds up planning, or lets it fail, while a test says so. */
const script = { gate: Promise.resolve(), reached: () => {}, letGo: () => {}, failure: null as Error | null }
const offline = offlineBuilder()
const scripted: CampaignBuilder = {
  ...offline,
  async planning(soFar, signal) {
    script.reached()
    await Promise.race([script.gate, once(signal, 'abort').then(() => signal.throwIfAborted())])
    if (script.failure) throw script.failure
    return offline.planning(soFar, signal)
  },
}

/** Planning waits from now on; `reached` when it does. */
function shutGate(): { reached: Promise<void>; letGo: () => void } {
  script.gate = new Promise((resolve) => (script.letGo = resolve))
  const reached = new Promise<void>((resolve) => (script.reached = resolve))
  return { reached, letGo: () => script.letGo() }
}

let here: House
let [editor, member] = [undefined as unknown as Builder, undefined as unknown as Builder]

beforeAll(async () => {
  here = await open({ directory, builder: scripted })
  editor = new Builder(await here.signIn('editor'))
  member = new Builder(await here.signIn('member'))
  await here.headroom.grant(workspace, { meter: 'ai_campaigns', quantity: 50, reason: 'test' })
})
afterEach(() => {
  script.letGo()
  script.failure = null
})
afterAll(closeAll)

/** Looking at a build moves the end of its hold, and nothing else. */
const still = ({ credit, ...rest }: BuildView) => ({ ...rest, credit: credit.state })

const remove = async (id: string) => {
  await editor.act(id, 'leave')
  expect((await editor.visitor.ask('DELETE', `/api/builds/${id}`)).status).toBe(204)
}

test('a step is given up when its build is left, and made when it is resumed', async () => {
  const { id } = await editor.start()
  await editor.through(id, 'research')
  const { reached, letGo } = shutGate()
  await editor.act(id, 'next', { from: 'research' })
  await reached
  expect((await editor.act(id, 'leave')).status).toBe(200)
  // The gate is still shut, and nobody waits before it any more.
  await until(async () => (await here.sql.query('select 1 from ken.jobs where id = $1', [id])).rowCount === 0)
  letGo()
  expect((await editor.act(id, 'resume')).body).toMatchObject({ working: 'planning' })
  expect((await editor.rested(id)).planning).not.toBeNull()
  await remove(id)
})

test('steps are made one at a time and in their order; said again, nothing changes; nothing is changed while Ken works', async () => {
  const { id } = await editor.start()
  expect((await editor.act(id, 'next', { from: 'research' })).status).toBe(409)
  expect((await editor.act(id, 'redo', { step: 'files' })).status).toBe(409)
  expect((await editor.edit(id, { planning: { goal: 'a', points: ['b'] } })).status).toBe(409)
  await editor.through(id, 'research')
  const { reached, letGo } = shutGate()
  const going = await editor.act(id, 'next', { from: 'research' })
  expect(going.body).toMatchObject({ step: 'planning', working: 'planning', planning: null })
  await reached
  expect(still((await editor.act(id, 'next', { from: 'research' })).body)).toEqual(still(going.body))
  for (const answer of [
    await editor.act(id, 'next', { from: 'planning' }),
    await editor.act(id, 'redo', { step: 'research' }),
    await editor.act(id, 'complete'),
    await editor.edit(id, { name: 'Other' }),
    await editor.attach(id, 'text'),
  ])
    expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(still((await editor.act(id, 'redo', { step: 'planning' })).body)).toEqual(still(going.body))
  letGo()
  const planned = await editor.rested(id)
  expect(planned).toMatchObject({ step: 'planning', planning: { goal: brief.goal } })

  const all = await editor.through(id)
  expect((await editor.act(id, 'next', { from: 'email_copy' })).status).toBe(409)
  const again = await editor.act(id, 'redo', { step: 'ideal_customer' })
  expect(again.body).toMatchObject({ step: 'ideal_customer', working: 'ideal_customer', planning: planned.planning })
  expect(await editor.rested(id)).toMatchObject({
    criteria: all.criteria,
    qualify: null,
    segments: null,
    sequence: null,
  })
  await remove(id)
})

test("a person's words take the place of Ken's; other criteria are judged anew and their segments counted anew", async () => {
  const { id } = await editor.start()
  const made = await editor.through(id)
  const words = {
    name: 'Renamed',
    planning: { goal: 'Mine', points: ['One point'] },
    target: 12,
    strategy: { angle: 'An angle', tone: 'Calm', points: ['Keep to it'] },
    sequence: [{ waitDays: 0, subject: 'Hello', body: 'Hi {{firstName}}' }],
    segments: [{ name: 'Founders', description: 'They decide.', people: 1_000_000 }],
  }
  const { segments, ...rest } = words
  const edited = await editor.edit(id, words)
  expect(edited.body).toMatchObject({ ...rest, step: 'email_copy', working: null, qualify: made.qualify })
  const [{ people, criteria } = { people: 0, criteria: null }] = edited.body.segments!
  expect(criteria).toEqual(made.criteria)
  expect(people).toBeGreaterThan(0)
  expect(people).toBeLessThan(segments[0]!.people)

  const wider = { titles: ['Founder'], countries: [], industries: [], companySizes: [] }
  expect((await editor.edit(id, { criteria: wider })).body).toMatchObject({ step: 'email_copy', qualify: null })
  const judged = await editor.rested(id)
  expect(judged).toMatchObject({ criteria: wider, step: 'email_copy', sequence: words.sequence })
  expect(judged.qualify!.passed[0]!.reason).toBe('Title matches')
  expect(judged.segments![0]!.criteria).toMatchObject({ titles: ['Founder'] })
  expect(judged.segments![0]!.people).not.toBe(people)
  const { campaignId } = await editor.complete(id)
  expect((await editor.visitor.get(`/api/campaigns/${campaignId}`)).body).toMatchObject({ name: 'Renamed', target: 12 })
})

test('what is too long, empty or unknown is refused with the field that is meant, and leaves nothing', async () => {
  const long = (length: number) => 'x'.repeat(length + 1)
  const faulty: [object, string][] = [
    [{ ...brief, company: '' }, 'brief.company'],
    [{ ...brief, company: '\u200b' }, 'brief.company'],
    [{ ...brief, offer: long(2_000) }, 'brief.offer'],
    [{ ...brief, goal: 'half \ud800' }, 'brief.goal'],
    [{ ...brief, budget: 'much' }, 'brief'],
  ]
  for (const [words, path] of faulty) {
    const { status, body } = await editor.tryStart('Faulty', words)
    expect([status, body]).toMatchObject([422, { errors: [{ path }] }])
  }
  expect((await editor.tryStart(long(100))).status).toBe(422)
  // What cannot be kept as it is, is not kept at all.
  expect((await editor.tryStart('Two\u0000 words')).status).toBe(422)
  const { id } = await editor.start('  Two  words ', {
    company: 'Solo',
    offer: 'Tents for people who camp.\u0007',
  })
  const made = await editor.through(id)
  expect(made).toMatchObject({ name: 'Two words', brief: { offer: 'Tents for people who camp.', website: '' } })
  for (const words of [
    { strategy: { angle: 'a', tone: 'b', points: Array.from({ length: 13 }, () => 'c') } },
    { sequence: [{ waitDays: 1, subject: 'First', body: 'may not wait' }] },
    { sequence: [{ waitDays: 0, subject: 'NUL', body: 'a\u0000b' }] },
    { target: 0 },
    { step: 'files' },
  ])
    expect((await editor.edit(id, words)).status).toBe(422)
  await remove(id)
})

test('up to five small text files are read, kept with the build and used; others are refused', async () => {
  const { id } = await editor.start()
  const attached = await editor.attach(
    id,
    'Our customers save 12 % of their time.\r\nWe are 9 people.',
    '../about us.md',
  )
  expect(attached).toMatchObject({ status: 200, body: { files: [{ name: 'about us.md', bytes: 56 }] } })
  const refused: [BodyInit, string, string | undefined, number][] = [
    ['a,b', 'sheet.xlsx', undefined, 422],
    ['text', 'notes.txt', 'text/html', 415],
    [new Uint8Array([0xff, 0xfe, 0x41]), 'wide.txt', undefined, 422],
    ['a\u0000b', 'nul.txt', undefined, 422],
    ['  \n', 'empty.txt', undefined, 422],
    ['x'.repeat(1024 * 1024 + 1), 'large.txt', undefined, 413],
  ]
  for (const [text, name, type, status] of refused)
    expect((await editor.attach(id, text, name, type)).status).toBe(status)
  for (let n = 0; n < 4; n += 1) await editor.attach(id, `Name,Email\nA,a@b.example\n`, `list${n}.csv`)
  expect((await editor.attach(id, 'one more')).status).toBe(409)
  const [first] = (await editor.show(id)).files
  expect((await editor.visitor.ask('DELETE', `/api/builds/${id}/files/fil_none`)).status).toBe(404)
  const { research } = await editor.through(id, 'research')
  expect(research!.facts).toContain('about us.md says: “Our customers save 12 % of their time.”')
  expect(research!.facts).toContain('list0.csv is a table of 1 row with Name, Email.')
  expect((await editor.visitor.ask('DELETE', `/api/builds/${id}/files/${first!.id}`)).status).toBe(204)
  await editor.act(id, 'redo', { step: 'research' })
  expect((await editor.rested(id)).research!.facts.join()).not.toContain('about us.md')
  await remove(id)
  expect((await here.sql.query('select 1 from ken.build_files where build_id = $1', [id])).rowCount).toBe(0)
})

test('a step that fails says so and can be tried again; one that breaks again and again is given up', async () => {
  const { id } = await editor.start()
  await editor.through(id, 'research')
  script.failure = new StepFailed('The model is on holiday.')
  await editor.act(id, 'next', { from: 'research' })
  expect(await editor.rested(id)).toMatchObject({
    step: 'planning',
    planning: null,
    notice: { kind: 'step_failed', text: 'The model is on holiday.' },
    credit: { state: 'reserved' },
  })
  expect((await editor.act(id, 'next', { from: 'planning' })).status).toBe(409)
  script.failure = new Error('A bug.')
  await editor.act(id, 'redo', { step: 'planning' })
  await until(async () => here.errors.some((line) => line.includes('A bug.')))
  await here.sql.query(`update ken.jobs set attempts = 9, run_at = now() where id = $1`, [id])
  expect(await editor.rested(id)).toMatchObject({ planning: null, notice: { kind: 'step_failed' } })
  script.failure = null
  await editor.act(id, 'redo', { step: 'planning' })
  expect(await editor.rested(id)).toMatchObject({ planning: { goal: brief.goal }, notice: null })
  await remove(id)
})

test('View only builds nothing and may look; a Member has own builds, an Editor all; nobody else’s workspace is seen', async () => {
  const viewer = new Builder(await here.signIn('viewer'))
  const [theirs, own] = [await editor.start('Theirs'), await member.start('Own')]
  const names = async ({ visitor }: Builder) =>
    (await visitor.get<{ builds: BuildView[] }>('/api/builds')).body.builds.map(({ name }) => name)
  for (const [who, seen] of [
    [editor, true],
    [viewer, true],
    [member, false],
  ] as const) {
    expect((await names(who)).includes('Theirs')).toBe(seen)
    expect(await names(who)).toContain('Own')
    expect((await who.visitor.get(`/api/builds/${theirs.id}`)).status).toBe(seen ? 200 : 404)
  }
  const acts: [string, object][] = [
    ['next', { from: 'files' }],
    ['redo', { step: 'research' }],
    ...['leave', 'resume', 'complete'].map((what): [string, object] => [what, {}]),
  ]
  const before = await credits(here)
  for (const [who, id, status] of [
    [viewer, theirs.id, 403],
    [member, theirs.id, 404],
    [editor, 'bld_none', 404],
  ] as const) {
    for (const [what, body] of acts) expect([what, (await who.act(id, what, body)).status]).toEqual([what, status])
    expect((await who.edit(id, { name: 'Taken' })).status).toBe(status)
    expect((await who.attach(id, 'text')).status).toBe(status)
    expect((await who.visitor.ask('DELETE', `/api/builds/${id}`)).status).toBe(status)
    expect((await who.visitor.ask('DELETE', `/api/builds/${id}/files/fil_1`)).status).toBe(status)
  }
  expect((await viewer.tryStart()).status).toBe(403)
  expect(await credits(here)).toEqual(before)
  for (const { id } of [theirs, own]) await remove(id)
})

test('twenty builds may stand open in a workspace: the next is told so, and one that is deleted makes room', async () => {
  const first = await editor.start('Open 1')
  await here.sql.query(
    `insert into ken.builds (workspace_id, id, owner_id, name, state, brief, builder, hold, hold_state, ask, viewer, created_at, updated_at)
     select workspace_id, 'bld_' || n, owner_id, 'Open', 'draft', brief, builder, 1, 'ended', ask, viewer, created_at, updated_at
       from ken.builds, generate_series(2, 19) n where id = $1`,
    [first.id],
  )
  const both = await Promise.all([editor.tryStart(), member.tryStart()])
  expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409])
  const refused = await editor.tryStart()
  expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } })
  expect(JSON.stringify(refused.body)).toContain('20 builds are open in this workspace')
  expect((await editor.visitor.ask('DELETE', '/api/builds/bld_2')).status).toBe(204)
  expect((await editor.tryStart()).status).toBe(201)
})

test('the stream tells of every change until the build is completed', async () => {
  await here.sql.query(`delete from ken.builds where id like 'bld__' or id like 'bld___'`)
  const { id } = await editor.start('Streamed')
  const response = await fetch(`${here.url}/api/builds/${id}/events`, { headers: { Cookie: editor.visitor.cookie } })
  const text = response.text()
  await editor.through(id)
  await editor.complete(id)
  const told = [...(await text).matchAll(/^event: build\ndata: (.*)$/gm)].map(
    ([, json]) => JSON.parse(json!) as BuildView,
  )
  const revisions = told.map(({ revision }) => revision)
  expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
  expect(told.at(0)).toMatchObject({ step: stepNames[0], state: 'active' })
  expect(told.at(-1)).toMatchObject({ step: stepNames.at(-1), state: 'completed', credit: { state: 'spent' } })
})
