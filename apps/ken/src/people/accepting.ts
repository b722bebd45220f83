/** The other side of an invitation: what the link shows, and how somebody comes in by it. */
import type { Role } from '@headroom/sdk'
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { transaction, type Queryable } from '../database.ts'
import { notFound, Problem } from '../http/problem.ts'
import { countAttempt, type Door } from './attempts.ts'
import type { Account } from './auth.ts'
import { hashOf } from './secret-token.ts'

/** An open one can be accepted; the others say why not. */
type InvitationState = 'open' | 'accepted' | 'revoked' | 'expired'

interface InviteView {
  state: InvitationState
  workspace: { name: string }
  invitedBy: string
  role: Role
  email: string
  expiresAt: string
  /** Somebody has this address already: that person signs in, nobody chooses a password anew. */
  hasAccount: boolean
  /** Who is signed in here, and whether the invitation is theirs. */
  signedIn: { email: string; matches: boolean } | null
}

/** What the link of an invitation stands for. 404 for a link there never was, or that a newer one has replaced. */
export async function showInvite(context: Context, token: string, headers: Headers): Promise<InviteView> {
  const { database, auth } = context
  const row = await find(database, token)
  const [inviter, account, signedIn] = await Promise.all([
    auth.people([row.invited_by]),
    auth.userByEmail(row.email),
    auth.whoIs(headers),
  ])
  return {
    state: stateOf(row, await nowOf(context, row.workspace_id)),
    workspace: { name: row.workspace_name },
    invitedBy: inviter[0]?.name ?? 'Someone',
    role: row.role,
    email: row.email,
    expiresAt: row.expires_at.toISOString(),
    hasAccount: account !== null,
    signedIn: signedIn && { email: signedIn.user.email, matches: isFor(row, signedIn.user) },
  }
}

/** Tries of one link, whoever makes them; most end at once, and each of a new person is a password to be hashed. */
const acceptances: Door = {
  name: 'accept',
  most: 10,
  windowSeconds: 300,
  refusal: 'This invitation has been tried too often. Try again in a few minutes.',
}

/**
 * Comes in by an invitation: as who is signed in, or as a new person with this name and password. Answers the workspace, and the
 * cookies to set. Once: whoever comes second, also at the same moment, is told that it was used. 401 where the address has an account
 * and nobody is signed in; 403 where somebody else is; 429 for too many tries of one link.
 */
export async function acceptInvite(
  context: Context,
  token: string,
  person: { name: string; password: string } | null,
  headers: Headers,
): Promise<{ workspace: { id: string; name: string }; cookies: string[] }> {
  const { database, auth } = context
  const signedIn = await auth.whoIs(headers)
  const found = await find(database, token)
  await countAttempt(database, acceptances, token)
  const { email, workspace_id: workspaceId, workspace_name: name } = found
  const now = await nowOf(context, workspaceId)
  // Before the lock: what is refused anyway need not wait for it, and a hash takes its time.
  mustBeOpen(stateOf(found, now))
  const asNew = signedIn ? null : await hashed(context, found, person)
  await transaction(database, async (connection) => {
    const row = await find(connection, token, 'for update of i')
    mustBeOpen(stateOf(row, now))
    const userId = signedIn ? mustBeFor(row, signedIn.user) : await create(context, connection, row, asNew!)
    await connection.query(
      'insert into ken.members (workspace_id, user_id, role) values ($1, $2, $3) on conflict do nothing',
      [workspaceId, userId, row.role],
    )
    await connection.query(
      'update ken.invitations set accepted_at = $3, accepted_by = $4 where workspace_id = $1 and id = $2',
      [workspaceId, row.id, now, userId],
    )
  })
  const cookies = signedIn || !person ? [] : await auth.signInKnown(email, person.password, headers)
  return { workspace: { id: workspaceId, name }, cookies }
}

interface Row {
  workspace_id: string
  workspace_name: string
  id: string
  email: string
  role: Role
  invited_by: string
  expires_at: Date
  accepted_at: Date | null
  revoked_at: Date | null
}

async function find(database: Queryable, token: string, lock: '' | 'for update of i' = ''): Promise<Row> {
  const { rows } = await database.query<Row>(
    `select i.workspace_id, w.name as workspace_name, i.id, i.email, i.role, i.invited_by, i.expires_at, i.accepted_at, i.revoked_at
       from ken.invitations i join ken.workspaces w on w.id = i.workspace_id
      where i.token_hash = $1 ${lock}`,
    [hashOf(token)],
  )
  if (!rows[0]) throw notFound()
  return rows[0]
}

function stateOf({ accepted_at, revoked_at, expires_at }: Row, now: Date): InvitationState {
  if (accepted_at) return 'accepted'
  if (revoked_at) return 'revoked'
  return expires_at <= now ? 'expired' : 'open'
}

const closed = {
  accepted: 'This invitation has been used. Sign in to go on.',
  revoked: 'This invitation was revoked. Ask an Admin of the workspace for a new one.',
  expired: 'This invitation has expired. Ask an Admin of the workspace to send it again.',
} as const

function mustBeOpen(state: InvitationState): void {
  if (state !== 'open') throw new Problem('conflict', closed[state], { state })
}

const isFor = (row: Row, user: Account) => row.email === user.email.toLowerCase()

function mustBeFor(row: Row, user: Account): string {
  if (isFor(row, user)) return user.id
  throw new Problem(
    'forbidden',
    `This invitation is for ${row.email}, and you are signed in as ${user.email}. Sign in with the other address first.`,
  )
}

interface Newcomer {
  name: string
  /** Of the password. */
  hash: string
}

async function hashed(
  { auth }: Context,
  { email }: Row,
  person: { name: string; password: string } | null,
): Promise<Newcomer> {
  if (await auth.userByEmail(email)) throw hasAccount(email)
  if (person) return { name: person.name, hash: await auth.hash(person.password) }
  throw new Problem('invalid_request', 'Choose a name and a password.', {
    errors: [
      { path: 'name', message: 'May not be empty.' },
      { path: 'password', message: 'May not be empty.' },
    ],
  })
}

async function create(
  { auth }: Context,
  connection: Queryable,
  { email }: Row,
  { name, hash }: Newcomer,
): Promise<string> {
  if (await auth.userByEmail(email, connection)) throw hasAccount(email)
  return auth.createUser({ name, email, hash }).catch(async (error: unknown) => {
    if (await auth.userByEmail(email, connection)) throw hasAccount(email)
    throw error
  })
}

const hasAccount = (email: string) =>
  new Problem('unauthenticated', `${email} has an account. Sign in with it to accept the invitation.`)
