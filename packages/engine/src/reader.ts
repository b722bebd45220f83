/** Everything that only looks: one read-only snapshot each, the same load without the lock, and core's own settling in memory. */
import {
  balancesWire,
  entryWire,
  expired,
  isOverdue,
  judge,
  lineFaults,
  refusal,
  reservationWire,
  settled,
  unknownWorkspace,
  usageWire,
  workspaceWire,
  type Answer,
  type BalancesWire,
  type Books,
  type Draft,
  type EntryKind,
  type EntryRow,
  type EntryWire,
  type Instant,
  type Limit,
  type Line,
  type Page,
  type ReservationState,
  type ReservationWire,
  type Role,
  type UsageWire,
  type WorkspaceWire,
} from '@headroom/core'
import type pg from 'pg'
import * as codes from './codes.ts'
import { Glances } from './glances.ts'
import { booksOf, load, sendOn, type LoadStatements, type Wanted } from './load.ts'
import { reservationColumns, reservationRow } from './rows.ts'
import type { Catalogs } from './transaction.ts'

export class Reader {
  readonly #pool: pg.Pool
  readonly #statements: LoadStatements
  readonly #catalogs: Catalogs
  readonly #glances: Glances

  constructor(pool: pg.Pool, statements: LoadStatements, catalogs: Catalogs) {
    this.#pool = pool
    this.#statements = statements
    this.#catalogs = catalogs
    this.#glances = new Glances(pool, statements, catalogs)
  }

