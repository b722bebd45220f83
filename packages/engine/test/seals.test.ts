/** The chain of seals: whatever somebody with all rights changes in the ledger, verifying it names. */
import { generateKeyPairSync } from 'node:crypto'
import { testDatabase } from '@headroom/local-postgres/test'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepHeads, keptHeads, mint, verifyLedger } from '../src/index.ts'
import { lineColumns } from '../src/seal-line.ts'
import { asked, commit, createWorkspace, engines, reserve, type Bench } from './engines.ts'

let bench: Bench
const logged: string[] = []
/** Somebody with all rights. */
let superuser: pg.Client
const ws = 'ws_sealed'

beforeAll(async () => {
  bench = await engines(2, { log: (_level, message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`) })
  superuser = new pg.Client({
    connectionString: bench.database.adminUrl,
    options: '-c search_path=headroom -c timezone=UTC',
  })
  await superuser.connect()
  for (const workspace of [ws, 'ws_other', 'ws_Ünïcode'.normalize()]) await fill(workspace.replace(/[^\w-]/g, 'x'), 30)
  await bench.engines[0]!.seal()
  // What comes afterwards stands under a second seal.
  await fill(ws, 20)
  await bench.engines[0]!.seal()
})
afterAll(async () => {
  await superuser.end()
  await bench.stop()
})

async function fill(workspace: string, times: number): Promise<void> {
  const [engine] = bench.engines
  await createWorkspace(engine!, workspace)
  for (let n = 0; n < times; n += 1) {
    const held = await reserve(engine!, workspace, 3)
    await commit(engine!, workspace, (held.body as { id: string }).id, 1)
  }
  const lines = [{ meter: 'email_sends', quantity: 2 }]
  await engine!.submit(
    asked({
      op: 'use',
      workspace,
      id: mint('use'),
      lines,
      mode: 'record',
      reference: 'a "newsletter", 日本 \\ |',
      actor: 'user_ä',
    }),
  )
}

const verified = (known?: Parameters<typeof verifyLedger>[1]) => verifyLedger(bench.database.url, known)
const differences = async (): Promise<string[]> => (await verified()).differences

/** Does it, looks, and takes it back. */
async function meddled(...statements: string[]): Promise<string[]> {
  const { rows: kept } = await superuser.query<{ entries: string; seals: string }>(
    `select (select json_agg(to_json(e)) from ledger_entries e where workspace_id = '${ws}') as entries,
            (select json_agg(to_json(s)) from seals s where workspace_id = '${ws}') as seals`,
  )
  for (const statement of statements) await superuser.query(statement)
  const found = await differences()
  for (const [table, rows] of [
    ['ledger_entries', kept[0]!.entries],
    ['seals', kept[0]!.seals],
  ] as const) {
    await superuser.query(`delete from ${table} where workspace_id = '${ws}'`)
    await superuser.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1)`, [
      JSON.stringify(rows),
    ])
  }
  return found
}

test('everything is sealed once, by however many servers, and verifies', async () => {
  const made = await Promise.all(bench.engines.map((engine) => engine.seal()))
  expect(made).toEqual([0, 0])
  const report = await verified()
  expect(report).toMatchObject({ differences: [], workspaces: 3 })
  expect(report.sealed).toBe(report.entries)
  expect(report.heads.map(({ workspace, number }) => [workspace, number])).toContainEqual([ws, 2])
  await Promise.all([fill(ws, 5), ...bench.engines.map((engine) => engine.seal()), fill('ws_other', 5)])
  await Promise.all(bench.engines.map((engine) => engine.seal()))
  expect(await differences()).toEqual([])
})

test('a hundred entries are each altered in one place: each is found and named', async () => {
  const { rows } = await superuser.query<{ seq: number }>(
    `select seq::int from ledger_entries where workspace_id = '${ws}' order by md5(seq::text) limit 100`,
  )
  expect(rows).toHaveLength(100)
  const changes = [
    'quantity = quantity + 1',
    `actor = actor || ' '`,
    `source_id = 'x' || source_id`,
    'used_after = used_after + 1',
    `at = at + interval '1 microsecond'`,
    'kind = case kind when 3 then 4 else 3 end',
    'overage_change = overage_change + 1',
    `meter = 'leadz'`,
    `period_start = period_start - interval '1 microsecond'`,
    'source_type = case source_type when 3 then 4 else 3 end',
    'limit_after = limit_after - 1',
    'limit_after = null',
    'reserved_after = reserved_after + 1',
  ]
  for (const [n, { seq }] of rows.entries()) {
    const where = `workspace_id = '${ws}' and seq = ${seq}`
    await superuser.query(`create temp table kept as select * from ledger_entries where ${where}`)
    await superuser.query(`update ledger_entries set ${changes[n % changes.length]} where ${where}`)
    const [first] = await differences()
    expect(first, changes[n % changes.length]).toMatch(new RegExp(`^${ws}: entry ${seq} \\(.*is not as it was sealed`))
    await superuser.query(`delete from ledger_entries where ${where}`)
    await superuser.query('insert into ledger_entries select * from kept')
    await superuser.query('drop table kept')
  }
  expect(await differences()).toEqual([])
}, 180_000)

describe('is found and named:', () => {
  const entry = `workspace_id = '${ws}' and seq`
  const rows: [what: string, statements: string[], first: RegExp][] = [
    ['an entry that was taken out', [`delete from ledger_entries where ${entry} = 7`], /entry 7 is missing/],
    ['the last entries', [`delete from ledger_entries where ${entry} > 60`], /entry 61 is missing; no later/],
    [
      'an entry put in under a number that is taken',
      [
        `insert into ledger_entries select workspace_id, meter, at + interval '1 s', seq, period_start, kind, 5, source_type, 'forged', actor, limit_after, used_after, reserved_after, 0 from ledger_entries where ${entry} = 9`,
      ],
      /entry 9 \(.*was added to what was sealed/,
    ],
    [
      'an entry put in before the first',
      [
        `insert into ledger_entries select workspace_id, meter, at, 0, period_start, kind, quantity, source_type, source_id, actor, limit_after, used_after, reserved_after, 0 from ledger_entries where ${entry} = 1`,
      ],
      /entry 0 \(.*was added/,
    ],
    [
      'an entry put in behind the last',
      [
        `insert into ledger_entries select workspace_id, meter, at + interval '1 s', 100000, period_start, kind, 5, source_type, 'forged', actor, limit_after, used_after, reserved_after, 0 from ledger_entries where ${entry} = 9`,
      ],
      /entry \d+ is missing; the next one there is 100000/,
    ],
    [
      'two entries that changed places',
      [`update ledger_entries set seq = case seq when 10 then 11 else 10 end where ${entry} in (10, 11)`],
      /entry 10 \(.*is not as it was sealed/,
    ],
    [
      'a seal that was altered',
      [`update seals set hash = repeat('0', 64) where workspace_id = '${ws}' and number = 1`],
      /seal 1 .*is not as it was made/,
    ],
    [
      'a seal that sends the sealer elsewhere',
      [`update seals set last_at = last_at + interval '1 day' where workspace_id = '${ws}' and number = 2`],
      /seal 2 .*is not as it was made/,
    ],
    [
      'a seal that was taken out',
      [`delete from seals where workspace_id = '${ws}' and number = 1`],
      /the seals before seal 2 are not all there/,
    ],
  ]
  test.each(rows)('%s', async (_what, statements, first) => {
    const found = await meddled(...statements)
    expect(found[0]).toMatch(first)
    expect(await differences()).toEqual([])
  })
})

test('no column of the ledger is left out of its line', async () => {
  const { rows } = await superuser.query<{ name: string }>(
    `select column_name as name from information_schema.columns where table_schema = 'headroom' and table_name = 'ledger_entries'`,
  )
  const inLine = lineColumns
    .split(', ')
    .map((column) => /from (\w+)\)|(\w+)\)::text$/.exec(column)?.slice(1).find(Boolean))
  expect(new Set(inLine)).toEqual(new Set(rows.map(({ name }) => name)))
})

test('what is not sealed yet is named too; what cannot be sealed is told, and holds up nobody else', async () => {
  const [engine] = bench.engines
  const again = `insert into ledger_entries select workspace_id, 'ai_campaigns', at, seq, period_start, kind, quantity, source_type, source_id, actor, limit_after, used_after, reserved_after, overage_change from ledger_entries`
  const meddlings: [statement: string, first: string][] = [
    ['delete from ledger_entries', 'entry 6 is missing; the next one there is 7'],
    [again, 'entry 6 \\(.*is not the only one'],
  ]
  for (const [n, [statement, first]] of meddlings.entries()) {
    await fill(`ws_open_${n}`, 5)
    await superuser.query(`${statement} where workspace_id = 'ws_open_${n}' and seq = 6`)
    expect(await differences()).toContainEqual(expect.stringMatching(`^ws_open_${n}: ${first}`))
    await createWorkspace(engine!, `ws_zzz_${n}`)
    logged.length = 0
    expect(await engine!.seal()).toBe(1)
    expect(logged).toContainEqual(expect.stringMatching(`has a gap.*ws_open_${n}`))
  }
  // One whose entry cannot even be read holds up nobody else either.
  await fill('ws_open_3', 1)
  await superuser.query(`update ledger_entries set at = 'infinity' where workspace_id = 'ws_open_3' and seq = 4`)
  await createWorkspace(engine!, 'ws_zzz_3')
  expect(await engine!.seal()).toBe(1)
  expect(logged).toContainEqual(expect.stringMatching(`could not be sealed.*ws_open_3`))
  await superuser.query(`delete from ledger_entries where workspace_id = 'ws_open_3'`)
  await fill('ws_open_2', 5)
  await superuser.query(
    `update ledger_entries set at = at - interval '1 h' where workspace_id = 'ws_open_2' and seq = 6`,
  )
  expect(await differences()).toContainEqual(
    expect.stringMatching(/^ws_open_2: entry 6 \(.*is older than the one before it/),
  )
  for (const table of ['workspaces', 'subscriptions', 'balances', 'reservations', 'grants', 'ledger_entries'])
    await superuser.query(`delete from ${table} where workspace_id like 'ws_open%'`)
  expect(await differences()).toEqual([])
})

test('a database on which no server was started has nothing to verify, and says so', async () => {
  const empty = await testDatabase()
  await expect(verifyLedger(empty.url)).rejects.toThrow('start the server on it once')
  await empty.drop()
})

test('nobody but a superuser can alter or take away a seal', async () => {
  for (const url of [bench.database.url, bench.database.ownerUrl]) {
    const client = new pg.Client({ connectionString: url, options: '-c search_path=headroom' })
    await client.connect()
    for (const statement of [`update seals set hash = ''`, 'delete from seals', 'truncate seals'])
      await expect(client.query(statement), statement).rejects.toMatchObject({ code: '42501' })
    await client.end()
  }
})

test('a chain that was made anew from its beginning is told by the heads that were kept, and those by their signature', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  const { heads } = await verified()
  const text = JSON.stringify(keepHeads('2026-11-26T00:00:00Z', heads, privateKey))
  const known = keptHeads(text, publicKey).heads
  expect(known).toEqual(heads)
  expect((await verified(known)).differences).toEqual([])
  const forged = text.replace(/"hash":"./, (start) => start.slice(0, -1) + (start.endsWith('0') ? '1' : '0'))
  expect(() => keptHeads(forged, publicKey)).toThrow('not signed by this key')
  expect(() => keptHeads(JSON.stringify(keepHeads('', heads, null)), publicKey)).toThrow('not signed by this key')
  const { privateKey: other } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  })
  for (const key of [other, 'no key']) expect(() => keepHeads('', heads, key)).toThrow('no Ed25519 key')
  for (const file of ['null', '[]', '{}', '{"at":"","heads":[{}]}', '{"at":"","heads":null}'])
    expect(() => keptHeads(file, null), file).toThrow('This file holds no heads.')

  // Whoever has all rights changes an actor, which no figure shows, and has everything sealed again.
  await superuser.query(`update ledger_entries set actor = 'nobody' where workspace_id = '${ws}' and seq = 5`)
  await superuser.query(`delete from seals where workspace_id = '${ws}'`)
  await bench.engines[0]!.seal()
  expect(await differences()).toEqual([])
  expect((await verified(known)).differences).toEqual([expect.stringMatching(/^ws_sealed: seal \d.*kept elsewhere/)])
})
