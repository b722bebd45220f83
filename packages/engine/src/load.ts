/** What a batch needs from the database: the statements that lock and read, and their rows as core's books. */
import {
  grantKey,
  needs,
  settleRound,
  type AnswerRow,
  type Instant,
  type Needs,
  type Operation,
  type WorkspaceBooks,
} from '@headroom/core'
import type pg from 'pg'
import * as codes from './codes.ts'
import { smallintColumn, textColumn } from './column.ts'
import {
  balanceColumns,
  balanceRow,
  grantColumns,
  grantRow,
  reservationColumns,
  reservationRow,
  subscriptionRow,
  type Row,
} from './rows.ts'

/** The clock of every rule is the database's, read after the lock was granted (heart M8). */
export const realClock = 'statement_timestamp()'
export const testClock = '(select coalesce((select now from test_clock where id = 1), statement_timestamp()))'

/**
 * What is named of an older period brings that period's balances. "offset 0" pins the order of the look-ups: by the whole key, and
 * the period test first. Left free, a plan made on empty tables read every reservation of a workspace for each one named.
 */
const balancesOfOlderPeriod = (named: 'r' | 'g'): string => `left join lateral (
    select * from balances b
     where b.workspace_id = ${named}.workspace_id and b.period_start = ${named}.period_start
       and ${named}.period_start < (select w.open_from from workspaces w where w.workspace_id = n.w)
    offset 0) b on true`

/** The statements by clock; all named, so that each connection plans them once. */
export function loadStatements(clock: string) {
  return {
    clock: `select ${clock}`,
    // Locks and nothing else: whatever a locking statement reads beside the locked row is older than the lock it waited for.
    lock: `
select 1
  from workspaces
 where workspace_id = any($1::text[])
 order by workspace_id
   for no key update`,
    books: `
select w.workspace_id, w.seq, w.version, w.at, w.wake_at, w.period_start, w.period_end, w.open_from,
       s.name, s.plan, s.contacts, s."interval", s.catalog, s.status, s.anchor, s.grace_until, s.pending, s.created_at, s.request,
       s.reference, s.reading, ${balanceColumns}, ${clock}
  from unnest($1::text[]) n(w)
  cross join lateral (select * from workspaces w where w.workspace_id = n.w offset 0) w
  cross join lateral (select * from subscriptions s where s.workspace_id = n.w offset 0) s
  left join lateral (select * from balances b where b.workspace_id = n.w and b.period_start >= w.open_from offset 0) b on true`,
    reservations: `
select ${reservationColumns}, ${balanceColumns}
  from unnest($1::text[], $2::text[]) n(w, i)
  cross join lateral (select * from reservations r where r.workspace_id = n.w and r.id = n.i offset 0) r
  ${balancesOfOlderPeriod('r')}`,
    answers: `
select a.workspace_id, a.key, a.request, a.status, a.body, a.at
  from unnest($1::text[], $2::text[]) n(w, k)
  cross join lateral (select * from answers a where a.workspace_id = n.w and a.key = n.k offset 0) a`,
    grants: `
select ${grantColumns}, ${balanceColumns}
  from unnest($1::text[], $2::smallint[], $3::text[]) n(w, t, i)
  cross join lateral (select * from grants g where g.workspace_id = n.w and g.source_type = n.t and g.source_id = n.i offset 0) g
  ${balancesOfOlderPeriod('g')}`,
    periodGrants: `
select ${grantColumns}
  from unnest($1::text[]) n(w)
  cross join lateral (select * from workspaces w where w.workspace_id = n.w offset 0) w
  cross join lateral (select * from grants g where g.workspace_id = n.w and g.period_start >= w.period_start offset 0) g`,
    // Held reservations by expiry, one more than a round settles; one row at least for each workspace asked for.
    due: `
select w.workspace_id, r.id, r.state, r.late, r.period_start, r.created_at, r.expires_at, r.closed_at,
       r.request, r.ending, r.lines, r.reference, r.metadata
  from workspaces w
  left join lateral (select * from reservations r
                      where r.workspace_id = w.workspace_id and r.state = 0 and r.expires_at >= w.wake_at
                      order by r.expires_at, r.id
                      limit $2::bigint) r on true
 where w.workspace_id = any($1::text[])
 order by w.workspace_id, r.expires_at, r.id`,
  }
}

