/** The environment (see README): read once, at the start. A wrong value stops the start with one line that names it. */
import { resolve } from 'node:path'

export class ConfigError extends Error {
  override name = 'ConfigError'
  /** The exit code for it. */
  readonly exitCode = 2
}

export interface Config {
  port: number
  host: string
  /** Where people reach the app, where that is not the address listened on: behind a proxy, with HTTPS. Null: that address. */
  publicUrl: string | null
  /** Null: the embedded database. */
  databaseUrl: string | null
  dataDir: string
  /** Null: generated into the data directory. */
  apiKey: string | null
  catalog: string
  testClock: boolean
  demo: boolean
  stripe: { secretKey: string | null; apiBase: string | null; webhookSecrets: string[] | null }
  smtpUrl: string | null
  /** Requests per second and key; null: no limit. */
  rateLimit: number | null
  /** How often the books are compared with their ledger; null: never by itself. */
  auditMinutes: number | null
  /** How long a server that is told to stop goes on while it says that it is not ready: what stands in front of it has to notice. */
  drainSeconds: number
  logLevel: string
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']

/** Throws ConfigError. An empty variable counts as unset, as `docker compose` hands them over. */
export function readConfig(env: Record<string, string | undefined>): Config {
  const text = (name: string, pattern: RegExp, must: string): string | null => {
    const value = env[name]
    if (value === undefined || value === '') return null
    // The value is not shown: it may be a secret.
    if (!pattern.test(value)) throw new ConfigError(`${name} ${must}.`)
    return value
  }
  const whole = (name: string, least: number, most: number): number | null => {
    const must = `must be a whole number from ${least} to ${most}`
    const value = text(name, /^\d{1,9}$/, must)
    if (value !== null && (Number(value) < least || Number(value) > most)) throw new ConfigError(`${name} ${must}.`)
    return value === null ? null : Number(value)
  }
  const flag = (name: string): boolean | null => {
    const value = text(name, /^[01]$/, 'must be 1 or 0')
    return value === null ? null : value === '1'
  }
  const url = (name: string, schemes: string): string | null => {
    const must = `must be a URL that starts with ${schemes.split('|').join(':// or ')}://`
    const value = text(name, new RegExp(`^(?:${schemes})://\\S+$`), must)
    if (value !== null && !URL.canParse(value)) throw new ConfigError(`${name} ${must}.`)
    return value
  }

  const origin = (name: string): string | null => {
    const value = url(name, 'http|https')
    if (value !== null && new URL(value).pathname !== '/')
      throw new ConfigError(`${name} must be a URL without a path.`)
    return value && new URL(value).origin
  }

  const databaseUrl = url('DATABASE_URL', 'postgres|postgresql')
  const secretKey = text(
    'STRIPE_SECRET_KEY',
    /^(?:sk|rk)_(?:test|live)_\w+$/,
    'must be a Stripe secret key (sk_… or rk_…)',
  )
  const webhookSecrets = text(
    'STRIPE_WEBHOOK_SECRET',
    /^whsec_[\w+/=-]+(?:,whsec_[\w+/=-]+)*$/,
    'must be whsec_…, several separated by commas',
  )
  const testClock = flag('HEADROOM_TEST_CLOCK') ?? false
  if (testClock && secretKey?.includes('_live_')) {
    throw new ConfigError('HEADROOM_TEST_CLOCK cannot be on with a live STRIPE_SECRET_KEY.')
  }
  return {
    port: whole('PORT', 0, 65_535) ?? 3000,
    host: text('HOST', /^[A-Za-z0-9_.:%-]{1,255}$/, 'must be a host name or an address') ?? '127.0.0.1',
    publicUrl: origin('HEADROOM_PUBLIC_URL'),
    databaseUrl,
    // No control characters, and nothing that only the shell would have expanded.
    dataDir: resolve(text('HEADROOM_DATA_DIR', /^(?!~)\P{Cc}+$/u, 'must be a path') ?? './.headroom'),
    apiKey: text('HEADROOM_API_KEY', /^hr_sk_[A-Za-z0-9_-]{16,200}$/, 'must be hr_sk_ and 16-200 of A-Z a-z 0-9 _ -'),
    catalog: resolve(text('HEADROOM_CATALOG', /^\P{Cc}+$/u, 'must be the path of a catalog file') ?? 'catalogs/ken.ts'),
    testClock,
    demo: flag('HEADROOM_DEMO') ?? databaseUrl === null,
    stripe: {
      secretKey,
      apiBase: url('STRIPE_API_BASE', 'http|https'),
      webhookSecrets: webhookSecrets?.split(',') ?? null,
    },
    smtpUrl: url('SMTP_URL', 'smtp|smtps'),
    auditMinutes: (whole('HEADROOM_AUDIT_MINUTES', 0, 10_080) ?? 60) || null,
    drainSeconds: whole('HEADROOM_DRAIN_SECONDS', 0, 300) ?? 0,
    rateLimit: whole('HEADROOM_RATE_LIMIT', 1, 1_000_000),
    logLevel:
      text('LOG_LEVEL', new RegExp(`^(?:${logLevels.join('|')})$`), `must be one of ${logLevels.join(', ')}`) ?? 'info',
  }
}
