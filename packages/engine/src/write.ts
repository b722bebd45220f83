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
function hot(clock: string): string {
  const { value, rows, into } = parameters()
  return `
with w as (
  update workspaces w
     set seq = t.seq, version = t.version, at = t.at, wake_at = t.wake, period_start = t.ps, period_end = t.pe, open_from = t.o
    from (${rows('w text, before bigint, seq bigint, version bigint, at timestamptz, wake timestamptz, ps timestamptz, pe timestamptz, o timestamptz, asleep boolean')}) t
   where w.workspace_id = any(array[t.w]) and w.version = t.before and (not t.asleep or w.wake_at > greatest(w.at, ${clock}))
  returning 1
), b as (
  update balances b
     set "limit" = t.l, used = t.u, reserved = t.r, overage = t.v, period_end = t.e
    from (${rows('w text, p timestamptz, m text, e timestamptz, l bigint, u bigint, r bigint, v bigint')}) t
   where b.workspace_id = t.w and b.period_start = t.p and b.meter = t.m
  returning 1
), r as (
  update reservations r
     set state = t.s, late = t.late, expires_at = t.e, closed_at = t.c, ending = t.ending, lines = t.l
    from (${rows('w text, i text, s smallint, late boolean, e timestamptz, c timestamptz, ending text, l jsonb')}) t
   where r.workspace_id = t.w and r.id = t.i
  returning 1
), rn as (
  insert into reservations ${into('workspace_id text, id text, state smallint, late boolean, period_start timestamptz, created_at timestamptz, expires_at timestamptz, closed_at timestamptz, request text, ending text, lines jsonb, reference text, metadata jsonb')}
), l as (
  insert into ledger_entries ${into('workspace_id text, meter text, at timestamptz, seq bigint, period_start timestamptz, kind smallint, quantity bigint, source_type smallint, source_id text, actor text, limit_after bigint, used_after bigint, reserved_after bigint, overage_change bigint')}
)
select ${clock}, ${onTime(clock, value('timestamptz'))}, ${linked(value('text'), value('text'))},
       1 / ((select count(*) from w) = ${value('int')} and (select count(*) from b) = ${value('int')} and (select count(*) from r) = ${value('int')})::int`
}

/**
 * What was taken for granted and left no row that would tell: workspaces decided on from memory and not changed still stand as they
 * did, and the reservations and keys nobody had heard of are not there.
 */
function assumed(clock: string): string {
  const { value, rows } = parameters()
  return `
select ${clock}, ${onTime(clock, value('timestamptz'))}, ${linked(value('text'), value('text'))},
       1 / (not exists (select 1 from (${rows('w text, version bigint')}) t
                         where not exists (select 1 from workspaces w
                                            where w.workspace_id = t.w and w.version = t.version and w.wake_at > greatest(w.at, ${clock}) offset 0))
            and not exists (select 1 from (${rows('w text, i text')}) n
                             cross join lateral (select 1 from reservations r where r.workspace_id = n.w and r.id = n.i offset 0) r)
            and not exists (select 1 from (${rows('w text, k text')}) n
                             cross join lateral (select 1 from answers a where a.workspace_id = n.w and a.key = n.k offset 0) a))::int`
}

/**
 * An instant that was not read in this transaction must be the database's own, give or take a second: else a number without a root
 * (2201F) makes COMMIT a ROLLBACK. The test clock stands still, so there it must be the very instant.
 */
function onTime(clock: string, instant: string): string {
  const near = `${instant} between statement_timestamp() - interval '1 s' and statement_timestamp() + interval '1 s'`
  const right = clock === realClock ? near : `(select now from test_clock where id = 1) = ${instant}`
  return `sqrt(case when ${right} or ${instant} is null then 1 else -1 end)`
}

/**
 * A batch that was decided on what the one ahead of it would leave is void unless that one was committed. A version alone cannot tell:
 * somebody else may have moved it to the very number. So each batch leaves its own name in the session, which is undone with it.
 */
const linked = (ahead: string, own: string): string =>
  `1 / (${ahead} is null or current_setting('headroom.batch', true) = ${ahead})::int, ${link(own)}`

const link = (own: string): string => `set_config('headroom.batch', ${own}, false)`

/** New workspaces come in id order: two servers that create the same ones wait for each other in one direction only. */
function rare(): string {
  const { value, rows, into } = parameters()
  return `
with w as (
  insert into workspaces ${into('workspace_id text, seq bigint, version bigint, at timestamptz, wake_at timestamptz, period_start timestamptz, period_end timestamptz, open_from timestamptz')}
   order by workspace_id
), sn as (
  insert into subscriptions ${into('workspace_id text, name text, plan text, contacts bigint, interval text, catalog text, status text, anchor timestamptz, grace_until timestamptz, pending jsonb, reference text, reading bigint, created_at timestamptz, request text')}
), s as (
  update subscriptions s
     set name = t.n, plan = t.p, contacts = t.c, "interval" = t.i, catalog = t.v, status = t.s, anchor = t.a, grace_until = t.g, pending = t.pending,
         reference = t.reference, reading = t.reading
    from (${rows('w text, n text, p text, c bigint, i text, v text, s text, a timestamptz, g timestamptz, pending jsonb, reference text, reading bigint')}) t
   where s.workspace_id = any(array[t.w])
  returning 1
), b as (
  insert into balances ${into('workspace_id text, period_start timestamptz, meter text, period_end timestamptz, limit bigint, used bigint, reserved bigint, overage bigint')}
), gn as (
  insert into grants ${into('workspace_id text, source_type smallint, source_id text, meter text, period_start timestamptz, quantity bigint, taken_back bigint, spent_before bigint, granted_at timestamptz, reason text')}
), g as (
  update grants g
     set period_start = t.p, quantity = t.q, taken_back = t.tb, spent_before = t.sb
    from (${rows('w text, st smallint, si text, m text, p timestamptz, q bigint, tb bigint, sb bigint')}) t
   where g.workspace_id = t.w and g.source_type = t.st and g.source_id = t.si and g.meter = t.m
  returning 1
), a as (
  insert into answers ${into('workspace_id text, key text, request text, status smallint, body text, at timestamptz')}
)
select null::timestamptz, 1 / ((select count(*) from s) = ${value('int')} and (select count(*) from g) = ${value('int')})::int`
}

/**
 * A statement's parameters, numbered in the order they are named in. Columns come as arrays and are made rows of in the select list, where
 * PostgreSQL takes a value of each by turns: in the from list it first makes a store for each of them, fifty for a batch (decision 0026).
 */
function parameters() {
  let last = 0
  const value = (type: string): string => `$${++last}::${type}`
  const unnested = (type: string): string =>
    type === 'jsonb' ? `unnest(${value('text[]')})::jsonb` : `unnest(${value(`${type}[]`)})`
  const columnsOf = (list: string) =>
    list.split(', ').map((column) => column.split(' ') as [name: string, type: string])
  /** From "name type, …"; jsonb comes as text. */
  const rows = (list: string): string =>
    `select ${columnsOf(list)
      .map(([name, type]) => `${unnested(type)} as "${name}"`)
      .join(', ')}`
  /** The same behind the names of the columns they go into. */
  const into = (list: string): string =>
    `(${columnsOf(list)
      .map(([name]) => `"${name}"`)
      .join(', ')}) ${rows(list)}`
  return { value, rows, into }
}

export const writeStatements = (clock: string) => ({
  hot: hot(clock),
  assumed: assumed(clock),
  rare: rare(),
  link: `select null::timestamptz, ${link('$1::text')}`,
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
