import pg from 'pg'

/** The life that was lived through the engine, and how often it is copied. */
export interface Fill {
  /** Copied in turn; every other workspace of the database stays as it is. */
  templates: readonly string[]
  copies: number
}

/** Names of the same length, so that their order is the order of their numbers. */
export const copyName = (index: number): string => `ws_${String(index).padStart(7, '0')}`

interface Table {
  name: string
  columns: string[]
  /** Made anew after the copying, which is several times faster than keeping them up to date. */
  indexes: { drop: string; create: string }[]
}

/**
 * Copies whole workspaces by set: every row that belongs to one comes along under the copy's name, whatever tables and columns
 * there are, so that the copies are as right as the originals. In the heap the copies lie as time would have left them: the first
 * entries of all, then the second ones.
 */
export async function fillByCopying(ownerUrl: string, { templates, copies }: Fill): Promise<void> {
  const tables = await inDatabase(ownerUrl, tablesOfWorkspaces)
  const waiting = [...tables]
  // Two at a time, on two cores; the largest comes first.
  await Promise.all(
    Array.from({ length: 2 }, () =>
      inDatabase(ownerUrl, async (client) => {
        for (let table = waiting.shift(); table; table = waiting.shift()) {
          await copyTable(client, table, templates, copies)
        }
      }),
    ),
  )
}

async function copyTable(
  client: pg.Client,
  { name, columns, indexes }: Table,
  templates: readonly string[],
  copies: number,
) {
  const own = columns.filter((column) => column !== 'workspace_id').map((column) => client.escapeIdentifier(column))
  const order = columns.includes('seq') ? 'workspace_id, seq' : 'workspace_id'
  await client.query('begin')
  await client.query(
    `create temp table template on commit drop as
       select row_number() over (partition by workspace_id order by ${order}) as nth,
              array_position($1::text[], workspace_id::text) - 1 as template, *
         from ${name} where workspace_id = any($1)`,
    [templates],
  )
  const { rows } = await client.query<{ most: number | null }>('select max(nth)::int as most from template')
  const most = rows[0]!.most
  if (most !== null) {
    for (const { drop } of indexes) await client.query(drop)
    for (let nth = 1; nth <= most; nth++) {
      await client.query(
        `insert into ${name} (workspace_id, ${own.join(', ')})
         select 'ws_' || lpad(n::text, 7, '0'), ${own.map((column) => `t.${column}`).join(', ')}
           from generate_series(0, $1::int - 1) n
           join template t on t.template = n % $2::int and t.nth = $3`,
        [copies, templates.length, nth],
      )
    }
    for (const { create } of indexes) await client.query(create)
  }
  await client.query('commit')
  await client.query(`vacuum (analyze, freeze) ${name}`)
}

/** Every table whose rows belong to a workspace, the largest first. */
async function tablesOfWorkspaces(client: pg.Client): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select c.oid::regclass::text as name, array_agg(a.attname::text order by a.attnum) as columns
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where c.relnamespace = 'headroom'::regnamespace and c.relkind = 'r'
      group by c.oid
     having 'workspace_id' = any(array_agg(a.attname::text)) and bool_or(a.attname = 'workspace_id' and a.attnotnull)
      order by max(pg_table_size(c.oid)) desc`,
  )
  const tables: Table[] = []
  for (const row of rows) tables.push({ ...row, indexes: await indexesOf(client, row.name) })
  return tables
}

async function indexesOf(client: pg.Client, table: string): Promise<Table['indexes']> {
  const { rows } = await client.query<{ drop: string; create: string }>(
    `select case when k.oid is null then format('drop index %s', i.indexrelid::regclass)
                 else format('alter table %s drop constraint %I', i.indrelid::regclass, k.conname) end as drop,
            case when k.oid is null then pg_get_indexdef(i.indexrelid)
                 else format('alter table %s add constraint %I %s', i.indrelid::regclass, k.conname, pg_get_constraintdef(k.oid)) end as create
       from pg_index i left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u')
      where i.indrelid = $1::regclass`,
    [table],
  )
  return rows
}

/** Durability is for the runs, not for the filling; what is measured later sets its own. */
export async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    options: '-c search_path=headroom -c synchronous_commit=off -c maintenance_work_mem=1GB -c work_mem=64MB',
  })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}
