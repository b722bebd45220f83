import { afterAll, beforeAll, expect, test } from 'vitest'
import { routes } from '../src/routes/index.ts'
import { seen } from './contract.ts'
import { openRoom, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({ testClock: true })
})
afterAll(() => room.stop())

const lines = (leads: number) => [{ meter: 'leads', quantity: leads }]

test('a workspace repeats by its id, and by a key where it has no id', async () => {
  const body = { id: 'ws_repeat', name: '  Acme  ', plan: 'starter', contacts: 1000 }
  const first = await room.post('/v1/workspaces', body)
  expect(first).toMatchObject({
    status: 201,
    body: { id: 'ws_repeat', name: 'Acme', plan: 'starter', status: 'active' },
  })
  expect(await room.post('/v1/workspaces', body)).toMatchObject({ status: 200, body: first.body })
  expect(await room.post('/v1/workspaces', { ...body, contacts: 2000 })).toMatchObject({
    status: 422,
    body: { code: 'workspace_mismatch' },
  })

  const keyed = { 'Idempotency-Key': 'new-workspace-1' }
  const made = await room.post('/v1/workspaces', { name: 'Keyed' }, keyed)
  expect(made.status).toBe(201)
  expect(made.body.id).toMatch(/^ws_[A-Za-z0-9_-]{24}$/)
  expect(await room.post('/v1/workspaces', { name: 'Keyed' }, keyed)).toMatchObject({ status: 200, body: made.body })
  const other = await room.post('/v1/workspaces', { name: 'Keyed' }, { 'Idempotency-Key': 'new-workspace-2' })
  expect(other.body.id).not.toBe(made.body.id)
})

test('A71 A72 used, reserved, limit and available of each meter', async () => {
  const workspace = await room.workspace()
  await room.post(`/v1/workspaces/${workspace}/use`, { lines: lines(200), mode: 'enforce' })
  await room.post(`/v1/workspaces/${workspace}/reservations`, { lines: lines(300) })
  const { body } = await room.get(`/v1/workspaces/${workspace}/usage`)
  expect(body.meters.find((meter: { meter: string }) => meter.meter === 'leads')).toMatchObject({
    used: 200,
    reserved: 300,
    limit: 1000,
    available: 500,
  })
  expect(body.price).toEqual({ monthlyCents: 9900, currency: 'usd', source: 'predicted', billed: 'monthly' })
})

