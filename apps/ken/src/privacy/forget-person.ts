/** Forgets somebody who has an account. What they did stays under an id that leads to nobody any more. */
import type { Queryable } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { endTokensWith } from '../people/tokens.ts'
import type { Address } from './address.ts'

/** In a transaction. Answers the names they went by. Throws `conflict` where they are the last Admin of others. */
export async function forgetPerson(connection: Queryable, { spellings, mention }: Address): Promise<string[]> {
  await connection.query('delete from ken.invitations where email = any($1)', [spellings])
  const { rows } = await connection.query<{ id: string; name: string }>(
    'select id, name from auth."user" where email = any($1) for update',
    [spellings],
  )
  for (const { id } of rows) await forgetAccount(connection, id)
  await connection.query('delete from ken.mails where email = any($1) or reply_to = any($1)', [spellings])
  await connection.query('delete from auth.verification where identifier ~* $1', [mention])
  return rows.map(({ name }) => name)
}

async function forgetAccount(connection: Queryable, userId: string): Promise<void> {
  const { rows: places } = await connection.query<{ workspaceId: string }>(
    `select id as "workspaceId" from ken.workspaces
      where id in (select workspace_id from ken.members where user_id = $1) order by id for no key update`,
    [userId],
  )
  for (const { workspaceId } of places) {
    await mustNotLeaveOthersAlone(connection, workspaceId, userId)
    await connection.query(
      `update ken.invitations set revoked_at = now()
        where workspace_id = $1 and invited_by = $2 and accepted_at is null and revoked_at is null`,
      [workspaceId, userId],
    )
    await connection.query('delete from ken.members where workspace_id = $1 and user_id = $2', [workspaceId, userId])
    // Headroom is told by the job, whenever a worker runs.
    await endTokensWith(connection, workspaceId, userId)
  }
  await connection.query('delete from ken.mails where recipient_id = $1', [userId])
  await connection.query('delete from ken.password_resets where user_id = $1', [userId])
  for (const table of ['session', 'account'])
    await connection.query(`delete from auth.${table} where "userId" = $1`, [userId])
  await connection.query('delete from auth."user" where id = $1', [userId])
}

async function mustNotLeaveOthersAlone(connection: Queryable, workspaceId: string, userId: string): Promise<void> {
  const { rows } = await connection.query<{ others: number; admins: number }>(
    `select count(*)::integer as others, (count(*) filter (where role = 'admin'))::integer as admins
       from ken.members where workspace_id = $1 and user_id <> $2`,
    [workspaceId, userId],
  )
  const { others, admins } = rows[0]!
  if (others > 0 && admins === 0)
    throw new Problem('conflict', `They are the last Admin of ${workspaceId}. Make somebody else an Admin first.`)
}
