/** What an import's job reads and writes for each batch: contacts, progress, and the part that settlements.ts tells Headroom of. */
import type { NewReservation, ReservationWire, ViewerOf } from '@headroom/sdk'
import type pg from 'pg'
import type { Context } from '../context.ts'
import type { Contact, Fault } from './contact.ts'
import type { Criteria } from '../campaigns/criteria.ts'
import { transaction, type Database, type Queryable } from '../database.ts'
import { mustBeOurs, renew, type Job } from '../queue.ts'
import { addReasons, reasonLabels, type Reason } from './reasons.ts'
import { delivers, type Verification } from './verifier.ts'

export type Ending = 'completed' | 'failed' | 'cancelled' | 'credits_lost'

export interface ImportBooks {
  workspaceId: string
  id: string
  campaignId: string
  uploadId: string
  criteria: Criteria
  viewer: ViewerOf
  /** What was or is to be asked of Headroom, word for word, so that asking again is the same request; null: nothing to reserve. */
  ask: NewReservation | null
  ending: Ending | null
  reserved: number
  periodStart: Date | null
  reservedAt: Date | null
  rowsTotal: number
  rowsRead: number
  lastRow: number
  counted: number
}

/** The import as its rows stand now, or null when there is none. */
export async function loadImport(
  database: Queryable,
  { workspaceId, id }: Pick<Job, 'workspaceId' | 'id'>,
): Promise<ImportBooks | null> {
  const { rows } = await database.query<ImportBooks>(
    `select i.workspace_id as "workspaceId", i.id, i.campaign_id as "campaignId", i.upload_id as "uploadId", c.criteria, i.viewer, i.ask,
            i.ending, i.reserved, i.period_start as "periodStart", i.reserved_at as "reservedAt", i.rows_total as "rowsTotal",
            i.rows_read as "rowsRead", i.last_row as "lastRow", i.counted
       from ken.imports i
       join ken.campaigns c on c.workspace_id = i.workspace_id and c.id = i.campaign_id
      where i.workspace_id = $1 and i.id = $2`,
    [workspaceId, id],
  )
  return rows[0] ?? null
}

/** Notes what Headroom set aside; the first note stays. Without a reservation the import reads its file and counts nothing. */
export async function recordReservation(
  { database, headroom }: Context,
  { workspaceId, id }: { workspaceId: string; id: string },
  reservation: ReservationWire | null,
): Promise<void> {
  const { period, asOf } = reservation
    ? { period: reservation.period, asOf: reservation.createdAt }
    : await headroom.usage(workspaceId)
  await database.query(
    `update ken.imports
        set reserved = $3, period_start = $4, reserved_at = $5, started_at = $5, revision = revision + 1
      where workspace_id = $1 and id = $2 and reserved_at is null`,
    [workspaceId, id, reservation?.lines[0]?.reserved ?? 0, period.start, asOf],
  )
}

export interface FileRow {
  row: number
  contact: Contact
  email_hash: string | null
  fault: Fault | null
  /** The same address stands further up in the file. */
  duplicate: boolean
  /** The address has been counted in this workspace and period. */
  counted: boolean
}

/** The next rows of the file, in order. */
export async function nextRows(database: Queryable, books: ImportBooks, limit: number): Promise<FileRow[]> {
  const { rows } = await database.query<FileRow>(
    `select r.row, r.contact, r.email_hash, r.fault,
            exists (select 1 from ken.upload_rows e
                     where e.workspace_id = r.workspace_id and e.upload_id = r.upload_id
                       and e.email_hash = r.email_hash and e.row < r.row) as duplicate,
            exists (select 1 from ken.counted d
                     where d.workspace_id = r.workspace_id and d.period_start = $4 and d.email_hash = r.email_hash) as counted
       from ken.upload_rows r
      where r.workspace_id = $1 and r.upload_id = $2 and r.row > $3
      order by r.row
      limit $5`,
    [books.workspaceId, books.uploadId, books.lastRow, books.periodStart, limit],
  )
  return rows
}

/** What became of a row: with no reason it would count, if nobody else has counted the address in the meantime. */
export interface JudgedRow {
  row: number
  contact: Contact
  emailHash: string | null
  reason: Reason | null
  label: string
  qualified: boolean
  verification: Verification | null
}

