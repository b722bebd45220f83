/** How a mail leaves: through the mail server SMTP_URL names, or, without one, into the mailbox page, where it stands already. */

export interface OutgoingMail {
  id: string
  to: { name: string; email: string }
  subject: string
  text: string
  html: string
  at: Date
}

export interface Transport {
  /** Resolves when the mail server has taken the mail. Whoever hands the same mail over twice sends it twice, under one Message-ID. */
  deliver(mail: OutgoingMail, signal: AbortSignal): Promise<void>
  close(): void
}

export function transportOf({ smtpUrl, publicUrl }: { smtpUrl: string | null; publicUrl: string }): Transport {
  return smtpUrl === null ? { deliver: () => Promise.resolve(), close: () => {} } : smtp(smtpUrl, publicUrl)
}

/** Shorter than a job's patience: a server that hangs keeps a slot, and is tried again later. */
const timeouts = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 }

function smtp(smtpUrl: string, publicUrl: string): Transport {
  const domain = domainOf(publicUrl)
  const from = senderOf(smtpUrl, domain)
  const isHere = /^(?:localhost|127\.[\d.]+|\[::1\])$/.test(new URL(smtpUrl).hostname)
  let opened: ReturnType<typeof open> | null = null
  // Loaded with the first mail: a start need not wait for it.
  const open = async () => {
    const { createTransport } = await import('nodemailer')
    return createTransport({
      url: smtpUrl,
      pool: true,
      maxConnections: 2,
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
    async deliver({ id, to, subject, text, html, at }, signal) {
      const mailer = await (opened ??= open())
      await mailer.sendMail({
        from,
        to: { name: to.name, address: to.email },
        subject,
        text,
        html,
        date: at,
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        signal,
      })
    },
    close: () => void opened?.then((mailer) => mailer.close()).catch(() => undefined),
  }
}

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
