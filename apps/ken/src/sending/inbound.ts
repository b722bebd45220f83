/** The doors through which recipients reach us: an answer brought by a mail server, a link, and in a mailbox in the app both by hand. */
import * as z from 'zod'
import type { Context } from '../context.ts'
import { notFound, Problem } from '../http/problem.ts'
import { mustSeeCampaign, type Member } from '../people/session.ts'
import { showSubscription, takeReply, unsubscribe } from './endings.ts'
import type { SubscriptionView } from './sending-view.ts'
import { isSame, readToken } from './tokens.ts'

/** What a mail server's hook sends; whatever else stands in it is none of ours. */
export const inboundMail = z.object({
  to: z.string().max(2_000),
  from: z.string().max(500),
  subject: z.string().max(1_000).default(''),
  text: z.string(),
  /** The header of that name, where the mail has it (RFC 3834): "auto-replied" says that nobody has written it. */
  autoSubmitted: z.string().max(1_000).default('no'),
})

export const recipientAnswer = z.strictObject({ text: z.string().trim().min(1, 'May not be empty.').max(10_000) })

/** Refuses whoever does not bring the secret, and everyone where none is set. */
export function mustBeInbound({ inboundSecret }: Context, request: Request): void {
  if (inboundSecret === null) throw notFound()
  const given = /^Bearer (\S+)$/i.exec(request.headers.get('authorization') ?? '')?.[1] ?? ''
  if (!isSame(given, inboundSecret)) throw new Problem('unauthenticated', 'Give KEN_INBOUND_SECRET as a bearer token.')
}

/** 404 when it is addressed to nobody we wrote to. That somebody is away, said by a machine, is no answer and ends nothing. */
export async function receiveMail(context: Context, mail: z.infer<typeof inboundMail>): Promise<void> {
  const { to, from, subject, text, autoSubmitted } = mail
  const tokens = [...to.matchAll(/reply\+([0-9a-f]{56})@/gi)].map(([, token]) => token!)
  for (const token of tokens) {
    const recipientId = readToken(context.secret, 'reply', token)
    const answer = { from: visible(from), subject: visible(subject), text: visible(text).slice(0, 50_000) }
    if (recipientId === null) continue
    const isTaken = isByMachine(autoSubmitted)
      ? (await showSubscription(context.database, recipientId)) !== null
      : await takeReply(context, recipientId, answer)
    if (isTaken) return
  }
  throw notFound()
}

/** What follows a semicolon or stands in brackets is a comment on it. */
const isByMachine = (autoSubmitted: string) => !/^\s*no\s*(?:[;(]|$)/i.test(autoSubmitted)

/** PostgreSQL keeps every character but this one. */
const visible = (text: string) => text.replaceAll('\0', '')

export async function readSubscription({ database, secret }: Context, token: string): Promise<SubscriptionView> {
  const recipientId = readToken(secret, 'unsubscribe', token)
  const found = recipientId === null ? null : await showSubscription(database, recipientId)
  if (!found) throw notFound()
  return found
}

export async function endSubscription(context: Context, token: string): Promise<SubscriptionView> {
  const recipientId = readToken(context.secret, 'unsubscribe', token)
  const ended = recipientId === null ? null : await unsubscribe(context, recipientId)
  if (!ended) throw notFound()
  return ended
}

/** The recipient of a mail that stands in the mailbox, for who plays them there; a mail this member may not read is not there. */
async function played(
  context: Context,
  member: Member,
  sendId: string,
): Promise<{ id: string; email: string; subject: string }> {
  if (!context.mailbox) throw notFound()
  const { rows } = await context.database.query<{ campaign_id: string; id: string; email: string; subject: string }>(
    `select campaign_id, recipient_id as id, email, subject from ken.sends
      where workspace_id = $1 and id = $2 and state = 'accepted'`,
    [member.workspace.id, sendId],
  )
  const found = rows[0]
  if (!found) throw notFound()
  await mustSeeCampaign(context.database, member, found.campaign_id)
  return found
}

export async function replyAsRecipient(context: Context, member: Member, sendId: string, text: string): Promise<void> {
  const { id, email, subject } = await played(context, member, sendId)
  await takeReply(context, id, { from: email, subject: `Re: ${subject}`, text: visible(text) })
}

export async function unsubscribeAsRecipient(context: Context, member: Member, sendId: string): Promise<void> {
  await unsubscribe(context, (await played(context, member, sendId)).id)
}
