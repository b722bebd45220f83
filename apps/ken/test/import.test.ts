import { afterAll, beforeAll, expect, test } from 'vitest'
import catalog from '../../../catalogs/ken.ts'
import { house, people, type House } from './harness.ts'
import { type Visitor } from './visitor.ts'

let here: House
let editor: Visitor

beforeAll(async () => {
  here = await house()
  editor = await here.signIn('editor')
})
afterAll(() => here.stop())

test('A60 A61 A62 A63 A64 raw rows, disqualified contacts and those without a deliverable address count nothing', async () => {
  await here.leave(500)
  const before = await here.leads()
  const rows = [
    ...Array.from({ length: 40 }, (_, n) => `Raw ${n},,CEO`),
    ...Array.from({ length: 40 }, (_, n) => `Broken ${n},broken${n}@,CEO`),
    ...Array.from({ length: 40 }, (_, n) => `Intern ${n},intern${n}@company.example,Intern`),
    ...Array.from({ length: 40 }, (_, n) => `Dead ${n},dead${n}@company.invalid,CEO`),
    ...Array.from({ length: 40 }, (_, n) => `Shared ${n},info@company${n}.example,CEO`),
  ]
  const criteria = { titles: ['CEO'], countries: [], industries: [] }
  const upload = await editor.prepared(`Name,Email,Title\n${rows.join('\n')}\n`, criteria)
  expect(upload).toMatchObject({ rows: 200, usable: 120, estimate: 120 })
  const done = await editor.ended((await editor.start(upload.id)).id)
  expect(done).toMatchObject({
    state: 'completed',
    counted: 0,
    verified: 0,
    qualified: 80,
    reserved: 120,
    returned: 120,
  })
  expect(done.notCounted.map(({ reason, count }) => [reason, count])).toEqual([
    ['no_address', 40],
    ['invalid_address', 40],
    ['title', 40],
    ['risky', 40],
    ['invalid', 40],
  ])
  expect(await here.leads()).toMatchObject({ used: before.used, reserved: 0, available: 500 })
  const [row] = await editor.contacts(upload.campaignId)
  expect(row).toMatchObject({
    row: 2,
    name: 'Raw 0',
    email: null,
    verdict: 'not_counted',
    reason: 'no_address',
    verification: null,
  })
})

test('A59 an import of contacts none of which has an address reserves nothing and says so', async () => {
  const upload = await editor.prepared('Name,Email\nAnn,\nBen,not an address\n')
  const plan = await editor.plan(upload.id)
  expect(plan).toMatchObject({ estimate: 0, reserve: 0 })
  expect(plan.sentence).toContain('no lead is used')
  const done = await editor.ended((await editor.start(upload.id)).id)
  expect(done).toMatchObject({ state: 'completed', reservation: null, reserved: 0, counted: 0, rowsRead: 2 })
})

test('A100 A101 A102 the cap is the smallest of target, estimate and what is left, and the plan says which', async () => {
  await here.leave(30)
  const upload = await editor.prepared(people(50, 1_000))
  const cases = [
    {
      target: undefined,
      reserve: 30,
      boundBy: 'available',
      says: '30 leads are left: the import stops when 30 have counted',
    },
    { target: 20, reserve: 20, boundBy: 'target', says: 'stops when 20 have counted, as you asked' },
    { target: 40, reserve: 30, boundBy: 'available', says: '30 of the 40 fit: that is what is left.' },
    { target: 30, reserve: 30, boundBy: 'target', says: '30 leads are left: the import stops when 30 have counted.' },
    { target: 1, reserve: 1, boundBy: 'target', says: 'stops when 1 has counted, as you asked' },
  ]
  for (const { target, says, ...cap } of cases) {
    const plan = await editor.plan(upload.id, target)
    expect(plan).toMatchObject({ estimate: 50, available: 30, ...cap })
    expect(plan.sentence).toContain(says)
  }
  await here.leave(100)
  expect(await editor.plan(upload.id, 80)).toMatchObject({ reserve: 50, boundBy: 'estimate' })
  expect(await editor.plan(upload.id)).toMatchObject({ reserve: 50, boundBy: 'none' })
})

test('A101 a capped import counts what there is, never more, and names the rows it did not process', async () => {
  await here.leave(30)
  const upload = await editor.prepared(people(50, 2_000))
  const done = await editor.ended((await editor.start(upload.id)).id)
  expect(done).toMatchObject({
    state: 'completed',
    reserved: 30,
    counted: 30,
    returned: 0,
    rowsRead: 30,
    rowsTotal: 50,
  })
  expect(done.fileName).toBe(upload.fileName)
  expect(done.notCounted).toEqual([{ reason: 'limit_reached', label: 'Not processed: limit reached', count: 20 }])
  expect(done.notice).toMatchObject({
    kind: 'limit_reached',
    text: 'The import stopped when 30 had counted: 20 of 50 rows were not processed.',
  })
  expect(await here.leads()).toMatchObject({ available: 0, overage: 0 })
})

