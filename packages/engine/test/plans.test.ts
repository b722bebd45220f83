/**
 * A lane plans its statements when it connects, perhaps on empty tables, and runs them for weeks while these grow. So every named
 * statement must find its rows by key whatever was known when it was planned.
 */
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import { noChanges, type Changes } from '@headroom/core'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { smallintColumn, textColumn } from '../src/column.ts'
import { nothingAssumed } from '../src/assumed.ts'
import { connectLane, connectOwner } from '../src/connection.ts'
import { loadStatements, realClock } from '../src/load.ts'
import { migrate } from '../src/migrate.ts'
import { prepare } from '../src/prepare.ts'
import { writeStatements } from '../src/write.ts'
import { assumedValues, hotValues, rareValues } from '../src/write-values.ts'

const many = 64
const statements = { ...loadStatements(realClock), ...writeStatements(realClock) }
const start = Date.UTC(2026, 10, 1)
const end = Date.UTC(2026, 11, 1)

/**
 * Each statement with 64 workspaces, the indexes its rows must come through, and what may be tested after a row was read. All
 * else must be the index's own condition: a plan that reads all of a workspace to find one row has it as a filter.
 */
const expected: Record<string, { values: unknown[]; indexes: string[]; filters?: string[] }> = {
  lock: { values: [ids()], indexes: ['workspaces_pkey'] },
  books: { values: [ids()], indexes: ['balances_pkey', 'subscriptions_pkey', 'workspaces_pkey'] },
  reservations: { values: [ids(), ids('r_')], indexes: ['balances_pkey', 'reservations_pkey', 'workspaces_pkey'] },
  answers: { values: [ids(), ids('k_')], indexes: ['answers_pkey'] },
  grants: {
    values: [ids(), smallintColumn(Array.from({ length: many }), () => 4), ids('g_')],
    indexes: ['balances_pkey', 'grants_pkey', 'workspaces_pkey'],
  },
  periodGrants: {
    values: [ids()],
    indexes: ['grants_period', 'workspaces_pkey'],
  },
  due: { values: [ids(), 201], indexes: ['reservations_held', 'workspaces_pkey'] },
  hot: {
    values: hotValues(changes(), nothingAssumed),
    indexes: ['balances_pkey', 'reservations_pkey', 'workspaces_pkey'],
    filters: ['((before = version) AND ((NOT asleep) OR (wake_at > GREATEST(at, statement_timestamp()))))'],
  },
  assumed: {
    values: assumedValues({
      ...nothingAssumed,
      unchanged: names('ws_').map((workspace) => ({ workspace, version: 5 })),
      absent: { reservations: named('x_'), answers: named('x_') },
    }),
    indexes: ['answers_pkey', 'reservations_pkey', 'workspaces_pkey'],
    filters: ['(NOT EXISTS(SubPlan 1))', '((version = version) AND (wake_at > GREATEST(at, statement_timestamp())))'],
  },
  rare: { values: rareValues(changes()), indexes: ['grants_pkey', 'subscriptions_pkey'] },
}

const planned = ['force_generic_plan', 'force_custom_plan', 'auto']

describe.each(['empty tables', 'tables of a few rows, analysed'])('planned on %s', (when) => {
  let database: TestDatabase
  let lane: pg.Client
  let owner: pg.Client

  beforeAll(async () => {
    database = await testDatabase()
    owner = await connectOwner(database.ownerUrl)
    await migrate(owner, new URL(database.url).username)
    if (when !== 'empty tables') {
      for (const statement of growth(30_000, 30_002)) await owner.query(statement)
      await owner.query('analyze')
    }
    // Planned once and for all: the worst that can happen to a lane.
    lane = await connectLane(database.url)
    await lane.query('set plan_cache_mode = force_generic_plan')
    await prepare(lane, statements)
    for (const statement of [...growth(0, 19_999), busy]) await owner.query(statement)
  }, 120_000)

  afterAll(async () => {
    await lane.end()
    await owner.end()
    await database.drop()
  })

  test('the test knows every statement of a lane', async () => {
    const { rows } = await lane.query<{ name: string }>('select name from pg_prepared_statements')
    expect(rows.map(({ name }) => name).sort()).toEqual([...Object.keys(expected), 'clock', 'link'].sort())
  })

  test.each(planned)('every statement finds its rows by key among 20,000 workspaces: %s', async (mode) => {
    await findsByKey(lane, mode)
  })

  test('reading for 64 workspaces touches the pages of 64 workspaces', async () => {
    await lane.query('set plan_cache_mode = force_generic_plan')
    for (const name of ['lock', 'books', 'reservations', 'answers', 'grants', 'periodGrants', 'due']) {
      const [top] = await plan(lane, name, expected[name]!.values, 'analyze, buffers, timing off, ')
      const pages = top!['Shared Hit Blocks']! + top!['Shared Read Blocks']!
      expect(pages, name).toBeLessThan(many * 40)
      expect(pages, name).toBeGreaterThan(0)
    }
  })

  test.each(planned)('and also when they have been analysed since: %s', async (mode) => {
    await owner.query('analyze')
    await findsByKey(lane, mode)
  })
})

