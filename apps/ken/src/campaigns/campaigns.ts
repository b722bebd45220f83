/** Campaigns: whom to reach, and what came of their imports. */
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Criteria } from './criteria.ts'
import { newId, type Queryable } from '../database.ts'
import { importsOf, type ImportView } from '../imports/imports.ts'
import { notFound, Problem } from '../http/problem.ts'
import { mustSeeCampaign, ownerFilter, type Member } from '../people/session.ts'
import { uploadsOf, type UploadView } from '../imports/uploads.ts'

export interface CampaignView {
  id: string
  name: string
  state: string
  createdAt: string
  /** How many contacts counted, over all imports. */
  contacts: number
  /** How many mails the mail server has taken. */
  sent: number
  owner: { id: string; name: string }
  /** The AI build it was made by, and how many contacts that was asked to find. */
  buildId: string | null
  target: number | null
  activeImport: ImportView | null
}

type StoredState = 'draft' | 'ready' | 'sending' | 'paused' | 'completed' | 'error'

interface CampaignRow {
  id: string
  name: string
  state: StoredState
  criteria: Criteria
  created_at: Date
  contacts: number
  sent: number
  owner_id: string
  owner_name: string | null
  build_id: string | null
  target: number | null
}

const select = `
  select c.id, c.name, c.state, c.criteria, c.created_at, c.build_id, c.target, c.owner_id, u.name as owner_name,
         coalesce(s.sent, 0) as sent,
         coalesce((select sum(i.counted) from ken.imports i
                    where i.workspace_id = c.workspace_id and i.campaign_id = c.id), 0)::integer as contacts
    from ken.campaigns c
    left join ken.sendings s on s.workspace_id = c.workspace_id and s.campaign_id = c.id
    left join auth."user" u on u.id = c.owner_id
   where c.workspace_id = $1 and ($2::text is null or c.owner_id = $2)`

const pageSize = 250

/** One page of the campaigns this member may see, newest first. Refuses a cursor that is no campaign of theirs. */
export async function listCampaigns(
  { database }: Context,
  member: Member,
  cursor: string | null,
): Promise<{ campaigns: CampaignView[]; nextCursor: string | null }> {
  if (cursor !== null && (await visibleCampaign(database, member, cursor)) === null) {
    throw new Problem('invalid_request', 'This cursor is not from this list.', {
      errors: [{ path: 'cursor', message: 'Unknown cursor.' }],
    })
  }
  const { rows } = await database.query<CampaignRow>(
    `${select}
        and ($3::text is null
             or (c.created_at, c.id) < (select created_at, id from ken.campaigns where workspace_id = $1 and id = $3))
      order by c.created_at desc, c.id desc limit $4`,
    [member.workspace.id, ownerFilter(member), cursor, pageSize + 1],
  )
  const active = await importsOf(database, member.workspace.id, { active: true })
  const page = rows.slice(0, pageSize)
  return {
    campaigns: page.map((row) => view(row, active)),
    nextCursor: rows.length > pageSize ? page.at(-1)!.id : null,
  }
}

/** One campaign with its criteria, imports and uploads, newest first. */
export async function showCampaign(
  context: Context,
  member: Member,
  id: string,
): Promise<CampaignView & { criteria: Criteria; imports: ImportView[]; uploads: UploadView[] }> {
  const row = await campaignRow(context.database, member, id)
  const imports = await importsOf(context.database, member.workspace.id, { campaignId: id })
  const uploads = await uploadsOf(context, member.workspace.id, id)
  return { ...view(row, imports), criteria: row.criteria, imports, uploads }
}

/** Adds a campaign owned by this member. Asked twice it adds two: the page keeps its button from being pressed twice. */
export async function createCampaign(
  context: Context,
  member: Member,
  { name, criteria }: { name: string; criteria: Criteria },
): Promise<CampaignView> {
  const id = newId('cmp')
  await context.database.query(
    `insert into ken.campaigns (workspace_id, id, name, criteria, state, owner_id, created_at)
     values ($1, $2, $3, $4, 'draft', $5, $6)`,
    [member.workspace.id, id, name, JSON.stringify(criteria), member.userId, await nowOf(context, member.workspace.id)],
  )
  return view(await campaignRow(context.database, member, id), [])
}

/** Gives a campaign another name; the same name again changes nothing. */
export async function renameCampaign(
  context: Context,
  member: Member,
  id: string,
  { name }: { name: string },
): Promise<CampaignView> {
  await mustSeeCampaign(context.database, member, id)
  const values = [member.workspace.id, id, name]
  await context.database.query('update ken.campaigns set name = $3 where workspace_id = $1 and id = $2', values)
  const row = await campaignRow(context.database, member, id)
  return view(row, await importsOf(context.database, member.workspace.id, { campaignId: id }))
}

/**
 * Says anew whom a campaign is for. What was imported keeps its verdict, and what is imported from now on is judged by these; refused
 * while an import runs, so that no import is judged by two.
 */
export async function setCriteria(
  context: Context,
  member: Member,
  id: string,
  criteria: Criteria,
): Promise<CampaignView & { criteria: Criteria }> {
  await mustSeeCampaign(context.database, member, id)
  const { rowCount } = await context.database.query(
    `update ken.campaigns c set criteria = $3
      where c.workspace_id = $1 and c.id = $2
        and not exists (select 1 from ken.imports i
                         where i.workspace_id = c.workspace_id and i.campaign_id = c.id and i.state in ('queued', 'running'))`,
    [member.workspace.id, id, JSON.stringify(criteria)],
  )
  const row = await campaignRow(context.database, member, id)
  if (rowCount === 0 && JSON.stringify(row.criteria) !== JSON.stringify(criteria))
    throw new Problem('conflict', 'An import is running. Change whom the campaign is for when it has ended.')
  const imports = await importsOf(context.database, member.workspace.id, { campaignId: id })
  return { ...view(row, imports), criteria: row.criteria }
}

async function campaignRow(database: Queryable, member: Member, id: string): Promise<CampaignRow> {
  const row = await visibleCampaign(database, member, id)
  if (row === null) throw notFound()
  return row
}

async function visibleCampaign(database: Queryable, member: Member, id: string): Promise<CampaignRow | null> {
  const { rows } = await database.query<CampaignRow>(`${select} and c.id = $3`, [
    member.workspace.id,
    ownerFilter(member),
    id,
  ])
  return rows[0] ?? null
}

/** While an import runs a campaign is building, but for one that is sending or stands still: that is what it says then. */
export function shownState(state: StoredState, importing: boolean): StoredState | 'building' {
  return importing && (state === 'draft' || state === 'ready' || state === 'completed') ? 'building' : state
}

function view(row: CampaignRow, imports: ImportView[]): CampaignView {
  const active = imports.find((one) => one.campaignId === row.id && (one.state === 'queued' || one.state === 'running'))
  return {
    id: row.id,
    name: row.name,
    state: shownState(row.state, active !== undefined),
    createdAt: row.created_at.toISOString(),
    contacts: row.contacts,
    sent: row.sent,
    owner: { id: row.owner_id, name: row.owner_name ?? 'Somebody who left' },
    buildId: row.build_id,
    target: row.target,
    activeImport: active ?? null,
  }
}
