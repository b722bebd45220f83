import { afterEach, expect, test, vi } from 'vitest'
import type { SequenceStep } from '../src/sending/sequence.ts'
import type { UploadView } from '../src/imports/uploads.ts'
import { Builder, credits, leaveCredits, smallDirectory as directory } from './build-visitor.ts'
import { workspace, type House } from './harness.ts'
import { closeAll, open } from './houses.ts'

// Each test goes through builds of seven steps; on a busy machine that takes a while.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

afterEach(closeAll)

const builderOf = async (here: House, role: 'admin' | 'editor' | 'member' = 'editor') =>
  new Builder(await here.signIn(role))

const later = (here: House) => here.headroom.testClock.advance('PT1H')
const builds = async (here: House) => (await here.sql.query('select 1 from ken.builds')).rowCount
const campaignsOf = async (here: House, id: string) =>
  (await here.sql.query<{ id: string }>('select id from ken.campaigns where build_id = $1', [id])).rows

test('A18 A67 a build holds one AI credit while it is made, and completing it uses that one and makes the campaign', async () => {
  const here = await open({ directory })
  const editor = await builderOf(here)
  const { id, credit, step } = await editor.start('Help desks')
  expect(step).toBe('files')
  expect(credit).toMatchObject({ state: 'reserved', reservation: `build_${id}_1` })
  expect(await credits(here)).toMatchObject({ used: 0, reserved: 1, limit: 3 })
  const made = await editor.through(id)
  expect(made).toMatchObject({ step: 'email_copy', builder: 'offline', notice: null, credit: { state: 'reserved' } })
  expect(made.criteria!.countries).toEqual(['United Kingdom', 'Germany'])
  expect(made.qualify!.passed.length).toBeGreaterThan(0)
  expect(made.qualify!.filtered.map(({ reason }) => reason)).toContain('Company size "1-10" does not match')
  expect(made.qualify!.filtered.map(({ reason }) => reason)).toContain('No email address')
  expect(made.qualify!.passed).not.toEqual([])
  expect(made.qualify!.sampled).toBe(made.qualify!.passed.length + made.qualify!.filtered.length)
  expect(made.segments!.every(({ people }) => people > 0)).toBe(true)
  expect(made.sequence!.map(({ waitDays }) => waitDays)).toEqual([0, 3, 3, 3])
  expect((await editor.visitor.get('/api/builds')).body).toMatchObject({ builds: [{ id, state: 'active' }] })

  const { build, campaignId } = await editor.complete(id)
  expect(build).toMatchObject({ state: 'completed', campaignId, notice: null, credit: { state: 'spent' } })
  expect((await editor.visitor.get('/api/builds')).body).toEqual({ builds: [] })
  expect(await credits(here)).toMatchObject({ used: 1, reserved: 0 })
  const campaign = await editor.visitor.get<{ name: string; criteria: object; target: number; uploads: UploadView[] }>(
    `/api/campaigns/${campaignId}`,
  )
  expect(campaign.body).toMatchObject({ name: 'Help desks', criteria: made.criteria, target: made.target, buildId: id })
  expect(campaign.body.uploads).toMatchObject([{ source: 'directory', criteria: made.criteria }])
  expect(campaign.body.uploads[0]!.estimate).toBeGreaterThanOrEqual(made.target!)
  const { rows } = await here.sql.query<SequenceStep>(
    `select wait_days as "waitDays", subject, body from ken.sequence_steps where campaign_id = $1 order by step`,
    [campaignId],
  )
  expect(rows).toEqual(made.sequence)
  // Completed again it is the same campaign, and nothing is used for it.
  expect(await editor.complete(id)).toEqual({ build, campaignId })
  expect(await campaignsOf(here, id)).toEqual([{ id: campaignId }])
  expect(await credits(here)).toMatchObject({ used: 1, reserved: 0 })
  expect(here.errors).toEqual([])
})

test('A68 a build that is left stays as a draft and gives its credit back; resumed, it goes on under the next number', async () => {
  const here = await open({ directory })
  const editor = await builderOf(here)
  const { id } = await editor.start()
  const before = await editor.through(id, 'planning')
  const left = await editor.act(id, 'leave')
  expect(left).toMatchObject({ status: 200, body: { state: 'draft', credit: { state: 'returned', until: null } } })
  expect(left.body).toMatchObject({ step: 'planning', planning: before.planning, research: before.research })
  expect((await editor.act(id, 'leave')).body).toEqual(left.body)
  expect(await credits(here)).toMatchObject({ used: 0, reserved: 0, available: 3 })
  expect((await editor.act(id, 'next', { from: 'planning' })).status).toBe(409)
  expect((await editor.act(id, 'complete')).status).toBe(409)

  const resumed = await editor.act(id, 'resume')
  expect(resumed.body).toMatchObject({ state: 'active', credit: { state: 'reserved', reservation: `build_${id}_2` } })
  expect((await editor.act(id, 'resume')).body.credit.reservation).toBe(`build_${id}_2`)
  expect(await credits(here)).toMatchObject({ used: 0, reserved: 1 })
  await editor.through(id)
  await editor.complete(id)
  expect(await credits(here)).toMatchObject({ used: 1, reserved: 0 })

  const { id: other } = await editor.start()
  expect((await editor.visitor.ask('DELETE', `/api/builds/${other}`)).status).toBe(409)
  await editor.act(other, 'leave')
  expect((await editor.visitor.ask('DELETE', `/api/builds/${other}`)).status).toBe(204)
  expect((await editor.visitor.get(`/api/builds/${other}`)).status).toBe(404)
  expect(await credits(here)).toMatchObject({ used: 1, reserved: 0 })
  expect(here.errors).toEqual([])
})

