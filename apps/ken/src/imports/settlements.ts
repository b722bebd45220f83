/**
 * How an import and Headroom agree. Each batch leaves a part; Headroom is told of it afterwards, under the part's own key, so that what
 * was written and not told is told again after a crash and counts once. Then how an import ends, and what that leaves.
 */
import { transaction, type Database, type Queryable } from '../database.ts'
import type { Ending } from './books.ts'
import { finish, mustBeOurs, type Job } from '../queue.ts'
import { reasonLabels, type Reason } from './reasons.ts'

export interface Part {
  part: number
  quantity: number
  final: boolean
}

/** The parts that Headroom has not been told yet, or whose answer was not noted; in order. */
export async function openParts(database: Queryable, job: Job): Promise<Part[]> {
  const { rows } = await database.query<Part>(
    `select part, quantity, final from ken.settlements
      where workspace_id = $1 and import_id = $2 and outcome is null order by part`,
    [job.workspaceId, job.id],
  )
  return rows
}

export async function noteBooked(database: Queryable, job: Job, { part }: Part): Promise<void> {
  await database.query(
    `update ken.settlements set outcome = 'booked' where workspace_id = $1 and import_id = $2 and part = $3 and outcome is null`,
    [job.workspaceId, job.id, part],
  )
}

/** The reservation ended before these parts were booked: the contacts stay, they do not count, and another import may count them. */
export async function noteLost(database: Database, job: Job, parts: Part[]): Promise<void> {
  await transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const numbers = parts.map(({ part }) => part)
    const { rowCount } = await connection.query(
      `update ken.contacts set verdict = 'not_counted', reason = 'credits_lost', label = $4
        where workspace_id = $1 and import_id = $2 and part = any($3) and verdict = 'counted'`,
      [job.workspaceId, job.id, numbers, reasonLabels.credits_lost],
    )
    await connection.query(`delete from ken.counted where workspace_id = $1 and import_id = $2 and part = any($3)`, [
      job.workspaceId,
      job.id,
      numbers,
    ])
    await connection.query(
      `update ken.settlements set outcome = 'lost'
        where workspace_id = $1 and import_id = $2 and part = any($3) and outcome is null`,
      [job.workspaceId, job.id, numbers],
    )
    await connection.query(
      `update ken.imports
          set counted = counted - $3,
              not_counted = jsonb_set(not_counted, '{credits_lost}', to_jsonb(coalesce((not_counted->>'credits_lost')::integer, 0) + $3)),
              revision = revision + 1
        where workspace_id = $1 and id = $2`,
      [job.workspaceId, job.id, rowCount],
    )
    await noteEnding(connection, job, 'credits_lost', creditsLostNotice)
  })
}

export const creditsLostNotice =
  'The leads held for this import ended before it did, because it stood still for too long. What was read is kept; ' +
  'rows that were not counted can be imported again.'

/** Decides how the import ends. Lost credits overrule an end that was on its way; otherwise the first decision stays. */
export async function noteEnding(database: Queryable, job: Job, ending: Ending, notice: string | null): Promise<void> {
  await database.query(
    `update ken.imports set ending = $3, notice = coalesce($4, notice), revision = revision + 1
      where workspace_id = $1 and id = $2 and (ending is null or $3 = 'credits_lost') and finished_at is null`,
    [job.workspaceId, job.id, ending, notice === null ? null : JSON.stringify({ kind: ending, text: notice })],
  )
}

const passedOver: Record<Ending, Reason> = {
  completed: 'limit_reached',
  failed: 'failed',
  cancelled: 'cancelled',
  credits_lost: 'hold_ended',
}

const number = new Intl.NumberFormat('en-US')

/**
 * Closes the import: the rows that were passed over get their answer, the rest of the reservation is noted as returned. Rows read
 * stays at what was read; what counted and what did not add up to all rows.
 */
export async function close(
  database: Database,
  job: Job,
  { ending, at }: { ending: Ending; at: string | null },
): Promise<void> {
  await transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const { rows } = await connection.query<{ counted: number; rows_total: number; rows_read: number }>(
      `select counted, rows_total, rows_read from ken.imports where workspace_id = $1 and id = $2 for update`,
      [job.workspaceId, job.id],
    )
    const { counted, rows_total: total, rows_read: read } = rows[0]!
    const passed = total - read
    const notice = ending === 'completed' && passed > 0 ? cappedNotice({ counted, passed, total }) : null
    await connection.query(
      `update ken.imports
          set state = $3, finished_at = coalesce($4::timestamptz, now()), started_at = coalesce(started_at, $4::timestamptz, now()),
              returned = reserved - counted, notice = coalesce(notice, $5),
              not_counted = case when $7 = 0 then not_counted
                                 else jsonb_set(not_counted, array[$6::text],
                                        to_jsonb(coalesce((not_counted->>$6::text)::integer, 0) + $7::integer)) end,
              revision = revision + 1
        where workspace_id = $1 and id = $2`,
      [
        job.workspaceId,
        job.id,
        ending === 'credits_lost' ? 'failed' : ending,
        at,
        notice === null ? null : JSON.stringify({ kind: 'limit_reached', text: notice }),
        passedOver[ending],
        passed,
      ],
    )
    await connection.query(
      `update ken.campaigns c set state = 'ready'
         from ken.imports i
        where i.workspace_id = $1 and i.id = $2 and c.workspace_id = i.workspace_id and c.id = i.campaign_id and i.counted > 0
          and c.state in ('draft', 'completed')`,
      [job.workspaceId, job.id],
    )
    await finish(connection, job)
  })
}

function cappedNotice({ counted, passed, total }: { counted: number; passed: number; total: number }): string {
  const rows = `${number.format(passed)} of ${number.format(total)} rows ${passed === 1 ? 'was' : 'were'} not processed`
  return `The import stopped when ${number.format(counted)} had counted: ${rows}.`
}
