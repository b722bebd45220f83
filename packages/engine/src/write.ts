/** Core's changes as bulk statements: one for the hot rows, one for the rare ones. Each row comes once, in its final state. */
import type { Changes } from '@headroom/core'
import type { Assumed } from './assumed.ts'
import { realClock } from './load.ts'
import { assumedValues, hotValues, rareValues } from './write-values.ts'

/**
 * The fence (heart M3): workspaces are updated only where the version decided on still stands, and a count that differs
 * divides by zero, so that COMMIT becomes ROLLBACK. Every future locking mistake is a retry instead of free credits.
 * "= any(array[…])" can only be looked up in the index: a plain "=" was planned as a comparison of every workspace with every row
 * written while there were few workspaces.
 */
const hot = (clock: string) => `
with w as (
  update workspaces w
     set seq = t.seq, version = t.version, at = t.at, wake_at = t.wake, period_start = t.ps, period_end = t.pe, open_from = t.o
    from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[], $56::boolean[])
      as t(w, before, seq, version, at, wake, ps, pe, o, asleep)
   where w.workspace_id = any(array[t.w]) and w.version = t.before and (not t.asleep or w.wake_at > greatest(w.at, ${clock}))
  returning 1
), b as (
  update balances b
     set "limit" = t.l, used = t.u, reserved = t.r, overage = t.v, period_end = t.e
    from unnest($10::text[], $11::timestamptz[], $12::text[], $13::timestamptz[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[])
      as t(w, p, m, e, l, u, r, v)
   where b.workspace_id = t.w and b.period_start = t.p and b.meter = t.m
  returning 1
), r as (
  update reservations r
     set state = t.s, late = t.late, expires_at = t.e, closed_at = t.c, ending = t.ending, lines = t.l::jsonb
    from unnest($18::text[], $19::text[], $20::smallint[], $21::boolean[], $22::timestamptz[], $23::timestamptz[], $24::text[], $25::text[])
      as t(w, i, s, late, e, c, ending, l)
   where r.workspace_id = t.w and r.id = t.i
  returning 1
), rn as (
  insert into reservations (workspace_id, id, state, late, period_start, created_at, expires_at, closed_at, request, ending, lines, reference, metadata)
  select w, i, s, late, p, a, e, c, q, ending, l::jsonb, f, m::jsonb
    from unnest($26::text[], $27::text[], $28::smallint[], $29::boolean[], $30::timestamptz[], $31::timestamptz[], $32::timestamptz[], $33::timestamptz[], $34::text[], $35::text[], $36::text[], $37::text[], $38::text[])
      as t(w, i, s, late, p, a, e, c, q, ending, l, f, m)
), l as (
  insert into ledger_entries (workspace_id, meter, at, seq, period_start, kind, quantity, source_type, source_id, actor, limit_after, used_after, reserved_after, overage_change)
  select w, m, a, s, p, k, q, st, si, actor, la, ua, ra, oc
    from unnest($39::text[], $40::text[], $41::timestamptz[], $42::bigint[], $43::timestamptz[], $44::smallint[], $45::bigint[], $46::smallint[], $47::text[], $48::text[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[])
      as t(w, m, a, s, p, k, q, st, si, actor, la, ua, ra, oc)
)
select ${clock}, ${onTime(clock, '$57')}, ${linked('$58', '$59')},
       1 / ((select count(*) from w) = $53::int and (select count(*) from b) = $54::int and (select count(*) from r) = $55::int)::int`

/**
 * What was taken for granted and left no row that would tell: workspaces decided on from memory and not changed still stand as they
 * did, and the reservations and keys nobody had heard of are not there.
 */
const assumed = (clock: string) => `
select ${clock}, ${onTime(clock, '$3')}, ${linked('$8', '$9')},
       1 / (not exists (select 1 from unnest($1::text[], $2::bigint[]) t(w, version)
                         where not exists (select 1 from workspaces w
                                            where w.workspace_id = t.w and w.version = t.version and w.wake_at > greatest(w.at, ${clock}) offset 0))
            and not exists (select 1 from unnest($4::text[], $5::text[]) n(w, i)
                             cross join lateral (select 1 from reservations r where r.workspace_id = n.w and r.id = n.i offset 0) r)
            and not exists (select 1 from unnest($6::text[], $7::text[]) n(w, k)
                             cross join lateral (select 1 from answers a where a.workspace_id = n.w and a.key = n.k offset 0) a))::int`

/**
 * An instant that was not read in this transaction must be the database's own, give or take a second: else a number without a root
 * (2201F) makes COMMIT a ROLLBACK. The test clock stands still, so there it must be the very instant.
 */
function onTime(clock: string, instant: string): string {
  const near = `${instant}::timestamptz between statement_timestamp() - interval '1 s' and statement_timestamp() + interval '1 s'`
  const right = clock === realClock ? near : `(select now from test_clock where id = 1) = ${instant}::timestamptz`
  return `sqrt(case when ${right} or ${instant}::timestamptz is null then 1 else -1 end)`
}

/**
 * A batch that was decided on what the one ahead of it would leave is void unless that one was committed. A version alone cannot tell:
 * somebody else may have moved it to the very number. So each batch leaves its own name in the session, which is undone with it.
 */
