/** The contacts of a campaign: every row its imports have read, with what became of it. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Queryable } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { parameter } from '../http/request.ts'
import type { Contact } from '../imports/contact.ts'
import { listReasons, reasonLabels, type Reason } from '../imports/reasons.ts'
import { mustSeeCampaign, type Member } from '../people/session.ts'

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

export interface ContactFilter {
  verdict: 'counted' | 'not_counted' | null
  reason: Reason | null
  /** Stands in the name, the address or the company, in capitals or not. */
  text: string | null
}

export interface ContactSummary {
  total: number
  counted: number
  notCounted: { reason: string; label: string; count: number }[]
}

const usualPage = 50
export const mostPerPage = 500

/** What a list of contacts is asked for by: `verdict`, `reason` and `search`; none of them asks for all. */
export function contactFilter(url: URL): ContactFilter {
  const [verdict, reason, text] = ['verdict', 'reason', 'search'].map((name) => parameter(url, name) || null)
  const wrong = (path: string, message: string) =>
    new Problem('invalid_request', message, { errors: [{ path, message }] })
  if (verdict != null && verdict !== 'counted' && verdict !== 'not_counted')
    throw wrong('verdict', 'The verdict is counted or not_counted.')
  if (reason != null && !Object.hasOwn(reasonLabels, reason)) throw wrong('reason', 'There is no reason of that name.')
  if (text != null && text.length > 200) throw wrong('search', 'Search for at most 200 characters.')
  return { verdict: verdict ?? null, reason: (reason as Reason | null) ?? null, text: text?.trim() || null }
}

export type ContactRow = Pick<ContactView, 'row' | 'verdict' | 'reason' | 'label' | 'verification'> & {
  import_id: string
  contact: Contact
}

/**
 * The next rows that fit, the newest import first, each as in its file. After a row come the rest of its import and the imports before
 * it: asked for one by one, each is read from its place in an index, however far down the list it is.
 */
export async function readContacts(
  database: Queryable,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
  { verdict, reason, text }: ContactFilter,
  { after, limit }: { after: { importId: string; row: number } | null; limit: number },
): Promise<ContactRow[]> {
  const some = (where: string) => `
    (select import_id, row, contact, verdict, reason, label, verification
       from ken.contacts
      where workspace_id = $1 and campaign_id = $2 and ($3::text is null or verdict = $3) and ($4::text is null or reason = $4)
        and ($5::text is null or strpos(lower(concat_ws(e'\\n', contact->>'name', contact->>'email', contact->>'company')), lower($5)) > 0)
        and ${where}
      order by import_id desc, row
      limit $6)`
  const found = [workspaceId, campaignId, verdict, reason, text, limit]
  const { rows } = after
    ? await database.query<ContactRow>(
        `${some('import_id = $7 and row > $8')} union all ${some('import_id < $7')} order by import_id desc, row limit $6`,
        [...found, after.importId, after.row],
      )
    : await database.query<ContactRow>(some('true'), found)
  return rows
}

/** One page of the contacts that fit. */
export async function listContacts(
  { database, secret }: Context,
  member: Member,
  campaignId: string,
  { limit, cursor, ...filter }: ContactFilter & { limit: number | null; cursor: string | null },
): Promise<{ data: ContactView[]; nextCursor: string | null }> {
  await mustSeeCampaign(database, member, campaignId)
  const pageSize = limit ?? usualPage
  const after = cursor === null ? null : readCursor(secret, campaignId, cursor)
  const campaign = { workspaceId: member.workspace.id, campaignId }
  const rows = await readContacts(database, campaign, filter, { after, limit: pageSize + 1 })
  const data = rows.slice(0, pageSize).map(({ row, contact, ...found }): ContactView => {
    const { name = null, email = null, company = null, title = null, country = null } = contact
    const { verdict, reason, label, verification } = found
    return { row, name, email, company, title, country, verdict, reason, label, verification }
  })
  const last = rows[pageSize - 1]
  const more = rows.length > pageSize && last !== undefined
  return {
    data,
    nextCursor: more ? writeCursor(secret, campaignId, { importId: last.import_id, row: last.row }) : null,
  }
}

/** How many there are of each verdict and reason. */
export async function summariseContacts(
  { database }: Context,
  member: Member,
  campaignId: string,
): Promise<ContactSummary> {
  await mustSeeCampaign(database, member, campaignId)
  const { rows } = await database.query<{ reason: Reason | null; contacts: number }>(
    `select reason, count(*)::integer as contacts from ken.contacts where workspace_id = $1 and campaign_id = $2 group by reason`,
    [member.workspace.id, campaignId],
  )
  const sum = (some: typeof rows) => some.reduce((total, { contacts }) => total + contacts, 0)
  const counts = Object.fromEntries(rows.map(({ reason, contacts }) => [reason ?? '', contacts]))
  return {
    total: sum(rows),
    counted: sum(rows.filter(({ reason }) => reason === null)),
    notCounted: listReasons(counts),
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
