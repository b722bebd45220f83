/** A mail of a sequence: the text its owner wrote, filled in for one recipient, as a letter in text and in HTML that says the same. */
import type { Context } from '../context.ts'
import type { Contact } from '../imports/contact.ts'
import { escaped, oneLine } from '../mail/letter.ts'
import type { OutgoingMail } from '../mail/transport.ts'
import { writeToken } from './tokens.ts'

/** What stands where nothing is known of a contact, so that every sentence still reads. */
const known: Record<string, { of: (contact: Contact) => string | undefined; otherwise: string }> = {
  firstname: { of: firstNameOf, otherwise: 'there' },
  lastname: { of: lastNameOf, otherwise: '' },
  name: { of: ({ name }) => name, otherwise: 'there' },
  company: { of: ({ company }) => company, otherwise: 'your company' },
  title: { of: ({ title }) => title, otherwise: 'your role' },
  country: { of: ({ country }) => country, otherwise: 'your country' },
  industry: { of: ({ industry }) => industry, otherwise: 'your industry' },
}

/** The first word of a name that is not a form of address such as "Dr.". */
function firstNameOf({ firstName, name = '' }: Contact): string | undefined {
  return firstName ?? name.split(' ').find((word) => word !== '' && !word.endsWith('.'))
}

/** The last word of a name that has several. */
function lastNameOf({ lastName, name = '' }: Contact): string | undefined {
  const words = name.split(' ').filter((word) => word !== '')
  return lastName ?? (words.length > 1 ? words.at(-1) : undefined)
}

/**
 * Puts what is known of the contact in the place of `{{firstName}}` and its like, however they are spelt. A name that stands for nothing
 * goes: nobody is to read braces. What a contact's own fields say is never filled in again.
 */
export function filledIn(text: string, contact: Contact): string {
  return text.replaceAll(/\{\{([^{}]{0,60})\}\}/g, (_all, name: string) => {
    const field = known[name.toLowerCase().replaceAll(/[\s_-]/g, '')]
    return field ? oneLine(field.of(contact) ?? '') || field.otherwise : ''
  })
}

/** A mail as it is written down. */
export interface WrittenMail {
  id: string
  recipientId: string
  name: string
  email: string
  subject: string
  body: string
}

/** Where a recipient says no more; also what a mail program's own button asks. */
const unsubscribeHref = ({ publicUrl, secret }: Pick<Context, 'publicUrl' | 'secret'>, recipientId: string) =>
  `${publicUrl}/unsubscribe/${writeToken(secret, 'unsubscribe', recipientId)}`

/** Both bodies of a mail, with the way out under them. */
export function campaignBodies(
  context: Pick<Context, 'publicUrl' | 'secret'>,
  { recipientId, subject, body }: Pick<WrittenMail, 'recipientId' | 'subject' | 'body'>,
): { text: string; html: string } {
  const href = unsubscribeHref(context, recipientId)
  const text = `${body.trim()}\n\n-- \nNo more mails like this: ${href}\n`
  const paragraphs = body.trim().split(/\n[^\S\n]*\n\s*/)
  const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light only">
    <title>${escaped(subject)}</title>
  </head>
  <body style="margin:0;padding:16px;background:#fff;color:#1c1f26;font:15px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif;overflow-wrap:anywhere">
    ${paragraphs.map((one) => `<p style="margin:0 0 16px">${escaped(one).replaceAll('\n', '<br>')}</p>`).join('\n    ')}
    <p style="margin:24px 0 0;color:#5a6070;font-size:13px"><a href="${escaped(href)}" target="_blank" rel="noopener" style="color:#5a6070">No more mails like this</a></p>
  </body>
</html>
`
  return { text, html }
}

/** The mail as it is handed to the mail server. `from` is the name of the person it comes from. */
export function outgoing(context: Context, mail: WrittenMail, { from, at }: { from: string; at: Date }): OutgoingMail {
  const { id, recipientId, name, email, subject } = mail
  const replyTo = `reply+${writeToken(context.secret, 'reply', recipientId)}@${context.campaignTransport.domain}`
  const personal = { from, replyTo, unsubscribe: unsubscribeHref(context, recipientId) }
  return { id, to: { name, email }, subject, ...campaignBodies(context, mail), at, personal }
}
