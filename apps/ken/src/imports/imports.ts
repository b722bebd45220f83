/** Imports as people see them: starting one, how far it is, ending it early. The work itself is job.ts. */
import { setTimeout as pause } from 'node:timers/promises'
import { HeadroomError, InsufficientCredits, type NewReservation } from '@headroom/sdk'
import { leads, type Context } from '../context.ts'
import { newId, transaction, type Database, type Queryable } from '../database.ts'
import { recordReservation } from './books.ts'
import { estimateOf, viewerOf } from './plan.ts'
import { notFound, problemOfHeadroom } from '../http/problem.ts'
import { enqueue, finish, handBack } from '../queue.ts'
import { listReasons } from './reasons.ts'
import { mustSeeCampaign, ownerFilter, type Member } from '../people/session.ts'

export const importKind = 'import'

/** How long a reservation lasts without a heartbeat. */
export const holdSeconds = 900

export interface ImportView {
  id: string
  campaignId: string
  uploadId: string
  fileName: string
  state: 'queued' | 'running' | 'completed' | 'failed' | 'cancelled'
  target: number | null
  reserved: number
  rowsTotal: number
  /** Rows that were read. Those passed over at the end are in notCounted ("not processed"): counted + notCounted add up to rowsTotal then. */
  rowsRead: number
  /** Rows kept as contacts: all that were read, but for duplicates within the file. */
  imported: number
  qualified: number
  verified: number
  counted: number
  returned: number
  notCounted: { reason: string; label: string; count: number }[]
  notice: { kind: string; text: string } | null
  startedAt: string | null
  finishedAt: string | null
  /** The id of the reservation in Headroom; null when there was nothing to reserve. */
  reservation: string | null
}

/**
 * Starts an import. The job's row is there before anything is reserved, so whatever is reserved has someone who will settle it, also
 * after a crash in between: the job then asks again by the same id. A refusal leaves neither; asked twice, it starts two. A file that
 * was uploaded for one campaign may be imported into another.
 */
export async function startImport(
  context: Context,
  member: Member,
  uploadId: string,
  { target, campaignId = null }: { target: number | null; campaignId?: string | null },
): Promise<ImportView> {
  const { database, headroom } = context
  if (campaignId !== null) await mustSeeCampaign(database, member, campaignId)
  const { estimate } = await estimateOf(context, member, uploadId)
  const wanted = Math.min(target ?? estimate, estimate)
  const id = newId('imp')
  const workspaceId = member.workspace.id
  const campaign = await campaignOf(database, workspaceId, { uploadId, campaignId })
  const ask = wanted === 0 ? null : reservationRequest(id, wanted, campaign)
  await transaction(database, async (connection) => {
    const { rowCount } = await connection.query(
      `insert into ken.imports (workspace_id, id, campaign_id, upload_id, state, viewer, ask, target, estimate, rows_total)
       select workspace_id, $3, $8, id, 'queued', $4, $5, $6, $7, rows from ken.uploads where workspace_id = $1 and id = $2
          for key share`,
      [workspaceId, uploadId, id, JSON.stringify(viewerOf(member)), JSON.stringify(ask), target, estimate, campaign.id],
    )
    if (rowCount === 0) throw notFound()
    await enqueue(connection, { workspaceId, id, kind: importKind, heldSeconds: 30 })
  })
  try {
    const reservation = ask && (await headroom.as(viewerOf(member)).reserve(workspaceId, ask))
    await recordReservation(context, { workspaceId, id }, reservation)
  } catch (error) {
    if (error instanceof InsufficientCredits) {
      if (!(await withdrawn(database, { workspaceId, id }))) return showImport(database, member, id)
    } else {
      // Whether anything was reserved is not known: the job ends the import and gives back what there may be.
      await end(database, { workspaceId, id }, 'failed', 'The import could not be started. Start it again in a moment.')
      await handBack(database, { workspaceId, id }, { afterSeconds: 0, failed: false })
    }
    throw error instanceof HeadroomError ? problemOfHeadroom(error) : error
  }
  await handBack(database, { workspaceId, id }, { afterSeconds: 0, failed: false })
  context.wakeWorker()
  return showImport(database, member, id)
}

/**
 * Takes a refused import back, with its job. False when Headroom took so long that a worker has begun with the job: it has asked by the
 * same id and may have got what was refused here, so the import is its own, to be read or to be ended.
 */
async function withdrawn(
  database: Database,
  { workspaceId, id }: { workspaceId: string; id: string },
): Promise<boolean> {
  return transaction(database, async (connection) => {
    const { rowCount } = await connection.query(
      'select 1 from ken.jobs where workspace_id = $1 and id = $2 and fence = 0 for update',
      [workspaceId, id],
    )
    if (rowCount === 0) return false
    await finish(connection, { workspaceId, id })
    await connection.query('delete from ken.imports where workspace_id = $1 and id = $2 and reserved_at is null', [
      workspaceId,
      id,
    ])
    return true
  })
}

interface Campaign {
  id: string
  name: string
}