export type LoadStatements = ReturnType<typeof loadStatements>

export interface Loaded {
  workspaces: Map<string, WorkspaceBooks>
  /** Null: none of the workspaces exists. */
  now: Instant | null
}

/** A client whose queries go out at once; each statement is named by its text's key. */
export type Send = (name: string, text: string, values: unknown[]) => Promise<Row[]>

export const sendOn =
  (client: Pick<pg.ClientBase, 'query'>): Send =>
  async (name, text, values) =>
    (await client.query<unknown[]>({ name, text, values, rowMode: 'array' })).rows

/**
 * Sends everything the operations need in one go, without waiting between statements; first locks the workspaces of `lock`.
 * `due` is how many overdue holds to read per workspace; null reads all, 0 leaves them for another look.
 */
export async function load(
  send: Send,
  statements: LoadStatements,
  wanted: readonly Wanted[],
  { lock, due = settleRound + 1 }: { lock?: ReadonlySet<string>; due?: number | null },
): Promise<LoadedFor> {
  const names = namesOf(wanted)
  const ids = textColumn([...names.workspaces], itself)
  const none: Promise<Row[]> = Promise.resolve([])
  const ask = (name: keyof LoadStatements, values: unknown[]) => send(name, statements[name], values)
  const { reservations, answers, grants, periodGrants } = names
  const [, books, ...rest] = await Promise.all([
    lock ? ask('lock', [textColumn([...lock], itself)]) : none,
    ask('books', [ids]),
    reservations.length
      ? ask('reservations', [textColumn(reservations, first), textColumn(reservations, second)])
      : none,
    answers.length ? ask('answers', [textColumn(answers, first), textColumn(answers, second)]) : none,
    grants.length
      ? ask('grants', [
          textColumn(grants, first),
          smallintColumn(grants, ([, type]) => codes.sourceType.code(type)),
          textColumn(grants, ([, , id]) => id),
        ])
      : none,
    periodGrants.length ? ask('periodGrants', [textColumn(periodGrants, itself)]) : none,
  ])
  const [reservationRows, answerRows, grantRows, periodGrantRows] = rest as [Row[], Row[], Row[], Row[]]
  // Rarely is a workspace awake, so this is asked for when it is known, not with every batch.
  const awake = new Set(books.filter(isAwake).map(([workspace]) => workspace as string))
  const dueRows = awake.size > 0 && due !== 0 ? await ask('due', [textColumn([...awake], itself), due]) : []
  return {
    names,
    rows: {
      books,
      reservations: reservationRows,
      answers: answerRows,
      grants: grantRows,
      periodGrants: periodGrantRows,
      due: dueRows,
    },
  }
}

/** Time has something to change there: its wake_at is not later than the instant it will be decided at. */
const isAwake = (row: Row): boolean => (row[4] as Instant) <= Math.max(row[3] as Instant, row[28] as Instant)

const first = <T>([value]: readonly [T, ...unknown[]]): T => value
const second = <T>([, value]: readonly [unknown, T, ...unknown[]]): T => value
const itself = <T>(value: T): T => value

export interface LoadedFor {
  rows: LoadedRows
  names: Names
}

interface LoadedRows {
  books: Row[]
  reservations: Row[]
  answers: Row[]
  grants: Row[]
  periodGrants: Row[]
  due: Row[]
}

interface Names {
  workspaces: Set<string>
  reservations: [string, string][]
  answers: [string, string][]
  grants: [string, 'purchase' | 'operator', string, string[]][]
  periodGrants: string[]
}

/** One workspace to load, and what else of it is named. */
export interface Wanted extends Needs {
  workspace: string
  key: string | null
}

