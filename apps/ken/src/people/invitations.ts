/** Invitations: an Admin asks somebody into the workspace, by a link that is good once, for seven days, for one address. */
import type { Role } from '@headroom/sdk'
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { newId, transaction, type Queryable } from '../database.ts'
import { notFound, Problem } from '../http/problem.ts'
import { writeMail } from '../mail/mails.ts'
import { tokenPlace } from '../mail/sealed.ts'
import { countAttempt, type Door } from './attempts.ts'
import { roleNames } from './person.ts'
import { lockAsAdmin } from './roster.ts'
import { hashOf, newSecretToken } from './secret-token.ts'
import type { Member } from './session.ts'

interface InvitationView {
  id: string
  email: string
  role: Role
  invitedBy: string
  sentAt: string
  expiresAt: string
  /** Its seven days are over; it can be sent again. */
  expired: boolean
}

const validMs = 7 * 86_400_000

/** Mails to addresses that may be anybody's: so many an hour from one workspace. */
const sendings: Door = {
  name: 'invitation',
  most: 50,
  windowSeconds: 3_600,
  refusal: 'This workspace has sent many invitations within the hour. Try again later.',
}

interface Sent {
  invitation: InvitationView
  /** Known only now: what is kept does not tell it. */
  link: string
}

/**
 * Invites an address, or renews an invitation to it that has run out. 409 where the address belongs to a member, or has an invitation
 * that is open. The mail goes out by itself; the link is answered for who wants to hand it over in another way.
 */
export async function invite(context: Context, by: Member, asked: { email: string; role: Role }): Promise<Sent> {
  const { database, auth } = context
  const { email, role } = asked
  await countAttempt(database, sendings, by.workspace.id)
  const known = await auth.userByEmail(email)
  if (known && (await isMember(database, by.workspace.id, known.id))) throw conflict(`${email} is a member already.`)
  const now = await nowOf(context, by.workspace.id)
  const token = newSecretToken()
  const row = await asAdmin(
    context,
    by,
    `insert into ken.invitations as i
       (workspace_id, id, email, role, invited_by, token_hash, created_at, sent_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $8)
     on conflict (workspace_id, email) where accepted_at is null and revoked_at is null do update
        set role = excluded.role, invited_by = excluded.invited_by, token_hash = excluded.token_hash,
            sent_at = excluded.sent_at, expires_at = excluded.expires_at
      where i.expires_at <= excluded.sent_at
     returning ${columns}`,
    [by.workspace.id, newId('inv'), email, role, by.userId, hashOf(token), now, new Date(now.getTime() + validMs)],
  )
  if (!row) throw conflict(`${email} has an open invitation. Resend it, or revoke it first.`)
  return send(context, by, row, token)
}

const conflict = (detail: string) => new Problem('conflict', detail, { errors: [{ path: 'email', message: detail }] })

/** Sends an open invitation again, with a new link and seven new days; the link before it is void. */
export async function resend(context: Context, by: Member, id: string): Promise<Sent> {
  await countAttempt(context.database, sendings, by.workspace.id)
  const now = await nowOf(context, by.workspace.id)
  const token = newSecretToken()
  const row = await asAdmin(
    context,
    by,
    `update ken.invitations
        set token_hash = $3, sent_at = $4, expires_at = $5, invited_by = $6
      where workspace_id = $1 and id = $2 and accepted_at is null and revoked_at is null
     returning ${columns}`,
    [by.workspace.id, id, hashOf(token), now, new Date(now.getTime() + validMs), by.userId],
  )
  if (!row) throw notFound()
  return send(context, by, row, token)
}

/** Writes an invitation while the one who invites is surely an Admin; a demotion that waits for it takes it back. */
const asAdmin = ({ database }: Context, by: Member, statement: string, values: unknown[]) =>
  transaction(database, async (connection) => {
    await lockAsAdmin(connection, by)
    return (await connection.query<InvitationRow>(statement, values)).rows[0]
  })

