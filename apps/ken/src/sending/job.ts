/**
 * The job behind a campaign that sends: one for each campaign, whatever its size. It writes the next mails, hands them over, and tells
 * Headroom of those that were taken. It can be killed between any two statements: the rows say how far it came.
 */
import type { Context } from '../context.ts'
import { isOutOfReach } from '../database.ts'
import { isPassing } from '../passing.ts'
import { LeaseLost, type Job, type JobHandler } from '../queue.ts'
import { writeBatch } from './batch.ts'
import { SendingClock } from './clock.ts'
import { concludeSending } from './conclude.ts'
import { Delivery } from './delivery.ts'
import { noteFailure, noteRun } from './failures.ts'
import { gatherRecipients } from './gather.ts'
import { secondsToRest } from './rest.ts'
import { claimSends, takeUpHanded } from './sends.ts'
import { Uses } from './uses.ts'

/** A campaign goes to the back of the queue after this long, so that all get their turn. */
const turnMs = 60_000

interface Run {
  signal: AbortSignal
  stopping: () => boolean
}

/** `lookSeconds`: how long it may rest while nothing is due, as contacts, replies and a test clock come unannounced. */
export function sendingJob(context: Context, { lookSeconds }: { lookSeconds: number }): JobHandler {
  const clock = new SendingClock(context.headroom)
  return async (job, run) => {
    try {
      await send(context, job, run, clock)
      await noteRun(context, job)
      if (run.stopping()) return { again: 0 }
      return await concludeSending(context, job, await secondsToRest(context, job, { clock, lookSeconds }))
    } catch (error) {
      if (error instanceof Paused) return { again: error.seconds }
      if (run.signal.aborted || error instanceof LeaseLost) throw error
      if (!isPassing(error) && !isOutOfReach(error)) {
        await noteFailure(context, job)
        throw error
      }
      context.log('warn', { campaign: job.id, error: (error as Error).message }, 'sending waits')
      return { again: 5 }
    }
  }
}

/** Nothing is to be handed over for a while. */
class Paused extends Error {
  readonly seconds: number

  constructor(seconds: number) {
    super('Sending rests.')
    this.seconds = seconds
  }
}

/** Sends until nothing is due or the turn is over; what is under way then has come to its end, and has been told as far as that is possible. */
async function send(context: Context, job: Job, run: Run, clock: SendingClock): Promise<void> {
  const { database, sendsPerDay } = context
  await takeUpHanded(database, job)
  await clock.now(job.workspaceId)
  const sender = { from: await senderOf(context, job), instant: () => clock.instant() }
  const delivery = new Delivery(context, job, run.signal, sender)
  const uses = new Uses(context, job, run.signal)
  const turnEnds = Date.now() + turnMs
  let pauseSeconds: number | null = null
  try {
    while (!run.stopping() && Date.now() < turnEnds) {
      run.signal.throwIfAborted()
      uses.begin()
      pauseSeconds = delivery.brokenForSeconds
      if (pauseSeconds !== null) break
      const claimed = delivery.free > 0 ? await claimSends(database, job, delivery.free) : []
      delivery.hand(claimed)
      if (delivery.free === 0) await delivery.next()
      else if (claimed.length === 0) {
        const at = await clock.now(job.workspaceId)
        await gatherRecipients(database, job, at)
        if ((await writeBatch(database, job, { at, perDay: sendsPerDay })) > 0) continue
        if (!delivery.isBusy) break
        await delivery.next()
      }
    }
  } finally {
    await delivery.ended()
  }
  await uses.finish()
  if (pauseSeconds !== null) throw new Paused(pauseSeconds)
}

/** Whom the mails come from: the campaign's owner. */
async function senderOf({ database, auth }: Context, { workspaceId, id }: Job): Promise<string> {
  const { rows } = await database.query<{ owner_id: string }>(
    'select owner_id from ken.campaigns where workspace_id = $1 and id = $2',
    [workspaceId, id],
  )
  const [owner] = await auth.people(rows.map((row) => row.owner_id))
  return owner?.name ?? 'Ken'
}
