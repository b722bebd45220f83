/** Builds as people see them. Looking at one that is open is a sign of life: it keeps the credit held. */
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import type { Member } from '../people/session.ts'
import { loadBuild, visibleBuild, visibleBuilds, type Build } from './build-rows.ts'
import type { BuildSummary, BuildView } from './build-view.ts'
import { keepHeld, lookAtHold } from './holds.ts'

/** One build. Whoever could work on it keeps its credit by looking; for others it is only looked up whether the hold stands. */
export async function showBuild(context: Context, member: Member, id: string): Promise<BuildView> {
  return view(await seenBuild(context, member, id))
}

/** The same as its row. */
export async function seenBuild(context: Context, member: Member, id: string): Promise<Build> {
  const build = await visibleBuild(context.database, member, id)
  const hasChanged = await (member.role === 'viewer' ? lookAtHold(context, build) : keepHeld(context, build))
  return hasChanged ? visibleBuild(context.database, member, id) : build
}

/** The builds that go on and the drafts this member may see, the latest first; what is completed is a campaign. */
export async function listBuilds(context: Context, member: Member): Promise<BuildSummary[]> {
  const builds = await visibleBuilds(context.database, member)
  const now = builds.some(isHeld) ? await nowOf(context, member.workspace.id) : null
  const seen = builds.map(async (build) => {
    // A hold that should have ended by now: whether it has is Headroom's to say.
    const isDue = now !== null && isHeld(build) && (build.holdUntil?.getTime() ?? 0) <= now.getTime()
    return isDue && (await lookAtHold(context, build)) ? ((await loadBuild(context.database, build)) ?? build) : build
  })
  return (await Promise.all(seen)).map((build) => {
    const { id, name, state, step, updatedAt, campaignId } = view(build)
    return { id, name, state, step, updatedAt, campaignId }
  })
}

const isHeld = ({ state, holdState }: Build) => state === 'active' && holdState === 'held'

const credits = {
  asking: 'returned',
  held: 'reserved',
  releasing: 'reserved',
  ended: 'returned',
  committed: 'spent',
  lost: 'lost',
} as const

export function view(build: Build): BuildView {
  const {
    workspaceId: _workspace,
    holdState,
    ask,
    hold: _hold,
    viewer: _viewer,
    discarded: _discarded,
    ...shown
  } = build
  const { completing: _completing, holdUntil, ...rest } = shown
  const isThere = holdState === 'held' || holdState === 'releasing' || holdState === 'committed'
  return {
    ...rest,
    working: build.state === 'active' ? build.working : null,
    credit: {
      state: credits[holdState],
      reservation: isThere ? (ask.id ?? null) : null,
      until: holdState === 'held' ? (holdUntil?.toISOString() ?? null) : null,
    },
    campaignId: build.state === 'completed' ? build.campaignId : null,
    createdAt: build.createdAt.toISOString(),
    updatedAt: build.updatedAt.toISOString(),
  }
}
