/**
 * The tokens people's pages hold for Headroom, and the streams opened with them. They end when a role changes or somebody goes: asked
 * for at once, and by a job that stands in the same transaction as the change, so that it happens when Headroom is away as well.
 */
import { randomUUID } from 'node:crypto'
import type { Context } from '../context.ts'
import type { Queryable } from '../database.ts'
import { isPassing } from '../passing.ts'
import { enqueue, finish, type JobHandler } from '../queue.ts'
import { Problem } from '../http/problem.ts'
import { stillMember, type Member } from './session.ts'

export const tokenEndKind = 'end_tokens'

interface Ending {
  workspaceId: string
  userId: string
  /** The job's id. */
  id: string
}

/** Writes down, with the change that calls for it, that this person's tokens end. Pass what it answers to `endTokensNow` afterwards. */
export async function endTokensWith(connection: Queryable, workspaceId: string, userId: string): Promise<Ending> {
  const id = `${userId}:${randomUUID()}`
  await enqueue(connection, { workspaceId, id, kind: tokenEndKind, heldSeconds: 5 })
  return { workspaceId, userId, id }
}

/** Ends them now where Headroom answers; else the job does. Never throws for Headroom's sake. */
export async function endTokensNow({ headroom, database, log }: Context, ending: Ending): Promise<void> {
  try {
    await headroom.endTokens(ending.workspaceId, ending.userId, { timeoutMs: 2_000, maxRetries: 1 })
  } catch (error) {
    log('warn', { error: String(error) }, 'the tokens of a person could not be ended yet')
    return
  }
  await finish(database, ending)
}

/** Tries until Headroom has ended the tokens. */
export function tokenEndJob({ headroom, database }: Context): JobHandler {
  return async (job, { signal }) => {
    try {
      await headroom.endTokens(job.workspaceId, job.id.split(':')[0]!, { signal })
    } catch (error) {
      if (!isPassing(error)) throw error
      return { again: 5 }
    }
    await finish(database, job)
    return 'done'
  }
}

/** A token for a member's pages. One that was on its way while the role changed would carry the old role: it is ended, and refused. */
export async function newToken(context: Context, member: Member): Promise<{ token: string; expiresAt: string }> {
  const { headroom, database } = context
  const { userId, role, workspace } = member
  const token = await headroom.createToken(workspace.id, { role, viewerId: userId })
  if (await stillMember(database, member)) return token
  await headroom.endTokens(workspace.id, userId)
  throw new Problem('unavailable', 'Your role has just changed. Try again.', { headers: { 'Retry-After': '1' } })
}
