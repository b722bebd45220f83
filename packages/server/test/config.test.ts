import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { ConfigError, readConfig } from '../src/config.ts'

test('without a variable set, the defaults of the README', () => {
  expect(readConfig({})).toEqual({
    port: 3000,
    host: '127.0.0.1',
    publicUrl: null,
    databaseUrl: null,
    dataDir: resolve('.headroom'),
    apiKey: null,
    catalog: resolve('catalogs/ken.ts'),
    testClock: false,
    demo: true,
    stripe: { secretKey: null, apiBase: null, webhookSecrets: null },
    smtpUrl: null,
    auditMinutes: 60,
    drainSeconds: 0,
    rateLimit: null,
    logLevel: 'info',
  })
})

test('an outside database has no demo data unless asked for; empty is unset', () => {
  const databaseUrl = 'postgres://app:secret@db.example/headroom'
  expect(readConfig({ DATABASE_URL: databaseUrl })).toMatchObject({ databaseUrl, demo: false })
  expect(readConfig({ DATABASE_URL: databaseUrl, HEADROOM_DEMO: '1' }).demo).toBe(true)
  expect(readConfig({ DATABASE_URL: '', PORT: '', HEADROOM_API_KEY: '' })).toMatchObject({ port: 3000, apiKey: null })
})

test('every value that is taken', () => {
  expect(
    readConfig({
      PORT: '0',
      HOST: '::',
      HEADROOM_API_KEY: 'hr_sk_0123456789abcdef',
      HEADROOM_TEST_CLOCK: '1',
      HEADROOM_AUDIT_MINUTES: '0',
      HEADROOM_DRAIN_SECONDS: '5',
      HEADROOM_RATE_LIMIT: '100',
      STRIPE_SECRET_KEY: 'sk_test_123',
      STRIPE_WEBHOOK_SECRET: 'whsec_a,whsec_b',
      SMTP_URL: 'smtp://localhost:1025',
      LOG_LEVEL: 'warn',
    }),
  ).toMatchObject({
    port: 0,
    host: '::',
    testClock: true,
    auditMinutes: null,
    drainSeconds: 5,
    rateLimit: 100,
    stripe: { webhookSecrets: ['whsec_a', 'whsec_b'] },
  })
})

const malformed: [name: string, value: string][] = [
  ['PORT', '80a'],
  ['PORT', '70000'],
  ['PORT', '-1'],
  ['HOST', 'no host'],
  ['DATABASE_URL', 'mysql://localhost/x'],
  ['DATABASE_URL', 'postgres://user:pass@:bad'],
  ['HEADROOM_DATA_DIR', 'a\nb'],
  ['HEADROOM_API_KEY', 'hr_sk_short'],
  ['HEADROOM_API_KEY', 'sk_0123456789abcdef'],
  ['HEADROOM_API_KEY', `hr_sk_${'x'.repeat(201)}`],
  ['HEADROOM_TEST_CLOCK', 'yes'],
  ['HEADROOM_DEMO', 'true'],
  ['STRIPE_SECRET_KEY', 'pk_test_123'],
  ['STRIPE_API_BASE', 'localhost:4242'],
  ['STRIPE_WEBHOOK_SECRET', 'whsec_a,b'],
  ['SMTP_URL', 'http://localhost'],
  ['HEADROOM_RATE_LIMIT', '0'],
  ['HEADROOM_RATE_LIMIT', '1.5'],
  ['LOG_LEVEL', 'loud'],
]

test.each(malformed)('a malformed %s (%j) is named in one line, without its value', (name, value) => {
  const act = () => readConfig({ [name]: value })
  expect(act).toThrow(ConfigError)
  try {
    act()
  } catch (error) {
    const { message, exitCode } = error as ConfigError
    expect(exitCode).toBe(2)
    expect(message).toMatch(new RegExp(`^${name} must .*\\.$`))
    expect(message).not.toContain('\n')
    if (value.length > 6) expect(message).not.toContain(value)
  }
})

test('a test clock is refused with a live Stripe key', () => {
  expect(() => readConfig({ HEADROOM_TEST_CLOCK: '1', STRIPE_SECRET_KEY: 'sk_live_1' })).toThrow(/^HEADROOM_TEST_CLOCK/)
})

test.each([
  ['https://ken.example.com', 'https://ken.example.com'],
  ['https://ken.example.com/', 'https://ken.example.com'],
  ['http://10.0.0.7:8080', 'http://10.0.0.7:8080'],
])('HEADROOM_PUBLIC_URL %s is where people reach the app', (value, origin) => {
  expect(readConfig({ HEADROOM_PUBLIC_URL: value }).publicUrl).toBe(origin)
})

test.each(['ken.example.com', 'ftp://ken.example.com', 'https://ken.example.com/app'])(
  'HEADROOM_PUBLIC_URL %s is refused in one line that names it',
  (value) => {
    expect(() => readConfig({ HEADROOM_PUBLIC_URL: value })).toThrow(/^HEADROOM_PUBLIC_URL must be [^\n]+$/)
  },
)
