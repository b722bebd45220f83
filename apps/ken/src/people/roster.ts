/** Who belongs to a workspace, as what, and how that changes. A workspace never loses its last Admin. */
import type { Role } from '@headroom/sdk'
import type { Context } from '../context.ts'
import { transaction, type Queryable } from '../database.ts'
import { notFound, Problem } from '../http/problem.ts'
import { mustBeAdmin, type Member } from './session.ts'
import { endTokensNow, endTokensWith } from './tokens.ts'

interface UserView {
  id: string
  name: string
  email: string
  role: Role
  /** Whether this is who asks. */
  you: boolean
  joinedAt: string
}

/** Everyone of the workspace, by name. */
export async function listUsers({ database, auth }: Context, { workspace, userId }: Member): Promise<UserView[]> {
  const { rows } = await database.query<{ user_id: string; role: Role; created_at: Date }>(
    'select user_id, role, created_at from ken.members where workspace_id = $1',
    [workspace.id],
  )
  const members = new Map(rows.map((row) => [row.user_id, row]))
  const people = await auth.people([...members.keys()])
  return people
    .map(({ id, name, email }) => {
      const { role, created_at: at } = members.get(id)!
      return { id, name, email, role, you: id === userId, joinedAt: at.toISOString() }
    })
    .sort((one, other) => one.name.localeCompare(other.name, 'en') || one.id.localeCompare(other.id))
}

/**
 * Gives somebody another role; counts from their next request. 404 for who is no member, 409 for the last Admin, 403 when the one who
 * asks is no Admin any more by then. Asked again it changes nothing.
 */
export async function changeRole(context: Context, by: Member, userId: string, role: Role): Promise<void> {
  await change(context, by.workspace.id, userId, async (connection, members) => {
    mustStillBeAdmin(members, by)
    const was = members.get(userId)
    if (!was) throw notFound()
    if (was === role) return false
    if (role !== 'admin') mustNotBeLastAdmin(members, userId, userId === by.userId)
    await connection.query('update ken.members set role = $3 where workspace_id = $1 and user_id = $2', [
      by.workspace.id,
      userId,
      role,
    ])
    return true
  })
}

/** Takes somebody out of the workspace, from their next request on; what they made stays. Refused as a change of role is. */
export async function removeUser(context: Context, by: Member, userId: string): Promise<void> {
  await change(context, by.workspace.id, userId, async (connection, members) => {
    mustStillBeAdmin(members, by)
    if (!members.has(userId)) throw notFound()
    mustNotBeLastAdmin(members, userId, userId === by.userId)
    await takeOut(connection, by.workspace.id, userId)
    return true
  })
}

/** Somebody goes by themselves. The last Admin cannot: 409. */
export async function leave(context: Context, { workspace, userId }: Member): Promise<void> {
  await change(context, workspace.id, userId, async (connection, members) => {
    mustNotBeLastAdmin(members, userId, true)
    await takeOut(connection, workspace.id, userId)
    return true
  })
}

type Roles = Map<string, Role>

/**
 * Decides and writes under a lock on the workspace's row: of two Admins who demote each other at the same moment, the second is
 * decided about after the first has happened. What somebody could do as an Admin ends with it, also by invitations they have sent.
 */
async function change(
  context: Context,
  workspaceId: string,
  userId: string,
  decide: (connection: Queryable, members: Roles) => Promise<boolean>,
): Promise<void> {
  const ending = await transaction(context.database, async (connection) => {
    const members = await lockRoles(connection, workspaceId)
    if (!(await decide(connection, members))) return null
    if (members.get(userId) === 'admin') {
      await connection.query(
        `update ken.invitations set revoked_at = now()
          where workspace_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null`,
        [workspaceId, userId],
      )
    }
    return endTokensWith(connection, workspaceId, userId)
  })
  if (ending) await endTokensNow(context, ending)
}

/** Everyone's role, which nobody changes until the transaction has ended. */
async function lockRoles(connection: Queryable, workspaceId: string): Promise<Roles> {
  await connection.query('select 1 from ken.workspaces where id = $1 for no key update', [workspaceId])
  const { rows } = await connection.query<{ user_id: string; role: Role }>(
    'select user_id, role from ken.members where workspace_id = $1',
    [workspaceId],
  )
  return new Map(rows.map((row) => [row.user_id, row.role]))
}

/**
 * For what an Admin does in a transaction: refused as a change of role is where they are no Admin any more, and whoever takes the role
 * away at the same moment sees what was written here.
 */
export async function lockAsAdmin(connection: Queryable, by: Member): Promise<void> {
  mustStillBeAdmin(await lockRoles(connection, by.workspace.id), by)
}

async function takeOut(connection: Queryable, workspaceId: string, userId: string): Promise<void> {
  await connection.query('delete from ken.members where workspace_id = $1 and user_id = $2', [workspaceId, userId])
}

/** The guard of the route has read the role before the lock; this one reads it under it. */
function mustStillBeAdmin(members: Roles, by: Member): void {
  const role = members.get(by.userId)
  if (!role) throw notFound()
  mustBeAdmin({ ...by, role })
}

function mustNotBeLastAdmin(members: Roles, userId: string, isSelf: boolean): void {
  const admins = [...members].filter(([, role]) => role === 'admin')
  if (admins.length !== 1 || admins[0]![0] !== userId) return
  const who = isSelf ? 'You are' : 'This person is'
  throw new Problem('conflict', `${who} the last Admin of this workspace. Make somebody else an Admin first.`)
}