async function findsByKey(lane: pg.Client, mode: string): Promise<void> {
  await lane.query(`set plan_cache_mode = ${mode}`)
  for (const [name, { values, indexes, filters = [] }] of Object.entries(expected)) {
    const nodes = await plan(lane, name, values)
    expect(
      nodes.map((node) => node['Node Type']).filter((type) => unwanted.test(type)),
      `${mode} ${name}`,
    ).toEqual([])
    const tested = nodes.flatMap((node) => [node.Filter ?? [], node['Join Filter'] ?? []].flat())
    expect(
      tested.map((filter) => filter.replaceAll(/\b\w+\./g, '')),
      `${mode} ${name}`,
    ).toEqual(filters)
    const whole = nodes.filter((node) => node['Node Type'].startsWith('Index') && !node['Index Cond'])
    expect(whole, `${mode} ${name} reads a whole table`).toEqual([])
    const used = new Set(nodes.flatMap((node) => node['Index Name'] ?? []))
    expect([...used].sort(), `${mode} ${name}`).toEqual(indexes)
  }
}

const unwanted = /Seq Scan|Bitmap|Hash Join|Merge Join/

interface PlanNode {
  'Node Type': string
  'Index Name'?: string
  'Index Cond'?: string
  Filter?: string
  'Join Filter'?: string
  'Shared Hit Blocks'?: number
  'Shared Read Blocks'?: number
  Plans?: PlanNode[]
}

async function plan(lane: pg.Client, name: string, values: unknown[], options = ''): Promise<PlanNode[]> {
  const list = await Promise.all(values.map((value) => literal(lane, value)))
  const { rows } = await lane.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
    `explain (${options}format json) execute "${name}"(${list.join(', ')})`,
  )
  const nodes = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)]
  return nodes(rows[0]!['QUERY PLAN'][0].Plan)
}

/** A column as the text that EXPLAIN takes; the database itself says what it holds. */
async function literal(client: pg.Client, value: unknown): Promise<string> {
  if (!Buffer.isBuffer(value)) return JSON.stringify(value).replaceAll('"', "'")
  const type = { 16: 'boolean', 20: 'bigint', 21: 'smallint', 25: 'text', 1184: 'timestamptz' }[value.readInt32BE(8)]
  const { rows } = await client.query<[string]>({
    text: `select $1::${type}[]::text`,
    values: [value],
    rowMode: 'array',
  })
  return pg.escapeLiteral(rows[0]![0])
}

/** Spread over the whole table: 64 of 20,000. */
function ids(prefix = 'ws_'): Buffer {
  return textColumn(names(prefix), (name) => name)
}

function names(prefix: string): string[] {
  return Array.from({ length: many }, (_, index) => prefix + index * 300)
}

function named(prefix: string): { workspace: string; name: string }[] {
  return names('ws_').map((workspace, index) => ({ workspace, name: `${prefix}${index}` }))
}