test('the usage has an ETag that stands while nothing changes', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/usage`
  const first = await room.get(path)
  const headers = { 'If-None-Match': first.headers.get('etag')! }
  expect(await room.ask('GET', path, { headers })).toMatchObject({ status: 304, text: '' })
  await room.post(`/v1/workspaces/${workspace}/use`, { lines: lines(1), mode: 'record' })
  const second = await room.ask('GET', path, { headers })
  expect(second.status).toBe(200)
  expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'))
  // Who may not see money is shown something else, so its tag is another.
  const member = await room.get(path, await room.token(workspace, 'member'))
  expect(member.headers.get('etag')).not.toBe(second.headers.get('etag'))
})

test('reserve, part, final commit: the way of an import', async () => {
  const workspace = await room.workspace()
  const reservations = `/v1/workspaces/${workspace}/reservations`
  const asked = { id: 'import_1', lines: lines(100), reference: 'Q4 founders', metadata: { importId: '4711' } }
  const held = await room.post(reservations, asked)
  expect(held).toMatchObject({
    status: 201,
    body: { state: 'held', reference: 'Q4 founders', metadata: { importId: '4711' } },
  })
  expect((await room.post(reservations, asked)).status).toBe(200)
  expect(await room.get(`${reservations}/import_1`)).toMatchObject({ status: 200, body: held.body })

  const commit = `${reservations}/import_1/commit`
  const part = await room.post(commit, { lines: lines(30), final: false })
  expect(part).toMatchObject({ status: 200, body: { state: 'held', lines: [{ used: 30 }] } })
  const extended = await room.post(`${reservations}/import_1/extend`, { ttlSeconds: 3600 })
  expect(extended.body.expiresAt > held.body.expiresAt).toBe(true)
  expect(await room.post(commit, { lines: lines(71) })).toMatchObject({
    status: 422,
    body: { code: 'exceeds_reservation' },
  })
  const ended = await room.post(commit, { lines: lines(40) })
  expect(ended).toMatchObject({
    status: 200,
    body: { state: 'committed', lines: [{ reserved: 100, used: 70, returned: 30 }] },
  })
  expect(await room.post(commit, { lines: lines(40) })).toMatchObject({ status: 200, body: ended.body })
  expect(await room.post(commit, { lines: lines(41) })).toMatchObject({
    status: 409,
    body: { code: 'reservation_closed', state: 'committed' },
  })
  expect((await room.post(`${reservations}/import_1/release`)).status).toBe(409)
  expect((await room.post(`${reservations}/import_1/extend`, { ttlSeconds: 60 })).status).toBe(409)
  expect((await room.ask('POST', `${reservations}/nobody/release`, { raw: '{}' })).status).toBe(404)
})

test('A76 A152 a release returns what was not used', async () => {
  const workspace = await room.workspace()
  const reservations = `/v1/workspaces/${workspace}/reservations`
  const { body } = await room.post(reservations, { lines: lines(100) })
  expect(body.id).toMatch(/^rsv_[0-9a-f-]{36}$/)
  await room.post(`${reservations}/${body.id}/commit`, { lines: lines(10), final: false })
  const released = await room.post(`${reservations}/${body.id}/release`)
  expect(released).toMatchObject({ status: 200, body: { state: 'released', lines: [{ used: 10, returned: 90 }] } })
  const balances = await room.get(`/v1/workspaces/${workspace}/balances`)
  expect(balances.body.balances.find(({ meter }: { meter: string }) => meter === 'leads')).toMatchObject({
    used: 10,
    reserved: 0,
    available: 990,
  })
})

test('a refusal says what is left, why, and what helps whom', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/reservations`
  const refused = await room.post(path, { id: 'too_much', lines: lines(1001) })
  expect(refused).toMatchObject({
    status: 402,
    body: {
      code: 'insufficient_credits',
      allowed: false,
      reason: 'limit_reached',
      lines: [{ meter: 'leads', requested: 1001, available: 1000, limit: 1000, maxAllowed: 1000 }],
      actions: [
        { kind: 'upgrade_plan', label: 'Upgrade plan' },
        { kind: 'lower_quantity', quantity: 1000 },
        { kind: 'wait_until' },
      ],
    },
  })
  const editor = await room.post(path, { lines: lines(1001) }, { 'Headroom-Viewer': 'editor;user_1' })
  expect(editor.body.actions[0]).toMatchObject({ kind: 'ask_admin', label: 'Ask an Admin' })
  expect((await room.post(path, { id: 'too_much', lines: lines(5) })).status).toBe(201)
  const partial = await room.post(path, { lines: lines(1001), partial: true })
  expect(partial).toMatchObject({ status: 201, body: { lines: [{ requested: 1001, reserved: 995 }] } })
  expect(await room.post(`/v1/workspaces/${workspace}/use`, { lines: lines(1), mode: 'enforce' })).toMatchObject({
    status: 402,
  })
})

test('A148 record goes above the limit; available stays 0', async () => {
  const workspace = await room.workspace()
  const used = await room.post(`/v1/workspaces/${workspace}/use`, {
    lines: lines(1200),
    mode: 'record',
    reference: 'mail_1',
  })
  expect(used).toMatchObject({
    status: 200,
    body: { balances: [{ meter: 'leads', used: 1200, limit: 1000, available: 0, overage: 200 }] },
  })
})

