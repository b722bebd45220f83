/**
 * The credit of a build: one reservation per time it is opened, `build_<id>_<n>`. What is to be asked of Headroom stands in the row
 * before it is asked, so that whoever finds the row can ask again and gets the same one; what was answered is noted afterwards.
 */
import { InsufficientCredits, Mismatch, NotFound, ReservationClosed, type ReservationWire } from '@headroom/sdk'
import { aiCampaigns, type Context } from '../context.ts'
import type { Member } from '../people/session.ts'
import { isPassing } from '../passing.ts'
import { viewerOf } from '../imports/plan.ts'
import type { Build, BuildKey } from './build-rows.ts'

/** How long a build keeps its credit when nobody works on it and nobody looks at it. */
export const holdSeconds = 900

/** The next hold of a build, to be asked for. */
export function asking(
  build: Pick<Build, 'id' | 'name' | 'hold'>,
  member: Member,
): Pick<Build, 'hold' | 'holdState' | 'ask' | 'viewer'> {
  return { ...nextHold(build), viewer: viewerOf(member) }
}

/** The same, for the one who asked before. */
export function nextHold({
  id,
  name,
  hold,
}: Pick<Build, 'id' | 'name' | 'hold'>): Pick<Build, 'hold' | 'holdState' | 'ask'> {
  const ask = {
    id: `build_${id}_${hold + 1}`,
    lines: [{ meter: aiCampaigns, quantity: 1 }],
    ttlSeconds: holdSeconds,
    reference: name,
    metadata: { kind: 'build', build: id },
  }
  return { hold: hold + 1, holdState: 'asking', ask }
}

/**
 * Asks for the credit a build waits for and notes the answer; nothing where it waits for none. Answers the refusal when there is none
 * left: then the build is as it was before it asked, or, the first time, not there. Other failures leave it waiting.
 */
export async function takeHold(context: Context, build: Build): Promise<InsufficientCredits | null> {
  if (build.holdState !== 'asking') return null
  const { headroom, database } = context
  try {
    const reservation = await headroom.as(build.viewer).reserve(build.workspaceId, build.ask).catch(ofNumberTaken)
    const isHeld = reservation?.state === 'held'
    const { rowCount } = await database.query(
      `update ken.builds
          set hold_state = case when $4 then 'held' else 'ended' end, hold_until = $5,
              state = case when completing then state when $4 then 'active' else 'draft' end,
              notice = case when $4 and not completing then null else notice end, revision = revision + 1
        where workspace_id = $1 and id = $2 and hold = $3 and hold_state = 'asking' and not discarded`,
      [build.workspaceId, build.id, build.hold, isHeld, reservation?.expiresAt ?? null],
    )
    if (rowCount === 0) await giveBackStray(context, build)
    return null
  } catch (error) {
    if (!(error instanceof InsufficientCredits)) throw error
    await noteRefused(context, build)
    return error
  }
}

/** The number was used before, with other words, and is over: like a hold that has ended it makes room for the next one. */
function ofNumberTaken(error: unknown): null {
  if (error instanceof Mismatch) return null
  throw error
}

/** Two asked for the same hold, and the other has decided already: what is held is the build's, and what it was refused goes back. */
async function giveBackStray({ database, headroom }: Context, { workspaceId, id, hold, ask }: Build): Promise<void> {
  const { rows } = await database.query(
    `select 1 from ken.builds where workspace_id = $1 and id = $2 and hold = $3
        and hold_state in ('held', 'committed') and not discarded`,
    [workspaceId, id, hold],
  )
  if (rows.length === 0) await headroom.release(workspaceId, ask.id!).catch(() => undefined)
}

async function noteRefused({ database }: Context, { workspaceId, id, hold }: Build): Promise<void> {
  const values = [workspaceId, id, hold]
  const { rowCount } = await database.query(
    `update ken.builds set hold = case when completing then hold else hold - 1 end,
            hold_state = case when completing then 'lost' else 'ended' end
      where workspace_id = $1 and id = $2 and hold = $3 and hold_state = 'asking' and (hold > 1 or completing)`,
    values,
  )
  if (rowCount === 0)
    await database.query(
      `delete from ken.builds where workspace_id = $1 and id = $2 and hold = $3 and hold = 1 and hold_state = 'asking'`,
      values,
    )
}

/** Gives the credit back; asked again, or when it has ended by itself, there is nothing to give. */
export async function releaseHold(
  { database, headroom }: Context,
  { workspaceId, id, hold, ask }: Build,
): Promise<void> {
  try {
    await headroom.release(workspaceId, ask.id!)
  } catch (error) {
    if (!(error instanceof ReservationClosed || error instanceof NotFound)) throw error
  }
  await database.query(
    `update ken.builds set hold_state = 'ended', revision = revision + 1
      where workspace_id = $1 and id = $2 and hold = $3 and hold_state = 'releasing'`,
    [workspaceId, id, hold],
  )
}

/** A sign of life: the hold of an open build lasts for 15 minutes from now. True when that is no longer so, and it is a draft now. */
export function keepHeld(context: Context, build: Build): Promise<boolean> {
  return askAfter(context, build, () =>
    context.headroom.extend(build.workspaceId, build.ask.id!, holdSeconds, { timeoutMs: 3_000, maxRetries: 0 }),
  )
}

/** Whether the hold of an open build still stands, without keeping it. True when it has ended, and the build is a draft now. */
export function lookAtHold(context: Context, build: Build): Promise<boolean> {
  return askAfter(context, build, () =>
    context.headroom.reservation(build.workspaceId, build.ask.id!, { timeoutMs: 3_000, maxRetries: 0 }),
  )
}

async function askAfter(context: Context, build: Build, ask: () => Promise<ReservationWire>): Promise<boolean> {
  if (build.state !== 'active' || build.holdState !== 'held' || build.completing) return false
  try {
    const { state, expiresAt } = await ask()
    if (state !== 'held') return await noteEnded(context, build)
    await context.database.query(
      `update ken.builds set hold_until = $4 where workspace_id = $1 and id = $2 and hold = $3 and hold_until < $4`,
      [build.workspaceId, build.id, build.hold, expiresAt],
    )
    return false
  } catch (error) {
    if (error instanceof ReservationClosed || error instanceof NotFound) return noteEnded(context, build)
    if (!isPassing(error)) throw error
    context.log('warn', { build: build.id, error: String(error) }, 'the hold of a build could not be asked after')
    return false
  }
}

async function noteEnded(
  { database }: Context,
  { workspaceId, id, hold }: BuildKey & Pick<Build, 'hold'>,
): Promise<boolean> {
  const { rowCount } = await database.query(
    `update ken.builds set state = 'draft', hold_state = 'ended', notice = $4, revision = revision + 1
      where workspace_id = $1 and id = $2 and hold = $3 and hold_state = 'held' and state = 'active' and not completing`,
    [workspaceId, id, hold, JSON.stringify({ kind: 'credit_ended', text: creditEnded })],
  )
  return rowCount === 1
}

const creditEnded =
  'Nobody worked on this build for a while, so it was put aside as a draft and its AI credit went back. Resume it to go on.'
