/** Files that were uploaded before, in whatever campaign: each may be imported again, also into another one. */
import type { Queryable } from '../database.ts'
import { ownerFilter, type Member } from '../people/session.ts'
import type { UploadView } from './uploads.ts'

export interface EarlierUpload extends Pick<
  UploadView,
  'id' | 'fileName' | 'rows' | 'usable' | 'columns' | 'rejected'
> {
  createdAt: string
  campaign: { id: string; name: string }
}

/** The last fifty files of the campaigns this member may see, the newest first. What they could still bring is asked one by one: see plan.ts. */
export async function uploadsBefore(database: Queryable, member: Member): Promise<EarlierUpload[]> {
  const { rows } = await database.query<EarlierUpload & { createdAt: Date }>(
    `select u.id, u.file_name as "fileName", u.rows, u.usable, u.columns, u.rejected, u.created_at as "createdAt",
            jsonb_build_object('id', c.id, 'name', c.name) as campaign
       from ken.uploads u
       join ken.campaigns c on c.workspace_id = u.workspace_id and c.id = u.campaign_id
      where u.workspace_id = $1 and u.source = 'csv' and u.ready_at is not null and ($2::text is null or c.owner_id = $2)
      order by u.id desc
      limit 50`,
    [member.workspace.id, ownerFilter(member)],
  )
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }))
}