test('check answers 200 whatever it says, and sets nothing aside', async () => {
  const workspace = await room.workspace()
  const before = await room.books(workspace)
  expect((await room.post(`/v1/workspaces/${workspace}/check`, { lines: lines(1000) })).body).toMatchObject({
    allowed: true,
    reason: 'ok',
    actions: [],
  })
  expect((await room.post(`/v1/workspaces/${workspace}/check`, { lines: lines(1001) })).body).toMatchObject({
    allowed: false,
    reason: 'limit_reached',
  })
  expect(await room.books(workspace)).toBe(before)
})

test('A103 a grant raises the limit; the ledger and the explanation tell who and why', async () => {
  const workspace = await room.workspace()
  const grant = { meter: 'leads', quantity: 500, reason: 'Goodwill' }
  const granted = await room.post(`/v1/workspaces/${workspace}/grants`, grant, {
    'Headroom-Viewer': 'admin;operator_7',
  })
  expect(granted).toMatchObject({ status: 201, body: { ...grant, workspace } })
  expect(granted.body.id).toMatch(/^grt_/)
  const { body } = await room.get(`/v1/workspaces/${workspace}/ledger?meter=leads&limit=1`)
  expect(body.data).toMatchObject([
    {
      kind: 'grant',
      quantity: 500,
      actor: 'operator_7',
      source: { type: 'operator', id: granted.body.id },
      after: { limit: 1500 },
    },
  ])
  const explained = await room.get(`/v1/workspaces/${workspace}/explain/leads`)
  expect(explained.body).toMatchObject({ meter: 'leads', balance: { limit: 1500 } })
  expect((await room.get(`/v1/workspaces/${workspace}/explain/nothing`)).status).toBe(404)
})