test('A3 A69 A70 A98 A133 without a credit no build starts or goes on, and what would help is named; a credit more and it does', async () => {
  const here = await open({ directory })
  const [admin, member] = [await builderOf(here, 'admin'), await builderOf(here, 'member')]
  const { id } = await member.start()
  const left = await member.act(id, 'leave')
  await leaveCredits(here, 0)
  const check = await admin.visitor.get('/api/builds/check')
  expect(check.body).toMatchObject({
    available: 0,
    verdict: { allowed: false, actions: [{ kind: 'upgrade_plan' }, {}] },
  })
  expect(await admin.tryStart()).toMatchObject({
    status: 402,
    body: { code: 'insufficient_credits', reason: 'limit_reached', lines: [{ available: 0 }] },
  })
  const resumed = await member.act<{ actions: { kind: string }[] }>(id, 'resume')
  expect(resumed.status).toBe(402)
  expect(resumed.body.actions[0]).toMatchObject({ kind: 'ask_admin' })
  expect(await member.show(id)).toEqual(left.body)
  expect(await builds(here)).toBe(1)
  expect((await here.sql.query(`select 1 from ken.jobs where kind = 'build' and id <> $1`, [id])).rowCount).toBe(0)

  await here.headroom.workspaces.setPlan(workspace, { plan: 'growth', contacts: 5_000, interval: 'month', when: 'now' })
  expect(await credits(here)).toMatchObject({ limit: 25 })
  await leaveCredits(here, 0)
  expect((await admin.tryStart()).body).toMatchObject({
    actions: [{ kind: 'buy_credits', addOn: 'ai_campaigns', blocks: 1, totalCents: 500 }, {}],
  })
  await here.headroom.grant(workspace, { meter: 'ai_campaigns', quantity: 1, reason: 'test' })
  expect(await member.act(id, 'resume')).toMatchObject({
    body: { state: 'active', credit: { reservation: `build_${id}_2` } },
  })
  expect(here.errors).toEqual([])
})

test('A68 A73 an abandoned build is a draft when its hold has ended; looking at it keeps the hold', async () => {
  const here = await open({ directory }, { testClock: true })
  const editor = await builderOf(here)
  const { id } = await editor.start()
  await editor.through(id, 'research')
  for (let looks = 0; looks < 3; looks += 1) {
    await here.headroom.testClock.advance('PT10M')
    expect(await editor.show(id)).toMatchObject({ state: 'active', credit: { state: 'reserved' } })
  }
  await here.headroom.testClock.advance('PT10M')
  // Somebody who may only look keeps nothing alive.
  const viewer = await here.signIn('viewer')
  expect((await viewer.get(`/api/builds/${id}`)).body).toMatchObject({ state: 'active' })
  await here.headroom.testClock.advance('PT6M')
  expect(await credits(here)).toMatchObject({ reserved: 0, available: 3 })
  expect((await editor.visitor.get('/api/builds')).body).toMatchObject({ builds: [{ id, state: 'draft' }] })
  expect(await editor.show(id)).toMatchObject({
    state: 'draft',
    credit: { state: 'returned', until: null },
    notice: { kind: 'credit_ended' },
  })
  expect((await editor.edit(id, { name: 'Other' })).status).toBe(409)
  expect(await editor.act(id, 'resume')).toMatchObject({ body: { state: 'active', notice: null } })
  expect(await credits(here)).toMatchObject({ reserved: 1 })
  expect(here.errors).toEqual([])
})

test('A67 a build completed after its hold ran out takes another credit; with none left the work is kept, and it says so', async () => {
  const here = await open({ directory }, { testClock: true })
  const editor = await builderOf(here)
  const [first, second, third] = [await editor.start('A'), await editor.start('B'), await editor.start('C')]
  for (const { id } of [first, second, third]) await editor.through(id)
  await later(here)
  expect((await editor.complete(first.id)).build).toMatchObject({
    credit: { state: 'spent', reservation: `build_${first.id}_2` },
    notice: null,
  })
  expect(await credits(here)).toMatchObject({ used: 1, reserved: 0 })

  await leaveCredits(here, 0)
  const { build, campaignId } = await editor.complete(second.id)
  expect(build).toMatchObject({ state: 'completed', credit: { state: 'lost' }, notice: { kind: 'credit_lost' } })
  // Also where somebody has seen meanwhile that it had become a draft.
  expect(await editor.show(third.id)).toMatchObject({ state: 'draft', notice: { kind: 'credit_ended' } })
  expect((await editor.act(third.id, 'resume')).status).toBe(402)
  expect((await editor.complete(third.id)).build).toMatchObject({ credit: { state: 'lost' } })
  expect(await editor.complete(second.id)).toEqual({ build, campaignId })
  expect(await campaignsOf(here, second.id)).toHaveLength(1)
  expect(await credits(here)).toMatchObject({ used: 3, reserved: 0, available: 0, overage: 0 })
  expect(here.errors).toEqual([])
})

test('A86 A125 unused AI credits lapse with the period; a build that was under way is paid from the one it began in', async () => {
  const here = await open({ directory }, { testClock: true })
  const editor = await builderOf(here)
  const { period } = await here.headroom.usage(workspace)
  const at = (minutes: number) =>
    here.headroom.testClock.set(new Date(Date.parse(period.end) + minutes * 60_000).toISOString())
  await at(-5)
  const { id } = await editor.start()
  await editor.through(id)
  await at(5)
  expect(await credits(here)).toMatchObject({ used: 0, reserved: 0, available: 3 })
  await editor.complete(id)
  expect(await credits(here)).toMatchObject({ used: 0, reserved: 0, available: 3 })
  expect(await here.headroom.reservation(workspace, `build_${id}_1`)).toMatchObject({
    state: 'committed',
    period: { start: period.start },
    lines: [{ used: 1 }],
  })
})
