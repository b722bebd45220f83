/** Campaigns: whom to reach, and what came of their imports. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Contact } from '../imports/contact.ts'
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
  activeImport: ImportView | null
}

interface CampaignRow {
  id: string
  name: string
  state: string
  criteria: Criteria
  created_at: Date
  contacts: number
}

const select = `
  select c.id, c.name, c.state, c.criteria, c.created_at,
         coalesce((select sum(i.counted) from ken.imports i
                    where i.workspace_id = c.workspace_id and i.campaign_id = c.id), 0)::integer as contacts
    from ken.campaigns c
   where c.workspace_id = $1 and ($2::text is null or c.owner_id = $2)`

/** The campaigns this member may see, newest first. */
export async function listCampaigns({ database }: Context, member: Member): Promise<CampaignView[]> {
  const { rows } = await database.query<CampaignRow>(`${select} order by c.created_at desc, c.id desc limit 500`, [
    member.workspace.id,
    ownerFilter(member),
  ])
  const active = await importsOf(database, member.workspace.id, { active: true })
  return rows.map((row) => view(row, active))
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

/** Headroom's clock where it can be asked, so that a demo under a test clock shows one time everywhere. */
export async function nowOf({ headroom, log }: Context, workspaceId: string): Promise<Date> {
  try {
    return new Date((await headroom.balances(workspaceId, {}, { timeoutMs: 2_000 })).asOf)
  } catch (error) {
    log('warn', { error: String(error) }, 'the time was taken from this machine')
    return new Date()
  }
}

async function campaignRow(database: Queryable, member: Member, id: string): Promise<CampaignRow> {
  const { rows } = await database.query<CampaignRow>(`${select} and c.id = $3`, [
    member.workspace.id,
    ownerFilter(member),
    id,
  ])
  if (!rows[0]) throw notFound()
  return rows[0]
}

function view(row: CampaignRow, imports: ImportView[]): CampaignView {
  const active = imports.find((one) => one.campaignId === row.id && (one.state === 'queued' || one.state === 'running'))
  return {
    id: row.id,
    name: row.name,
    state: active ? 'building' : row.state,
    createdAt: row.created_at.toISOString(),
    contacts: row.contacts,
    activeImport: active ?? null,
  }
}

export interface ContactView {
  row: number
  name: string | null
  email: string | null
  company: string | null
  title: string | null
  country: string | null
  verdict: 'counted' | 'not_counted'
  reason: string | null
  label: string
  verification: string | null
}

const pageSize = 50

/** One page of the rows a campaign has read, the newest import first, each as in its file. */
export async function listContacts(
  { database, secret }: Context,
  member: Member,
  campaignId: string,
  { verdict, cursor }: { verdict: 'counted' | 'not_counted' | null; cursor: string | null },
): Promise<{ data: ContactView[]; nextCursor: string | null }> {
  await mustSeeCampaign(database, member, campaignId)
  const after = cursor === null ? null : readCursor(secret, campaignId, cursor)
  const { rows } = await database.query<{ import_id: string; contact: Contact } & ContactView>(
    `select import_id, row, contact, verdict, reason, label, verification
       from ken.contacts
      where workspace_id = $1 and campaign_id = $2 and ($3::text is null or verdict = $3)
        and ($4::text is null or import_id < $4 or (import_id = $4 and row > $5))
      order by import_id desc, row
      limit $6`,
    [member.workspace.id, campaignId, verdict, after?.importId ?? null, after?.row ?? null, pageSize + 1],
  )
  const data = rows.slice(0, pageSize).map(({ row, contact, ...found }): ContactView => {
    const { name = null, email = null, company = null, title = null, country = null } = contact
    const { verdict: decided, reason, label, verification } = found
    return { row, name, email, company, title, country, verdict: decided, reason, label, verification }
  })
  const last = rows[pageSize - 1]
  const more = rows.length > pageSize && last !== undefined
  return {
    data,
    nextCursor: more ? writeCursor(secret, campaignId, { importId: last.import_id, row: last.row }) : null,
  }
}

/** A cursor is only good for the list it came from: it is signed together with the campaign. */
function writeCursor(secret: string, campaignId: string, at: { importId: string; row: number }): string {
  const place = `${at.importId}.${at.row}`
  return Buffer.from(`${place}.${seal(secret, campaignId, place)}`).toString('base64url')
}

function readCursor(secret: string, campaignId: string, cursor: string): { importId: string; row: number } {
  const [importId = '', row = '', given = ''] = Buffer.from(cursor, 'base64url').toString().split('.')
  const wanted = Buffer.from(seal(secret, campaignId, `${importId}.${row}`))
  const mine = Buffer.from(given)
  if (mine.length !== wanted.length || !timingSafeEqual(mine, wanted)) {
    throw new Problem('invalid_request', 'This cursor is not from this list.', {
      errors: [{ path: 'cursor', message: 'Unknown cursor.' }],
    })
  }
  return { importId, row: Number(row) }
}

function seal(secret: string, campaignId: string, place: string): string {
  return createHmac('sha256', secret).update(`contacts ${campaignId} ${place}`).digest('base64url').slice(0, 22)
}
