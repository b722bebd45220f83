/**
 * Who somebody is: email and password, sessions in a cookie. The library behind it is loaded when it is first needed, since it takes
 * longer to load than all the rest of Ken. None of its own routes is served: signing in and out has one door each, ours. What somebody may do is not its business: see session.ts.
 */
import pg from 'pg'
import type { Database, Log } from '../database.ts'
import { Problem } from '../http/problem.ts'
import { countAttempt, forgetAttempts, refuseTooMany, type Door } from './attempts.ts'

interface AuthOptions {
  databaseUrl: string
  publicUrl: string
  secret: string
  log: Log
}

interface SignedIn {
  user: { id: string; name: string; email: string }
}

/** The version of the sign-in tables, so that a start with tables in place need not load the library. */
const tables = 'auth-1.7.25'

/** Idle sessions end after eight hours, all sessions after seven days; both by the real clock. */
const idleSeconds = 8 * 3_600
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
  #opened: ReturnType<typeof open> | null = null

  constructor(database: Database, options: AuthOptions) {
    this.#database = database
    this.#options = options
  }

  #library(): ReturnType<typeof open> {
    this.#opened ??= open(this.#options)
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

  /** The same for a password that is known to be right, as a demo's is: whoever guessed before does not keep others out. */
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

  /** Makes a user with a password, or answers the one who has that address. */
  async ensureUser(user: { name: string; email: string; password: string }): Promise<string> {
    const { auth } = await this.#library()
    const { internalAdapter, password } = await auth.$context
    const known = await internalAdapter.findUserByEmail(user.email)
    if (known) return known.user.id
    const made = await internalAdapter.createUser(
      { name: user.name, email: user.email, emailVerified: true },
      { method: 'email-password' },
    )
    await internalAdapter.linkAccount({
      userId: made.id,
      providerId: 'credential',
      accountId: made.id,
      password: await password.hash(user.password),
    })
    return made.id
  }

  /** Those of these users who are there, in the order asked. Read from the table itself: the library need not be loaded for it. */
  async people(ids: string[]): Promise<{ id: string; name: string; email: string }[]> {
    const { rows } = await this.#database.query<{ id: string; name: string; email: string }>(
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

async function open({ databaseUrl, publicUrl, secret, log }: AuthOptions) {
  const { betterAuth } = await import('better-auth')
  // Its statements name no schema, so its connections look in `auth` and nowhere else.
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 5,
    application_name: 'ken sign-in',
    options: '-c search_path=auth -c timezone=UTC -c statement_timeout=10000',
  })
  pool.on('error', (error) => log('warn', { error: error.message }, 'a database connection was lost'))
  // The pool listens only while a connection is idle; one lost between two statements of a transaction would end the process.
  pool.on('connect', (connection) => void connection.on('error', () => {}))
  const secure = publicUrl.startsWith('https:')
  const auth = betterAuth({
    appName: 'Ken',
    baseURL: publicUrl,
    basePath: '/api/auth',
    secret,
    database: pool,
    trustedOrigins: [new URL(publicUrl).origin],
    // Users are made by an Admin's invitation or by the demo data, not by whoever comes along.
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    session: { expiresIn: idleSeconds, updateAge: 900, cookieCache: { enabled: false } },
    telemetry: { enabled: false },
    // It calls a wrong password an error; what really fails reaches us as an answer of 500 and above.
    logger: { log: (level, message) => log(level === 'error' ? 'warn' : level, {}, `sign-in: ${message}`) },
    advanced: {
      cookiePrefix: 'ken',
      // The prefix makes browsers refuse the cookie from any other host or path; they only know it over https.
      ...(secure ? { useSecureCookies: false, cookies: { session_token: { name: '__Host-ken.session_token' } } } : {}),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      ipAddress: { disableIpTracking: true },
    },
  })
  return { auth, pool }
}
