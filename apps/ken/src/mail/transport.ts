/** How a mail leaves: through the mail server SMTP_URL names, or, without one, into the mailbox page, where it stands already. */

export interface OutgoingMail {
  id: string
  to: { name: string; email: string }
  subject: string
  text: string
  html: string
  at: Date
  /** Where an answer to a mail of Ken's goes. */
  replyTo?: string | null
  /** Of a person's mail: who writes, where answers go, and where one says no more. Without it Ken writes, and wants no answer. */
  personal?: { from: string; replyTo: string; unsubscribe: string }
}

export interface Transport {
  /** How many mails it takes at the same time. */
  atOnce: number
  /** The part of an address after the @ that belongs to this Ken. */
  domain: string
  /** Resolves when the mail server has taken the mail. Whoever hands the same mail over twice sends it twice, under one Message-ID. */
  deliver(mail: OutgoingMail, signal: AbortSignal): Promise<void>
  close(): void
}

interface TransportOptions {
  smtpUrl: string | null
  publicUrl: string
  /** Connections to the mail server; default 2. */
  connections?: number
}

export function transportOf({ smtpUrl, publicUrl, connections = 2 }: TransportOptions): Transport {
  const domain = domainOf(publicUrl)
  if (smtpUrl === null) return { atOnce: 100, domain, deliver: () => Promise.resolve(), close: () => {} }
  return smtp(smtpUrl, domain, connections)
}

/** Shorter than a job's patience: a server that hangs keeps a slot, and is tried again later. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

function smtp(smtpUrl: string, domain: string, connections: number): Transport {
  const from = senderOf(smtpUrl, domain)
  const isHere = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(new URL(smtpUrl).hostname)
  let opened: ReturnType<typeof open> | null = null
  // Loaded with the first mail: a start need not wait for it.
  const open = async () => {
    const { createTransport } = await import('nodemailer')
    return createTransport({
      url: smtpUrl,
      pool: true,
      maxConnections: connections,
      // Whether to try again, and when, is decided where it is written down.
      maxRequeues: 0,
      disableFileAccess: true,
      disableUrlAccess: true,
      ...timeouts,
      // What a server on this machine shows to prove who it is proves nothing, and mail catchers have nothing to show.
      ...(isHere ? { tls: { rejectUnauthorized: false } } : {}),
    })
  }
  return {
    atOnce: connections,
    domain,
    async deliver({ id, to, subject, text, html, at, personal, replyTo = personal?.replyTo ?? null }, signal) {
      const mailer = await (opened ??= open())
      await mailer.sendMail({
        from: personal ? { ...from, name: personal.from } : from,
        ...(replyTo !== null && { replyTo }),
        to: { name: to.name, address: to.email },
        subject,
        text,
        html,
        date: at,
        messageId: `<${id}@${domain}>`,
        headers: headersOf(personal?.unsubscribe ?? null, replyTo),
        signal,
      })
    },
    close: () => void opened?.then((mailer) => mailer.close()).catch(() => undefined),
  }
}

/** What a person wrote is answered; what Ken writes of itself says so, and mail programs do not answer it. */
const headersOf = (unsubscribe: string | null, replyTo: string | null): Record<string, string> => {
  if (unsubscribe !== null) return unsubscribeHeaders(unsubscribe)
  return replyTo === null ? { 'Auto-Submitted': 'auto-generated' } : {}
}

/** One click in the mail program (RFC 8058): it sends a POST to this address, without asking who somebody is. */
const unsubscribeHeaders = (href: string) => ({
  'List-Unsubscribe': `<${href}>`,
  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
})

/** The part of an address after the @ that belongs to this Ken. */
function domainOf(publicUrl: string): string {
  const { hostname } = new URL(publicUrl)
  return /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/i.test(hostname) ? hostname : 'ken.example'
}

/** As `?from=` of SMTP_URL says; else who signs in there, where that is an address; else one of Ken's own. */
function senderOf(smtpUrl: string, domain: string): { name: string; address: string } {
  const { username, searchParams } = new URL(smtpUrl)
  const user = decodeURIComponent(username)
  return { name: 'Ken', address: searchParams.get('from') ?? (user.includes('@') ? user : `no-reply@${domain}`) }
}

/** The server took the connection and refused this very mail for good: another try would be refused as well. */
export function isRefusedForGood(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number }
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && responseCode >= 500
}

/**
 * What a failed delivery means. `refused`: this recipient or this mail, for good. `not_taken`: it did not leave, and may be tried again;
 * a sender the server does not want is everybody's trouble and can be put right. `unknown`: the connection broke off, it may have left.
 */
export function faultOf(error: unknown): 'refused' | 'not_taken' | 'unknown' {
  const { code = '', originalCode = code, command, responseCode, message = '' } = error as Fault
  if (isRefusedForGood(error)) return command === 'MAIL FROM' ? 'not_taken' : 'refused'
  // An address that cannot even be written down for a mail server.
  if (code === 'EENVELOPE' && message.startsWith('Invalid recipient')) return 'refused'
  const neverMet = noConnection.test(originalCode) || /^(?:Connection timeout|Greeting never received)/.test(message)
  return neverMet || code === 'EENVELOPE' || (typeof responseCode === 'number' && responseCode > 0)
    ? 'not_taken'
    : 'unknown'
}

interface Fault {
  code?: string
  /** What the operating system said, where the client gave it a code of its own. */
  originalCode?: string
  command?: string
  responseCode?: number | false
  message?: string
}

const noConnection = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EDNS|EHOSTUNREACH|ENETUNREACH|EAUTH|ENOAUTH|ETLS|ECONFIG)$/
