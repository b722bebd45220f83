/** A message to support: a mail to whoever answers there, that can be answered by answering it. */
import { nowOf } from '../clock.ts'
import type { Context } from '../context.ts'
import { newId, type Queryable } from '../database.ts'
import { demoWorkspace } from '../demo/demo.ts'
import { Problem } from '../http/problem.ts'
import type { Letter } from '../mail/letter.ts'
import { writeMail } from '../mail/mails.ts'
import { countAttempt, type Door } from '../people/attempts.ts'
import { readerOf, type Member } from '../people/session.ts'
import { WrongSetting } from '../sending/settings.ts'
import { email as emailField } from '../people/person.ts'

interface ContactMessage {
  message: string
  /** A receipt number or purchase id, where it is about a payment. */
  receipt?: string | undefined
  /** Who writes and where answers go, of somebody who is not signed in. */
  name?: string | undefined
  email?: string | undefined
}

/** KEN_SUPPORT_EMAIL: who reads what people write to support. */
export function supportEmailOf(value: string | undefined): string {
  if (value === undefined || value === '') return 'support@ken.example'
  const { data } = emailField.safeParse(value)
  if (data !== undefined) return data
  throw new WrongSetting('KEN_SUPPORT_EMAIL must be an email address.')
}

/** From one person. Who is signed in is known by their id: their address can be claimed by anybody. */
const fromOne: Door = {
  name: 'contact',
  most: 5,
  windowSeconds: 3_600,
  refusal: 'You have written several messages within the hour, and we have them all. Try again later.',
}
/** From one address that somebody says is theirs, and from all of them. */
const fromAddress: Door = { ...fromOne, name: 'contact-address' }
const fromStrangers: Door = {
  name: 'contact-signed-out',
  most: 100,
  windowSeconds: 3_600,
  refusal: 'Many messages have come within the hour. Sign in to write, or try again later.',
}

/**
 * Writes the mail; it goes out by itself. Answers where the answer will go. 422 where somebody who is not signed in leaves out name or
 * address, 429 for too many.
 */
export async function contactSupport(
  context: Context,
  headers: Headers,
  { message, receipt, ...said }: ContactMessage,
): Promise<{ answerTo: string }> {
  const { auth, database, supportEmail } = context
  const signedIn = await auth.whoIs(headers)
  const member = signedIn && (await readerOf(auth, database, headers, headers.get('x-workspace')))
  const { name, email } = signedIn?.user ?? mustSay(said)
  if (signedIn) await countAttempt(database, fromOne, signedIn.user.id)
  else await countStranger(database, email)
  const workspaceId = member?.workspace.id ?? (context.demo ? demoWorkspace.id : '')
  const at = workspaceId === '' ? new Date() : await nowOf(context, workspaceId)
  const written = await writeMail(context, {
    workspaceId,
    kind: 'contact',
    occasion: newId('msg'),
    to: { id: 'support', name: 'Support', email: supportEmail },
    letter: letterOf(context, { message, receipt, name, email, member }),
    at: at.toISOString(),
    replyTo: email,
  })
  if (written) context.wakeWorker()
  return { answerTo: email }
}

/** One who is refused takes nothing from what all others have. */
async function countStranger(database: Queryable, email: string): Promise<void> {
  await countAttempt(database, fromAddress, email)
  await countAttempt(database, fromStrangers, '')
}

function mustSay({ name, email }: Pick<ContactMessage, 'name' | 'email'>): { name: string; email: string } {
  if (name !== undefined && email !== undefined) return { name, email }
  const message = 'May not be empty.'
  const missing = { name, email }
  throw new Problem('invalid_request', 'Say who you are and where an answer reaches you.', {
    errors: (['name', 'email'] as const)
      .filter((path) => missing[path] === undefined)
      .map((path) => ({ path, message })),
  })
}

interface Written {
  message: string
  receipt: string | undefined
  name: string
  email: string
  member: Member | null
}

function letterOf({ publicUrl }: Context, { message, receipt, name, email, member }: Written): Letter {
  const where = member ? `${member.workspace.name} (${member.workspace.id}), ${member.role}` : 'Not signed in.'
  return {
    subject: `Message from ${name}`,
    paragraphs: [
      `${name} <${email}> writes. ${where}`,
      ...(receipt === undefined ? [] : [`Receipt or purchase: ${receipt}`]),
      ...message.split(/\n{2,}/),
    ],
    link: { label: 'The article it came from', href: `${publicUrl}/help/usage-credits-and-limits` },
    footer: `Sent from the contact form. Answer this mail to reach ${name}.`,
  }
}
