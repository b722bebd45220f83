/** A build is opened, left, resumed and thrown away; each time its credit goes with it. */
import { HeadroomError, type VerdictWire } from '@headroom/sdk'
import { nowOf } from '../clock.ts'
import { aiCampaigns, type Context } from '../context.ts'
import { newId, transaction, type Queryable } from '../database.ts'
import { Problem, problemOfHeadroom } from '../http/problem.ts'
import { viewerOf } from '../imports/plan.ts'
import type { Member } from '../people/session.ts'
import { isPassing } from '../passing.ts'
import { enqueue, ensureDue, finish, handBack } from '../queue.ts'
import { buildKind, changeBuild, loadBuild, visibleBuild, type Build, type BuildKey } from './build-rows.ts'
import type { Brief, BuildView } from './build-view.ts'
import { asking, releaseHold, takeHold } from './holds.ts'
import { seenBuild, view } from './show.ts'
import { mustRest } from './steps.ts'

/** How many builds of a workspace may stand open, drafts and active ones together. */
const mostOpen = 20

/** Whether one could be started now. Advice: the reservation decides. */
export async function checkBuild(
  { headroom }: Context,
  member: Member,
): Promise<{ available: number | null; verdict: VerdictWire }> {
  const verdict = await headroom.as(viewerOf(member)).check(member.workspace.id, [{ meter: aiCampaigns, quantity: 1 }])
  return { available: verdict.lines[0]?.available ?? null, verdict }
}

/**
 * Starts a build with one credit held for it. Its row is there before anything is reserved, so that whatever is reserved has someone
 * who gives it back; it is seen by nobody until then. A refusal leaves nothing behind. Asked twice it starts two.
 */
export async function startBuild(
  context: Context,
  member: Member,
  { name, brief }: { name: string; brief: Brief },
): Promise<BuildView> {
  const { database } = context
  const key: BuildKey = { workspaceId: member.workspace.id, id: newId('bld') }
  await insert(context, member, { ...key, name, brief })
  let refused: HeadroomError | null
  try {
    refused = await takeHold(context, (await loadBuild(database, key))!)
  } catch (error) {
    // Whether anything was reserved is not known: the job gives back what there may be, and forgets the build.
    await database.query('update ken.builds set discarded = true where workspace_id = $1 and id = $2', [
      key.workspaceId,
      key.id,
    ])
    await handBack(database, key, { afterSeconds: 0, failed: false })
    throw error
  }
  if (refused) {
    await finish(database, key)
    throw problemOfHeadroom(refused)
  }
  await handBack(database, key, { afterSeconds: 0, failed: false })
  return view(await visibleBuild(database, member, key.id))
}

async function insert(
  context: Context,
  member: Member,
  { workspaceId, id, name, brief }: BuildKey & { name: string; brief: Brief },
): Promise<void> {
  const at = await nowOf(context, workspaceId)
  const { ask, viewer } = asking({ id, name, hold: 0 }, member)
  await transaction(context.database, async (connection) => {
    // One at a time, so that two who start the last one do not both find room for it.
    await connection.query('select 1 from ken.workspaces where id = $1 for update', [workspaceId])
    const { rows } = await connection.query<{ open: number }>(
      `select count(*)::integer as open from ken.builds where workspace_id = $1 and state <> 'completed' and not discarded`,
      [workspaceId],
    )
    if (rows[0]!.open >= mostOpen) {
      throw new Problem(
        'conflict',
        `${mostOpen} builds are open in this workspace, and that is as many as may be. Complete one, or delete a draft, and start again.`,
      )
    }
    await connection.query(
      `insert into ken.builds (workspace_id, id, owner_id, name, state, brief, builder, hold, hold_state, ask, viewer, created_at, updated_at)
       values ($1, $2, $3, $4, 'draft', $5, $6, 1, 'asking', $7, $8, $9, $9)`,
      [
        workspaceId,
        id,
        member.userId,
        name,
        JSON.stringify(brief),
        context.builder.name,
        JSON.stringify(ask),
        JSON.stringify(viewer),
        at,
      ],
    )
    await enqueue(connection, { workspaceId, id, kind: buildKind, heldSeconds: 30 })
  })
}

