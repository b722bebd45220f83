/** The mailbox: mails to be read in the app, where no mail server takes them or a demo shows them. What campaigns have sent stands there too. */
import type { Context } from '../context.ts'
import { notFound, Problem } from '../http/problem.ts'
import { ownerFilter, type Member } from '../people/session.ts'
import { campaignBodies } from '../sending/campaign-mail.ts'
import { withToken } from './sealed.ts'

interface MailView {
  id: string
  /** What an account mail is about; `campaign` for what a campaign has sent. */
  kind: string
  to: { name: string; email: string }
  subject: string
  /** On Headroom's clock. */
  at: string
  campaign: { id: string; name: string; step: number } | null
  /** What the recipient of a campaign mail has done about it. */
  ended: 'replied' | 'unsubscribed' | null
}

const folders = ['all', 'account', 'campaign'] as const
type Folder = (typeof folders)[number]

/** The folder a request names; all of them where it names none. */
export function folderOf(name: string | null): Folder {
  const folder = folders.find((known) => known === (name ?? 'all'))
  if (folder === undefined) {
    throw new Problem('invalid_request', 'The folder is all, account or campaign.', {
      errors: [{ path: 'folder', message: 'all, account or campaign' }],
    })
  }
  return folder
}

const pageSize = 50

/** One page of the mails that were sent and that this member may read, in the order they were written, newest first. */
export async function listMails(
  context: Context,
  member: Member,
  folder: Folder,
  cursor: string | null,
): Promise<{ data: MailView[]; nextCursor: string | null }> {
  mustBeOffered(context)
  const after = cursor === null ? null : placeOf(cursor)
  const { rows } = await context.database.query<MailRow>(
    `select * from (
       (${accountMails} and $4 <> 'campaign' and ($5::text is null or m.id < 'mail_' || $5) order by m.id desc limit $6)
       union all
       (${campaignMails} and $4 <> 'account' and ($5::text is null or s.id < 'snd_' || $5) order by s.id desc limit $6)
     ) mails
     order by place desc
     limit $6`,
    [...readerOf(context, member), folder, after, pageSize + 1],
  )
  const data = rows.slice(0, pageSize).map(view)
  return { data, nextCursor: rows.length > pageSize ? data.at(-1)!.id : null }
}

/** One mail with what it says. A mail that is not this member's to read is not there. */
export async function showMail(
  context: Context,
  member: Member,
  id: string,
): Promise<MailView & { text: string; html: string }> {
  mustBeOffered(context)
  const { rows } = await context.database.query<MailRow>(
    `(${accountMails} and m.id = $4) union all (${campaignMails} and s.id = $4)`,
    [...readerOf(context, member), id],
  )
  const row = rows[0]
  if (!row) throw notFound()
  const { recipient_id: recipientId, text, html, sealed_token: sealed, subject } = row
  const bodies =
    html === null
      ? campaignBodies(context, { recipientId, subject, body: text })
      : { text: withToken(context.secret, sealed, text), html: withToken(context.secret, sealed, html) }
  return { ...view(row), ...bodies }
}

interface MailRow {
  id: string
  kind: string
  recipient_id: string
  name: string
  email: string
  subject: string
  text: string
  /** Null for a campaign's mail, which is put together from its text. */
  html: string | null
  /** Of an account mail with a link that is a secret: see sealed.ts. */
  sealed_token: string | null
  at: Date
  campaign_id: string | null
  campaign_name: string | null
  step: number | null
  ended: MailView['ended']
}

/** The ids of both kinds begin with the instant they were made at: what stands behind their prefix puts them in one order. */
const accountMails = `
  select m.id, substr(m.id, 6) as place, m.kind, m.recipient_id, m.name, m.email, m.subject, m.text, m.html,
         m.sealed_token, m.written_at as at, null as campaign_id, null as campaign_name, null::integer as step, null as ended
    from ken.mails m
   where m.workspace_id = $1 and m.state = 'sent' and ($2::text is null or m.recipient_id = $2)`

const campaignMails = `
  select s.id, substr(s.id, 5) as place, 'campaign' as kind, s.recipient_id, s.name, s.email, s.subject, s.body as text, null as html,
         null as sealed_token, s.accepted_at as at, c.id as campaign_id, c.name as campaign_name, s.step,
         case when r.state in ('replied', 'unsubscribed') then r.state end as ended
    from ken.sends s
    join ken.campaigns c on c.workspace_id = s.workspace_id and c.id = s.campaign_id
    join ken.recipients r on r.workspace_id = s.workspace_id and r.id = s.recipient_id
   where s.workspace_id = $1 and s.state = 'accepted' and ($3::text is null or c.owner_id = $3)`

/**
 * Whose mails somebody reads. In a demo one person plays all of them: its Admin reads every account mail of the workspace. Everywhere
 * else people read their own. What a campaign has sent is there for everyone who may see the campaign.
 */
const readerOf = ({ demo }: Context, member: Member) => [
  member.workspace.id,
  demo && member.role === 'admin' ? null : member.userId,
  ownerFilter(member),
]

function placeOf(cursor: string): string {
  const place = /^(?:mail|snd)_([0-9a-f-]{36})$/.exec(cursor)?.[1]
  if (place !== undefined) return place
  throw new Problem('invalid_request', 'This cursor is not from this list.', {
    errors: [{ path: 'cursor', message: 'Unknown cursor.' }],
  })
}

function mustBeOffered({ mailbox }: Context): void {
  if (!mailbox) throw notFound()
}

function view({ id, kind, name, email, subject, at, campaign_id, campaign_name, step, ended }: MailRow): MailView {
  const campaign = campaign_id === null ? null : { id: campaign_id, name: campaign_name!, step: step! }
  return { id, kind, to: { name, email }, subject, at: at.toISOString(), campaign, ended }
}
