/**
 * Who somebody is: email and password, sessions in a cookie. The library behind it (library.ts) is loaded when it is first needed.
 * What somebody may do is not its business: see session.ts.
 */
import type { Database, Queryable } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { countAttempt, forgetAttempts, refuseTooMany, type Door } from './attempts.ts'
import { openLibrary, type AuthOptions } from './library.ts'

export interface Account {
  id: string
  name: string
  email: string
}

interface SignedIn {
  user: Account
}

/** The version of the sign-in tables, so that a start with tables in place need not load the library. */
const tables = 'auth-1.7.25'

/** However busy, a session ends after seven days, by the real clock. */
const longestMs = 7 * 86_400_000

/** Ten wrong passwords for one address, and it has to wait. */
const passwords: Door = {
  name: 'password',
  most: 10,
  windowSeconds: 300,
  refusal: 'Too many wrong passwords for this address. Try again in a few minutes.',
}

export class Auth {
  readonly #options: AuthOptions
  readonly #database: Database
  #opened: ReturnType<typeof openLibrary> | null = null

  constructor(database: Database, options: AuthOptions) {
    this.#database = database
    this.#options = options
  }

  #library(): ReturnType<typeof openLibrary> {
    this.#opened ??= openLibrary(this.#options)
    return this.#opened
  }

  /** Makes the sign-in tables where they are not there yet; answers the name of what it did. Call under the migrations' lock. */
  async migrate(applied: Set<string>): Promise<string[]> {
    if (applied.has(tables)) return []
    const [{ auth }, { getMigrations }] = await Promise.all([this.#library(), import('better-auth/db/migration')])
    await (await getMigrations(auth.options)).runMigrations()
    return [tables]
  }

  /** The person whose session cookie this is, or null. */
  async whoIs(headers: Headers): Promise<SignedIn | null> {
    if (!headers.has('cookie')) return null
    const { auth } = await this.#library()
    const found = await auth.api.getSession({ headers })
    if (!found || found.session.createdAt.getTime() + longestMs < Date.now()) return null
    return { user: { id: found.user.id, name: found.user.name, email: found.user.email } }
  }

  /** Signs in; answers the cookies to set. The same refusal for an unknown address and a wrong password; ten of them have to wait. */
  async signIn(email: string, password: string, headers: Headers): Promise<string[]> {
    await refuseTooMany(this.#database, passwords, email)
    return this.signInKnown(email, password, headers)
  }

  /** The same for a password that is known to be right, as a new one is: whoever guessed before does not keep others out. */
  async signInKnown(email: string, password: string, headers: Headers): Promise<string[]> {
    const { auth } = await this.#library()
    const answer = await auth.api.signInEmail({
      body: { email, password },
      headers: plainHeaders(headers),
      asResponse: true,
    })
    if (answer.ok) {
      await forgetAttempts(this.#database, passwords, email)
      return answer.headers.getSetCookie()
    }
    if (answer.status >= 500)
      throw new Problem('unavailable', 'Signing in is not possible right now. Try again in a moment.')
    await countAttempt(this.#database, passwords, email)
    throw new Problem('wrong_credentials', 'The email or password is wrong.')
  }

  /** Ends the session; answers the cookies that forget it. */
  async signOut(headers: Headers): Promise<string[]> {
    const { auth } = await this.#library()
    const answer = await auth.api.signOut({ headers: plainHeaders(headers), asResponse: true })
    return answer.headers.getSetCookie()
  }

  /** What is kept of a password. Takes as long for every one of them. */
  async hash(password: string): Promise<string> {
    const { auth } = await this.#library()
    return (await auth.$context).password.hash(password)
  }

  /** Makes a user; rejects when somebody has the address already. `hash` is what `hash()` answered. */
  async createUser({ name, email, hash }: { name: string; email: string; hash: string }): Promise<string> {
    const { auth } = await this.#library()
    const { internalAdapter } = await auth.$context
    const { id } = await internalAdapter.createUser({ name, email, emailVerified: true }, { method: 'email-password' })
    await this.#keep(id, hash)
    return id
  }

  /** Makes a user with a password, or answers the one who has that address. */
  async ensureUser({ name, email, password }: { name: string; email: string; password: string }): Promise<string> {
    const known = await this.userByEmail(email)
    return known?.id ?? this.createUser({ name, email, hash: await this.hash(password) })
  }

  async rename(userId: string, name: string): Promise<void> {
    const { auth } = await this.#library()
    await (await auth.$context).internalAdapter.updateUser(userId, { name })
  }

  /** Ends all other sessions and answers the cookies of this one. Wrong current passwords count as they do at sign-in. */
  async changePassword(
    email: string,
    { current, next }: { current: string; next: string },
    headers: Headers,
  ): Promise<string[]> {
    await refuseTooMany(this.#database, passwords, email)
    const { auth } = await this.#library()
    const answer = await auth.api.changePassword({
      body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
      headers: plainHeaders(headers),
      asResponse: true,
    })
    if (answer.ok) return answer.headers.getSetCookie()
    if (answer.status >= 500)
      throw new Problem('unavailable', 'The password cannot be changed right now. Try again in a moment.')
    await countAttempt(this.#database, passwords, email)
    throw new Problem('invalid_request', 'The current password is wrong.', {
      errors: [{ path: 'current', message: 'The current password is wrong.' }],
    })
  }

  /** Sets a password without asking for the old one, and ends all sessions: whoever was signed in has to know the new one. */
  async replacePassword(userId: string, hash: string): Promise<void> {
    const { auth } = await this.#library()
    await this.#keep(userId, hash)
    await (await auth.$context).internalAdapter.deleteUserSessions(userId)
  }

  async #keep(userId: string, hash: string): Promise<void> {
    const { auth } = await this.#library()
    const { internalAdapter } = await auth.$context
    // A user without a credential was made by a process that was cut off before it came to that.
    if (await internalAdapter.findCredentialAccount(userId)) return internalAdapter.updatePassword(userId, hash)
    await internalAdapter.linkAccount({ userId, providerId: 'credential', accountId: userId, password: hash })
  }

  /**
   * Who has this address. Read from the table itself, as the others are: the library need not be loaded for it. In a transaction pass
   * its connection: who holds one and waits for a second can stall everybody.
   */
  async userByEmail(email: string, connection: Queryable = this.#database): Promise<Account | null> {
    const { rows } = await connection.query<Account>(`select id, name, email from auth."user" where email = $1`, [
      email.trim().toLowerCase(),
    ])
    return rows[0] ?? null
  }

  /** Those of these users who are there, in the order asked. */
  async people(ids: string[]): Promise<Account[]> {
    const { rows } = await this.#database.query<Account>(
      `select u.id, u.name, u.email from unnest($1::text[]) with ordinality as asked (id, place)
         join auth."user" u on u.id = asked.id order by asked.place`,
      [ids],
    )
    return rows
  }

  async close(): Promise<void> {
    const opened = await this.#opened?.catch(() => null)
    await opened?.pool.end()
  }
}

/** Only what the library needs: never a forwarded address or host that a caller can make up. */
function plainHeaders(headers: Headers): Headers {
  const cookie = headers.get('cookie')
  return new Headers(cookie === null ? {} : { cookie })
}
