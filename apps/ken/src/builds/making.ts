/** Makes one step of a build: asks the builder for words, and finds, counts and judges the people they mean. */
import { leads, type Context } from '../context.ts'
import type { Build } from './build-rows.ts'
import { stepNames, type BuildStepName } from './build-view.ts'
import { StepFailed, type SoFar } from './builder.ts'
import { directoryOptions, type DirectoryOptions } from '../directory/search.ts'
import { countSegments } from './editing.ts'
import { filesOf } from './files.ts'
import { findable, known, within } from './fitting.ts'
import { judgeSample } from './judging.ts'

/** The directory is still being prepared; a little later it will do. */
export class NotPrepared extends Error {
  override readonly name = 'NotPrepared'
}

/** What the step brings. Made again it may bring other words. Throws StepFailed when a person has to be told, NotPrepared to wait. */
export async function make(
  context: Context,
  build: Build,
  step: BuildStepName,
  signal: AbortSignal,
): Promise<Partial<Build>> {
  const { builder } = context
  switch (step) {
    case 'files':
      throw new StepFailed('Files are added by people.')
    case 'research':
      return { research: await builder.research(await soFar(context, build, step), signal) }
    case 'planning':
      return { planning: await builder.planning(await soFar(context, build, step), signal) }
    case 'ideal_customer':
      return makeIdealCustomer(context, build, signal)
    case 'qualify':
      return qualify(context, build)
    case 'segment':
      return makeSegments(context, build, signal)
    case 'strategy':
      return { strategy: await builder.strategy(await soFar(context, build, step), signal) }
    case 'email_copy':
      return { sequence: await builder.emailCopy(await soFar(context, build, step), signal) }
  }
}

async function makeIdealCustomer(context: Context, build: Build, signal: AbortSignal): Promise<Partial<Build>> {
  const options = await preparedOptions(context)
  const proposed = await context.builder.idealCustomer(await soFar(context, build, 'ideal_customer'), options, signal)
  const { criteria, search } = await findable(context, build, known(proposed.criteria, options))
  const { meters } = await context.headroom.usage(build.workspaceId, { signal })
  const available = meters.find(({ meter }) => meter === leads)?.available ?? null
  // Never more than could count; and what is left, if there is anything left, is a better proposal than what would be refused.
  const bounds = [proposed.target, search.estimate, ...(available === null || available === 0 ? [] : [available])]
  return { criteria, target: Math.max(1, Math.min(...bounds)) }
}

/** Judges the sample, and counts segments that stand already anew: their whole may be another one by now. */
async function qualify(context: Context, build: Build): Promise<Partial<Build>> {
  await preparedOptions(context)
  const criteria = build.criteria!
  const { segments } = build
  return {
    qualify: await judgeSample(context, build, criteria),
    ...(segments && {
      segments: await countSegments(
        context,
        build,
        segments.map((segment) => ({ ...segment, criteria: within(segment.criteria, criteria) })),
        criteria,
      ),
    }),
  }
}

async function makeSegments(context: Context, build: Build, signal: AbortSignal): Promise<Partial<Build>> {
  const options = await preparedOptions(context)
  const whole = build.criteria!
  const proposed = await context.builder.segment(await soFar(context, build, 'segment'), options, signal)
  const fitted = proposed.map((segment) => ({ ...segment, criteria: within(known(segment.criteria, options), whole) }))
  const counted = (await countSegments(context, build, fitted, whole)).filter(({ people }) => people > 0)
  if (counted.length > 0) return { segments: counted }
  const everyone = { name: 'Everyone in the list', description: 'One message for all of them.', criteria: whole }
  return { segments: await countSegments(context, build, [everyone], whole) }
}

async function preparedOptions(context: Context): Promise<DirectoryOptions> {
  const options = await directoryOptions(context)
  if (!options.ready) throw new NotPrepared('The directory is still being prepared.')
  return options
}

/** What stands of the steps before this one. */
async function soFar({ database }: Context, build: Build, step: BuildStepName): Promise<SoFar> {
  const before = (other: BuildStepName) => stepNames.indexOf(other) < stepNames.indexOf(step)
  return {
    name: build.name,
    brief: build.brief,
    files: await filesOf(database, build),
    research: before('research') ? build.research : null,
    planning: before('planning') ? build.planning : null,
    criteria: before('ideal_customer') ? build.criteria : null,
    target: before('ideal_customer') ? build.target : null,
    qualify: before('qualify') ? build.qualify : null,
    segments: before('segment') ? build.segments : null,
    strategy: before('strategy') ? build.strategy : null,
  }
}
