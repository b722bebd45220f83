/** A build's row: read, locked, written whole. Whoever writes it holds its job's row first, then its own: one order for all. */
import type { NewReservation, ViewerOf } from '@headroom/sdk'
import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { transaction, type Database, type Queryable } from '../database.ts'
import { notFound } from '../http/problem.ts'
import { ownerFilter, type Member } from '../people/session.ts'
import { ensureDue, mustBeOurs, renew, type Job } from '../queue.ts'
import type { BuildStepName, BuildView } from './build-view.ts'

export const buildKind = 'build'

type Results = Pick<
  BuildView,
  'research' | 'planning' | 'criteria' | 'target' | 'qualify' | 'segments' | 'strategy' | 'sequence'
>

export interface Build
  extends Results, Pick<BuildView, 'id' | 'name' | 'state' | 'step' | 'brief' | 'files' | 'notice'> {
  workspaceId: string
  ownerId: string
  /** The step that is under way; in a draft it waits. */
  working: BuildStepName | null
  builder: string
  /** The number of the hold: 1 for the start, one more for each time it was resumed. */
  hold: number
  holdState: 'asking' | 'held' | 'releasing' | 'ended' | 'committed' | 'lost'
  holdUntil: Date | null
  /** What was or is to be asked of Headroom, word for word, so that asking again is the same request. */
  ask: NewReservation
  viewer: ViewerOf
  /** Somebody is content with all of it: what is left to do is done by the job. */
  completing: boolean
  /** To be forgotten as soon as its hold has been given back. */
  discarded: boolean
  campaignId: string | null
  revision: number
  createdAt: Date
  updatedAt: Date
}

export type BuildKey = Pick<Build, 'workspaceId' | 'id'>

const select = `
  select b.workspace_id as "workspaceId", b.id, b.owner_id as "ownerId", b.name, b.state, b.step, b.working, b.brief, b.research, b.planning,
         b.criteria, b.target, b.qualify, b.segments, b.strategy, b.sequence, b.notice, b.builder, b.hold, b.hold_state as "holdState",
         b.hold_until as "holdUntil", b.ask, b.viewer, b.completing, b.discarded, b.campaign_id as "campaignId", b.revision,
         b.created_at as "createdAt", b.updated_at as "updatedAt",
         coalesce((select jsonb_agg(jsonb_build_object('id', f.id, 'name', f.name, 'bytes', f.bytes) order by f.id)
                     from ken.build_files f where f.workspace_id = b.workspace_id and f.build_id = b.id), '[]') as files
    from ken.builds b
   where b.workspace_id = $1`

/** One that is only being started is not there yet, and one that is given up no longer. */
const there = `not b.discarded and not (b.hold = 1 and b.hold_state = 'asking')`

/** The build as it stands, or null. */
export async function loadBuild(database: Queryable, { workspaceId, id }: BuildKey): Promise<Build | null> {
  const { rows } = await database.query<Build>(`${select} and b.id = $2`, [workspaceId, id])
  return rows[0] ?? null
}

/** The build where this member may see it; else it is not found. */
export async function visibleBuild(database: Queryable, member: Member, id: string): Promise<Build> {
  const { rows } = await database.query<Build>(
    `${select} and b.id = $2 and ($3::text is null or b.owner_id = $3) and ${there}`,
    [member.workspace.id, id, ownerFilter(member)],
  )
  if (!rows[0]) throw notFound()
  return rows[0]
}

/** Those this member may see and that can be gone on with, the latest first. */
export async function visibleBuilds(database: Queryable, member: Member): Promise<Build[]> {
  const { rows } = await database.query<Build>(
    `${select} and ($2::text is null or b.owner_id = $2) and ${there} and b.state <> 'completed'
      order by b.updated_at desc, b.id desc limit 200`,
    [member.workspace.id, ownerFilter(member)],
  )
  return rows
}

export type Change = (build: Build, connection: Queryable) => Build | Promise<Build>

/** Changes a build for a member, and sees to it that its job looks at what is to be done. `at`: when, in Headroom's time. */
export async function changeBuild(
  context: Context,
  member: Member,
  id: string,
  at: Date,
  change: Change,
): Promise<Build> {
  const { database } = context
  const { workspaceId } = await visibleBuild(database, member, id)
  const after = await transaction(database, async (connection) => {
    await ensureDue(connection, { workspaceId, id, kind: buildKind })
    return writeChanged(connection, { workspaceId, id }, at, change)
  })
  context.wakeWorker()
  return after ?? Promise.reject(notFound())
}

/** Changes a build for its job. Throws LeaseLost, and changes nothing, when the job is someone else's by now. */
export async function changeOurs(database: Database, job: Job, at: Date, change: Change): Promise<Build | null> {
  return transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const after = await writeChanged(connection, job, at, change)
    await renew(connection, job, { progress: true })
    return after
  })
}

async function writeChanged(connection: Queryable, key: BuildKey, at: Date, change: Change): Promise<Build | null> {
  await connection.query('select 1 from ken.builds where workspace_id = $1 and id = $2 for update', [
    key.workspaceId,
    key.id,
  ])
  const before = await loadBuild(connection, key)
  if (!before) return null
  const after = await change(before, connection)
  if (isDeepStrictEqual(after, before)) return before
  return writeBuild(connection, { ...after, revision: before.revision + 1, updatedAt: at })
}

async function writeBuild(connection: Queryable, build: Build): Promise<Build> {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
  await connection.query(
    `update ken.builds
        set name = $3, state = $4, step = $5, working = $6, brief = $7, research = $8, planning = $9, criteria = $10, target = $11,
            qualify = $12, segments = $13, strategy = $14, sequence = $15, notice = $16, builder = $17, hold = $18, hold_state = $19,
            hold_until = $20, ask = $21, viewer = $22, completing = $23, discarded = $24, campaign_id = $25, revision = $26,
            updated_at = $27
      where workspace_id = $1 and id = $2`,
    [
      build.workspaceId,
      build.id,
      build.name,
      build.state,
      build.step,
      build.working,
      json(build.brief),
      json(build.research),
      json(build.planning),
      json(build.criteria),
      build.target,
      json(build.qualify),
      json(build.segments),
      json(build.strategy),
      json(build.sequence),
      json(build.notice),
      build.builder,
      build.hold,
      build.holdState,
      build.holdUntil,
      json(build.ask),
      json(build.viewer),
      build.completing,
      build.discarded,
      build.campaignId,
      build.revision,
      build.updatedAt,
    ],
  )
  return build
}
