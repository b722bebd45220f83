/** The library behind sign-in, set up. Loaded when it is first needed: it takes longer to load than all the rest of Ken. */
import pg from 'pg'
import type { Log } from '../database.ts'

export interface AuthOptions {
  databaseUrl: string
  publicUrl: string
  secret: string
  log: Log
}

/** As people choose them; the server refuses others too. */
export const passwordLength = { least: 10, most: 200 } as const

/** Idle sessions end after eight hours. */
const idleSeconds = 8 * 3_600

/** None of its own routes is served: signing in and out has one door each, ours. */
export async function openLibrary({ databaseUrl, publicUrl, secret, log }: AuthOptions) {
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
    // Users are made by our own sign-up, an invitation or the demo data.
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
    },
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
