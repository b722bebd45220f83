/** People found in the Leads Database become a list of a campaign: an upload like a file's, so its plan and its import are a file's too. */
import { criteria, type Criteria } from '../campaigns/criteria.ts'
import type { Context } from '../context.ts'
import { newId, transaction, type Queryable } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { csvLimits } from '../imports/csv.ts'
import { showUpload, type UploadView } from '../imports/uploads.ts'
import { mustSeeCampaign, type Member } from '../people/session.ts'
import { directoryState } from './prepare.ts'
import { filterOf, joinValues, type Filter } from './search.ts'

/** As many people as a file may have rows. */
export const mostPeople = csvLimits.rows

/**
 * Takes the first 50,000 people who fit as a list, those not counted in this period before the others; nothing is reserved by it. Asked
 * again for the same, before anything was imported of it, it answers with the list that is there; one for other people takes
 * the place of those this member took for the campaign and did not import.
 */
export async function takeList(
  context: Context,
  member: Member,
  campaignId: string,
  wanted: Criteria,
): Promise<UploadView> {
  const { database, headroom } = context
  const workspaceId = member.workspace.id
  await mustSeeCampaign(database, member, campaignId)
  const { ready, prepared, people } = await directoryState(context)
  if (!ready) {
    const percent = Math.floor((prepared / people) * 100)
    throw new Problem('unavailable', `The Leads Database is being prepared (${percent} %). Try again in a moment.`, {
      headers: { 'Retry-After': '3' },
    })
  }
  const { period, asOf } = await headroom.usage(workspaceId)
  const filter = await filterOf(context, wanted)
  const asked = criteria.parse(wanted)
  const list = { workspaceId, campaignId, id: newId('upl'), periodStart: period.start }
  const id = await transaction(database, async (connection) => {
    const there = await unusedList(connection, member, campaignId, asked)
    if (there !== null) return there
    await connection.query(
      `insert into ken.uploads (workspace_id, id, campaign_id, file_name, created_by, created_at, source, criteria)
       values ($1, $2, $3, 'Leads Database', $4, $5, 'directory', $6)`,
      [workspaceId, list.id, campaignId, member.userId, asOf, JSON.stringify(asked)],
    )
    if (filter === null || !(await fill(connection, filter, list))) {
      throw new Problem('invalid_request', 'Nobody in the Leads Database fits these filters. Take one of them away.', {
        errors: [{ path: 'criteria', message: 'Nobody fits.' }],
      })
    }
    await dropUnused(connection, member, list)
    return list.id
  })
  return showUpload(database, member, id, period.start)
}

/** A list for the same criteria that this member took and never imported. */
async function unusedList(
  connection: Queryable,
  member: Member,
  campaignId: string,
  wanted: Criteria,
): Promise<string | null> {
  const { rows } = await connection.query<{ id: string }>(
    `select u.id from ken.uploads u
      where u.workspace_id = $1 and u.campaign_id = $2 and u.created_by = $3 and u.source = 'directory' and u.criteria = $4
        and u.ready_at is not null
        and not exists (select 1 from ken.imports i where i.workspace_id = u.workspace_id and i.upload_id = u.id)
      limit 1`,
    [member.workspace.id, campaignId, member.userId, JSON.stringify(wanted)],
  )
  return rows[0]?.id ?? null
}

/**
 * Drops what this member took for the campaign before and nobody imported, as somebody who tries filters takes many. Locked first: an
 * import that is just being started from one keeps it.
 */
async function dropUnused(
  connection: Queryable,
  { userId }: Member,
  { workspaceId, campaignId, id }: List,
): Promise<void> {
  const { rows } = await connection.query<{ id: string }>(
    `select id from ken.uploads
      where workspace_id = $1 and campaign_id = $2 and created_by = $3 and source = 'directory' and id <> $4
        for update skip locked`,
    [workspaceId, campaignId, userId, id],
  )
  await connection.query(
    `delete from ken.uploads u
      where u.workspace_id = $1 and u.id = any($2)
        and not exists (select 1 from ken.imports i where i.workspace_id = u.workspace_id and i.upload_id = u.id)`,
    [workspaceId, rows.map((row) => row.id)],
  )
}

interface List {
  workspaceId: string
  campaignId: string
  id: string
  periodStart: string
}

/** Writes the people as rows, in one statement; false when there is nobody. */
async function fill(connection: Queryable, filter: Filter, { workspaceId, id, periodStart }: List): Promise<boolean> {
  const [workspace, upload, period] = [1, 2, 3].map((n) => `$${filter.values.length + n}`)
  const { rows } = await connection.query<{ people: number }>(
    `with found as (
       select p.*,
              exists (select 1 from ken.counted d
                       where d.workspace_id = ${workspace} and d.period_start = ${period}::timestamptz
                         and d.email_hash = p.email_hash collate "default") as is_counted
         from ken.directory_people p
        where ${filter.where}
        order by is_counted, p.id
        limit ${mostPeople}
     ), written as (
       insert into ken.upload_rows (workspace_id, upload_id, row, contact, email_hash, fault)
       select ${workspace}, ${upload}, row_number() over (order by p.is_counted, p.id),
              jsonb_strip_nulls(jsonb_build_object(
                'name', p.first_name || ' ' || p.last_name, 'firstName', p.first_name, 'lastName', p.last_name, 'email', p.email,
                'company', p.company, 'title', t.value, 'country', c.value, 'industry', i.value, 'companySize', s.value)),
              p.email_hash, case when p.email is null then 'no_address' end
         from found p ${joinValues}
       returning fault
     ), counts as (
       select count(*)::integer as people, count(fault)::integer as without_address from written
     )
     update ken.uploads u
        set rows = n.people, usable = n.people - n.without_address, ready_at = now(),
            rejected = jsonb_build_object('total', n.without_address, 'first', '[]'::jsonb)
       from counts n
      where u.workspace_id = ${workspace} and u.id = ${upload}
     returning n.people`,
    [...filter.values, workspaceId, id, periodStart],
  )
  return (rows[0]?.people ?? 0) > 0
}
