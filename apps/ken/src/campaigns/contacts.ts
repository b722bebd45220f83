/** The contacts of a campaign: every row its imports have read, with what became of it. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Context } from '../context.ts'
import { Problem } from '../http/problem.ts'
import type { Contact } from '../imports/contact.ts'
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