const linked = (ahead: string, own: string): string =>
  `1 / (${ahead}::text is null or current_setting('headroom.batch', true) = ${ahead}::text)::int, ${link(own)}`

const link = (own: string): string => `set_config('headroom.batch', ${own}::text, false)`

/** New workspaces come in id order: two servers that create the same ones wait for each other in one direction only. */
const rare = `
with w as (
  insert into workspaces (workspace_id, seq, version, at, wake_at, period_start, period_end, open_from)
  select w, seq, version, at, wake, ps, pe, o
    from unnest($1::text[], $2::bigint[], $3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[])
      as t(w, seq, version, at, wake, ps, pe, o)
   order by w
), sn as (
  insert into subscriptions (workspace_id, name, plan, contacts, "interval", catalog, status, anchor, grace_until, pending, reference, reading, created_at, request)
  select w, n, p, c, i, v, s, a, g, pending::jsonb, reference, reading, created, q
    from unnest($9::text[], $10::text[], $11::text[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::timestamptz[], $17::timestamptz[], $18::text[], $19::text[], $20::bigint[], $21::timestamptz[], $22::text[])
      as t(w, n, p, c, i, v, s, a, g, pending, reference, reading, created, q)
), s as (
  update subscriptions s
     set name = t.n, plan = t.p, contacts = t.c, "interval" = t.i, catalog = t.v, status = t.s, anchor = t.a, grace_until = t.g, pending = t.pending::jsonb,
         reference = t.reference, reading = t.reading
    from unnest($23::text[], $24::text[], $25::text[], $26::bigint[], $27::text[], $28::text[], $29::text[], $30::timestamptz[], $31::timestamptz[], $32::text[], $33::text[], $34::bigint[])
      as t(w, n, p, c, i, v, s, a, g, pending, reference, reading)
   where s.workspace_id = any(array[t.w])
  returning 1
), b as (
  insert into balances (workspace_id, period_start, meter, period_end, "limit", used, reserved, overage)
  select w, p, m, e, l, u, r, v
    from unnest($35::text[], $36::timestamptz[], $37::text[], $38::timestamptz[], $39::bigint[], $40::bigint[], $41::bigint[], $42::bigint[])
      as t(w, p, m, e, l, u, r, v)
), gn as (
  insert into grants (workspace_id, source_type, source_id, meter, period_start, quantity, taken_back, spent_before, granted_at, reason)
  select w, st, si, m, p, q, tb, sb, a, reason
    from unnest($43::text[], $44::smallint[], $45::text[], $46::text[], $47::timestamptz[], $48::bigint[], $49::bigint[], $50::bigint[], $51::timestamptz[], $52::text[])
      as t(w, st, si, m, p, q, tb, sb, a, reason)
), g as (
  update grants g
     set period_start = t.p, quantity = t.q, taken_back = t.tb, spent_before = t.sb
    from unnest($53::text[], $54::smallint[], $55::text[], $56::text[], $57::timestamptz[], $58::bigint[], $59::bigint[], $60::bigint[])
      as t(w, st, si, m, p, q, tb, sb)
   where g.workspace_id = t.w and g.source_type = t.st and g.source_id = t.si and g.meter = t.m
  returning 1
), a as (
  insert into answers (workspace_id, key, request, status, body, at)
  select w, k, q, s, b, at
    from unnest($61::text[], $62::text[], $63::text[], $64::smallint[], $65::text[], $66::timestamptz[]) as t(w, k, q, s, b, at)
)
select null::timestamptz, 1 / ((select count(*) from s) = $67::int and (select count(*) from g) = $68::int)::int`

export const writeStatements = (clock: string) => ({
  hot: hot(clock),
  assumed: assumed(clock),
  rare,
  link: `select null::timestamptz, ${link('$1')}`,
})

export type WriteStatements = ReturnType<typeof writeStatements>

export interface Statement {
  name: keyof WriteStatements
  text: string
  values: unknown[]
}

/** The statements that write what has changed: all of them, in one transaction, or none. */
export function writes(statements: WriteStatements, changes: Changes, assumed: Assumed): Statement[] {
  const { absent } = assumed
  const list: Statement[] = []
  const add = (name: keyof WriteStatements, values: unknown[]) => list.push({ name, text: statements[name], values })
  // First of all the workspaces are locked: whatever else is waited for is waited for under their locks.
  if (hasHot(changes)) add('hot', hotValues(changes, assumed))
  if (hasRare(changes)) add('rare', rareValues(changes))
  if (assumed.unchanged.length + absent.reservations.length + absent.answers.length > 0) {
    // What was ahead was compared once; by now the session bears this batch's own name.
    add('assumed', assumedValues(hasHot(changes) ? { ...assumed, ahead: null } : assumed))
  } else if (!hasHot(changes)) add('link', [assumed.own])
  return list
}

const hasHot = ({ workspaces, balances, reservations, entries }: Changes): boolean =>
  workspaces.length +
    balances.changed.length +
    reservations.created.length +
    reservations.changed.length +
    entries.length >
  0

const hasRare = ({ workspaces, subscriptions, balances, grants, answers }: Changes): boolean =>
  subscriptions.created.length + subscriptions.changed.length + balances.created.length > 0 ||
  grants.created.length + grants.changed.length + answers.length > 0 ||
  workspaces.some(({ versionBefore }) => versionBefore === null)