/** Field by field: a spread here was a tenth of the process's time. */
export function wantedBy(operation: Operation): Wanted {
  const { reservation, grantSource, periodGrants } = needs(operation)
  const { workspace, key } = operation
  return { workspace, key, reservation, grantSource, periodGrants }
}

function namesOf(wanted: readonly Wanted[]): Names {
  const names: Names = {
    workspaces: new Set(),
    reservations: [],
    answers: [],
    grants: [],
    periodGrants: [],
  }
  for (const { workspace, key, reservation, grantSource, periodGrants } of wanted) {
    names.workspaces.add(workspace)
    if (reservation !== undefined) names.reservations.push([workspace, reservation])
    if (key !== null) names.answers.push([workspace, key])
    if (grantSource) names.grants.push([workspace, grantSource.type, grantSource.id, grantSource.meters])
    if (periodGrants) names.periodGrants.push(workspace)
  }
  return names
}

/** The rows as strict books: what was asked for and is not there is present as undefined. */
export function booksOf({ rows, names }: LoadedFor): Loaded {
  const workspaces = new Map<string, WorkspaceBooks>()
  for (const id of names.workspaces) workspaces.set(id, emptyBooks())
  const of = (id: unknown) => workspaces.get(id as string)!
  for (const [w, i] of names.reservations) of(w).reservations.set(i, undefined)
  for (const [w, k] of names.answers) of(w).answers.set(k, undefined)
  for (const [w, type, id, meters] of names.grants) {
    for (const meter of meters) of(w).grants.set(grantKey(type, id, meter), undefined)
  }
  for (const w of names.periodGrants) of(w).periodGrants = []

  let now: Instant | null = null
  for (const row of rows.books) {
    const books = of(row[0])
    if (!books.workspace) {
      books.workspace = {
        workspace: row[0] as string,
        seq: row[1] as number,
        version: row[2] as number,
        at: row[3] as Instant,
        wakeAt: row[4] as Instant,
        periodStart: row[5] as Instant,
        periodEnd: row[6] as Instant,
        openFrom: row[7] as Instant,
      }
      books.subscription = subscriptionRow(row)
    }
    if (row[21] !== null) books.balances.push(balanceRow(row[0] as string, row, 21))
    now ??= row[28] as Instant
  }
  for (const row of rows.reservations) {
    const books = of(row[0])
    books.reservations.set(row[1] as string, books.reservations.get(row[1] as string) ?? reservationRow(row))
    addBalance(books, row, 13)
  }
  for (const row of rows.answers) {
    const [workspace, key, request, status, body, at] = row as [string, string, string, number, string, Instant]
    of(workspace).answers.set(key, { workspace, key, request, status, body, at } satisfies AnswerRow)
  }
  for (const row of rows.grants) {
    const grant = grantRow(row)
    of(row[0]).grants.set(grantKey(grant.sourceType, grant.sourceId, grant.meter), grant)
    addBalance(of(row[0]), row, 10)
  }
  for (const row of rows.periodGrants) of(row[0]).periodGrants!.push(grantRow(row))
  for (const row of rows.due) {
    const books = of(row[0])
    books.due ??= []
    if (row[1] !== null) books.due.push(reservationRow(row))
  }
  return { workspaces, now }
}

/** Several names of one period bring its balances several times. */
function addBalance(books: WorkspaceBooks, row: Row, from: number): void {
  if (row[from] === null) return
  const balance = balanceRow(row[0] as string, row, from)
  const known = books.balances.some(
    ({ periodStart, meter }) => periodStart === balance.periodStart && meter === balance.meter,
  )
  if (!known) books.balances.push(balance)
}

const emptyBooks = (): WorkspaceBooks => ({
  workspace: undefined,
  subscription: undefined,
  balances: [],
  reservations: new Map(),
  due: undefined,
  grants: new Map(),
  periodGrants: undefined,
  answers: new Map(),
})