/** Puts a build aside: it stays as a draft, and its credit goes back at once. Asked again it answers the same. */
export async function leaveBuild(context: Context, member: Member, id: string): Promise<BuildView> {
  const left = await changeBuild(context, member, id, await nowOf(context, member.workspace.id), (build) => {
    if (build.state === 'draft' && !build.completing) return build
    if (build.state === 'completed' || build.completing) mustRest(build)
    return { ...build, state: 'draft', holdState: 'releasing' }
  })
  await giveBack(context, left)
  return view(await visibleBuild(context.database, member, id))
}

/** Gives the credit of a draft back where that is still to be done. Where Headroom cannot be asked now, the job does it later. */
async function giveBack(context: Context, build: Build): Promise<void> {
  if (build.holdState !== 'releasing') return
  await releaseHold(context, build).catch((error: unknown) => {
    if (!isPassing(error)) throw error
    context.log('warn', { build: build.id, error: String(error) }, 'the credit of a build is given back later')
  })
}

/**
 * Opens a draft again with a new credit, under the next number. Refused for want of one, it stays the draft it was; an open build is
 * answered as it is. A step that was under way goes on.
 */
export async function resumeBuild(context: Context, member: Member, id: string): Promise<BuildView> {
  for (let tries = 0; ; tries += 1) {
    const build = await seenBuild(context, member, id)
    if (build.state === 'active') return view(build)
    if (build.state === 'completed' || build.completing) mustRest(build)
    if (tries === 3)
      throw new Problem('conflict', 'This build is being changed by somebody else. Try again in a moment.')
    if (build.holdState === 'releasing') await releaseHold(context, build)
    else {
      if (build.holdState === 'ended') await ask(context, member, build)
      const waiting = await visibleBuild(context.database, member, id)
      const refused = await takeHold(context, waiting)
      if (refused) throw problemOfHeadroom(refused)
      context.wakeWorker()
    }
  }
}

/** Notes that the next hold is to be asked for; without effect when somebody else has noted it. */
async function ask({ database }: Context, member: Member, build: Build): Promise<void> {
  const { workspaceId, id, hold } = build
  const next = asking(build, member)
  await transaction(database, async (connection) => {
    await ensureDue(connection, { workspaceId, id, kind: buildKind })
    await connection.query(
      `update ken.builds set hold = $4, hold_state = 'asking', ask = $5, viewer = $6
        where workspace_id = $1 and id = $2 and hold = $3 and hold_state = 'ended' and state = 'draft' and not completing`,
      [workspaceId, id, hold, next.hold, JSON.stringify(next.ask), JSON.stringify(next.viewer)],
    )
  })
}

/** Throws a draft away with all that is in it. An open build has to be left first, and a completed one belongs to its campaign. */
export async function deleteBuild(context: Context, member: Member, id: string): Promise<void> {
  await seenBuild(context, member, id)
  await changeBuild(context, member, id, new Date(), async (build, connection) => {
    if (build.state === 'active')
      throw new Problem('conflict', 'This build is open. Leave it first, then delete the draft.')
    if (build.state === 'completed' || build.completing) mustRest(build)
    if (build.holdState === 'asking') throw new Problem('conflict', 'This build is just being resumed.')
    if (build.holdState === 'releasing') return { ...build, discarded: true }
    await forget(connection, build)
    return build
  })
}

/** The job's row first, as everywhere. */
async function forget(connection: Queryable, { workspaceId, id }: BuildKey): Promise<void> {
  await finish(connection, { workspaceId, id })
  await connection.query('delete from ken.builds where workspace_id = $1 and id = $2', [workspaceId, id])
}

/** Ends what a build that is given up may hold, and forgets it. */
export async function discard(context: Context, build: Build): Promise<void> {
  await releaseHold(context, build)
  await transaction(context.database, (connection) => forget(connection, build))
}
