/** The schema after all migrations is the one committed as schema.txt, and it can be distributed over several PostgreSQL nodes. */
import { readFile } from 'node:fs/promises'
import { testDatabase, type TestDatabase } from '@headroom/local-postgres/test'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { schemaText } from '../scripts/schema-text.ts'
import { connectOwner } from '../src/connection.ts'
import { migrate } from '../src/migrate.ts'

/** Where each table lives once one PostgreSQL is outgrown: beside its workspace, a copy on every node, or in one place only. */
const homes: Record<string, 'distributed' | 'reference' | 'local-only'> = {
  workspaces: 'distributed',
  subscriptions: 'distributed',
  balances: 'distributed',
  reservations: 'distributed',
  grants: 'distributed',
  ledger_entries: 'distributed',
  seals: 'distributed',
  answers: 'distributed',
  purchases: 'distributed',
  customers: 'distributed',
  tokens: 'distributed',
  catalogs: 'reference',
  // Looked up by the secret's hash before any workspace is known.
  keys: 'reference',
  test_clock: 'reference',
  // Named by the event, before any workspace is known.
  inbox: 'reference',
  listings: 'reference',
  migrations: 'local-only',
}

/** Indexes that do not begin with the workspace: each serves a sweep over all workspaces that takes no locks. */
const acrossWorkspaces = [
  'answers_at',
  'customers_customer',
  'purchases_charge',
  'purchases_open',
  'purchases_payment_intent',
  'purchases_pending',
  'purchases_receipt',
  'purchases_session',
  'tokens_expires',
  'workspaces_wake',
]

let database: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  database = await testDatabase()
  owner = await connectOwner(database.ownerUrl)
  await migrate(owner, new URL(database.url).username)
})

afterAll(async () => {
  await owner.end()
  await database.drop()
})

const inSchema = `c.relnamespace = 'headroom'::regnamespace`
const names = async (sql: string, values: unknown[] = []): Promise<string[]> =>
  (await owner.query<{ name: string }>(sql, values)).rows.map(({ name }) => name)
const tablesAt = (home: string) => Object.keys(homes).filter((table) => homes[table] === home)

test('the schema is the committed one; after a new migration run: npm run schema -w packages/engine', async () => {
  expect(await schemaText(owner)).toBe(await readFile(new URL('../schema.txt', import.meta.url), 'utf8'))
})

test('every table says where it lives when one PostgreSQL is outgrown: declare a new one in this file', async () => {
  const tables = await names(
    `select c.relname::text as name from pg_class c where ${inSchema} and c.relkind in ('r', 'p')`,
  )
  expect(tables.sort()).toEqual(Object.keys(homes).sort())
})

test('the workspace is one type everywhere: workspace_id text collate "C", never null where a table is distributed', async () => {
  const { rows } = await owner.query<{ table: string; type: string; collation: string; required: boolean }>(
    `select c.relname::text as table, format_type(a.atttypid, a.atttypmod) as type, l.collname::text as collation, a.attnotnull as required
       from pg_class c
       join pg_attribute a on a.attrelid = c.oid
       left join pg_collation l on l.oid = a.attcollation
      where ${inSchema} and c.relkind in ('r', 'p') and a.attname = 'workspace_id'`,
  )
  for (const { type, collation } of rows) expect({ type, collation }).toEqual({ type: 'text', collation: 'C' })
  const required = rows.filter(({ required }) => required).map(({ table }) => table)
  expect(required).toEqual(expect.arrayContaining(tablesAt('distributed')))
})

test('the workspace comes first in every primary key, unique constraint and index of a distributed table', async () => {
  const { rows } = await owner.query<{
    table: string
    index: string
    unique: boolean
    primary: boolean
    first: string
  }>(
    `select c.relname::text as table, x.relname::text as index, i.indisunique as unique, i.indisprimary as primary,
            pg_get_indexdef(i.indexrelid, 1, true) as first
       from pg_index i
       join pg_class c on c.oid = i.indrelid
       join pg_class x on x.oid = i.indexrelid
      where ${inSchema} and c.relname = any($1::text[])`,
    [tablesAt('distributed')],
  )
  const primary = rows.filter(({ primary }) => primary).map(({ table }) => table)
  expect(primary.sort()).toEqual(tablesAt('distributed').sort())
  const other = rows.filter(({ first }) => first !== 'workspace_id')
  expect(other.filter(({ unique }) => unique)).toEqual([])
  expect(other.map(({ index }) => index).sort()).toEqual(acrossWorkspaces)
})

test('a foreign key stays within the workspace or leads to a reference table', async () => {
  const { rows } = await owner.query<{ from: string; to: string; columns: string[] }>(
    `select c.relname::text as from, t.relname::text as to,
            array(select a.attname::text from unnest(k.conkey) n join pg_attribute a on a.attrelid = c.oid and a.attnum = n) as columns
       from pg_constraint k
       join pg_class c on c.oid = k.conrelid
       join pg_class t on t.oid = k.confrelid
      where ${inSchema} and k.contype = 'f'`,
  )
  for (const { from, to, columns } of rows) {
    if (homes[to] === 'distributed') {
      expect(homes[from], `${from} → ${to}`).toBe('distributed')
      expect(columns[0], `${from} → ${to}`).toBe('workspace_id')
    } else expect(homes[to], `${from} → ${to}`).toBe('reference')
  }
})

test('no triggers, sequences, enums, identity, functions, views, or constraints that other engines lack', async () => {
  expect(
    await names(
      `select c.relname || ' of kind ' || c.relkind::text as name from pg_class c where ${inSchema} and c.relkind not in ('r', 'p', 'i', 'I')
       union all select 'trigger ' || tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid where ${inSchema}
       union all select 'type ' || typname from pg_type where typnamespace = 'headroom'::regnamespace and typtype in ('e', 'd', 'r')
       union all select 'function ' || proname from pg_proc where pronamespace = 'headroom'::regnamespace
       union all select 'identity or generated ' || c.relname || '.' || a.attname from pg_attribute a join pg_class c on c.oid = a.attrelid
                  where ${inSchema} and (a.attidentity <> '' or a.attgenerated <> '')
       union all select 'constraint ' || k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid
                  where ${inSchema} and (k.contype in ('x', 't') or k.condeferrable)`,
    ),
  ).toEqual([])
})

test('names are short enough to carry the number of a shard', async () => {
  const long = await names(
    `select relname::text as name from pg_class c where ${inSchema} and octet_length(relname::text) >= 55
     union all select conname::text from pg_constraint where connamespace = 'headroom'::regnamespace and octet_length(conname::text) >= 55`,
  )
  expect(long).toEqual([])
})

test('what is available is computed, never stored', async () => {
  const columns = await names(
    `select c.relname || '.' || a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
      where ${inSchema} and c.relkind in ('r', 'p') and a.attname in ('available', 'remaining', 'balance')`,
  )
  expect(columns).toEqual([])
})
