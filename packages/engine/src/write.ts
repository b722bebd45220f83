/** Core's changes as bulk statements: one for the hot rows, one for the rare ones. Each row comes once, in its final state. */
import {
  instantText,
  type BalanceRow,
  type Changes,
  type GrantRow,
  type Instant,
  type ReservationRow,
} from '@headroom/core'
import * as codes from './codes.ts'
import { column } from './column.ts'
import type { Send } from './load.ts'

/**
 * The fence (heart M3): workspaces are updated only where the version decided on still stands, and a count that differs
 * divides by zero, so that COMMIT becomes ROLLBACK. Every future locking mistake is a retry instead of free credits.
 * "= any(array[…])" can only be looked up in the index: a plain "=" was planned as a comparison of every workspace with every row
 * written while there were few workspaces.
 */
const hot = `
with w as (
  update workspaces w
     set seq = t.seq, version = t.version, at = t.at, wake_at = t.wake, period_start = t.ps, period_end = t.pe, open_from = t.o
    from unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[], $8::timestamptz[], $9::timestamptz[])
      as t(w, before, seq, version, at, wake, ps, pe, o)
   where w.workspace_id = any(array[t.w]) and w.version = t.before
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
    from unnest($18::text[], $19::text[], $20::int[], $21::boolean[], $22::timestamptz[], $23::timestamptz[], $24::text[], $25::text[])
      as t(w, i, s, late, e, c, ending, l)
   where r.workspace_id = t.w and r.id = t.i
  returning 1
), rn as (
  insert into reservations (workspace_id, id, state, late, period_start, created_at, expires_at, closed_at, request, ending, lines, reference, metadata)
  select w, i, s, late, p, a, e, c, q, ending, l::jsonb, f, m::jsonb
    from unnest($26::text[], $27::text[], $28::int[], $29::boolean[], $30::timestamptz[], $31::timestamptz[], $32::timestamptz[], $33::timestamptz[], $34::text[], $35::text[], $36::text[], $37::text[], $38::text[])
      as t(w, i, s, late, p, a, e, c, q, ending, l, f, m)
), l as (
  insert into ledger_entries (workspace_id, meter, at, seq, period_start, kind, quantity, source_type, source_id, actor, limit_after, used_after, reserved_after, overage_change)
  select w, m, a, s, p, k, q, st, si, actor, la, ua, ra, oc
    from unnest($39::text[], $40::text[], $41::timestamptz[], $42::bigint[], $43::timestamptz[], $44::int[], $45::bigint[], $46::int[], $47::text[], $48::text[], $49::bigint[], $50::bigint[], $51::bigint[], $52::bigint[])
      as t(w, m, a, s, p, k, q, st, si, actor, la, ua, ra, oc)
)
select 1 / ((select count(*) from w) = $53::int and (select count(*) from b) = $54::int and (select count(*) from r) = $55::int)::int`

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
    from unnest($43::text[], $44::int[], $45::text[], $46::text[], $47::timestamptz[], $48::bigint[], $49::bigint[], $50::bigint[], $51::timestamptz[], $52::text[])
      as t(w, st, si, m, p, q, tb, sb, a, reason)
), g as (
  update grants g
     set period_start = t.p, quantity = t.q, taken_back = t.tb, spent_before = t.sb
    from unnest($53::text[], $54::int[], $55::text[], $56::text[], $57::timestamptz[], $58::bigint[], $59::bigint[], $60::bigint[])
      as t(w, st, si, m, p, q, tb, sb)
   where g.workspace_id = t.w and g.source_type = t.st and g.source_id = t.si and g.meter = t.m
  returning 1
), a as (
  insert into answers (workspace_id, key, request, status, body, at)
  select w, k, q, s, b, at
    from unnest($61::text[], $62::text[], $63::text[], $64::int[], $65::text[], $66::timestamptz[]) as t(w, k, q, s, b, at)
)
select 1 / ((select count(*) from s) = $67::int and (select count(*) from g) = $68::int)::int`

export const writeStatements = { hot, rare }

/** Sends what has changed; resolves when all of it was accepted. The caller still has to see COMMIT. */
export async function write(send: Send, changes: Changes): Promise<void> {
  const sent: Promise<unknown>[] = []
  if (hasRare(changes)) sent.push(send('rare', rare, rareValues(changes)))
  if (hasHot(changes)) sent.push(send('hot', hot, hotValues(changes)))
  await Promise.all(sent)
}

export const isEmpty = (changes: Changes): boolean => !hasHot(changes) && !hasRare(changes)

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

type Value = string | number | boolean | null

const columns = <Item>(items: readonly Item[], ...values: ((item: Item) => Value)[]): string[] =>
  values.map((value) => column(items.map(value)))

const time = (instant: Instant): string => instantText(instant)
const timeOrNull = (instant: Instant | null): string | null => (instant === null ? null : instantText(instant))
const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value))
const linesOf = ({ lines }: ReservationRow): string =>
  JSON.stringify(lines.map(({ meter, requested, reserved, used }) => [meter, requested, reserved, used]))

/** The values of the hot statement, in the order of its parameters. */
export function hotValues({ workspaces, balances, reservations, entries }: Changes): unknown[] {
  const updated = workspaces.filter(({ versionBefore }) => versionBefore !== null)
  return [
    ...columns(
      updated,
      ({ row }) => row.workspace,
      ({ versionBefore }) => versionBefore,
      ({ row }) => row.seq,
      ({ row }) => row.version,
      ({ row }) => time(row.at),
      ({ row }) => time(row.wakeAt),
      ({ row }) => time(row.periodStart),
      ({ row }) => time(row.periodEnd),
      ({ row }) => time(row.openFrom),
    ),
    ...columns<BalanceRow>(balances.changed, ...balanceValues),
    ...columns(
      reservations.changed,
      (row) => row.workspace,
      (row) => row.id,
      (row) => codes.state.code(row.state),
      (row) => row.late,
      (row) => time(row.expiresAt),
      (row) => timeOrNull(row.closedAt),
      (row) => row.ending,
      linesOf,
    ),
    ...columns(
      reservations.created,
      (row) => row.workspace,
      (row) => row.id,
      (row) => codes.state.code(row.state),
      (row) => row.late,
      (row) => time(row.periodStart),
      (row) => time(row.createdAt),
      (row) => time(row.expiresAt),
      (row) => timeOrNull(row.closedAt),
      (row) => row.request,
      (row) => row.ending,
      linesOf,
      (row) => row.reference,
      (row) => json(row.metadata),
    ),
    ...columns(
      entries,
      (row) => row.workspace,
      (row) => row.meter,
      (row) => time(row.at),
      (row) => row.seq,
      (row) => time(row.periodStart),
      (row) => codes.kind.code(row.kind),
      (row) => row.quantity,
      (row) => codes.sourceType.code(row.sourceType),
      (row) => row.sourceId,
      (row) => row.actor,
      (row) => row.limitAfter,
      (row) => row.usedAfter,
      (row) => row.reservedAfter,
      (row) => row.overageChange,
    ),
    updated.length,
    balances.changed.length,
    reservations.changed.length,
  ]
}

const balanceValues: ((row: BalanceRow) => Value)[] = [
  (row) => row.workspace,
  (row) => time(row.periodStart),
  (row) => row.meter,
  (row) => time(row.periodEnd),
  (row) => row.limit,
  (row) => row.used,
  (row) => row.reserved,
  (row) => row.overage,
]

/** The values of the rare statement, in the order of its parameters. */
export function rareValues({ workspaces, subscriptions, balances, grants, answers }: Changes): unknown[] {
  return [
    ...columns(
      workspaces.filter(({ versionBefore }) => versionBefore === null),
      ({ row }) => row.workspace,
      ({ row }) => row.seq,
      ({ row }) => row.version,
      ({ row }) => time(row.at),
      ({ row }) => time(row.wakeAt),
      ({ row }) => time(row.periodStart),
      ({ row }) => time(row.periodEnd),
      ({ row }) => time(row.openFrom),
    ),
    ...columns(
      subscriptions.created,
      ...subscriptionValues,
      (row) => time(row.createdAt),
      (row) => row.request,
    ),
    ...columns(subscriptions.changed, ...subscriptionValues),
    ...columns<BalanceRow>(balances.created, ...balanceValues),
    ...columns<GrantRow>(
      grants.created,
      ...grantValues,
      (row) => time(row.grantedAt),
      (row) => row.reason,
    ),
    ...columns<GrantRow>(grants.changed, ...grantValues),
    ...columns(
      answers,
      (row) => row.workspace,
      (row) => row.key,
      (row) => row.request,
      (row) => row.status,
      (row) => row.body,
      (row) => time(row.at),
    ),
    subscriptions.changed.length,
    grants.changed.length,
  ]
}

const subscriptionValues: ((row: Changes['subscriptions']['created'][number]) => Value)[] = [
  (row) => row.workspace,
  (row) => row.name,
  (row) => row.plan,
  (row) => row.contacts,
  (row) => row.interval,
  (row) => row.catalog,
  (row) => row.status,
  (row) => time(row.anchor),
  (row) => timeOrNull(row.graceUntil),
  (row) => json(row.pending),
  (row) => row.reference,
  (row) => row.reading,
]

const grantValues: ((row: GrantRow) => Value)[] = [
  (row) => row.workspace,
  (row) => codes.sourceType.code(row.sourceType),
  (row) => row.sourceId,
  (row) => row.meter,
  (row) => time(row.periodStart),
  (row) => row.quantity,
  (row) => row.takenBack,
  (row) => row.spentBefore,
]
