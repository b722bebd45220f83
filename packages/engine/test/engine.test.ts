import { afterAll, beforeAll, expect, test } from 'vitest'
import { asked, commit, createWorkspace, engines, reserve, type Bench } from './engines.ts'

let bench: Bench
beforeAll(async () => {
  bench = await engines(1)
})
afterAll(() => bench.stop())

test('A71 A72 A75 A76 A78 a reservation is set aside, settled with what was used, and the rest returns', async () => {
  const [engine] = bench.engines
  expect((await createWorkspace(engine!, 'ws_one')).status).toBe(201)
  expect((await createWorkspace(engine!, 'ws_one')).status).toBe(200)
  const held = await reserve(engine!, 'ws_one', 600, { id: 'imp_1' })
  expect(held).toMatchObject({
    status: 201,
    body: { state: 'held', lines: [{ meter: 'leads', reserved: 600, used: 0 }] },
  })
  expect((await engine!.usage('ws_one'))!.usage.meters[1]).toMatchObject({
    used: 0,
    reserved: 600,
    limit: 1000,
    available: 400,
  })
  expect(await reserve(engine!, 'ws_one', 401)).toMatchObject({ status: 402, body: { reason: 'limit_reached' } })
  expect((await commit(engine!, 'ws_one', 'imp_1', 250)).body).toMatchObject({
    state: 'committed',
    lines: [{ used: 250, returned: 350 }],
  })
  expect((await engine!.usage('ws_one'))!.usage.meters[1]).toMatchObject({ used: 250, reserved: 0, available: 750 })
  expect((await engine!.audit()).differences).toEqual([])
})

test('the ledger, explain and the balances of a past instant tell the same story', async () => {
  const [engine] = bench.engines
  const page = await engine!.ledger('ws_one', { limit: 50 })
  if (typeof page !== 'object') throw new Error('no page')
  expect(page.data.map(({ seq, kind, meter }) => `${seq} ${kind} ${meter}`).slice(0, 3)).toEqual([
    '6 release leads',
    '5 commit leads',
    '4 reserve leads',
  ])
  const explained = await engine!.explain('ws_one', 'leads')
  expect(explained).toMatchObject({ balance: { used: 250 } })
  const at = Date.parse(page.data[2]!.at)
  expect(await engine!.balances('ws_one', at)).toMatchObject({
    balances: [{ meter: 'email_sends' }, { meter: 'leads' }, { meter: 'ai_campaigns' }],
  })
})

test('an operation on an unknown workspace is not found and leaves no row', async () => {
  const [engine] = bench.engines
  expect(await reserve(engine!, 'ws_nobody', 1)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await engine!.usage('ws_nobody')).toBeUndefined()
})

test('A131 A148 what is recorded goes beyond the limit, available reads 0 and the next reservation is refused', async () => {
  const [engine] = bench.engines
  await createWorkspace(engine!, 'ws_over', 'free')
  const lines = [{ meter: 'email_sends', quantity: 230 }]
  const answer = await engine!.submit(
    asked({ op: 'use', workspace: 'ws_over', id: 'use_1', lines, mode: 'record', reference: 'mail_1' }),
  )
  expect(answer).toMatchObject({
    status: 200,
    body: { balances: [{ used: 230, limit: 200, available: 0, overage: 30 }] },
  })
  expect(await reserve(engine!, 'ws_over', 1, { meter: 'email_sends' })).toMatchObject({ status: 402 })
  expect((await engine!.audit()).differences).toEqual([])
})

test('a grant to a meter that is not in the catalog is refused and changes nothing', async () => {
  const [engine] = bench.engines
  const lines = [{ meter: 'unknown', quantity: 5 }]
  const source = { type: 'operator', id: 'grt_unknown' } as const
  const answer = await engine!.submit(asked({ op: 'grant', workspace: 'ws_one', source, lines, reason: 'a trial' }))
  expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request', errors: [{ path: 'lines.0.meter' }] } })
})

test('A98 A103 what an operator grants can be used at once, and a repeat of the same source grants nothing more', async () => {
  const [engine] = bench.engines
  await createWorkspace(engine!, 'ws_granted', 'free')
  expect((await reserve(engine!, 'ws_granted', 60)).status).toBe(402)
  const source = { type: 'purchase', id: 'pur_1' } as const
  const lines = [
    { meter: 'leads', quantity: 1000 },
    { meter: 'email_sends', quantity: 4000 },
  ]
  const granted = asked({ op: 'grant', workspace: 'ws_granted', source, lines, reason: null })
  expect((await engine!.submit(granted)).status).toBe(201)
  expect((await engine!.submit(granted)).status).toBe(200)
  expect((await reserve(engine!, 'ws_granted', 1050)).status).toBe(201)
  const { meters } = (await engine!.usage('ws_granted'))!.usage
  expect(meters.map(({ meter, limit }) => `${meter} ${limit}`)).toEqual([
    'email_sends 4200',
    'leads 1050',
    'ai_campaigns 1',
  ])
  expect((await engine!.audit()).differences).toEqual([])
})

test('the sentences of an explanation add up to the balance, and stay true after a plan was lowered', async () => {
  const [engine] = bench.engines
  await createWorkspace(engine!, 'ws_told')
  await Promise.all(Array.from({ length: 60 }, (_, index) => reserve(engine!, 'ws_told', 2, { id: `h_${index}` })))
  await reserve(engine!, 'ws_told', 5, { id: 'done' })
  await commit(engine!, 'ws_told', 'done', 3)
  const told = async () => {
    const answer = await engine!.explain('ws_told', 'leads')
    if (typeof answer !== 'object') throw new Error('no explanation')
    return answer.sentences
  }
  const sentences = await told()
  const sumOf = (words: RegExp) =>
    sentences.filter(({ text }) => words.test(text)).reduce((sum, { quantity }) => sum + (quantity ?? 0), 0)
  expect(sentences[0]!.text).toMatch(/^Starter plan with 1,000 contacts: 1,000 leads from /)
  expect(sumOf(/reserved by/)).toBe(120)
  expect(sumOf(/used by/)).toBe(3)
  expect(sentences.at(-1)).toMatchObject({
    text: '877 leads left: 1,000 limit − 3 used − 120 reserved.',
    quantity: 877,
  })
  const change = { plan: 'free', contacts: null, interval: null, when: 'now', anchor: null, status: null } as const
  await engine!.submit(asked({ op: 'set-plan', workspace: 'ws_told', ...change, graceUntil: null }))
  expect((await told())[0]!.text).toMatch(/^The larger plan .*Free plan\): 1,000 leads from /)
})

test('a ledger cursor beyond the calendar is a bad cursor', async () => {
  const [engine] = bench.engines
  const cursor = Buffer.from('l:999999999999999.1').toString('base64url')
  expect(await engine!.ledger('ws_one', { limit: 1, cursor })).toBe('bad_cursor')
})
