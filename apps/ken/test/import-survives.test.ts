import { afterEach, expect, test } from 'vitest'
import { another, closeAll, open, until } from './houses.ts'
import { apiKey, createDoor, gatedVerifier, people, quickVerifier, sum } from './harness.ts'

afterEach(closeAll)

test('A144 A74 two imports started at once on what fits one: the second is capped or refused, and nothing is over-committed', async () => {
  const here = await open()
  const editor = await here.signIn('editor')
  await here.leave(100)
  const uploads = [await editor.prepared(people(80)), await editor.prepared(people(80, 500))]
  const started = await Promise.all(uploads.map(({ id }) => editor.post<{ id: string }>(`/api/uploads/${id}/imports`)))
  expect(started.map(({ status }) => status)).toEqual([201, 201])
  const ended = await Promise.all(started.map(({ body }) => editor.ended(body.id)))
  expect(ended.map(({ counted }) => counted).toSorted((a, b) => a - b)).toEqual([20, 80])
  expect(await here.leads()).toMatchObject({ available: 0, reserved: 0, overage: 0 })
  const third = await editor.prepared(people(10, 900))
  expect((await editor.post(`/api/uploads/${third.id}/imports`)).status).toBe(402)
})

test('two imports of the same people at the same time count each of them once', async () => {
  const here = await open()
  const editor = await here.signIn('editor')
  const reversed = [
    'Email,Name',
    ...people(400)
      .trim()
      .split('\n')
      .slice(1)
      .toReversed()
      .map((row) => row.split(',').slice(0, 2).toReversed().join(',')),
  ]
  const uploads = [await editor.prepared(people(400)), await editor.prepared(reversed.join('\n'))]
  const ended = await Promise.all(uploads.map(async ({ id }) => editor.ended((await editor.start(id)).id)))
  expect(ended.map(({ state }) => state)).toEqual(['completed', 'completed'])
  expect(ended[0]!.counted + ended[1]!.counted).toBe(400)
  for (const one of ended) expect(one.counted + sum(one.notCounted)).toBe(one.rowsTotal)
  expect(await here.leads()).toMatchObject({ used: 400, reserved: 0 })
  expect(here.errors).toEqual([])
})

test('four workers share the jobs and none is worked on twice', async () => {
  const here = await open({ worker: false })
  const editor = await here.signIn('editor')
  const seen: string[] = []
  const verifier: typeof quickVerifier = {
    verify: (emails, signal) => {
      seen.push(...emails)
      return quickVerifier.verify(emails, signal)
    },
  }
  const imports: string[] = []
  for (let n = 0; n < 8; n += 1) imports.push((await editor.start((await editor.prepared(people(120, n * 120))).id)).id)
  await Promise.all([1, 2, 3, 4].map(() => another(here, { worker: true, verifier })))
  for (const id of imports) expect(await editor.ended(id)).toMatchObject({ state: 'completed', counted: 120 })
  expect(seen).toHaveLength(960)
  expect(new Set(seen).size).toBe(960)
  expect(await here.leads()).toMatchObject({ used: 960, reserved: 0 })
})

test('a worker that comes back after its lease was taken writes nothing, also while the other is at work', async () => {
  const [late, next] = [gatedVerifier(2), gatedVerifier(2)]
  const here = await open({ verifier: late.verifier })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(350))).id)
  await late.reached
  // From here on the first process takes nothing new, so it cannot take the lease back itself; what it is at goes on.
  const stopping = here.ken.stop()
  await here.sql.query(`update ken.jobs set locked_until = now() - interval '1 second' where kind = 'import'`)
  const other = await another(here, { verifier: next.verifier })
  await next.reached
  late.letGo()
  await stopping
  const { rows } = await here.sql.query('select rows_read, counted from ken.imports')
  expect(rows).toEqual([{ rows_read: 200, counted: 200 }])
  expect(here.errors).toEqual([])
  next.letGo()
  await until(async () => (await here.sql.query(`select 1 from ken.imports where state = 'completed'`)).rowCount === 1)
  expect(await here.leads()).toMatchObject({ used: 350, reserved: 0 })
  await other.stop()
  expect((await here.headroom.reservation('ws_demo', id)).lines[0]).toMatchObject({ used: 350, returned: 0 })
})

test('a stop lets the batch finish and hands the import on at once', async () => {
  const gate = gatedVerifier(2)
  const here = await open({ verifier: gate.verifier })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(350))).id)
  await gate.reached
  const stopping = here.ken.stop()
  gate.letGo()
  await stopping
  const { rows } = await here.sql.query(`select locked_until, attempts from ken.jobs where kind = 'import'`)
  expect(rows).toEqual([{ locked_until: null, attempts: 0 }])
  const { rows: progress } = await here.sql.query('select rows_read, counted from ken.imports')
  expect(progress).toEqual([{ rows_read: 200, counted: 200 }])
  await another(here, { verifier: quickVerifier })
  const counted = async () =>
    (await here.sql.query(`select counted from ken.imports where id = $1 and state = 'completed'`, [id])).rows
  await until(async () => (await counted()).length === 1)
  expect(await counted()).toEqual([{ counted: 350 }])
})

