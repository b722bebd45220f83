import { afterAll, beforeAll, expect, test } from 'vitest'
import { asked, commit, createWorkspace, engines, reserve, type Bench } from './engines.ts'
import type { Answer, ReservationWire } from '@headroom/core'
import type { EngineInterface } from '../src/index.ts'

/** Two engines on one database: what two server processes are to each other. */
let bench: Bench
let first: EngineInterface
let second: EngineInterface
beforeAll(async () => {
  bench = await engines(2)
  ;[first, second] = bench.engines as [EngineInterface, EngineInterface]
})
afterAll(() => bench.stop())

const statuses = (answers: Answer[]) => {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
const either = (index: number) => (index % 2 === 0 ? first : second)
const leads = async (workspace: string) =>
  (await first.usage(workspace))!.usage.meters.find(({ meter }) => meter === 'leads')!
const sound = async () => expect((await first.audit()).differences).toEqual([])

test('A74 A144 twenty ask for 75 of 500 through two engines: six win', async () => {
  for (let round = 0; round < 10; round++) {
    const workspace = `ws_six_${round}`
    await createWorkspace(first, workspace, 'starter')
    await reserve(first, workspace, 500)
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => reserve(either(index), workspace, 75)))
    expect(statuses(answers)).toEqual({ 201: 6, 402: 14 })
    expect(await leads(workspace)).toMatchObject({ reserved: 950, available: 50 })
  }
  await sound()
})

test('A101 a thousand clients on one credit: one wins', async () => {
  await createWorkspace(first, 'ws_one_credit', 'free')
  const lines = [{ meter: 'ai_campaigns', quantity: 1 }]
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, index) =>
      index % 3 === 0
        ? either(index).submit(
            asked({
              op: 'use',
              workspace: 'ws_one_credit',
              id: `use_${index}`,
              lines,
              mode: 'enforce',
              reference: null,
            }),
          )
        : reserve(either(index), 'ws_one_credit', 1, { meter: 'ai_campaigns' }),
    ),
  )
  const won = answers.filter(({ status }) => status < 300)
  expect(won).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 402)).toHaveLength(999)
  await sound()
})

test('the same reservation id at two engines is one reservation', async () => {
  await createWorkspace(first, 'ws_same')
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, index) => reserve(either(index), 'ws_same', 10, { id: 'imp_same' })),
  )
  expect(statuses(answers)).toEqual({ 200: 99, 201: 1 })
  expect(await leads('ws_same')).toMatchObject({ reserved: 10 })
  await sound()
})

test('A147 the same idempotency key at two engines acts once and answers alike', async () => {
  await createWorkspace(first, 'ws_key')
  const lines = [{ meter: 'leads', quantity: 7 }]
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, index) =>
      either(index).submit(
        asked({
          op: 'use',
          workspace: 'ws_key',
          id: `use_${index}`,
          lines,
          mode: 'record',
          reference: null,
          key: 'key_1',
        }),
      ),
    ),
  )
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1)
  expect(await leads('ws_key')).toMatchObject({ used: 7 })
  await sound()
})

test('commit, release and extend racing: one ending, units conserved', async () => {
  await createWorkspace(first, 'ws_race', 'growth')
  let committed = 0
  for (let round = 0; round < 150; round++) {
    const id = `imp_${round}`
    await reserve(first, 'ws_race', 10, { id })
    const [a, b, c] = await Promise.all([
      commit(first, 'ws_race', id, 4),
      second.submit(asked({ op: 'release', workspace: 'ws_race', id })),
      first.submit(asked({ op: 'extend', workspace: 'ws_race', id, ttlSeconds: 1000 })),
    ])
    expect([a.status, b.status].sort((x, y) => x - y)).toEqual([200, 409])
    expect([200, 409]).toContain(c.status)
    if (a.status === 200) committed += 1
  }
  expect(await leads('ws_race')).toMatchObject({ used: committed * 4, reserved: 0 })
  await sound()
})

test('two engines create the same workspaces at once: each exists once', async () => {
  const ids = Array.from({ length: 60 }, (_, index) => `ws_made_${index}`)
  const answers = await Promise.all(
    ids.flatMap((id, index) =>
      (index % 2 === 0 ? [first, second] : [second, first]).map((engine) => createWorkspace(engine, id)),
    ),
  )
  expect(statuses(answers)).toEqual({ 200: 60, 201: 60 })
  await sound()
})

test('several meters are reserved together or not at all', async () => {
  await createWorkspace(first, 'ws_both')
  const both = (index: number) =>
    either(index).submit(
      asked({
        op: 'reserve',
        workspace: 'ws_both',
        id: `both_${index}`,
        lines: [
          { meter: 'leads', quantity: 100 },
          { meter: 'ai_campaigns', quantity: 1 },
        ],
        partial: false,
        ttlSeconds: 60,
        reference: null,
        metadata: null,
      }),
    )
  const answers = await Promise.all(Array.from({ length: 30 }, (_, index) => both(index)))
  expect(statuses(answers)).toEqual({ 201: 3, 402: 27 })
  expect(await leads('ws_both')).toMatchObject({ reserved: 300 })
  await sound()
})

test('the books hold where raw SQL tries to over-commit, and the ledger is append-only for the application and its owner', async () => {
  const { default: pg } = await import('pg')
  await createWorkspace(first, 'ws_raw')
  for (const url of [bench.database.url, bench.database.ownerUrl]) {
    const client = new pg.Client({ connectionString: url, options: '-c search_path=headroom' })
    await client.connect()
    const code = (sql: string) =>
      client.query(sql).then(
        () => 'accepted',
        (error: { code: string }) => error.code,
      )
    expect(await code(`update balances set used = 2000 where workspace_id = 'ws_raw' and meter = 'leads'`)).toBe(
      '23514',
    )
    expect(await code(`update balances set reserved = -1 where workspace_id = 'ws_raw'`)).toBe('23514')
    expect(await code(`update ledger_entries set quantity = 1`)).toBe('42501')
    expect(await code('delete from ledger_entries')).toBe('42501')
    expect(await code('truncate ledger_entries')).toBe('42501')
    await client.end()
  }
})

test('an id or a reference that looks like SQL or an array stays what it is', async () => {
  await createWorkspace(first, 'ws_text')
  const references = [
    'null',
    'NULL',
    '{x,y}',
    'x,y',
    '"',
    '\\',
    `' OR 1=1 --`,
    'a"b\\c',
    '',
    ' ',
    'é日本😀',
    'line\nbreak\ttab',
  ]
  const answers = await Promise.all(
    references.map((reference, index) =>
      first.submit(
        asked({
          op: 'reserve',
          workspace: 'ws_text',
          id: index === 0 ? 'null' : `r_${index}`,
          lines: [{ meter: 'leads', quantity: 1 }],
          partial: false,
          ttlSeconds: 60,
          reference,
          metadata: { [reference || 'empty']: reference },
        }),
      ),
    ),
  )
  expect(answers.map(({ body }) => (body as ReservationWire).reference)).toEqual(references)
  const stored = await Promise.all(
    references.map((_, index) => first.reservation('ws_text', index === 0 ? 'null' : `r_${index}`)),
  )
  expect(stored.map((row) => row?.reference)).toEqual(references)
  expect(stored.map((row, index) => row?.metadata?.[references[index] || 'empty'])).toEqual(references)
})
