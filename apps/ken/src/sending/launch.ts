/** What people do with a campaign's sending: launch, pause, resume, its schedule, its sequence. The work itself is job.ts. */
import type { Context } from '../context.ts'
import { nowOf } from '../clock.ts'
import { transaction, type Queryable } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { mustSeeCampaign, type Member } from '../people/session.ts'
import { ensureDue } from '../queue.ts'
import { everyHour, mustStartInTime, type Schedule } from './schedule.ts'
import { readSequence, writeSequence, type SequenceStep } from './sequence.ts'
import { whyNotLaunch } from './standing.ts'
import type { SequenceView } from './sending-view.ts'

export const sendingKind = 'sending'

/**
 * Starts sending to everybody the campaign has found. Never refused for want of sends; 409 where there is nothing to send or nobody to
 * send it to. Asked again while it sends it changes nothing, but for a schedule that is given.
 */
export async function launch(
  context: Context,
  member: Member,
  campaignId: string,
  schedule: Schedule | null,
): Promise<void> {
  const { database } = context
  const campaign = { workspaceId: member.workspace.id, campaignId }
  await mustSeeCampaign(database, member, campaignId)
  const at = await nowOf(context, campaign.workspaceId)
  if (schedule !== null) mustStartInTime(schedule, at)
  await transaction(database, async (connection) => {
    // The job's row first, as its worker does: whoever comes second waits, and nobody in a circle.
    await ensureDue(connection, { workspaceId: campaign.workspaceId, id: campaignId, kind: sendingKind })
    const state = await lockedState(connection, campaign)
    if (state !== 'sending' && state !== 'paused' && state !== 'error') {
      const whyNot = await whyNotLaunch(connection, campaign)
      if (whyNot !== null) throw new Problem('conflict', whyNot)
    }
    await connection.query(
      // What its mails are counted under stays its name at the first launch: a use that is told again has to say the same.
      `insert into ken.sendings (workspace_id, campaign_id, schedule, launched_at, reference)
       select workspace_id, id, coalesce($4::jsonb, $3::jsonb), $5::timestamptz, name from ken.campaigns where workspace_id = $1 and id = $2
       on conflict (workspace_id, campaign_id) do update
          set schedule = coalesce($4::jsonb, sendings.schedule), reference = coalesce(sendings.reference, excluded.reference),
              launched_at = case when $6 then sendings.launched_at else excluded.launched_at end`,
      [
        campaign.workspaceId,
        campaignId,
        JSON.stringify(everyHour),
        schedule === null ? null : JSON.stringify(schedule),
        at,
        state === 'sending' || state === 'paused' || state === 'error',
      ],
    )
    await setSending(connection, campaign)
  })
  context.wakeWorker()
}

/** No mail leaves from here on but those the mail server is being given. Asked again, or while nothing is sent, it changes nothing. */
export async function pause({ database }: Context, member: Member, campaignId: string): Promise<void> {
  await mustSeeCampaign(database, member, campaignId)
  await database.query(
    `update ken.campaigns set state = 'paused' where workspace_id = $1 and id = $2 and state = 'sending'`,
    [member.workspace.id, campaignId],
  )
}

/** Goes on where it was paused, or where it came to a halt. While it sends it changes nothing. */
export async function resume(context: Context, member: Member, campaignId: string): Promise<void> {
  const campaign = { workspaceId: member.workspace.id, campaignId }
  await mustSeeCampaign(context.database, member, campaignId)
  await transaction(context.database, async (connection) => {
    await ensureDue(connection, { workspaceId: campaign.workspaceId, id: campaignId, kind: sendingKind })
    const state = await lockedState(connection, campaign)
    if (state !== 'sending' && state !== 'paused' && state !== 'error') {
      throw new Problem('conflict', 'This campaign is not paused.')
    }
    await setSending(connection, campaign)
  })
  context.wakeWorker()
}

