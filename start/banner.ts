/** What a person sees in the terminal. */
import type { Payments } from './payments.ts'
import type { Secret } from './secrets.ts'

export interface Started {
  url: string
  seconds: number
  apiKey: Secret | null
  logins: readonly { role: string; email: string; password: string }[]
  payments: Pick<Payments, 'simulatedAt' | 'isLive'>
}

export const starting = (url: string): string => `\n  Headroom is starting on ${url} …\n`

export function started({ url, seconds, apiKey, logins, payments }: Started): string {
  const widest = Math.max(0, ...logins.map(({ email }) => email.length))
  const lines = [
    `  Headroom is ready: ${url}  (${seconds.toFixed(1)} s)`,
    '',
    ...(logins.length > 0
      ? [
          '  Sign in to Ken, the demo app, as',
          ...logins.map(({ role, email, password }) => `    ${role.padEnd(7)} ${email.padEnd(widest)}  ${password}`),
          '',
          '  First thing to try: Campaigns > New campaign > Leads Database, or CSV Upload with examples/contacts.csv,',
          `  then ${url}/settings/billing to see the leads it counted.`,
          '',
        ]
      : []),
    ...keyLines(apiKey),
    `  ${paymentsLine(payments)}`,
    `  The HTTP interface: ${url}/docs`,
    '  Ctrl-C stops everything.',
    '',
  ]
  return lines.join('\n')
}

const paymentsLine = ({ simulatedAt, isLive }: Started['payments']): string =>
  simulatedAt === null
    ? `Payments go through Stripe${isLive ? '' : ' in test mode: no money moves'}.`
    : `Payments are simulated at ${simulatedAt}: no money moves (STRIPE_SECRET_KEY turns to Stripe).`

function keyLines(apiKey: Secret | null): string[] {
  if (apiKey === null) return []
  if (apiKey.isNew) return ['  API key (shown once, kept in the data directory):', `    ${apiKey.value}`, '']
  return [`  API key: in ${apiKey.file}`, '']
}