/** Writes a batch: contacts, progress and the part to be told to Headroom, together or not at all; nothing once the end is decided. */
export async function writeBatch(database: Database, job: Job, judged: JudgedRow[]): Promise<void> {
  await transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const { rows } = await connection.query<Figures>(
      `select ending, reserved, estimate, period_start, rows_total, rows_read, counted, last_part, not_counted
         from ken.imports where workspace_id = $1 and id = $2 for update`,
      [job.workspaceId, job.id],
    )
    const before = rows[0]
    if (!before || before.ending !== null) return
    const part = before.last_part + 1
    const decided = await countOnce(connection, job, { before, part, judged })
    const quantity = decided.filter((row) => row.reason === null).length
    const [counted, rowsRead] = [before.counted + quantity, before.rows_read + decided.length]
    // Where all that could count has been reserved for, reading on costs nothing, and every row gets its own answer.
    const capped = before.reserved < before.estimate && counted === before.reserved
    const over = capped || rowsRead === before.rows_total
    await insertContacts(connection, job, decided, part)
    await connection.query(
      `update ken.imports
          set state = 'running', rows_read = $3, last_row = $4, counted = $5, last_part = $6, not_counted = $7,
              imported = imported + $8, qualified = qualified + $9, verified = verified + $10,
              ending = case when $11 then 'completed' end, revision = revision + 1
        where workspace_id = $1 and id = $2`,
      [
        job.workspaceId,
        job.id,
        rowsRead,
        decided.at(-1)?.row ?? 0,
        counted,
        part,
        JSON.stringify(
          addReasons(
            before.not_counted,
            decided.flatMap((row) => row.reason ?? []),
          ),
        ),
        decided.filter((row) => row.reason !== 'duplicate').length,
        decided.filter((row) => row.qualified).length,
        decided.filter((row) => row.verification !== null && delivers(row.verification)).length,
        over,
      ],
    )
    if (before.reserved > 0 && (quantity > 0 || over)) {
      await connection.query(
        `insert into ken.settlements (workspace_id, import_id, part, quantity, final) values ($1, $2, $3, $4, $5)`,
        [job.workspaceId, job.id, part, quantity, over],
      )
    }
    await renew(connection, job, { progress: true })
  })
}

interface Figures {
  ending: Ending | null
  reserved: number
  estimate: number
  period_start: Date
  rows_total: number
  rows_read: number
  counted: number
  last_part: number
  not_counted: Record<string, number>
}

/**
 * Takes the addresses for this import. The unique key decides where two imports have the same address at the same time: the other
 * one counts it, this one does not. Taken in one order by all, so that two imports never wait for each other in a circle.
 */
async function countOnce(
  connection: pg.PoolClient,
  job: Job,
  { before, part, judged }: { before: Figures; part: number; judged: JudgedRow[] },
): Promise<JudgedRow[]> {
  const candidates = judged.filter((row) => row.reason === null)
  if (candidates.length === 0) return judged
  if (before.counted === before.reserved) return judged.map((row) => (row.reason ? row : refuse(row, 'limit_reached')))
  const { rows } = await connection.query<{ email_hash: string }>(
    `insert into ken.counted (workspace_id, period_start, email_hash, import_id, part)
     select $1, $2, hash, $3, $4 from unnest($5::text[]) as hash order by hash
     on conflict do nothing
     returning email_hash`,
    [job.workspaceId, before.period_start, job.id, part, candidates.map((row) => row.emailHash)],
  )
  const ours = new Set(rows.map((row) => row.email_hash))
  return judged.map((row) => (row.reason === null && !ours.has(row.emailHash!) ? refuse(row, 'already_counted') : row))
}

const refuse = (row: JudgedRow, reason: Reason): JudgedRow => ({ ...row, reason, label: reasonLabels[reason] })

async function insertContacts(connection: Queryable, job: Job, rows: JudgedRow[], part: number): Promise<void> {
  await connection.query(
    `insert into ken.contacts
       (workspace_id, import_id, campaign_id, row, contact, email_hash, verdict, reason, label, verification, part)
     select i.workspace_id, i.id, i.campaign_id, r.row, r.contact, r.email_hash,
            case when r.reason is null then 'counted' else 'not_counted' end, r.reason, r.label, r.verification, $3
       from ken.imports i,
            unnest($4::integer[], $5::jsonb[], $6::text[], $7::text[], $8::text[], $9::text[])
              as r (row, contact, email_hash, reason, label, verification)
      where i.workspace_id = $1 and i.id = $2`,
    [
      job.workspaceId,
      job.id,
      part,
      rows.map((row) => row.row),
      rows.map((row) => JSON.stringify(row.contact)),
      rows.map((row) => row.emailHash),
      rows.map((row) => row.reason),
      rows.map((row) => row.label),
      rows.map((row) => row.verification),
    ],
  )
}