/** From now on mails leave by this schedule; also while it sends. */
export async function setSchedule(
  context: Context,
  member: Member,
  campaignId: string,
  schedule: Schedule,
): Promise<void> {
  const { database } = context
  await mustSeeCampaign(database, member, campaignId)
  mustStartInTime(schedule, await nowOf(context, member.workspace.id))
  await database.query(
    `insert into ken.sendings (workspace_id, campaign_id, schedule) values ($1, $2, $3)
     on conflict (workspace_id, campaign_id) do update set schedule = excluded.schedule`,
    [member.workspace.id, campaignId, JSON.stringify(schedule)],
  )
  await hurry(database, { workspaceId: member.workspace.id, campaignId })
  context.wakeWorker()
}

/** Its job, where there is one, looks now: what it waits for may have changed. */
export async function hurry(
  database: Queryable,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
): Promise<void> {
  await database.query('update ken.jobs set run_at = now() where workspace_id = $1 and id = $2 and run_at > now()', [
    workspaceId,
    campaignId,
  ])
}

export async function showSequence(context: Context, member: Member, campaignId: string): Promise<SequenceView> {
  const { database } = context
  await mustSeeCampaign(database, member, campaignId)
  const campaign = { workspaceId: member.workspace.id, campaignId }
  const { rows } = await database.query<{ state: string }>(
    'select state from ken.campaigns where workspace_id = $1 and id = $2',
    [campaign.workspaceId, campaignId],
  )
  return { steps: await readSequence(database, campaign), editable: rows[0]?.state !== 'sending' }
}

/**
 * Puts these steps in the place of the campaign's. Refused (409) while it sends, and where a step would go that somebody has got: those
 * keep their number, though their text may change for who comes after. Who waits for a next step waits as long as it says now.
 */
export async function replaceSequence(
  context: Context,
  member: Member,
  campaignId: string,
  steps: SequenceStep[],
): Promise<void> {
  const campaign = { workspaceId: member.workspace.id, campaignId }
  await mustSeeCampaign(context.database, member, campaignId)
  await transaction(context.database, async (connection) => {
    if ((await lockedState(connection, campaign)) === 'sending') {
      throw new Problem('conflict', 'This campaign is sending: pause it to change its sequence.')
    }
    const last = await lastWrittenStep(connection, campaign)
    if (steps.length < last) {
      throw new Problem('conflict', `Step ${last} has gone out already: it can be rewritten, and cannot be removed.`)
    }
    await writeSequence(connection, campaign, steps)
    await connection.query(
      `update ken.recipients r
          set next_at = r.last_sent_at + make_interval(days => q.wait_days),
              state = case when q.step is null then 'finished' else r.state end
         from ken.recipients k
         left join ken.sequence_steps q on q.workspace_id = k.workspace_id and q.campaign_id = k.campaign_id and q.step = k.step + 1
        where k.workspace_id = $1 and k.campaign_id = $2 and k.state = 'active' and k.next_at is not null
          and r.workspace_id = k.workspace_id and r.id = k.id`,
      [campaign.workspaceId, campaignId],
    )
  })
}

async function lastWrittenStep(
  connection: Queryable,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
): Promise<number> {
  const { rows } = await connection.query<{ last: number }>(
    'select coalesce(max(step), 0) as last from ken.sends where workspace_id = $1 and campaign_id = $2',
    [workspaceId, campaignId],
  )
  return rows[0]!.last
}

async function lockedState(
  connection: Queryable,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
): Promise<string> {
  const { rows } = await connection.query<{ state: string }>(
    'select state from ken.campaigns where workspace_id = $1 and id = $2 for update',
    [workspaceId, campaignId],
  )
  return rows[0]!.state
}

async function setSending(
  connection: Queryable,
  { workspaceId, campaignId }: { workspaceId: string; campaignId: string },
): Promise<void> {
  await connection.query(
    `with fresh as (update ken.sendings set failures = 0 where workspace_id = $1 and campaign_id = $2)
     update ken.campaigns set state = 'sending' where workspace_id = $1 and id = $2`,
    [workspaceId, campaignId],
  )
}
