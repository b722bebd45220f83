/** The end of a campaign's job: what it leaves behind, or that there is more to do. */
import type { Context } from '../context.ts'
import { transaction, type Queryable } from '../database.ts'
import { pageLink } from '../people/links.ts'
import { notify, whyItCame } from '../people/notifications.ts'
import { finish, mustBeOurs, type Job, type JobEnd } from '../queue.ts'
import { moreToCome } from './gather.ts'

/**
 * Completes a campaign in which nobody waits any more, and takes the job of one that does not send out of the queue: each only when every
 * mail the server took has been counted. Otherwise the job looks again after `restSeconds`.
 */
export async function concludeSending(context: Context, job: Job, restSeconds: number): Promise<JobEnd> {
  const { database } = context
  if (await hasUncounted(database, job)) return { again: Math.min(restSeconds, 5) }
  if (await completes(context, job)) await tellOwner(context, job)
  return transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const state = await lockedState(connection, job)
    if (state === 'sending') return { again: restSeconds }
    await finish(connection, job)
    return 'done'
  })
}

/** True when the campaign is complete: from now on, or since a worker that did not live to say so. */
async function completes({ database }: Context, job: Job): Promise<boolean> {
  return transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const state = await lockedState(connection, job)
    if (state !== 'sending') return state === 'completed'
    if (await somebodyWaits(connection, job)) return false
    await connection.query(`update ken.campaigns set state = 'completed' where workspace_id = $1 and id = $2`, [
      job.workspaceId,
      job.id,
    ])
    return true
  })
}

async function somebodyWaits(connection: Queryable, { workspaceId, id }: Job): Promise<boolean> {
  const { rowCount } = await connection.query(
    `select 1 from ken.recipients where workspace_id = $1 and campaign_id = $2 and next_at is not null
      union all
     select 1 from ken.sends where workspace_id = $1 and campaign_id = $2 and state in ('queued', 'handed')
      limit 1`,
    [workspaceId, id],
  )
  return rowCount !== 0 || (await moreToCome(connection, { workspaceId, campaignId: id }))
}

async function hasUncounted(database: Queryable, { workspaceId, id }: Job): Promise<boolean> {
  const { rowCount } = await database.query(
    `select 1 from ken.sends where workspace_id = $1 and campaign_id = $2 and state = 'accepted' and counted_at is null limit 1`,
    [workspaceId, id],
  )
  return rowCount !== 0
}

async function lockedState(connection: Queryable, { workspaceId, id }: Job): Promise<string | undefined> {
  const { rows } = await connection.query<{ state: string }>(
    'select state from ken.campaigns where workspace_id = $1 and id = $2 for update',
    [workspaceId, id],
  )
  return rows[0]?.state
}

/** One mail for each launch that came to its end. */
async function tellOwner(context: Context, { workspaceId, id }: Job): Promise<void> {
  const { rows } = await context.database.query<Completed>(
    `select c.name, c.owner_id, w.name as workspace, s.launched_at, s.sent,
            (select max(accepted_at) from ken.sends x
              where x.workspace_id = c.workspace_id and x.campaign_id = c.id and x.state = 'accepted') as last_sent_at
       from ken.campaigns c
       join ken.workspaces w on w.id = c.workspace_id
       join ken.sendings s on s.workspace_id = c.workspace_id and s.campaign_id = c.id
      where c.workspace_id = $1 and c.id = $2`,
    [workspaceId, id],
  )
  const { name, owner_id: owner, workspace, launched_at: launched, last_sent_at: last, sent } = rows[0]!
  await notify(context, {
    workspaceId,
    kind: 'campaign_completed',
    occasion: `${id} ${launched.toISOString()}`,
    to: [owner],
    letter: {
      subject: `"${name}" is completed`,
      paragraphs: [
        `Everybody in the campaign "${name}" has got its mails: ${new Intl.NumberFormat('en-US').format(sent)} ${sent === 1 ? 'was' : 'were'} sent.`,
      ],
      link: { label: 'See the campaign', href: pageLink(context.publicUrl, workspaceId, `/campaigns/${id}`) },
      footer: whyItCame(workspace),
    },
    at: (last ?? launched).toISOString(),
  })
}

interface Completed {
  name: string
  owner_id: string
  workspace: string
  launched_at: Date
  last_sent_at: Date | null
  sent: number
}
