/** Who asks, what they may see, and what they may do. */
import { roles, type Role, type Viewer } from '@headroom/core'
import type { EngineInterface, Principal } from '@headroom/engine'
import { viewerIdPattern } from './fields.ts'
import { invalid, notFound, Refused } from './problem.ts'
import { RateLimit } from './rate-limit.ts'

/**
 * What a route asks for (the table in api.md):
 * look: everyone who may see the workspace · books: keys and Admins' tokens · money: full keys and Admins' tokens · write: full keys ·
 * unbound: full keys bound to no workspace.
 */
export type Right = 'look' | 'books' | 'money' | 'write' | 'unbound'

const wrongKeysPerMinute = 1_000

export class Auth {
  readonly #engine: EngineInterface
  readonly #alarm: (address: string) => void
  readonly #wrongKeys = new RateLimit(wrongKeysPerMinute, 60_000)

  constructor(engine: EngineInterface, alarm: (address: string) => void) {
    this.#engine = engine
    this.#alarm = alarm
  }

  /**
   * The caller behind an Authorization header; throws 401, or 429 where an address has sent too many wrong secrets. A right one
   * always passes: whoever tries keys behind a shared address must not shut out those who have one.
   */
  async principal(authorization: string | null, address: string): Promise<Principal> {
    const secret = /^bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
    if (secret === undefined) throw unauthenticated()
    const principal = await this.#engine.authenticate(secret)
    if (principal) return principal
    this.#countWrong(address)
    throw unauthenticated()
  }

  #countWrong(address: string): void {
    const wait = this.#wrongKeys.take(address)
    if (wait === 0) return
    this.#alarm(address)
    throw tooMany(wait)
  }
}

/** The same for a missing, malformed, unknown, expired and revoked secret. */
const unauthenticated = (): Refused =>
  new Refused('unauthenticated', 'Send a valid key or token: Authorization: Bearer hr_sk_… or hr_bt_….', {
    headers: { 'www-authenticate': 'Bearer' },
  })

export const tooMany = (seconds: number): Refused =>
  new Refused('rate_limited', `Too many requests; try again in ${seconds} s.`, {
    headers: { 'retry-after': String(seconds) },
  })

/** Another workspace than the one this caller is bound to is not there. */
export function mustSee(principal: Principal, workspace: string): void {
  if (principal.workspace !== null && principal.workspace !== workspace) throw notFound()
}

export function mustHave(principal: Principal, right: Right): void {
  if (has(principal, right)) return
  throw new Refused('forbidden', forbidden[right])
}

function has({ kind, scope, workspace, role }: Principal, right: Right): boolean {
  if (right === 'look') return true
  if (right === 'books') return kind === 'key' || role === 'admin'
  const isFullKey = kind === 'key' && scope === 'full'
  if (right === 'money') return kind === 'key' ? isFullKey : role === 'admin'
  return right === 'write' ? isFullKey : isFullKey && workspace === null
}

const forbidden: Record<Right, string> = {
  look: 'This key or token may not see that.',
  books: 'Only a key or an Admin’s token may read that.',
  money: 'Only an Admin’s token or a key with scope full may do that: ask an Admin of the workspace.',
  write: 'Only a key with scope full may do that.',
  unbound: 'Only a key with scope full that is bound to no workspace may do that.',
}

/** Whether the caller may see prices and what can be bought. It goes by the caller's own right: Headroom-Viewer takes none away. */
export const maySeeMoney = (principal: Principal): boolean => has(principal, 'books')

/** Whether a backend asks that may do everything: it alone is told ids of the payment provider. */
export const maySeeProviderIds = (principal: Principal): boolean => has(principal, 'write')

/** For whom the caller asks: it resolves `actions` and is the ledger's actor. Throws the 422 for a malformed header. */
export function viewerOf(principal: Principal, header: string | null): Viewer & { actor: string } {
  if (principal.kind === 'token') {
    if (header !== null)
      throw invalid([{ path: 'Headroom-Viewer', message: 'goes with a key only: a token has its viewer' }])
    return { role: principal.role, viewerId: principal.viewerId, actor: principal.viewerId ?? principal.id }
  }
  if (header === null) return { role: 'admin', viewerId: null, actor: principal.id }
  const semicolon = header.indexOf(';')
  const role = roles.find((role) => role === (semicolon < 0 ? header : header.slice(0, semicolon)))
  const viewerId = semicolon < 0 ? null : header.slice(semicolon + 1).trim()
  if (role === undefined || (viewerId !== null && !viewerIdPattern.test(viewerId))) {
    throw invalid([
      { path: 'Headroom-Viewer', message: `must be one of ${roles.join(', ')}, then ";" and a viewer id if you like` },
    ])
  }
  return { role: role satisfies Role, viewerId, actor: viewerId ?? principal.id }
}
