/** What may follow what in a build. Pure: a build and what somebody wants of it make the build that comes of it, or a refusal. */
import { Problem } from '../http/problem.ts'
import type { Build } from './build-rows.ts'
import { stepNames, type BuildStepName } from './build-view.ts'

const place = (step: BuildStepName) => stepNames.indexOf(step)

/** What each step leaves in the build. */
const nothing = {
  files: {},
  research: { research: null },
  planning: { planning: null },
  ideal_customer: { criteria: null, target: null },
  qualify: { qualify: null },
  segment: { segments: null },
  strategy: { strategy: null },
  email_copy: { sequence: null },
} satisfies Record<BuildStepName, Partial<Build>>

const hasResult = (build: Build, step: BuildStepName): boolean =>
  (Object.keys(nothing[step]) as (keyof Build)[]).every((result) => build[result] !== null)

const isDone = (build: Build) =>
  build.step === 'email_copy' && build.working === null && stepNames.every((step) => hasResult(build, step))

/** Refuses what can only be done to a build that is open and rests. */
export function mustRest(build: Build): void {
  mustBeOpen(build)
  if (build.working !== null)
    throw new Problem('conflict', 'Ken is still at work on this step. Wait until it is done, or leave the build.')
}

function mustBeOpen({ state, completing }: Build): void {
  if (state === 'completed' || completing)
    throw new Problem('conflict', 'This build is completed: go on in its campaign.')
  if (state === 'draft') throw new Problem('conflict', 'This build is a draft. Resume it first.')
}

/** Content with `from`: the builder goes on to what follows. Said again it changes nothing. */
export function next(build: Build, from: BuildStepName): Build {
  mustBeOpen(build)
  if (place(from) < place(build.step)) return build
  mustRest(build)
  if (from !== build.step) throw new Problem('conflict', 'The build has not come to this step yet.')
  if (!hasResult(build, from))
    throw new Problem('conflict', 'This step has brought nothing yet. Let Ken try it again first.')
  const following = stepNames[place(from) + 1]
  if (following === undefined) throw new Problem('conflict', 'This is the last step: complete the build.')
  return { ...build, step: following, working: following, notice: null }
}

/** The builder makes this step again; what came after it is dropped, for it rested on it. Said again while it works it changes nothing. */
export function redo(build: Build, step: BuildStepName): Build {
  mustBeOpen(build)
  if (build.working === step && build.step === step) return build
  mustRest(build)
  if (step === 'files' || place(step) > place(build.step))
    throw new Problem('conflict', 'Only a step that Ken has come to can be made again.')
  const dropped = Object.assign({}, ...stepNames.slice(place(step)).map((later) => nothing[later])) as Partial<Build>
  return { ...build, ...dropped, step, working: step, notice: null }
}

/** A person's own words in the place of what stands. Other criteria are judged anew, and their segments counted anew, by the job. */
export function edit(build: Build, { ...words }: Partial<Build>): Build {
  mustRest(build)
  for (const step of stepNames) {
    const edited = Object.keys(nothing[step]).some((result) => result in words)
    if (edited && !hasResult(build, step))
      throw new Problem('conflict', 'Only what stands already can be changed: the build has not come to this step yet.')
  }
  const isJudged = words.criteria !== undefined && place(build.step) > place('ideal_customer')
  const again: Partial<Build> = isJudged ? { qualify: null, working: 'qualify' } : {}
  return { ...build, ...words, ...again }
}

/** What the builder brought, unless the build has gone another way meanwhile. */
export function made(build: Build, step: BuildStepName, result: Partial<Build>): Build {
  return build.working === step ? { ...build, ...result, working: null, notice: null } : build
}

/** The step could not be made; it waits to be tried again. */
export function failed(build: Build, step: BuildStepName, text: string): Build {
  return build.working === step ? { ...build, working: null, notice: { kind: 'step_failed', text } } : build
}

/**
 * Somebody is content with all of it. A draft whose hold ran out is taken as it is: the work was done while a credit was held, and
 * whether there is one now is settled when it is completed. One that was left gave its credit back, and has to be resumed.
 */
export function completing(build: Build, campaignId: string): Build {
  if (build.state === 'completed' || build.completing) return build
  const ranOut = build.state === 'draft' && build.notice?.kind === 'credit_ended'
  if (!ranOut) mustRest(build)
  if (!isDone(build)) throw new Problem('conflict', 'The build is not finished: the email copy comes first.')
  return { ...build, completing: true, campaignId }
}