test('lists go page by page without gaps, the ledger newest first', async () => {
  const workspace = await room.workspace()
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    await room.post(`/v1/workspaces/${workspace}/reservations`, { id, lines: lines(1) })
  }
  await room.post(`/v1/workspaces/${workspace}/reservations/c/release`)
  const walk = async (path: string, filter: string): Promise<any[]> => {
    const all: any[] = []
    for (let cursor = ''; ;) {
      const { body } = await room.get(`${path}?limit=2${filter}${cursor}`)
      all.push(...body.data)
      if (body.nextCursor === null) return all
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`
    }
  }
  const held = await walk(`/v1/workspaces/${workspace}/reservations`, '&state=held')
  expect(held.map(({ id }) => id).sort()).toEqual(['a', 'b', 'd', 'e'])
  const entries = await walk(`/v1/workspaces/${workspace}/ledger`, '')
  expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: entries.length }, (_, n) => entries.length - n))
  const period = encodeURIComponent(entries[0].period)
  expect(
    (await room.get(`/v1/workspaces/${workspace}/ledger?period=${period}&meter=leads`)).body.data.length,
  ).toBeGreaterThan(5)
})

test('the balances of a past instant', async () => {
  const workspace = await room.workspace()
  const { body: before } = await room.get(`/v1/workspaces/${workspace}/balances`)
  await room.post(`/v1/workspaces/${workspace}/use`, { lines: lines(5), mode: 'enforce' })
  const past = await room.get(`/v1/workspaces/${workspace}/balances?at=${before.asOf}`)
  expect(past.body.balances).toEqual(expect.arrayContaining(before.balances))
  expect((await room.get(`/v1/workspaces/${workspace}/balances?at=2020-01-01T00:00:00Z`)).status).toBe(422)
  expect((await room.get(`/v1/workspaces/${workspace}/balances?at=2100-01-01T00:00:00Z`)).status).toBe(422)
})

test('A55 A150 a plan is set at once or for the end of the period', async () => {
  const workspace = await room.workspace()
  const path = `/v1/workspaces/${workspace}/plan`
  const put = (body: object) => room.ask('PUT', path, { body })
  expect(await put({ plan: 'growth', contacts: 5000 })).toMatchObject({
    status: 200,
    body: { plan: 'growth', contacts: 5000 },
  })
  expect(await put({ plan: 'free', when: 'periodEnd' })).toMatchObject({ status: 200, body: { plan: 'growth' } })
  const { body } = await room.get(`/v1/workspaces/${workspace}/usage`)
  expect(body.plan.pendingChange).toMatchObject({ plan: 'free', at: body.period.end })
  expect((await put({ plan: 'growth', contacts: 1234 })).status).toBe(422)
  expect((await put({ plan: 'gold' })).status).toBe(422)
  expect((await put({ plan: 'free', contacts: 1000 })).status).toBe(422)
})

test('keys are shown once, listed without their secret, and end', async () => {
  const workspace = await room.workspace()
  const key = await room.newKey('read', workspace)
  expect((await room.get(`/v1/workspaces/${workspace}`, key)).status).toBe(200)
  const list = await room.get('/v1/keys')
  expect(list.text).not.toContain(key)
  const { id } = list.body.data.at(-1)
  expect((await room.ask('DELETE', `/v1/keys/${id}`)).status).toBe(204)
  expect((await room.get(`/v1/workspaces/${workspace}`, key)).status).toBe(401)
  expect((await room.ask('DELETE', `/v1/keys/${id}`)).status).toBe(404)
})

test('the history: periods of every meter or of one, days of the running one', async () => {
  const workspace = await room.workspace()
  await room.post(`/v1/workspaces/${workspace}/use`, { lines: lines(7), mode: 'enforce' })
  const { body } = await room.get(`/v1/workspaces/${workspace}/history`)
  expect(body.data.map(({ meter, used }: { meter: string; used: number }) => `${meter} ${used}`)).toEqual([
    'email_sends 0',
    'leads 7',
    'ai_campaigns 0',
  ])
  const one = await room.get(`/v1/workspaces/${workspace}/history?meter=leads`)
  expect(one.body).toEqual({ data: [body.data[1]] })
  expect(one.body.data[0].days.at(-1).used).toBe(7)
  expect((await room.get(`/v1/workspaces/${workspace}/history?meter=nothing`)).status).toBe(422)
})

test('a viewer’s tokens end with the next request', async () => {
  const workspace = await room.workspace()
  const [ended, other] = [await room.token(workspace, 'member', 'u1'), await room.token(workspace, 'member', 'u2')]
  expect((await room.get(`/v1/workspaces/${workspace}/usage`, ended)).status).toBe(200)
  expect((await room.ask('DELETE', `/v1/workspaces/${workspace}/tokens?viewerId=u1`)).status).toBe(204)
  expect((await room.get(`/v1/workspaces/${workspace}/usage`, ended)).status).toBe(401)
  expect((await room.get(`/v1/workspaces/${workspace}/usage`, other)).status).toBe(200)
  expect((await room.ask('DELETE', '/v1/workspaces/nobody/tokens?viewerId=u1')).status).toBe(404)
})

test('the catalog, health, readiness and figures', async () => {
  expect((await room.get('/v1/catalog')).body.meters.map(({ id }: { id: string }) => id)).toEqual([
    'email_sends',
    'leads',
    'ai_campaigns',
  ])
  expect(await room.ask('GET', '/healthz', { key: null })).toMatchObject({
    status: 200,
    body: { status: 'ok', build: 'test' },
  })
  expect((await room.ask('GET', '/readyz', { key: null })).status).toBe(200)
  const metrics = await room.ask('GET', '/metrics', { key: null })
  expect(metrics.text).toMatch(/headroom_http_requests_total\{route="reserve",status="201"\} \d+/)
  expect(familiesOf(metrics.text)).toMatchObject({
    headroom_http_requests_total: 'counter',
    headroom_http_request_seconds: 'histogram',
    headroom_engine_batch_size: 'histogram',
    headroom_engine_queue_depth: 'gauge',
  })
  const [, all, count] =
    /seconds_bucket\{route="healthz",le="\+Inf"\} (\d+)\n[^]*?seconds_count\{route="healthz"\} (\d+)/.exec(
      metrics.text,
    )!
  expect(all).toBe(count)
  expect(metrics.text).toContain(`requests_total{route="healthz",status="200"} ${count}\n`)
  expect(metrics.text).toMatch(/headroom_engine_up 1\n/)
  expect(metrics.text).toMatch(/headroom_engine_operations_total \d+/)
  expect(metrics.text).not.toMatch(/ws_|key_|hr_/)
})

/** Families by type; throws where a line belongs to another family than the one it stands in, or comes twice. */
function familiesOf(text: string): Record<string, string> {
  const families: Record<string, string> = {}
  const seen = new Set<string>()
  let current = ''
  for (const line of text.trimEnd().split('\n')) {
    const [, named, type] = /^# TYPE (\S+) (\S+)$/.exec(line) ?? []
    if (named && type) {
      if (named in families) throw new Error(`${named} comes in two pieces`)
      families[(current = named)] = type
    }
    if (line.startsWith('#') || line === '') continue
    const series = line.slice(0, line.lastIndexOf(' '))
    const family = families[current] === 'histogram' ? series.replace(/_(?:bucket|sum|count)(?=\{|$)/, '') : series
    if (seen.has(series) || family.split('{')[0] !== current) throw new Error(`${line} stands below ${current}`)
    seen.add(series)
  }
  return families
}

test('HEAD answers as GET does, without the body', async () => {
  const workspace = await room.workspace()
  for (const path of [`/v1/workspaces/${workspace}/usage`, `/v1/workspaces/${workspace}/events`, '/healthz', '/docs']) {
    expect(await room.ask('HEAD', path), path).toMatchObject({ status: 200, text: '' })
  }
})

test('every answer forbids what it does not need', async () => {
  const answers = await Promise.all(
    ['/v1/catalog', '/v1/nothing', '/healthz', '/docs', '/openapi.json', '/metrics'].map((path) => room.get(path)),
  )
  for (const { headers } of answers) {
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('strict-transport-security')).toBe('max-age=31536000')
  }
})

test('a batch answers each of its operations', async () => {
  const workspace = await room.workspace()
  const operations = [{ op: 'check', workspace, lines: lines(1) }]
  expect(await room.post('/v1/batch', { operations })).toMatchObject({
    status: 200,
    body: { results: [{ status: 200 }] },
  })
})

test('R19 R109 the test clock stands still, moves on and never back', async () => {
  // Last in this file: nothing can be undone.
  const set = (body: object) => room.post('/v1/test/clock', body)
  const { body } = await set({ now: '2031-01-31T10:00:00Z' })
  expect(body).toEqual({ now: '2031-01-31T10:00:00.000Z' })
  expect((await set({ advance: 'P1M' })).body).toEqual({ now: '2031-02-28T10:00:00.000Z' })
  expect((await set({ now: '2031-01-01T00:00:00Z' })).status).toBe(422)
  for (const bad of [
    { advance: 'soon' },
    { advance: 'P' },
    { advance: '-P1D' },
    { now: 'tomorrow' },
    {},
    { now: '2032-01-01T00:00:00Z', advance: 'P1D' },
  ]) {
    expect((await set(bad)).status, JSON.stringify(bad)).toBe(422)
  }
  const workspace = await room.workspace()
  expect((await room.get(`/v1/workspaces/${workspace}`)).body.createdAt).toBe('2031-02-28T10:00:00.000Z')
})

test('every success the document promises has been received here, and held to it', () => {
  // Those about money are asked in purchases.test.ts.
  const promised = routes({ testClock: true, money: false })
    // A stream has no end to hold; events.test.ts reads it.
    .filter(({ name }) => name !== 'streamEvents')
    .flatMap(({ name, answers }) =>
      Object.keys(answers)
        .filter((status) => status < '400')
        .map((status) => `${name} ${status}`),
    )
  expect(promised.filter((answer) => !seen.has(answer))).toEqual([])
})
