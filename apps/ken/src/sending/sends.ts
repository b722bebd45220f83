/**
 * The mails of a campaign as rows. Each is written before it leaves, then goes through: queued → handed (to the mail server, which has not
 * answered yet) → accepted or failed. A mail stays handed while nobody knows whether it left; it is handed over again until that is known.
 */
import { transaction, type Database, type Queryable } from '../database.ts'
import { mustBeOurs, type Job } from '../queue.ts'
import type { WrittenMail } from './campaign-mail.ts'

export interface Send extends WrittenMail {
  /** How often it has been handed over, this time included. */
  attempts: number
}

/** Mails that a process handed over and did not see the answer to are due again. Call once when a job begins. */
export async function takeUpHanded(database: Database, job: Job): Promise<void> {
  await transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    await connection.query(
      `update ken.sends set try_at = now()
        where workspace_id = $1 and campaign_id = $2 and state = 'handed' and try_at is null`,
      [job.workspaceId, job.id],
    )
  })
}

/** Takes up to so many mails that are due and marks them as handed over: none while the campaign does not send, or the job is another's. */
export async function claimSends(database: Queryable, job: Job, limit: number): Promise<Send[]> {
  const { rows } = await database.query<Send>(
    `with ours as (
       select 1 from ken.jobs where workspace_id = $1 and id = $2 and fence = $3 for update
     ), due as materialized (
       select s.id
         from ken.sends s
        where s.workspace_id = $1 and s.campaign_id = $2 and s.state in ('queued', 'handed') and s.try_at <= now()
          and exists (select from ours)
          and exists (select from ken.campaigns c where c.workspace_id = $1 and c.id = $2 and c.state = 'sending')
        order by s.try_at, s.id
        limit $4
          for update of s skip locked
     )
     update ken.sends s
        set state = 'handed', try_at = null, attempts = s.attempts + 1
       from due
      where s.workspace_id = $1 and s.id = due.id
     returning s.id, s.recipient_id as "recipientId", s.name, s.email, s.subject, s.body, s.attempts`,
    [job.workspaceId, job.id, job.fence, limit],
  )
  return rows
}

/**
 * The mail server took these. Noted by whoever knows it, also by a worker whose job is someone else's by now: it is a fact. The recipients
 * wait for the next step from then on, or are through.
 */
export async function noteAccepted(
  database: Queryable,
  { workspaceId, id: campaignId }: Pick<Job, 'workspaceId' | 'id'>,
  taken: { id: string; at: Date }[],
): Promise<void> {
  await database.query(
    `with done as (
       update ken.sends s
          set state = 'accepted', accepted_at = t.at, try_at = null, fault = null
         from unnest($3::text[], $4::timestamptz[]) as t (id, at)
        where s.workspace_id = $1 and s.id = t.id and s.state <> 'accepted'
       returning s.recipient_id, s.step, s.accepted_at
     ), figure as (
       update ken.sendings set sent = sent + (select count(*) from done) where workspace_id = $1 and campaign_id = $2
     )
     update ken.recipients r
        set last_sent_at = d.accepted_at,
            next_at = case when r.state = 'active' and r.step = d.step then d.accepted_at + make_interval(days => q.wait_days)
                           else r.next_at end,
            state = case when r.state = 'active' and r.step = d.step and q.step is null then 'finished' else r.state end
       from done d
       left join ken.sequence_steps q on q.workspace_id = $1 and q.campaign_id = $2 and q.step = d.step + 1
      where r.workspace_id = $1 and r.id = d.recipient_id`,
    [workspaceId, campaignId, taken.map(({ id }) => id), taken.map(({ at }) => at)],
  )
}

/** The mail server refused this mail for good: its recipient gets no more. */
export async function noteRefused(
  database: Queryable,
  { workspaceId }: Pick<Job, 'workspaceId'>,
  { id, fault, reason }: { id: string; fault: string; reason: string },
): Promise<void> {
  await database.query(
    `with done as (
       update ken.sends set state = 'failed', fault = $3, try_at = null
        where workspace_id = $1 and id = $2 and state = 'handed'
       returning recipient_id
     )
     update ken.recipients r set state = 'failed', next_at = null, reason = $4
       from done d where r.workspace_id = $1 and r.id = d.recipient_id and r.state = 'active'`,
    [workspaceId, id, fault, reason],
  )
}

/** It could not be handed over now. One that did not leave goes back, unless its recipient has ended; one that may have left stays handed. */
export async function noteFault(
  database: Database,
  { workspaceId }: Pick<Job, 'workspaceId'>,
  { id, fault, left, afterSeconds }: { id: string; fault: string; left: 'not_taken' | 'unknown'; afterSeconds: number },
): Promise<void> {
  await transaction(database, async (connection) => {
    // Locked first, so that a reply that comes at this moment either ends the recipient before or finds the mail in the queue.
    const { rows } = await connection.query<{ state: string }>(
      `select r.state from ken.recipients r
         join ken.sends s on s.workspace_id = r.workspace_id and s.recipient_id = r.id
        where s.workspace_id = $1 and s.id = $2 for update of r`,
      [workspaceId, id],
    )
    const state = left === 'unknown' ? 'handed' : rows[0]?.state === 'active' ? 'queued' : 'dropped'
    await connection.query(
      `update ken.sends
          set state = $3, fault = $4, try_at = case when $3 <> 'dropped' then now() + make_interval(secs => $5) end
        where workspace_id = $1 and id = $2 and state = 'handed'`,
      [workspaceId, id, state, fault, afterSeconds],
    )
  })
}

/** Mails of a recipient who has ended that have not been handed over do not go out. Call within a transaction that has ended it. */
export async function dropQueued(connection: Queryable, workspaceId: string, recipientIds: string[]): Promise<void> {
  await connection.query(
    `update ken.sends set state = 'dropped', try_at = null
      where workspace_id = $1 and recipient_id = any($2) and state = 'queued'`,
    [workspaceId, recipientIds],
  )
}
