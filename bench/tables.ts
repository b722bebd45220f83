import pg from 'pg'
import type { Setup, Totals } from './contender.ts'

export const workspaceName = (workspace: number) => `ws_${workspace}`
export const meterNames = ['leads', 'emails', 'sends']

/** The tables an application of its own would make for these books, filled with the workspaces. */
export async function makeTables(pool: pg.Pool, schema: string, { workspaces, limit, meters = 1 }: Setup) {
  await pool.query(`
    create schema ${schema};
    create table balances (
      workspace text not null, meter text not null, lim bigint not null, used bigint not null, reserved bigint not null,
      primary key (workspace, meter));
    create table holds (
      id text not null, meter text not null, workspace text not null, quantity bigint not null, state text not null,
      expires_at timestamptz not null, primary key (id, meter));
    create table ledger (
      id bigserial primary key, workspace text not null, meter text not null, kind text not null, quantity bigint not null,
      source text not null, used_after bigint not null, reserved_after bigint not null, at timestamptz not null default now());
    create index on ledger (workspace, id);
    create table idempotency (key text primary key, answer text not null, at timestamptz not null default now())`)
  await pool.query(
    `insert into balances
     select 'ws_' || workspace, meter, $1, 0, 0 from generate_series(0, $2::int - 1) workspace, unnest($3::text[]) meter`,
    [limit, workspaces, meterNames.slice(0, meters)],
  )
}

/** As many connections as node-postgres opens by default. */
export function pool(url: string, schema: string): pg.Pool {
  const made = new pg.Pool({ connectionString: url, max: 10, options: `-c search_path=${schema}` })
  made.on('error', () => {})
  return made
}

/** A row of `totals`: node-postgres gives counts and sums as text. */
export type TotalsRow = Record<Exclude<keyof Totals, 'durable'>, string> & { durable: boolean }

export const durable = `current_setting('fsync') = 'on' and current_setting('synchronous_commit') = 'on' as durable`

export function asTotals({ used, reserved, entries, over, unlike, durable }: TotalsRow): Totals {
  return {
    used: Number(used),
    reserved: Number(reserved),
    entries: Number(entries),
    over: Number(over),
    unlike: Number(unlike),
    durable,
  }
}

export async function totalsOf(pool: pg.Pool): Promise<Totals> {
  const { rows } = await pool.query<TotalsRow>(`
    with sums as (
      select workspace, meter, coalesce(sum(quantity) filter (where kind = 'commit'), 0) as used,
             coalesce(sum(quantity) filter (where kind = 'reserve'), 0) - coalesce(sum(quantity) filter (where kind = 'commit'), 0) as reserved
        from ledger group by workspace, meter)
    select (select sum(used) from balances) as used, (select sum(reserved) from balances) as reserved,
           (select count(*) from ledger) as entries,
           (select count(*) from balances where used + reserved > lim) as over,
           (select count(*) from balances b left join sums s using (workspace, meter)
             where b.used <> coalesce(s.used, 0) or b.reserved <> coalesce(s.reserved, 0)) as unlike,
           ${durable}`)
  return asTotals(rows[0]!)
}