test('A152 an import that keeps failing is given up: everything returns except what really counted', async () => {
  let batches = 0
  const verifier: typeof quickVerifier = {
    verify: (emails, signal) => {
      batches += 1
      if (batches > 1) throw new Error('The verifier is broken.')
      return quickVerifier.verify(emails, signal)
    },
  }
  const here = await open({ verifier })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(300))).id)
  const hurry = setInterval(
    () => void here.sql.query(`update ken.jobs set run_at = now() where kind = 'import'`).catch(() => undefined),
    100,
  )
  const done = await editor.ended(id)
  clearInterval(hurry)
  expect(done).toMatchObject({ state: 'failed', counted: 100, returned: 200, notice: { kind: 'failed' } })
  expect(done.counted + sum(done.notCounted)).toBe(300)
  expect(await here.leads()).toMatchObject({ used: 100, reserved: 0 })
  const { state, lines } = await here.headroom.reservation('ws_demo', id)
  expect([state, lines[0]]).toEqual(['released', expect.objectContaining({ reserved: 300, used: 100, returned: 200 })])
  expect(batches).toBeLessThan(9)
})

test('an import cut off between its row and its reservation reserves by the same name when it is resumed', async () => {
  const here = await open({ worker: false })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(50))).id)
  // As if the process had died before it noted the answer.
  await here.sql.query(
    'update ken.imports set reserved = 0, period_start = null, reserved_at = null, started_at = null',
  )
  await another(here, { worker: true })
  expect(await editor.ended(id)).toMatchObject({ state: 'completed', reserved: 50, counted: 50 })
  expect((await here.headroom.reservations('ws_demo')).data).toHaveLength(1)
  expect(await here.leads()).toMatchObject({ used: 50, reserved: 0 })
})

test('an import that is refused here while a worker has begun with it is left to the worker; else nothing of it stays', async () => {
  const here = await open({ worker: false })
  const editor = await here.signIn('editor')
  await here.leave(0)
  const upload = await editor.prepared(people(5))
  const start = () => editor.post(`/api/uploads/${upload.id}/imports`, { target: 5 })
  const left = async (table: 'imports' | 'jobs') =>
    (await here.sql.query(`select 1 from ken.${table} where id like 'imp%'`)).rowCount
  expect((await start()).status).toBe(402)
  expect([await left('imports'), await left('jobs')]).toEqual([0, 0])
  // As if Headroom had taken longer than the job is held back.
  await here.sql.query('alter table ken.jobs alter column fence set default 1')
  expect(await start()).toMatchObject({ status: 201, body: { state: 'queued' } })
  expect([await left('imports'), await left('jobs')]).toEqual([1, 1])
})

test('A147 parts that Headroom was told of, but whose answer was not noted, are told again and count once', async () => {
  const gate = gatedVerifier(4)
  const here = await open({ verifier: gate.verifier })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(500))).id)
  await gate.reached
  expect(await here.leads()).toMatchObject({ used: 300, reserved: 200 })
  // As if the process had died after each answer came and before it was noted.
  const { rowCount } = await here.sql.query(`update ken.settlements set outcome = null`)
  expect(rowCount).toBe(3)
  gate.letGo()
  expect(await editor.ended(id)).toMatchObject({ state: 'completed', counted: 500 })
  expect(await here.leads()).toMatchObject({ used: 500, reserved: 0 })
})

test('while Headroom does not answer an import waits, and goes on when it is back', async () => {
  const gate = gatedVerifier(2)
  const door = await createDoor()
  const here = await open({ verifier: gate.verifier, headroom: { baseUrl: door.url, apiKey } }, { door })
  const editor = await here.signIn('editor')
  const { id } = await editor.start((await editor.prepared(people(300))).id)
  await gate.reached
  door.shut = true
  gate.letGo()
  await door.knocked(6)
  expect(await editor.import(id)).toMatchObject({ state: 'running', counted: 200, notice: null })
  expect((await editor.get(`/api/campaigns`)).status).toBe(200)
  expect(await editor.get('/api/token')).toMatchObject({ status: 503, body: { code: 'unavailable' } })
  door.shut = false
  expect(await editor.ended(id)).toMatchObject({ state: 'completed', counted: 300 })
  expect(await here.leads()).toMatchObject({ used: 300, reserved: 0 })
  await door.close()
})
