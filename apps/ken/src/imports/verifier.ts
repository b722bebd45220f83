/** Does mail to this address arrive? A port with two adapters: one that needs no network, and one that asks the DNS. */
import { createHash } from 'node:crypto'
import { Resolver } from 'node:dns/promises'
import { createRequire } from 'node:module'
import { setTimeout as pause } from 'node:timers/promises'

export type Verification = 'safe' | 'verified' | 'catch_all' | 'risky' | 'invalid' | 'unknown' | 'none'

export interface EmailVerifier {
  /** One answer per address, in order. Asked again about the same address it should say the same: a batch may be judged twice. */
  verify(emails: string[], signal: AbortSignal): Promise<Verification[]>
}

/** Only these are worth a lead. */
export const delivers = (verification: Verification) => verification === 'safe' || verification === 'verified'

/** What can be said of an address by looking at it, or null: a shared inbox, a throw-away provider, a name that can never exist. */
function atSight(email: string): Verification | null {
  const [local = '', domain = ''] = email.split('@')
  if (impossible.test(domain) || throwAway(domain)) return 'invalid'
  return roles.has(local.replace(/[.+_-].*$/, '')) ? 'risky' : null
}

/** Loaded with the first address: the list is long, and a process that never imports should not pay for it. */
let providers: typeof import('mailchecker') | null = null
function throwAway(domain: string): boolean {
  if (providers === null) {
    // Its functions are all on what it exports as CommonJS, and only some of them by name.
    providers = createRequire(import.meta.url)('mailchecker') as typeof import('mailchecker')
    // The shipped sample shows a throw-away address too, and must not name a real provider for it.
    providers.addCustomDomains(['throwaway.example'])
  }
  // Asked about the domain alone: its rule for the part before the @ is narrower than ours.
  return !providers.isValid(`someone@${domain}`)
}

/** RFC 2606 and 6761. `.example` is not among them here: the shipped sample lives there, and its addresses go through the funnel below. */
const impossible = /(?:^|\.)(?:test|invalid|localhost|local|onion|example\.(?:com|net|org))$/

const roles = new Set(
  (
    'abuse accounts admin administrator billing careers compliance contact customerservice enquiries feedback finance hello help ' +
    'helpdesk hostmaster hr info inquiries it jobs kontakt legal mail marketing media news newsletter noreply no office orders ' +
    'postmaster press privacy recruiting root sales security service spam support team webmaster'
  ).split(' '),
)

/**
 * Decides by the address alone, the same way each time: what shows at sight, then a fixed draw in which 70 of 100 arrive, as they
 * would in a typical file. `millisecondsEach` makes it take as long as a real provider might, so that a demo import can be watched.
 */
export function offlineVerifier({ millisecondsEach = 0 } = {}): EmailVerifier {
  return {
    async verify(emails, signal) {
      if (millisecondsEach > 0) await pause(millisecondsEach * emails.length, undefined, { signal })
      return emails.map((email) => atSight(email) ?? drawn(email))
    },
  }
}

const draw: [number, Verification][] = [
  [55, 'safe'],
  [70, 'verified'],
  [80, 'catch_all'],
  [87, 'risky'],
  [95, 'invalid'],
  [98, 'unknown'],
  [100, 'none'],
]

function drawn(email: string): Verification {
  const place = createHash('sha256').update(email).digest().readUInt32BE(0) % 100
  return draw.find(([below]) => place < below)![1]
}

/**
 * Asks the DNS whether the domain takes mail. It cannot know the mailbox, so the best it says is `verified`; when the DNS does not
 * answer it says `unknown`, never that the address is bad.
 */
function mxVerifier({ timeoutMs = 3_000 } = {}): EmailVerifier {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 })
  const known = new Map<string, { takesMail: Promise<Verification>; until: number }>()
  const ask = async (domain: string): Promise<Verification> => {
    try {
      const servers = await resolver.resolveMx(domain)
      // RFC 7505: one server with an empty name says that the domain takes no mail.
      return servers.some((server) => server.exchange !== '') ? 'verified' : 'none'
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'ENOTFOUND') return 'none'
      if (code !== 'ENODATA') return 'unknown'
      // RFC 5321: without a mail server the domain's own address takes the mail.
      return resolver
        .resolve4(domain)
        .then(() => 'risky' as const)
        .catch(() => 'none' as const)
    }
  }
  const ofDomain = (domain: string) => {
    const held = known.get(domain)
    if (held && held.until > Date.now()) return held.takesMail
    if (known.size > 10_000) known.clear()
    const takesMail = ask(domain)
    known.set(domain, { takesMail, until: Date.now() + 600_000 })
    void takesMail.then((answer) => answer === 'unknown' && known.delete(domain))
    return takesMail
  }
  return {
    async verify(emails, signal) {
      const answers: Verification[] = []
      for (let from = 0; from < emails.length; from += 20) {
        signal.throwIfAborted()
        const some = emails.slice(from, from + 20)
        answers.push(
          ...(await Promise.all(some.map(async (email) => atSight(email) ?? ofDomain(email.split('@')[1]!)))),
        )
      }
      return answers
    },
  }
}

/** The operator's mistake, not ours: the process ends with the message alone. */
class UnknownVerifier extends Error {
  override readonly name = 'UnknownVerifier'
  readonly exitCode = 2
}

/** The adapter an operator named: `KEN_VERIFIER=mx`, else the one that needs no network. */
export function verifierOf(name: string | undefined, options: { millisecondsEach: number }): EmailVerifier {
  if (name === undefined || name === '' || name === 'offline') return offlineVerifier(options)
  if (name === 'mx') return mxVerifier()
  throw new UnknownVerifier('KEN_VERIFIER must be offline or mx.')
}
