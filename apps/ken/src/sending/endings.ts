/** What ends a sequence early: an answer, and a no. Both are final for their recipient, and done in one transaction. */
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { newId, transaction, type Queryable } from '../database.ts'
import { pageLink } from '../people/links.ts'
import { notify, whyItCame } from '../people/notifications.ts'
import { hurry } from './launch.ts'
import { dropQueued } from './sends.ts'
import type { SubscriptionView } from './sending-view.ts'

interface Recipient {
  workspaceId: string
  id: string
  campaignId: string
  emailHash: string
}

export interface Answer {
  from: string
  subject: string
  text: string
}

/**
 * Takes what a recipient answered: no further mail goes to them but one the mail server is being given already, and the campaign's owner
 * is told. False when there is no such recipient. The same answer brought again is kept once.
 */
export async function takeReply(context: Context, recipientId: string, answer: Answer): Promise<boolean> {
  const recipient = await findRecipient(context.database, recipientId)
  if (!recipient) return false
  const { workspaceId, id } = recipient
  const at = await nowOf(context, workspaceId)
  await transaction(context.database, async (connection) => {
    await connection.query(
      `update ken.recipients set state = 'replied', next_at = null, reason = null
        where workspace_id = $1 and id = $2 and state in ('waiting', 'active', 'finished')`,
      [workspaceId, id],
    )
    await dropQueued(connection, workspaceId, [id])
    await connection.query(
      `insert into ken.replies (workspace_id, id, recipient_id, sender, subject, text, at)
       select $1, $2, $3, $4, $5, $6, $7
        where not exists (select from ken.replies
                           where workspace_id = $1 and recipient_id = $3 and subject = $5 and text = $6)`,
      [workspaceId, newId('rpl'), id, answer.from, answer.subject, answer.text, at],
    )
  })
  await tellOwner(context, recipient, answer, at)
  await hurry(context.database, recipient)
  context.wakeWorker()
  return true
}

/**
 * The person behind this address wants no more mails: none of this workspace's campaigns writes to it again, now or later. Null when there
 * is no such recipient. Asked again it changes nothing.
 */
export async function unsubscribe(context: Context, recipientId: string): Promise<SubscriptionView | null> {
  const recipient = await findRecipient(context.database, recipientId)
  if (!recipient) return null
  const { workspaceId, emailHash } = recipient
  const at = await nowOf(context, workspaceId)
  const ended = await transaction(context.database, async (connection) => {
    await connection.query(
      `insert into ken.suppressions (workspace_id, email_hash, at, recipient_id) values ($1, $2, $3, $4) on conflict do nothing`,
      [workspaceId, emailHash, at, recipientId],
    )
    const { rows } = await connection.query<{ id: string; campaign_id: string }>(
      `update ken.recipients set state = 'unsubscribed', next_at = null, reason = null
        where workspace_id = $1 and email_hash = $2
          and (state in ('waiting', 'active') or (id = $3 and state in ('finished', 'replied')))
       returning id, campaign_id`,
      [workspaceId, emailHash, recipientId],
    )
    await dropQueued(
      connection,
      workspaceId,
      rows.map(({ id }) => id),
    )
    return rows
  })
  for (const { campaign_id: campaignId } of ended) await hurry(context.database, { workspaceId, campaignId })
  context.wakeWorker()
  return showSubscription(context.database, recipientId)
}

/** Whether this person gets mails of the workspace; null when there is no such recipient. */
export async function showSubscription(database: Queryable, recipientId: string): Promise<SubscriptionView | null> {
  const { rows } = await database.query<{ workspace: string; email: string; ended: boolean }>(
    `select w.name as workspace, c.contact ->> 'email' as email,
            exists (select from ken.suppressions s where s.workspace_id = r.workspace_id and s.email_hash = r.email_hash) as ended
       from ken.recipients r
       join ken.workspaces w on w.id = r.workspace_id
       join ken.contacts c on c.workspace_id = r.workspace_id and c.import_id = r.import_id and c.row = r.row
      where r.id = $1`,
    [recipientId],
  )
  const found = rows[0]
  if (!found) return null
  const { workspace, email, ended } = found
  return { workspace, email: masked(email), state: ended ? 'unsubscribed' : 'subscribed' }
}

/** "a…@firm.example": enough for its owner to know it, and for nobody else to use it. */
const masked = (email: string): string => `${Array.from(email)[0] ?? ''}…${email.slice(email.lastIndexOf('@'))}`

async function findRecipient(database: Queryable, id: string): Promise<Recipient | null> {
  const { rows } = await database.query<Recipient>(
    `select workspace_id as "workspaceId", id, campaign_id as "campaignId", email_hash as "emailHash"
       from ken.recipients where id = $1`,
    [id],
  )
  return rows[0] ?? null
}

/** One mail for each recipient who answers, with what they wrote first. */
async function tellOwner(
  context: Context,
  { workspaceId, id, campaignId }: Recipient,
  { from, text }: Answer,
  at: Date,
): Promise<void> {
  const { rows } = await context.database.query<{ name: string; owner_id: string; workspace: string; person: string }>(
    `select c.name, c.owner_id, w.name as workspace, coalesce(k.contact ->> 'name', k.contact ->> 'email') as person
       from ken.recipients r
       join ken.campaigns c on c.workspace_id = r.workspace_id and c.id = r.campaign_id
       join ken.workspaces w on w.id = r.workspace_id
       join ken.contacts k on k.workspace_id = r.workspace_id and k.import_id = r.import_id and k.row = r.row
      where r.workspace_id = $1 and r.id = $2`,
    [workspaceId, id],
  )
  const { name, owner_id: owner, workspace, person } = rows[0]!
  const said = Array.from(text.trim()).slice(0, 2_000).join('')
  await notify(context, {
    workspaceId,
    kind: 'reply_received',
    occasion: id,
    to: [owner],
    letter: {
      subject: `${person} answered "${name}"`,
      paragraphs: [
        `${person} (${from}) answered a mail of the campaign "${name}" and gets no more of its mails.`,
        ...(said === '' ? [] : [said]),
      ],
      link: { label: 'See the campaign', href: pageLink(context.publicUrl, workspaceId, `/campaigns/${campaignId}`) },
      footer: whyItCame(workspace),
    },
    at: at.toISOString(),
  })
}
