/**
 * Mails about payments and trials, which nobody can switch off, and about credits that are low. Ken looks at its workspaces in Headroom again and again, whether or not
 * anybody has a page open, and writes each mail that is due once for each Admin. What is due goes by Headroom's clock.
 */
import { NotFound, type Status, type UsageWire } from '@headroom/sdk'
import type { Context } from '../context.ts'
import { lookAtCredits } from './credits-low.ts'
import { letterOf, occasionsOf } from './lifecycle-letters.ts'
import { writeMail, type Mail, type Person } from './mails.ts'
import { isPassing } from '../passing.ts'
import { sweepAttempts } from '../people/attempts.ts'
import { sweepResets } from '../people/resets.ts'
import type { JobHandler } from '../queue.ts'

export const lifecycleKind = 'lifecycle'

/** One job for all workspaces, so of several processes one looks at a time. */
const job = { workspaceId: '', id: lifecycleKind }

/** Workspaces are read so many at a time, and so many are asked for at once. */
const pageSize = 100
const atOnce = 4

/** Makes sure that somebody looks, from now on. */
export async function scheduleLifecycle({ database }: Context): Promise<void> {
  await database.query(
    'insert into ken.jobs (workspace_id, id, kind) values ($1, $2, $2) on conflict (workspace_id, id) do nothing',
    [job.workspaceId, job.id],
  )
}

/** A round over all workspaces, with what nobody needs any more swept away, then a rest. Cut off at any point it is begun anew: what is written already is not written again. */
export function lifecycleJob(context: Context, { lookSeconds }: { lookSeconds: number }): JobHandler {
  return async (_job, { signal, stopping }) => {
    try {
      await Promise.all([sweepAttempts(context.database), sweepResets(context.database)])
      for (let page = await nextPage(context, ''); page.length > 0; page = await nextPage(context, page.at(-1)!.id)) {
        for (let n = 0; n < page.length; n += atOnce) {
          if (stopping()) return { again: 0 }
          signal.throwIfAborted()
          await Promise.all(page.slice(n, n + atOnce).map((workspace) => look(context, workspace, signal)))
        }
        await lookAtCredits(context, page, signal)
      }
    } catch (error) {
      if (!isPassing(error)) throw error
      context.log('warn', { error: String(error) }, 'Headroom could not be asked how workspaces stand')
    }
    return { again: lookSeconds }
  }
}

interface Workspace {
  id: string
  name: string
  /** Names the payment trouble it was last seen in; null while there is none. */
  payment_trouble: string | null
  /** The end of the period in which it was said that few leads are left. */
  credits_low_until: string | null
}

async function nextPage({ database }: Context, after: string): Promise<Workspace[]> {
  const { rows } = await database.query<Workspace>(
    `select id, name, payment_trouble, credits_low_until from ken.workspaces where id > $1 order by id limit $2`,
    [after, pageSize],
  )
  return rows
}

const inTrouble = (status: Status) => status !== 'active' && status !== 'trialing'

/** Asks the cheap question first: nearly all workspaces stand well, and usage may have to wait for a price. */
async function look(context: Context, workspace: Workspace, signal: AbortSignal): Promise<void> {
  const { headroom, log } = context
  try {
    const { status } = await headroom.workspaces.get(workspace.id, { signal, timeoutMs: 5_000, maxRetries: 1 })
    if (!inTrouble(status) && workspace.payment_trouble !== null) await forgetTrouble(context, workspace)
    if (status !== 'active') await write(context, workspace)
  } catch (error) {
    if (isPassing(error) || signal.aborted) throw error
    // One workspace that cannot be looked at keeps nobody else's mail back.
    const level = error instanceof NotFound ? 'debug' : 'error'
    log(level, { workspace: workspace.id, error: String(error) }, 'a workspace could not be looked at')
  }
}

async function write(context: Context, { id, name }: Workspace): Promise<void> {
  const { headroom, publicUrl, log } = context
  const usage = await headroom.usage(id)
  const occasions = occasionsOf(usage, inTrouble(usage.plan.status) ? await rememberTrouble(context, usage) : null)
  if (occasions.length === 0) return
  const admins = await adminsOf(context, id)
  for (const occasion of occasions) {
    const letter = letterOf(occasion, usage, { workspace: name, publicUrl })
    for (const to of admins) {
      if (!(await writeMail(context, { ...occasion, workspaceId: id, to, letter, at: usage.asOf }))) continue
      log('info', { workspace: id, ...occasion, to: to.id }, 'a mail was written')
      context.wakeWorker()
    }
  }
}

/** Whether a mail is still to be sent: what it says is still so, and its recipient still runs the workspace. */
export async function stillStands(context: Context, { workspaceId, kind, occasion, to }: Mail): Promise<boolean> {
  const usage = await context.headroom.usage(workspaceId)
  const { rows } = await context.database.query<Pick<Workspace, 'payment_trouble'>>(
    'select payment_trouble from ken.workspaces where id = $1',
    [workspaceId],
  )
  const due = occasionsOf(usage, rows[0]?.payment_trouble ?? null)
  if (!due.some((one) => one.kind === kind && one.occasion === occasion)) return false
  return (await adminsOf(context, workspaceId)).some(({ id }) => id === to.id)
}

async function adminsOf({ database, auth }: Context, workspaceId: string): Promise<Person[]> {
  const { rows } = await database.query<{ user_id: string }>(
    `select user_id from ken.members where workspace_id = $1 and role = 'admin' order by created_at, user_id`,
    [workspaceId],
  )
  return auth.people(rows.map((row) => row.user_id))
}

/**
 * Names the trouble by the end of the days of grace. A suspension may come without them: it keeps the name it has, and two processes
 * that see it first at the same moment both answer the name one of them gave it.
 */
async function rememberTrouble({ database }: Context, { workspace, plan, asOf }: UsageWire): Promise<string | null> {
  const { rows } = await database.query<{ payment_trouble: string }>(
    `update ken.workspaces set payment_trouble = coalesce($2, payment_trouble, $3) where id = $1 returning payment_trouble`,
    [workspace, plan.graceUntil, asOf],
  )
  return rows[0]?.payment_trouble ?? null
}

async function forgetTrouble({ database }: Context, { id }: Workspace): Promise<void> {
  await database.query('update ken.workspaces set payment_trouble = null where id = $1', [id])
}