/** Workspaces by number, with four reservations and entries each; not in the order of the keys, the statistics left alone. */
const growth = (from: number, to: number): string[] => {
  const each = `from generate_series(${from}, ${to}) n`
  const four = `${each}, generate_series(0, 3) k`
  const mixed = 'order by md5(n::text)'
  return [
    `insert into workspaces (workspace_id, seq, version, at, wake_at, period_start, period_end, open_from)
     select 'ws_' || n, 5, 5, now(), now() + (n % 3 - 1) * interval '1 hour', '2026-11-01Z', '2026-12-01Z', '2026-11-01Z'
       ${each} ${mixed}`,
    `insert into subscriptions (workspace_id, name, plan, contacts, "interval", catalog, status, anchor, created_at, request)
     select 'ws_' || n, 'Name', 'starter', 1000, 'month', 'test', 'active', '2026-11-01Z', '2026-11-01Z', '' ${each} ${mixed}`,
    `insert into balances (workspace_id, period_start, meter, period_end, "limit", used, reserved, overage)
     select 'ws_' || n, p, m, p + interval '30 days', 1000, 5, 5, 0
       ${each}, unnest(array['leads', 'email_sends', 'ai_campaigns']) m,
       unnest(array['2026-10-01Z', '2026-11-01Z']::timestamptz[]) p ${mixed}`,
    `insert into reservations (workspace_id, id, state, late, period_start, created_at, expires_at, closed_at, request, lines)
     select 'ws_' || n, 'r_' || n || repeat('x', k), k % 2, false, '2026-11-01Z', now(), now() + (n % 3 - 1) * interval '1 hour',
            case when k % 2 = 1 then now() end, '', '[["leads", 1, 1, 0]]' ${four} ${mixed}`,
    `insert into ledger_entries (workspace_id, meter, at, seq, period_start, kind, quantity, source_type, source_id, actor,
                                 limit_after, used_after, reserved_after, overage_change)
     select 'ws_' || n, 'leads', now(), k + 1, '2026-11-01Z', 1, 1, 2, 'r_' || n, 'test', 1000, 5, 5, 0 ${four} ${mixed}`,
    `insert into grants (workspace_id, source_type, source_id, meter, period_start, quantity, taken_back, spent_before, granted_at)
     select 'ws_' || n, 4, 'g_' || n || repeat('x', k), 'leads', '2026-11-01Z', 10, 0, 0, now() ${four} ${mixed}`,
    `insert into answers (workspace_id, key, request, status, body, at)
     select 'ws_' || n, 'k_' || n || repeat('x', k), '', 200, '{}', now() ${four} ${mixed}`,
  ]
}

/** One of the 64 has 20,000 reservations, a third of them overdue: 201 are read, not all. */
const busy = `
insert into reservations (workspace_id, id, state, late, period_start, created_at, expires_at, closed_at, request, lines)
select 'ws_300', 'busy_' || n, 0, false, '2026-11-01Z', now(), now() + (n % 3 - 1) * interval '1 hour', null, '', '[["leads", 1, 1, 0]]'
  from generate_series(1, 20000) n
 order by md5(n::text)`

/** Rows of 64 workspaces, each changed; what is inserted needs no search. */
function changes(): Changes {
  const of = <Row>(row: (workspace: string, index: number) => Row): Row[] =>
    Array.from({ length: many }, (_, index) => row(`ws_${index * 300}`, index * 300))
  return {
    ...noChanges(),
    workspaces: of((workspace) => ({
      versionBefore: 5,
      row: {
        workspace,
        seq: 6,
        version: 6,
        at: start,
        wakeAt: end,
        periodStart: start,
        periodEnd: end,
        openFrom: start,
      },
    })),
    subscriptions: {
      created: [],
      changed: of((workspace) => ({
        workspace,
        name: 'Name',
        plan: 'growth',
        contacts: 5000,
        interval: 'month',
        catalog: 'test',
        status: 'active',
        anchor: start,
        graceUntil: null,
        pending: null,
        createdAt: start,
        request: '',
        reference: null,
        reading: 0,
      })),
    },
    balances: {
      created: [],
      changed: of((workspace) => ({
        workspace,
        periodStart: start,
        periodEnd: end,
        meter: 'leads',
        limit: 1000,
        used: 6,
        reserved: 5,
        overage: 0,
      })),
    },
    reservations: {
      created: [],
      changed: of((workspace, index) => ({
        workspace,
        id: `r_${index}`,
        state: 'committed',
        late: false,
        periodStart: start,
        createdAt: start,
        expiresAt: end,
        closedAt: start,
        request: '',
        ending: 'x',
        lines: [{ meter: 'leads', requested: 1, reserved: 0, used: 1 }],
        reference: null,
        metadata: null,
      })),
    },
    grants: {
      created: [],
      changed: of((workspace, index) => ({
        workspace,
        sourceType: 'operator',
        sourceId: `g_${index}`,
        meter: 'leads',
        periodStart: start,
        quantity: 10,
        takenBack: 1,
        spentBefore: 0,
        grantedAt: start,
        reason: null,
      })),
    },
  }
}
