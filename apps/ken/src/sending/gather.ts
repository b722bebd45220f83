/** Who gets a campaign's mails: every contact that counted in an import that has ended, once for each address. */
import { transaction, type Database, type Queryable } from '../database.ts'
import { mustBeOurs, type Job } from '../queue.ts'

interface Campaign {
  workspaceId: string
  campaignId: string
}

/** Imports of the campaign that have ended and whose contacts are not among its recipients yet. */
const ungathered = `
  select i.id from ken.imports i
   where i.workspace_id = $1 and i.campaign_id = $2 and i.finished_at is not null and i.counted > 0
     and not exists (select from ken.gathered_imports g where g.workspace_id = i.workspace_id and g.import_id = i.id)`

/** "offset 0", here and below: one look by the whole key for each contact, however wrong the planner is about how many there are. */
const suppressionOfEach = `left join lateral (
  select s.email_hash from ken.suppressions s where s.workspace_id = c.workspace_id and s.email_hash = c.email_hash offset 0) s on true`

/**
 * Makes recipients of the contacts of imports that have ended since it was last asked. An address that said no to this workspace is listed
 * and gets nothing; one that is there already stays as it is.
 */
export async function gatherRecipients(database: Database, job: Job, at: Date): Promise<void> {
  const { rowCount } = await database.query(`${ungathered} limit 1`, [job.workspaceId, job.id])
  if (rowCount === 0) return
  await transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const { rows } = await connection.query<{ id: string }>(ungathered, [job.workspaceId, job.id])
    const imports = rows.map(({ id }) => id)
    await connection.query(
      `insert into ken.recipients (workspace_id, id, campaign_id, import_id, row, email_hash, state, next_at, reason)
       select distinct on (c.email_hash) c.workspace_id, 'rcp_' || gen_random_uuid(), c.campaign_id, c.import_id, c.row, c.email_hash,
              case when s.email_hash is null then 'waiting' else 'unsubscribed' end,
              case when s.email_hash is null then $4::timestamptz end,
              case when s.email_hash is not null then $5 end
         from ken.contacts c
         ${suppressionOfEach}
        where c.workspace_id = $1 and c.campaign_id = $2 and c.import_id = any($3) and c.verdict = 'counted' and c.email_hash is not null
        order by c.email_hash, c.import_id, c.row
       on conflict on constraint recipients_once_per_address do nothing`,
      [job.workspaceId, job.id, imports, at, suppressed],
    )
    await connection.query(
      'insert into ken.gathered_imports (workspace_id, import_id) select $1, unnest($2::text[]) on conflict do nothing',
      [job.workspaceId, imports],
    )
  })
}

/** Why a recipient gets nothing whose address has said no before. */
export const suppressed = 'Unsubscribed from mails of this workspace before.'

/** How many recipients would come of the imports that have ended since the last look. */
export async function ungatheredCount(
  database: Queryable,
  { workspaceId, campaignId }: Campaign,
): Promise<{ all: number; willing: number }> {
  const { rows } = await database.query<{ all: number; willing: number }>(
    `with fresh as (${ungathered})
     select count(distinct c.email_hash)::integer as "all",
            (count(distinct c.email_hash) filter (where s.email_hash is null))::integer as willing
       from fresh f
       join ken.contacts c on c.workspace_id = $1 and c.import_id = f.id and c.verdict = 'counted'
       ${suppressionOfEach}
      where not exists (select from ken.recipients r
                         where r.workspace_id = $1 and r.campaign_id = $2 and r.email_hash = c.email_hash offset 0)`,
    [workspaceId, campaignId],
  )
  return rows[0]!
}

/** Whether contacts may still come: an import is under way, or has ended and was not looked at yet. */
export async function moreToCome(database: Queryable, { workspaceId, campaignId }: Campaign): Promise<boolean> {
  const { rowCount } = await database.query(
    `select id from ken.imports where workspace_id = $1 and campaign_id = $2 and state in ('queued', 'running')
     union all (${ungathered}) limit 1`,
    [workspaceId, campaignId],
  )
  return (rowCount ?? 0) > 0
}
