/** The mailbox: mails to be read in the app, where no mail server takes them or a demo shows them. */
import type { Context } from '../context.ts'
import { notFound, Problem } from '../http/problem.ts'
import type { Member } from '../people/session.ts'
import { withToken } from './sealed.ts'

export interface MailView {
  id: string
  kind: string
  to: { name: string; email: string }
  subject: string
  /** On Headroom's clock. */
  at: string
}

const pageSize = 50

/** One page of the mails that were sent and that this member may read, newest first. */
export async function listMails(
  context: Context,
  member: Member,
  cursor: string | null,
): Promise<{ data: MailView[]; nextCursor: string | null }> {
  mustBeOffered(context)
  if (cursor !== null && !/^mail_[0-9a-f-]{36}$/.test(cursor)) {
    throw new Problem('invalid_request', 'This cursor is not from this list.', {
      errors: [{ path: 'cursor', message: 'Unknown cursor.' }],
    })
  }
  const { rows } = await context.database.query<MailRow>(
    `${select} and ($3::text is null or id < $3) order by id desc limit $4`,
    [member.workspace.id, recipientFilter(context, member), cursor, pageSize + 1],
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
  const values = [member.workspace.id, recipientFilter(context, member), id]
  const { rows } = await context.database.query<MailRow>(`${select} and id = $3`, values)
  if (!rows[0]) throw notFound()
  const { text, html, sealed_token: sealed } = rows[0]
  const { secret } = context
  return { ...view(rows[0]), text: withToken(secret, sealed, text), html: withToken(secret, sealed, html) }
}

interface MailRow {
  id: string
  kind: string
  name: string
  email: string
  subject: string
  text: string
  html: string
  sealed_token: string | null
  written_at: Date
}

const select = `
  select id, kind, name, email, subject, text, html, sealed_token, written_at
    from ken.mails
   where workspace_id = $1 and state = 'sent' and ($2::text is null or recipient_id = $2)`

/** In a demo one person plays all of them: its Admin reads every mail of the workspace. Everywhere else people read their own. */
const recipientFilter = ({ demo }: Context, { role, userId }: Member) => (demo && role === 'admin' ? null : userId)

function mustBeOffered({ mailbox }: Context): void {
  if (!mailbox) throw notFound()
}

function view({ id, kind, name, email, subject, written_at: at }: MailRow): MailView {
  return { id, kind, to: { name, email }, subject, at: at.toISOString() }
}
