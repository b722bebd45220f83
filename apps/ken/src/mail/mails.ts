/**
 * Mails that are to be sent: written down first, once for each occasion and recipient, then handed over by a job that tries again until
 * the mail server takes them. A mail can go out twice when a process dies between the two; its Message-ID, made from the row's id, is
 * the same then.
 */
import type { Context } from '../context.ts'
import { newId, transaction, type Database } from '../database.ts'
import { bodiesOf, oneLine, type Letter } from './letter.ts'
import { seal, withToken } from './sealed.ts'
import { isRefusedForGood } from './transport.ts'
import { isPassing } from '../passing.ts'
import { enqueue, finish, mustBeOurs, type Job, type JobHandler } from '../queue.ts'

export const mailKind = 'mail'

export interface Person {
  id: string
  name: string
  email: string
}

/** About payments and trials: what Headroom says of the workspace calls for them. */
export type LifecycleKind = 'payment_failed' | 'suspension_warning' | 'suspended' | 'trial_ending'
export type MailKind =
  | LifecycleKind
  | 'invitation'
  | 'password_reset'
  | 'import_finished'
  | 'campaign_completed'
  | 'reply_received'
  | 'credits_low'
  | 'contact'

/** What a mail is about: one mail for each of these and each recipient. */
export interface Occasion<Kind extends MailKind = MailKind> {
  kind: Kind
  /** Tells two of a kind apart, such as the instant a payment has to be made by. */
  occasion: string
}

export interface Mail extends Occasion {
  workspaceId: string
  id: string
  to: Person
  subject: string
  text: string
  html: string
  at: Date
  /** Where an answer goes; null: nobody wants one. */
  replyTo: string | null
}

/**
 * Writes a mail and the job that sends it. True when it was not there yet; one that was dropped in time is taken up again. A `token`
 * stands in the letter as `tokenPlace` and is kept sealed.
 */
export async function writeMail(
  { database, secret }: Pick<Context, 'database' | 'secret'>,
  mail: Occasion & { workspaceId: string; to: Person; letter: Letter; at: string; token?: string; replyTo?: string },
): Promise<boolean> {
  const { workspaceId, kind, occasion, to, letter, at, token, replyTo = null } = mail
  const { text, html } = bodiesOf(to.name, letter)
  const sealed = token === undefined ? null : seal(secret, token)
  const values = [workspaceId, newId('mail'), kind, occasion, to.id, oneLine(to.name), to.email]
  return transaction(database, async (connection) => {
    const { rows } = await connection.query<{ id: string }>(
      `insert into ken.mails (workspace_id, id, kind, occasion, recipient_id, name, email, subject, text, html, written_at, sealed_token, reply_to)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
       on conflict on constraint mails_once_per_occasion do update
          set state = 'queued', subject = excluded.subject, text = excluded.text, html = excluded.html,
              name = excluded.name, email = excluded.email, written_at = excluded.written_at,
              sealed_token = excluded.sealed_token, reply_to = excluded.reply_to
        where mails.state = 'dropped'
       returning id`,
      [...values, oneLine(letter.subject), text, html, at, sealed, replyTo],
    )
    const id = rows[0]?.id
    if (id !== undefined) await enqueue(connection, { workspaceId, id, kind: mailKind, heldSeconds: 0 })
    return id !== undefined
  })
}

/** Sends one mail. `stands` is asked before each try: a mail whose occasion has passed is dropped, not sent late. */
export function mailJob(context: Context, stands: (mail: Mail) => Promise<boolean>): JobHandler {
  const { database, transport, log } = context
  return async (job, { signal, stopping }) => {
    const mail = await queued(context, job)
    if (mail === null) return end(database, job)
    if (stopping()) return { again: 0 }
    try {
      if (!(await stands(mail))) return await end(database, job, 'dropped')
    } catch (error) {
      if (!isPassing(error)) throw error
      log('warn', { mail: mail.id, error: String(error) }, 'Headroom could not be asked; a mail waits')
      return { again: 5 }
    }
    const attempts = await countAttempt(database, mail)
    try {
      await transport.deliver(mail, signal)
    } catch (error) {
      // The outcome is unknown; whoever has the job next sends it under the same Message-ID.
      if (signal.aborted) return { again: 0 }
      const { message } = error as Error
      if (isRefusedForGood(error)) {
        log('error', { mail: mail.id, error: message }, 'the mail server refused a mail for good')
        return end(database, job, 'failed', message)
      }
      log('warn', { mail: mail.id, attempts, error: message }, 'a mail could not be sent and will be tried again')
      await noteFault(database, mail, message)
      return { again: backoffSeconds(attempts) }
    }
    return end(database, job, 'sent')
  }
}

/** 2, 4, 8 … seconds, at the most a quarter of an hour; without end, as each try asks first whether the mail still stands. */
const backoffSeconds = (attempts: number) => Math.min(900, 2 ** Math.min(attempts, 10))

async function queued({ database, secret }: Context, job: Job): Promise<Mail | null> {
  const { rows } = await database.query<
    Occasion & Person & Omit<Mail, 'to' | 'workspaceId'> & { recipient_id: string; sealed_token: string | null }
  >(
    `select id, kind, occasion, recipient_id, name, email, subject, text, html, sealed_token, reply_to as "replyTo", written_at as at
       from ken.mails where workspace_id = $1 and id = $2 and state = 'queued'`,
    [job.workspaceId, job.id],
  )
  const row = rows[0]
  if (!row) return null
  const { recipient_id: id, name, email, sealed_token: sealed, ...mail } = row
  const [text, html] = [withToken(secret, sealed, mail.text), withToken(secret, sealed, mail.html)]
  return { ...mail, text, html, workspaceId: job.workspaceId, to: { id, name, email } }
}

/** Counted before the mail leaves, so that a process that dies over it has counted too. */
async function countAttempt(database: Database, { workspaceId, id }: Mail): Promise<number> {
  const { rows } = await database.query<{ attempts: number }>(
    `update ken.mails set attempts = attempts + 1 where workspace_id = $1 and id = $2 returning attempts`,
    [workspaceId, id],
  )
  return rows[0]!.attempts
}

async function noteFault(database: Database, { workspaceId, id }: Mail, fault: string): Promise<void> {
  await database.query(`update ken.mails set fault = $3 where workspace_id = $1 and id = $2`, [workspaceId, id, fault])
}

/** Takes the job out of the queue, and says of the mail what came of it. */
async function end(
  database: Database,
  job: Job,
  state: 'sent' | 'dropped' | 'failed' | null = null,
  fault: string | null = null,
): Promise<'done'> {
  await transaction(database, async (connection) => {
    await mustBeOurs(connection, job)
    if (state !== null) {
      await connection.query(
        `update ken.mails
            set state = $3, fault = $4, sent_at = case when $3 = 'sent' then now() end
          where workspace_id = $1 and id = $2`,
        [job.workspaceId, job.id, state, fault],
      )
    }
    await finish(connection, job)
  })
  return 'done'
}