test('A132 with nothing left a new import is refused with what would help, and leaves no trace', async () => {
  await here.leave(0)
  const upload = await editor.prepared(people(5, 3_000))
  const plan = await editor.plan(upload.id)
  expect(plan.verdict).toMatchObject({ allowed: false, reason: 'limit_reached' })
  expect(plan.sentence).toContain('no leads are left')
  const refused = await editor.post(`/api/uploads/${upload.id}/imports`)
  expect(refused.status).toBe(402)
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  expect(refused.body).toMatchObject({
    code: 'insufficient_credits',
    reason: 'limit_reached',
    lines: [{ meter: 'leads', available: 0 }],
  })
  expect(await editor.get(`/api/campaigns/${upload.campaignId}`)).toMatchObject({
    body: { imports: [], activeImport: null },
  })
})

test('A93 A94 A11 the block says how many are left, with a way out for an Admin and "Ask an Admin" for everyone else', async () => {
  await here.leave(3)
  const admin = await here.signIn('admin')
  const upload = await editor.prepared(people(5, 4_000))
  expect((await admin.plan(upload.id)).verdict.actions[0]).toMatchObject({
    kind: 'upgrade_plan',
    label: 'Upgrade plan',
  })
  expect((await editor.plan(upload.id)).verdict.actions[0]).toMatchObject({ kind: 'ask_admin' })
})

test('A98 A99 A103 more leads or a lower target clear the block, and running again brings more', async () => {
  await here.leave(3)
  const upload = await editor.prepared(people(10, 5_000))
  expect((await editor.plan(upload.id)).verdict.allowed).toBe(false)
  expect((await editor.plan(upload.id, 3)).verdict.allowed).toBe(true)
  expect(await editor.ended((await editor.start(upload.id)).id)).toMatchObject({ counted: 3 })
  await here.leave(100)
  expect(await editor.plan(upload.id)).toMatchObject({ estimate: 7, reserve: 7, verdict: { allowed: true } })
  const again = await editor.ended((await editor.start(upload.id)).id)
  expect(again).toMatchObject({ counted: 7, reserved: 7, notCounted: [{ reason: 'already_counted', count: 3 }] })
})

test('A contact counts once in a file, and once in a workspace and period', async () => {
  await here.leave(100)
  const file = 'Email\nAnn@once.example\nann@once.example\nANN@ONCE.EXAMPLE\nben@once.example\n'
  const first = await editor.ended((await editor.start((await editor.prepared(file)).id)).id)
  expect(first).toMatchObject({ counted: 2, reserved: 2, imported: 2, notCounted: [{ reason: 'duplicate', count: 2 }] })
  const admin = await here.signIn('admin')
  const second = await admin.prepared(file)
  expect(second).toMatchObject({ usable: 4, estimate: 0 })
  expect(await admin.ended((await admin.start(second.id)).id)).toMatchObject({
    counted: 0,
    reserved: 0,
    notCounted: [
      { reason: 'duplicate', count: 2 },
      { reason: 'already_counted', count: 2 },
    ],
  })
})

test('A129 A130 leads one user takes are gone for the others', async () => {
  await here.leave(20)
  const member = await here.signIn('member')
  const [mine, theirs] = [await member.prepared(people(15, 6_000)), await editor.prepared(people(15, 6_100))]
  await member.ended((await member.start(mine.id)).id)
  expect(await editor.plan(theirs.id)).toMatchObject({ available: 5, reserve: 5, boundBy: 'available' })
})

test('A82 on an unlimited plan no balance caps an import', async () => {
  const plans = catalog.plans.map((plan) => ({ ...plan, allowances: { ...plan.allowances, leads: null } }))
  const unlimited = await house({}, { catalog: { ...catalog, version: 'test-unlimited', plans } })
  try {
    const admin = await unlimited.signIn('admin')
    const upload = await admin.prepared(people(1_200))
    const plan = await admin.plan(upload.id)
    expect(plan).toMatchObject({ available: null, reserve: 1_200, boundBy: 'none', verdict: { allowed: true } })
    expect(plan.sentence).toContain('leads are unlimited on this plan')
    const done = await admin.ended((await admin.start(upload.id)).id)
    expect(done).toMatchObject({ state: 'completed', reserved: 1_200, counted: 1_200, notCounted: [] })
    expect(await unlimited.leads()).toMatchObject({ used: 1_200, reserved: 0, limit: null, available: null })
  } finally {
    await unlimited.stop()
  }
})

test('the contacts of a campaign are listed page by page, by verdict, with a cursor that is good for that list only', async () => {
  await here.leave(200)
  const upload = await editor.prepared(people(120, 8_000) + 'Nobody,,,\n')
  const other = await editor.campaign()
  await editor.ended((await editor.start(upload.id)).id)
  const all = await editor.contacts(upload.campaignId)
  expect(all.map(({ row }) => row)).toEqual(Array.from({ length: 121 }, (_, n) => n + 2))
  expect(await editor.contacts(upload.campaignId, 'counted')).toHaveLength(120)
  expect(await editor.contacts(upload.campaignId, 'not_counted')).toHaveLength(1)
  const page = await editor.get<{ nextCursor: string }>(`/api/campaigns/${upload.campaignId}/contacts`)
  const cursor = page.body.nextCursor
  for (const bad of [
    `${other.id}/contacts?cursor=${cursor}`,
    `${upload.campaignId}/contacts?cursor=abc`,
    `${upload.campaignId}/contacts?verdict=maybe`,
  ]) {
    expect((await editor.get(`/api/campaigns/${bad}`)).status, bad).toBe(422)
  }
})
