/** What a person does within an open build: going on, having a step made again, changing what stands. */
import { nowOf } from '../clock.ts'
import type { Criteria } from '../campaigns/criteria.ts'
import type { Context } from '../context.ts'
import type { Member } from '../people/session.ts'
import { changeBuild, type Build, type Change } from './build-rows.ts'
import type { BuildStepName, BuildView, Segment } from './build-view.ts'
import { searchDirectory } from '../directory/search.ts'
import { seenBuild, view } from './show.ts'
import { edit, mustRest, next, redo } from './steps.ts'
import type { Edits } from './words.ts'

export const goOn = (context: Context, member: Member, id: string, from: BuildStepName): Promise<BuildView> =>
  change(context, member, id, (build) => next(build, from))

export const makeAgain = (context: Context, member: Member, id: string, step: BuildStepName): Promise<BuildView> =>
  change(context, member, id, (build) => redo(build, step))

/** Puts a person's words in the place of what stands. Segments are counted here, whoever says how many people they have. */
export async function editBuild(context: Context, member: Member, id: string, edits: Edits): Promise<BuildView> {
  const { segments, target, name, brief, planning, criteria, strategy, sequence } = edits
  const build = await seenBuild(context, member, id)
  mustRest(build)
  const counted = segments && (await countSegments(context, build, segments, criteria ?? build.criteria))
  const words = {
    ...(name !== undefined && { name }),
    ...(brief && { brief }),
    ...(planning && { planning }),
    ...(criteria && { criteria }),
    ...(typeof target === 'number' && { target }),
    ...(counted && { segments: counted }),
    ...(strategy && { strategy }),
    ...(sequence && { sequence }),
  }
  return change(context, member, id, (now) => edit(now, words))
}

/** The same segments with the number of people that each has in the directory. One without criteria of its own has the build's. */
export async function countSegments(
  context: Context,
  { workspaceId }: Pick<Build, 'workspaceId'>,
  segments: { name: string; description: string; criteria?: Criteria | undefined }[],
  whole: Criteria | null,
): Promise<Segment[]> {
  const everyone: Criteria = { titles: [], countries: [], industries: [] }
  return Promise.all(
    segments.map(async ({ name, description, criteria = whole ?? everyone }) => {
      const { found } = await searchDirectory(context, workspaceId, criteria)
      return { name, description, criteria, people: found }
    }),
  )
}

/** Working on a build is a sign of life too; one whose hold has ended meanwhile has to be resumed first. */
export async function change(context: Context, member: Member, id: string, change: Change): Promise<BuildView> {
  await seenBuild(context, member, id)
  const at = await nowOf(context, member.workspace.id)
  return view(await changeBuild(context, member, id, at, change))
}