/** The campaign that is imported into: the one named, else the one the file was uploaded for. */
async function campaignOf(
  database: Queryable,
  workspaceId: string,
  { uploadId, campaignId }: { uploadId: string; campaignId: string | null },
): Promise<Campaign> {
  const { rows } = await database.query<Campaign>(
    `select c.id, c.name
       from ken.uploads u join ken.campaigns c on c.workspace_id = u.workspace_id and c.id = coalesce($3, u.campaign_id)
      where u.workspace_id = $1 and u.id = $2`,
    [workspaceId, uploadId, campaignId],
  )
  return rows[0]!
}

function reservationRequest(id: string, wanted: number, campaign: Campaign): NewReservation {
  return {
    id,
    lines: [{ meter: leads, quantity: wanted }],
    // The cap is the balance at the instant of reserving, so two imports that start together never hold more than there is.
    partial: true,
    ttlSeconds: holdSeconds,
    reference: campaign.name,
    metadata: { kind: 'import', campaign: campaign.id },
  }
}

/** Ends an import early: what counted stays counted, the rest returns. Asked again, or when it has ended anyway, it answers how it stands. */
export async function cancelImport(context: Context, member: Member, id: string): Promise<ImportView> {
  const { database } = context
  await showImport(database, member, id)
  await end(database, { workspaceId: member.workspace.id, id }, 'cancelled', null)
  context.wakeWorker()
  // A worker settles it, here or in another process; the answer waits for that a little, so that it shows the end.
  for (let tries = 0; ; tries += 1) {
    const now = await showImport(database, member, id)
    if ((now.state !== 'queued' && now.state !== 'running') || tries >= 40) return now
    await pause(100)
  }
}

/** Decides how an import ends, unless that is decided already; its job does the rest, at once. */
export async function end(
  database: Queryable,
  { workspaceId, id }: { workspaceId: string; id: string },
  ending: 'failed' | 'cancelled',
  notice: string | null,
): Promise<void> {
  const { rowCount } = await database.query(
    `update ken.imports set ending = $3, notice = $4, revision = revision + 1
      where workspace_id = $1 and id = $2 and ending is null and state in ('queued', 'running')`,
    [workspaceId, id, ending, notice === null ? null : JSON.stringify({ kind: ending, text: notice })],
  )
  if (rowCount === 0) return
  await database.query(`update ken.jobs set run_at = now() where workspace_id = $1 and id = $2 and run_at > now()`, [
    workspaceId,
    id,
  ])
}

interface ImportRow {
  id: string
  campaign_id: string
  upload_id: string
  file_name: string
  state: ImportView['state']
  ask: NewReservation | null
  target: number | null
  reserved: number
  rows_total: number
  rows_read: number
  imported: number
  qualified: number
  verified: number
  counted: number
  returned: number
  not_counted: Record<string, number>
  notice: ImportView['notice']
  started_at: Date | null
  finished_at: Date | null
}

const select = `
  select i.id, i.campaign_id, i.upload_id, f.file_name, i.state, i.ask, i.target, i.reserved, i.rows_total, i.rows_read, i.imported, i.qualified,
         i.verified, i.counted, i.returned, i.not_counted, i.notice, i.started_at, i.finished_at
    from ken.imports i
    join ken.uploads f on f.workspace_id = i.workspace_id and f.id = i.upload_id`

/** One import, where this member may see its campaign. */
export async function showImport(database: Queryable, member: Member, id: string): Promise<ImportView> {
  const { rows } = await database.query<ImportRow>(
    `${select}
      join ken.campaigns c on c.workspace_id = i.workspace_id and c.id = i.campaign_id
     where i.workspace_id = $1 and i.id = $2 and ($3::text is null or c.owner_id = $3)`,
    [member.workspace.id, id, ownerFilter(member)],
  )
  if (!rows[0]) throw notFound()
  return view(rows[0])
}

/** The imports of a campaign, or all that are under way in a workspace; newest first. */
export async function importsOf(
  database: Queryable,
  workspaceId: string,
  which: { campaignId: string } | { active: true },
): Promise<ImportView[]> {
  const { rows } = await database.query<ImportRow>(
    `${select}
      where i.workspace_id = $1
        and case when $2::text is null then i.state in ('queued', 'running') else i.campaign_id = $2 end
      order by i.id desc limit 200`,
    [workspaceId, 'campaignId' in which ? which.campaignId : null],
  )
  return rows.map(view)
}

function view(row: ImportRow): ImportView {
  return {
    id: row.id,
    campaignId: row.campaign_id,
    uploadId: row.upload_id,
    fileName: row.file_name,
    state: row.state,
    target: row.target,
    reserved: row.reserved,
    rowsTotal: row.rows_total,
    rowsRead: row.rows_read,
    imported: row.imported,
    qualified: row.qualified,
    verified: row.verified,
    counted: row.counted,
    returned: row.returned,
    notCounted: listReasons(row.not_counted),
    notice: row.notice,
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    reservation: row.ask?.id ?? null,
  }
}