  /** One consistent, read-only look at the database. */
  async snapshot<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect()
    let broken = false
    try {
      const begun = client.query('begin isolation level repeatable read read only')
      begun.catch(() => {})
      const result = await work(client)
      await begun
      await client.query('commit')
      return result
    } catch (error) {
      broken = await client.query('rollback').then(
        () => false,
        () => true,
      )
      throw error
    } finally {
      client.release(broken)
    }
  }

  /** A workspace as it stands now, with everything due settled in memory; undefined where there is none. */
  async draft(
    client: pg.ClientBase,
    workspace: string,
    named: Omit<Wanted, 'workspace' | 'key'> = {},
  ): Promise<Draft | undefined> {
    const loaded = await load(sendOn(client), this.#statements, [{ ...named, workspace, key: null }], { due: null })
    await this.#catalogs.ensure(loaded.rows.books.map((row) => row[12] as string))
    const { workspaces, now } = booksOf(loaded)
    if (now === null) return undefined
    const draft = settled(this.#booksOf(workspaces), workspace, now, Infinity)
    return draft.workspace && draft
  }

  /** Only where time has something to do is more read than the workspace's own rows. */
  async look<T>(workspace: string, work: (draft: Draft) => T): Promise<T | undefined> {
    const seen = await this.#glances.at(workspace)
    if (!seen) return undefined
    const draft = settled(this.#booksOf(seen.workspaces), workspace, seen.now)
    if (!draft.again) return work(draft)
    const settledDraft = await this.snapshot((client) => this.draft(client, workspace))
    return settledDraft && work(settledDraft)
  }

  #booksOf(workspaces: Books['workspaces']): Books {
    return { workspaces, catalogs: this.#catalogs.byVersion, catalog: this.#catalogs.current }
  }

  workspace(workspace: string): Promise<WorkspaceWire | undefined> {
    return this.look(workspace, workspaceWire)
  }

  usage(workspace: string): Promise<{ usage: UsageWire; version: number } | undefined> {
    return this.look(workspace, (draft) => ({ usage: usageWire(draft), version: draft.workspace!.version }))
  }

  balancesNow(workspace: string): Promise<BalancesWire | undefined> {
    return this.look(workspace, (draft) => balancesWire(draft))
  }

  async check(workspace: string, lines: Line[], viewer: Role, requestId: string): Promise<Answer> {
    const answer = await this.look(workspace, (draft): Answer => {
      const errors = lineFaults(draft, lines)
      const detail = errors.map(({ path, message }) => `${path} ${message}`).join('; ')
      if (errors.length > 0) return refusal('invalid_request', `${detail}.`, requestId, { errors })
      return { status: 200, body: judge(draft, lines, viewer) }
    })
    return answer ?? unknownWorkspace(requestId)
  }

  async reservation(workspace: string, id: string): Promise<ReservationWire | undefined> {
    const draft = await this.snapshot((client) => this.draft(client, workspace, { reservation: id }))
    const row = draft?.reservations.get(id)
    return row && reservationWire(row, draft!.periodEnd(row.periodStart))
  }

  /** In the order of their ids. */
  async reservations(
    workspace: string,
    { state, cursor, limit }: { state?: ReservationState; cursor?: string; limit: number },
  ): Promise<Page<ReservationWire> | 'bad_cursor' | undefined> {
    const after = cursor === undefined ? '' : readCursor(cursor, 'r')
    if (after === undefined) return 'bad_cursor'
    return this.snapshot(async (client) => {
      const draft = await this.draft(client, workspace)
      if (!draft) return undefined
      const now = new Date(draft.t).toISOString()
      const conditions = {
        held: 'and r.state = 0 and r.expires_at > $4',
        expired: 'and (r.state = 3 or (r.state = 0 and r.expires_at <= $4))',
        committed: 'and r.state = 1 and $4::timestamptz is not null',
        released: 'and r.state = 2 and $4::timestamptz is not null',
        any: 'and $4::timestamptz is not null',
      }
      const { rows } = await client.query<unknown[]>({
        text: `
select ${reservationColumns}, (select b.period_end from balances b
                               where b.workspace_id = r.workspace_id and b.period_start = r.period_start limit 1)
  from reservations r
 where r.workspace_id = $1 and r.id > $2 ${conditions[state ?? 'any']}
 order by r.id
 limit $3`,
        values: [workspace, after, limit + 1, now],
        rowMode: 'array',
      })
      const page = rows.slice(0, limit).map((row) => {
        const stored = reservationRow(row)
        return reservationWire(isOverdue(stored, draft.t) ? expired(stored) : stored, row[13] as Instant)
      })
      return { data: page, nextCursor: rows.length > limit ? writeCursor('r', page.at(-1)!.id) : null }
    })
  }

  /** Newest first. Without a meter: the newest of each, merged; the primary key serves both. */
  async ledger(
    workspace: string,
    { meter, period, kind, cursor, limit }: LedgerQuery,
  ): Promise<Page<EntryWire> | 'bad_cursor' | undefined> {
    const before = cursor === undefined ? [null, null] : ledgerCursor(cursor)
    if (!before) return 'bad_cursor'
    return this.snapshot(async (client) => {
      const [exists, found] = await Promise.all([
        client.query('select 1 from workspaces where workspace_id = $1', [workspace]),
        client.query<unknown[]>({
          text: `
select ${entryColumns}
  from (select distinct meter from balances where workspace_id = $1 and ($2::text is null or meter = $2)) m
 cross join lateral (select *
                       from ledger_entries e
                      where e.workspace_id = $1 and e.meter = m.meter and ($3::timestamptz is null or (e.period_start = $3 and e.at >= $3))
                        and ($7::smallint[] is null or e.kind = any($7))
                        and ($4::timestamptz is null or (e.at, e.seq) < ($4, $5::bigint))
                      order by e.at desc, e.seq desc
                      limit $6) e
 order by e.seq desc
 limit $6`,
          values: [
            workspace,
            meter ?? null,
            period === undefined ? null : new Date(period).toISOString(),
            ...before,
            limit + 1,
            kind === undefined ? null : kindCodes(kind),
          ],
          rowMode: 'array',
        }),
      ])
      if (exists.rows.length === 0) return undefined
      const page = found.rows.slice(0, limit).map(entryRow)
      const last = page.at(-1)
      const nextCursor = found.rows.length > limit && last ? writeCursor('l', `${last.at}.${last.seq}`) : null
      return { data: page.map(entryWire), nextCursor }
    })
  }
}

export interface LedgerQuery {
  meter?: string
  /** The start of a period. */
  period?: Instant
  kind?: EntryKind
  cursor?: string
  limit: number
}

/** What is one kind on the wire may be two in the rows: a late commit is a commit. */
const kindCodes = (kind: EntryKind): number[] =>
  (kind === 'commit' ? (['commit', 'commit_late'] as const) : [kind]).map((stored) => codes.kind.code(stored))

export const entryColumns = `e.workspace_id, e.meter, e.at, e.seq, e.period_start, e.kind, e.quantity, e.source_type, e.source_id, e.actor,
       e.limit_after, e.used_after, e.reserved_after, e.overage_change`

export function entryRow(row: readonly unknown[]): EntryRow {
  return {
    workspace: row[0] as string,
    meter: row[1] as string,
    at: row[2] as Instant,
    seq: row[3] as number,
    periodStart: row[4] as Instant,
    kind: codes.kind.word(row[5] as number),
    quantity: row[6] as Limit,
    sourceType: codes.sourceType.word(row[7] as number),
    sourceId: row[8] as string,
    actor: row[9] as string,
    limitAfter: row[10] as Limit,
    usedAfter: row[11] as number,
    reservedAfter: row[12] as number,
    overageChange: row[13] as number,
  }
}

const writeCursor = (list: string, position: string): string => Buffer.from(`${list}:${position}`).toString('base64url')

function readCursor(cursor: string, list: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString('utf8')
  return text.startsWith(`${list}:`) && !text.includes('\0') ? text.slice(list.length + 1) : undefined
}

/** The last instant with a four-digit year. */
const latest = Date.UTC(9999, 11, 31)

function ledgerCursor(cursor: string): [string, number] | undefined {
  const match = /^(\d{1,15})\.(\d{1,15})$/.exec(readCursor(cursor, 'l') ?? '')
  const at = Number(match?.[1])
  return match && at <= latest ? [new Date(at).toISOString(), Number(match[2])] : undefined
}
