import { afterEach, expect, test } from 'vitest'
import { closeAll, open } from './houses.ts'
import { gatedVerifier, people } from './harness.ts'

afterEach(closeAll)

test('A71 A72 A73 A76 A77 A78 while an import runs its leads are reserved; afterwards only what counted is gone', async () => {
  const gate = gatedVerifier(3)
  const here = await open({ verifier: gate.verifier })
  const editor = await here.signIn('editor')
  const upload = await editor.prepared(people(300) + 'Nobody,,,\n')
  const { id } = await editor.start(upload.id, 400)
  await gate.reached
  const during = await here.leads()
  expect(during).toMatchObject({ limit: 1_000, reserved: 300 - during.used })
  expect(during.available).toBe(1_000 - during.used - during.reserved)
  expect(during.available).toBeLessThan(1_000 - during.used)
  expect(await editor.import(id)).toMatchObject({ state: 'running', rowsRead: 200, counted: 200, reserved: 300 })
  expect(await editor.get('/api/campaigns')).toMatchObject({ body: { campaigns: [{ activeImport: { id } }, {}] } })
  gate.letGo()
  expect(await editor.ended(id)).toMatchObject({ state: 'completed', counted: 300, returned: 0, rowsRead: 301 })
  expect(await here.leads()).toMatchObject({ used: 300, reserved: 0, available: 700 })
})

test('cancelling keeps what counted and returns the rest; cancelling again answers the same', async () => {
  const gate = gatedVerifier(3)
  const here = await open({ verifier: gate.verifier })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(400))).id)
  await gate.reached
  const cancelling = editor.post(`/api/imports/${id}/cancel`)
  await new Promise((resolve) => setTimeout(resolve, 300))
  gate.letGo()
  const cancelled = await cancelling
  expect(cancelled).toMatchObject({
    status: 200,
    body: { state: 'cancelled', counted: 200, returned: 200, rowsRead: 200, rowsTotal: 400 },
  })
  expect(cancelled.body.notCounted).toEqual([{ reason: 'cancelled', label: 'Not processed: cancelled', count: 200 }])
  expect((await editor.post(`/api/imports/${id}/cancel`)).body).toEqual(cancelled.body)
  expect(await here.leads()).toMatchObject({ used: 200, reserved: 0 })
})

test('when the held leads end meanwhile the work is kept, a notice says so, and only what was booked counts', async () => {
  const gate = gatedVerifier(3)
  const here = await open({ verifier: gate.verifier }, { testClock: true })
  const editor = await here.signIn('editor')
  const upload = await editor.prepared(people(400))
  const { id } = await editor.start(upload.id)
  await gate.reached
  await here.headroom.testClock.advance('PT1H')
  gate.letGo()
  const done = await editor.ended(id)
  expect(done).toMatchObject({
    state: 'failed',
    counted: 200,
    returned: 200,
    rowsRead: 300,
    rowsTotal: 400,
    notice: { kind: 'credits_lost' },
  })
  expect(done.notCounted.map(({ reason, count }) => [reason, count])).toEqual([
    ['credits_lost', 100],
    ['hold_ended', 100],
  ])
  expect(await editor.contacts(upload.campaignId)).toHaveLength(300)
  expect(await here.leads()).toMatchObject({ used: 200, reserved: 0 })
  // The contacts that were kept and not counted can be counted by the next import.
  expect(await editor.plan(upload.id)).toMatchObject({ estimate: 200 })
  expect(await editor.ended((await editor.start(upload.id)).id)).toMatchObject({ state: 'completed', counted: 200 })
  expect(here.errors).toEqual([])
})

test('a part that comes just after the expiry is still booked, and is the last', async () => {
  const gate = gatedVerifier(2)
  const here = await open({ verifier: gate.verifier }, { testClock: true })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(300))).id)
  await gate.reached
  const { expiresAt } = await here.headroom.reservation('ws_demo', id)
  await here.headroom.testClock.set(new Date(Date.parse(expiresAt) + 30_000).toISOString())
  gate.letGo()
  expect(await editor.ended(id)).toMatchObject({
    state: 'failed',
    counted: 200,
    returned: 100,
    notice: { kind: 'credits_lost' },
  })
  expect(await here.leads()).toMatchObject({ used: 200, reserved: 0 })
  expect(here.errors).toEqual([])
})

test('A149 A83 a period that ends while an import runs gets its leads; the new one starts whole, and contacts may count again', async () => {
  const gate = gatedVerifier(3)
  const here = await open({ verifier: gate.verifier }, { testClock: true })
  const editor = await here.signIn('editor')
  const { period } = await here.headroom.usage('ws_demo')
  const after = (minutes: number) =>
    here.headroom.testClock.set(new Date(Date.parse(period.end) + minutes * 60_000).toISOString())
  await after(-5)
  const upload = await editor.prepared(people(400))
  const { id } = await editor.start(upload.id)
  await gate.reached
  await after(5)
  expect(await here.leads()).toMatchObject({ used: 0, reserved: 0, available: 1_000 })
  gate.letGo()
  expect(await editor.ended(id)).toMatchObject({ state: 'completed', reserved: 400, counted: 400 })
  expect(await here.leads()).toMatchObject({ used: 0, reserved: 0, available: 1_000 })
  expect(await here.headroom.reservation('ws_demo', id)).toMatchObject({
    state: 'committed',
    period: { start: period.start },
    lines: [{ used: 400 }],
  })
  expect(await editor.plan(upload.id)).toMatchObject({ estimate: 400 })
  expect(await editor.ended((await editor.start(upload.id)).id)).toMatchObject({ counted: 400 })
  expect(await here.leads()).toMatchObject({ used: 400 })
})
