import type pg from 'pg'

export interface AuditReport {
  workspaces: number
  entries: number
  /** The first differences in words, at most 20; empty when the books are right. */
  differences: string[]
}

/** Each asks the database for what contradicts the ledger; a row is a difference. kind and state numbers: see codes.ts. */
const questions: { what: string; sql: string }[] = [
  {
    what: 'a balance differs from the sums of its ledger entries',
    sql: `
with sums as (
  select workspace_id, period_start, meter,
         case when bool_or(kind in (0, 7) and quantity is null) then null
              else coalesce(sum(quantity) filter (where kind in (0, 7)), 0) - coalesce(sum(quantity) filter (where kind = 8), 0) end as "limit",
         coalesce(sum(quantity) filter (where kind in (2, 5, 9)), 0) as used,
         coalesce(sum(quantity) filter (where kind = 1), 0) - coalesce(sum(quantity) filter (where kind in (2, 3, 4)), 0) as reserved,
         sum(overage_change) as overage
    from ledger_entries
   group by 1, 2, 3)
select coalesce(b.workspace_id, s.workspace_id) as workspace,
       format('%s %s: balance limit %s used %s reserved %s overage %s, ledger limit %s used %s reserved %s overage %s',
              coalesce(b.meter, s.meter), coalesce(b.period_start, s.period_start), b."limit", b.used, b.reserved, b.overage,
              s."limit", s.used, s.reserved, s.overage) as detail
  from balances b
  full join sums s on s.workspace_id = b.workspace_id and s.period_start = b.period_start and s.meter = b.meter
 where (b."limit" is distinct from case when s.workspace_id is null then 0 else s."limit" end)
    or b.used is distinct from coalesce(s.used, 0) or b.reserved is distinct from coalesce(s.reserved, 0)
    or b.overage is distinct from coalesce(s.overage, 0)
 order by 1 limit 20`,
  },
  {
    what: 'a reserved figure differs from the reservations that are held',
    sql: `
with held as (
  select r.workspace_id, r.period_start, l.line->>0 as meter, sum(greatest(0, (l.line->>2)::bigint - (l.line->>3)::bigint)) as reserved
    from reservations r cross join lateral jsonb_array_elements(r.lines) l(line)
   where r.state = 0
   group by 1, 2, 3)
select coalesce(b.workspace_id, h.workspace_id) as workspace,
       format('%s %s: balance reserved %s, held %s', coalesce(b.meter, h.meter), coalesce(b.period_start, h.period_start), b.reserved, h.reserved) as detail
  from balances b
  full join held h on h.workspace_id = b.workspace_id and h.period_start = b.period_start and h.meter = b.meter
 where coalesce(b.reserved, 0) <> coalesce(h.reserved, 0)
 order by 1 limit 20`,
  },
  {
    what: 'the ledger has a gap or the workspace another number than its last entry',
    sql: `
select w.workspace_id as workspace, format('seq %s, entries %s, last %s', w.seq, l.entries, l.last) as detail
  from workspaces w
  left join (select workspace_id, count(*) as entries, max(seq) as last from ledger_entries group by 1) l using (workspace_id)
 where w.seq <> coalesce(l.entries, 0) or w.seq <> coalesce(l.last, 0)
 order by 1 limit 20`,
  },
  {
    what: 'an entry does not follow from the one before it',
    sql: `
select workspace_id as workspace, format('entry %s of %s', seq, meter) as detail
  from (select *, lag(used_after, 1, 0::bigint) over w as used_before, lag(reserved_after, 1, 0::bigint) over w as reserved_before, lag(at) over (partition by workspace_id order by seq) as before
          from ledger_entries window w as (partition by workspace_id, period_start, meter order by seq)) e
 where used_after <> used_before + case when kind in (2, 5, 9) then quantity else 0 end
    or reserved_after <> reserved_before + case when kind = 1 then quantity when kind in (2, 3, 4) then -quantity else 0 end
    or at < before
 order by workspace_id, seq limit 20`,
  },
  {
    what: 'the limit differs from the grants of its period',
    sql: `
select b.workspace_id as workspace, format('%s %s: limit %s, grants %s', b.meter, b.period_start, b."limit", g."limit") as detail
  from balances b
  join workspaces w on w.workspace_id = b.workspace_id and w.period_start = b.period_start
  left join lateral (select case when bool_or(quantity is null) then null
                                 else coalesce(sum(quantity - taken_back - spent_before), 0) end as "limit"
                       from grants g
                      where g.workspace_id = b.workspace_id and g.meter = b.meter and g.period_start = b.period_start) g on true
 where b."limit" is distinct from g."limit"
 order by 1 limit 20`,
  },
]

/** Works in one consistent look at the database. */
export type Snapshot = <T>(work: (client: pg.ClientBase) => Promise<T>) => Promise<T>

interface AuditOptions {
  isOver?: () => boolean
  /** How long one question may take, as PostgreSQL says it. It reads every entry there is: longer than anybody waits for a page. */
  patience?: string
}

/** Rebuilds every balance from the ledger and names the first differences (invariants I1-I6, I8). Changes nothing. In the one look of the client's. */
export const audit = (client: pg.ClientBase, options?: AuditOptions): Promise<AuditReport> =>
  auditBeside((work) => work(client), options)

/**
 * The same while servers work: a look for each question, which compares only what it reads itself, because an old one keeps every
 * version of a hot row alive; and one processor at the most.
 */
export async function auditBeside(
  snapshot: Snapshot,
  { isOver = () => false, patience = '60s' }: AuditOptions = {},
): Promise<AuditReport> {
  const ask = <Row extends pg.QueryResultRow>(sql: string): Promise<Row[]> => {
    if (isOver()) throw new Error('The engine is stopping.')
    return snapshot(async (client) => {
      await client.query(`set local statement_timeout = '${patience}'`)
      await client.query('set local max_parallel_workers_per_gather = 0')
      return (await client.query<Row>(sql)).rows
    })
  }
  const [counted] = await ask<{ workspaces: number; entries: number }>(
    'select (select count(*) from workspaces) as workspaces, (select count(*) from ledger_entries) as entries',
  )
  const differences: string[] = []
  for (const { what, sql } of questions)
    for (const { workspace, detail } of await ask<{ workspace: string; detail: string }>(sql))
      differences.push(`${workspace}: ${what}: ${detail}`)
  return { ...counted!, differences: differences.slice(0, 20) }
}
