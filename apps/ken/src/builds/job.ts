/**
 * The job behind a build: takes, keeps and gives back its credit, makes the step that is under way, completes it. It looks at the row
 * and does the one thing that comes next, so it can be killed between any two statements, and whoever claims it next goes on from there.
 */
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { transaction, type Queryable } from '../database.ts'
import { isPassing } from '../passing.ts'
import { finish, LeaseLost, mustBeOurs, type Job, type JobEnd, type JobHandler } from '../queue.ts'
import { changeOurs, loadBuild, type Build } from './build-rows.ts'
import { StepFailed } from './builder.ts'
import { conclude } from './completion.ts'
import { holdSeconds, keepHeld, releaseHold, takeHold } from './holds.ts'
import { make, NotPrepared } from './making.ts'
import { discard } from './opening.ts'
import { failed, made } from './steps.ts'

/** After so many tries a step is given up, until somebody asks for it again. */
const maxAttempts = 5

interface Run {
  signal: AbortSignal
  stopping: () => boolean
}

export function buildJob(context: Context): JobHandler {
  return async (job, run) => {
    try {
      return await work(context, job, run)
    } catch (error) {
      if (error instanceof NotPrepared) return { again: 2 }
      // Nothing is wrong with the build: Headroom cannot be asked now.
      if (!isPassing(error) || run.signal.aborted) throw error
      context.log('warn', { build: job.id, error: String(error) }, 'Headroom could not be asked; the build waits')
      return { again: 5 }
    }
  }
}

async function work(context: Context, job: Job, run: Run): Promise<JobEnd> {
  for (;;) {
    const build = await loadBuild(context.database, job)
    if (build && run.stopping()) return { again: 0 }
    if (build?.discarded) await discard(context, build)
    else if (build?.holdState === 'asking') await takeHold(context, build)
    else if (build?.holdState === 'releasing') await releaseHold(context, build)
    else if (build?.completing && build.state !== 'completed') await conclude(context, job, build)
    else if (build && isUnderWay(build)) await makeStep(context, job, build, run.signal)
    else if (await rest(context, job)) return 'done'
    run.signal.throwIfAborted()
  }
}

const isUnderWay = ({ state, working }: Build) => state === 'active' && working !== null

/** How soon a step ends that nobody waits for any more. */
const lookMs = 1_000

/**
 * Makes the step and keeps the credit meanwhile. What it brings is written under the job's fence, or not at all. It is given up when
 * the build is left, so that the credit goes back at once and the slot is free for others.
 */
async function makeStep(context: Context, job: Job, build: Build, signal: AbortSignal): Promise<void> {
  const { database, log } = context
  const step = build.working!
  // The last worker may have died a while ago. Without its credit the build is a draft, and the step waits.
  if (await keepHeld(context, build)) return
  const beat = setInterval(() => void keepHeld(context, build).catch(() => undefined), (holdSeconds / 3) * 1_000)
  const left = new AbortController()
  const look = setInterval(() => {
    const leave = (waited: boolean) => waited || left.abort(new Error('The build was left.'))
    isWaitedFor(database, build).then(leave, () => undefined)
  }, lookMs)
  try {
    if (job.attempts > maxAttempts) throw new StepFailed('This step failed several times. Try it again in a while.')
    const result = await make(context, build, step, AbortSignal.any([signal, left.signal]))
    await changeOurs(database, job, await nowOf(context, job.workspaceId), (now) =>
      made(now, step, { ...result, builder: context.builder.name }),
    )
  } catch (error) {
    if (left.signal.aborted && !signal.aborted && !(error instanceof LeaseLost)) return
    if (!(error instanceof StepFailed)) throw error
    log('warn', { build: job.id, step, error: error.message }, 'a step of a build failed')
    await changeOurs(database, job, await nowOf(context, job.workspaceId), (now) => failed(now, step, error.message))
  } finally {
    clearInterval(beat)
    clearInterval(look)
  }
  job.attempts = 0
}

async function isWaitedFor(database: Queryable, { workspaceId, id, working }: Build): Promise<boolean> {
  const { rowCount } = await database.query(
    `select 1 from ken.builds where workspace_id = $1 and id = $2 and state = 'active' and working = $3`,
    [workspaceId, id, working],
  )
  return rowCount === 1
}

/** Takes the job out of the queue, unless there is something to do by now. True when it is out. */
async function rest({ database }: Context, job: Job): Promise<boolean> {
  return transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const build = await loadBuild(connection, job)
    const waits = build?.discarded || build?.holdState === 'asking' || build?.holdState === 'releasing'
    const isCompleting = build?.completing && build.state !== 'completed'
    if (build && (waits || isCompleting || isUnderWay(build))) return false
    await finish(connection, job)
    return true
  })
}