/** Makes the link worthless. Asked again, or for one that was accepted, there is nothing to revoke: 404. */
export async function revoke({ database }: Context, { workspace }: Member, id: string): Promise<void> {
  const { rowCount } = await database.query(
    `update ken.invitations set revoked_at = now()
      where workspace_id = $1 and id = $2 and accepted_at is null and revoked_at is null`,
    [workspace.id, id],
  )
  if (rowCount === 0) throw notFound()
}

/** Those nobody has accepted or revoked, the newest first. */
export async function listInvitations(context: Context, { workspace }: Member): Promise<InvitationView[]> {
  const { rows } = await context.database.query<InvitationRow>(
    `select ${columns} from ken.invitations
      where workspace_id = $1 and accepted_at is null and revoked_at is null order by sent_at desc, id limit 500`,
    [workspace.id],
  )
  if (rows.length === 0) return []
  const now = await nowOf(context, workspace.id)
  const people = await context.auth.people([...new Set(rows.map((row) => row.invited_by))])
  const names = new Map(people.map(({ id, name }) => [id, name]))
  return rows.map((row) => view(row, names.get(row.invited_by) ?? 'Someone', now))
}

interface InvitationRow {
  id: string
  email: string
  role: Role
  invited_by: string
  sent_at: Date
  expires_at: Date
  token_hash: string
}

const columns = 'id, email, role, invited_by, sent_at, expires_at, token_hash'

const view = ({ id, email, role, sent_at, expires_at }: InvitationRow, invitedBy: string, now: Date) => ({
  id,
  email,
  role,
  invitedBy,
  sentAt: sent_at.toISOString(),
  expiresAt: expires_at.toISOString(),
  expired: expires_at <= now,
})

async function send(context: Context, by: Member, row: InvitationRow, token: string): Promise<Sent> {
  const { auth, publicUrl } = context
  const known = await auth.userByEmail(row.email)
  const { workspace } = by
  const at = row.sent_at.toISOString()
  await writeMail(context, {
    workspaceId: workspace.id,
    kind: 'invitation',
    // Each sending is one of its own, and tells which link it carries.
    occasion: `${row.id}/${row.token_hash.slice(0, 16)}`,
    to: known ?? { id: row.id, name: row.email, email: row.email },
    at,
    token,
    letter: {
      subject: `${by.name} invites you to ${workspace.name} on Ken`,
      paragraphs: [
        `${by.name} (${by.email}) invites you to ${workspace.name} as ${roleNames[row.role]}.`,
        'The link below is good for seven days, once, and for this address alone.',
      ],
      link: { label: 'Accept invitation', href: new URL(`/invite/${tokenPlace}`, publicUrl).href },
      footer: 'If you do not know who this is, ignore this mail: nothing happens without the link.',
    },
  })
  context.wakeWorker()
  return { invitation: view(row, by.name, row.sent_at), link: new URL(`/invite/${token}`, publicUrl).href }
}

/** Whether the link that a mail carries can still be used: not accepted, revoked, run out, or replaced by a newer one. */
export async function invitationStands(
  context: Context,
  { workspaceId, occasion }: { workspaceId: string; occasion: string },
): Promise<boolean> {
  const [id = '', start = ''] = occasion.split('/')
  const { rows } = await context.database.query(
    `select 1 from ken.invitations
      where workspace_id = $1 and id = $2 and left(token_hash, 16) = $3 and accepted_at is null and revoked_at is null
        and expires_at > $4`,
    [workspaceId, id, start, await nowOf(context, workspaceId)],
  )
  return rows.length > 0
}

async function isMember(database: Queryable, workspaceId: string, userId: string): Promise<boolean> {
  const { rows } = await database.query('select 1 from ken.members where workspace_id = $1 and user_id = $2', [
    workspaceId,
    userId,
  ])
  return rows.length > 0
}
