/** Writes the next mails of a campaign: each together with its recipient's step, in one transaction, before anything leaves. */
import type pg from 'pg'
import { newId, transaction, type Database } from '../database.ts'
import type { Contact } from '../imports/contact.ts'
import { oneLine } from '../mail/letter.ts'
import { mustBeOurs, renew, type Job } from '../queue.ts'
import { filledIn } from './campaign-mail.ts'
import { roomOn, takeRoom } from './capacity.ts'
import { suppressed } from './gather.ts'
import { nextOpening, type Schedule } from './schedule.ts'
import { readSequence, type SequenceStep } from './sequence.ts'

const batchMails = 100

interface Due {
  id: string
  step: number
  contact: Contact
  suppressed: boolean
}

/**
 * Writes up to a hundred mails that are due at `at`, none while the campaign does not send, its schedule is shut or the day's capacity is
 * used up. Answers how many recipients it has dealt with; 0 means that nothing is due now.
 */
export async function writeBatch(
  database: Database,
  job: Job,
  { at, perDay }: { at: Date; perDay: number },
): Promise<number> {
  return transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    const schedule = await sendingSchedule(connection, job)
    if (!schedule || nextOpening(schedule, at) > at) return 0
    const room = await roomOn(connection, job.workspaceId, { at, perDay })
    const due = room === 0 ? [] : await dueRecipients(connection, job, { at, limit: Math.min(batchMails, room) })
    if (due.length === 0) return 0
    const steps = await readSequence(connection, { workspaceId: job.workspaceId, campaignId: job.id })
    const unwilling = due.filter((one) => one.suppressed)
    const through = due.filter((one) => !one.suppressed && one.step >= steps.length)
    const writing = due.filter((one) => !one.suppressed && one.step < steps.length)
    await endThem(connection, job, unwilling, { state: 'unsubscribed', reason: suppressed })
    await endThem(connection, job, through, { state: 'finished', reason: null })
    await write(connection, job, { writing, steps, at })
    await renew(connection, job, { progress: true })
    return due.length
  })
}

/** The schedule of a campaign that sends, or null. Whoever pauses it waits until the transaction ends. */
async function sendingSchedule(connection: pg.PoolClient, job: Job): Promise<Schedule | null> {
  const { rows } = await connection.query<{ schedule: Schedule }>(
    `select s.schedule
       from ken.campaigns c join ken.sendings s on s.workspace_id = c.workspace_id and s.campaign_id = c.id
      where c.workspace_id = $1 and c.id = $2 and c.state = 'sending' for share of c`,
    [job.workspaceId, job.id],
  )
  return rows[0]?.schedule ?? null
}

/** Those who have waited longest, then in the order of their imports. */
async function dueRecipients(
  connection: pg.PoolClient,
  job: Job,
  { at, limit }: { at: Date; limit: number },
): Promise<Due[]> {
  const { rows } = await connection.query<Due>(
    `select r.id, r.step, c.contact, s.email_hash is not null as suppressed
       from ken.recipients r
       join ken.contacts c on c.workspace_id = r.workspace_id and c.import_id = r.import_id and c.row = r.row
       left join ken.suppressions s on s.workspace_id = r.workspace_id and s.email_hash = r.email_hash
      where r.workspace_id = $1 and r.campaign_id = $2 and r.next_at <= $3
      order by r.next_at, r.import_id, r.row
      limit $4
        for update of r skip locked`,
    [job.workspaceId, job.id, at, limit],
  )
  return rows
}

async function endThem(
  connection: pg.PoolClient,
  job: Job,
  recipients: Due[],
  { state, reason }: { state: 'unsubscribed' | 'finished'; reason: string | null },
): Promise<void> {
  if (recipients.length === 0) return
  await connection.query(
    'update ken.recipients set state = $3, reason = $4, next_at = null where workspace_id = $1 and id = any($2)',
    [job.workspaceId, recipients.map(({ id }) => id), state, reason],
  )
}

async function write(
  connection: pg.PoolClient,
  job: Job,
  { writing, steps, at }: { writing: Due[]; steps: SequenceStep[]; at: Date },
): Promise<void> {
  if (writing.length === 0) return
  const mails = writing.map(({ id, step, contact }) => ({
    id: newId('snd'),
    recipientId: id,
    step: step + 1,
    name: oneLine(contact.name ?? ''),
    email: contact.email!,
    subject: oneLine(filledIn(steps[step]!.subject, contact)),
    body: filledIn(steps[step]!.body, contact),
  }))
  await connection.query(
    `with mail as (
       insert into ken.sends (workspace_id, campaign_id, written_at, id, recipient_id, step, name, email, subject, body)
       select $1, $2, $3, m.* from unnest($4::text[], $5::text[], $6::integer[], $7::text[], $8::text[], $9::text[], $10::text[])
         as m (id, recipient_id, step, name, email, subject, body)
       returning recipient_id, step
     )
     update ken.recipients r set step = m.step, state = 'active', next_at = null
       from mail m where r.workspace_id = $1 and r.id = m.recipient_id`,
    [
      job.workspaceId,
      job.id,
      at,
      mails.map((mail) => mail.id),
      mails.map((mail) => mail.recipientId),
      mails.map((mail) => mail.step),
      mails.map((mail) => mail.name),
      mails.map((mail) => mail.email),
      mails.map((mail) => mail.subject),
      mails.map((mail) => mail.body),
    ],
  )
  await takeRoom(connection, job.workspaceId, at, mails.length)
}
