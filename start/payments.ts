/** Who takes the money: Stripe where there is a key, else a simulator: one that stands elsewhere, or the one in this process. */
import type { EngineInterface } from '@headroom/engine'
import type { Config } from '@headroom/server'
import type { Money, MoneyOptions } from '@headroom/stripe'
import type { Simulator } from '@headroom/stripe-simulator'
import type { Lifetime } from './lifetime.ts'

export interface PaymentsSite {
  config: Config
  engine: EngineInterface
  /** May make schemas. */
  databaseUrl: string
  /** Where people reach the app, and where this process reaches itself. */
  url: string
  ownUrl: string
  /** For the webhooks of a simulator, where the environment names none. */
  webhookSecret: () => Promise<string>
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
}

export interface Payments {
  money: Money
  /** In this process; null with a key, or with one elsewhere. */
  simulator: Simulator | null
  /** Where payments are simulated; null: they are not. */
  simulatedAt: string | null
  isLive: boolean
  /** Pays a checkout at the simulator, as its page would; null with Stripe. */
  pay: ((checkoutSession: string) => Promise<void>) | null
  /** Sees to it that what is sold has prices; never rejects. `say` tells people what is missing. */
  prepare(say: (line: string) => void): Promise<void>
}

const mount = '/stripe-simulator'

/** Simulators take any key of a test. */
const simulatorKey = 'sk_test_simulator'

/** Reads the modules while something else is waited for. */
export const loadPayments = ({ stripe: { secretKey, apiBase } }: Config): Promise<unknown> =>
  Promise.all([
    import('@headroom/stripe'),
    secretKey === null && apiBase === null ? import('@headroom/stripe-simulator') : null,
  ])

/** Whether a request is for the simulator, where this process has one. */
export function isForSimulator(request: Request): boolean {
  const { pathname } = new URL(request.url)
  return pathname === mount || pathname.startsWith(`${mount}/`)
}

/** Opens money, with the simulator it goes to where there is no key and none elsewhere. */
export async function openPayments(site: PaymentsSite, lifetime: Lifetime): Promise<Payments> {
  const { config, engine, url, ownUrl, log } = site
  const { secretKey, apiBase, webhookSecrets: named } = config.stripe
  const isSimulated = secretKey === null
  const secrets = named ?? (isSimulated ? [await site.webhookSecret()] : [])
  const simulator =
    isSimulated && apiBase === null
      ? await lifetime.start('The Stripe simulator', openSimulator(site, secrets[0]!), (opened) => opened.stop())
      : null
  const base = simulator ? ownUrl + mount : (apiBase?.replace(/\/+$/, '') ?? null)
  const { createMoney } = await import('@headroom/stripe')
  const options = {
    engine,
    secretKey: secretKey ?? simulatorKey,
    apiBase: base,
    webhookSecrets: secrets,
    publicUrl: url,
    log,
  }
  const money = await lifetime.start('Money', Promise.resolve(createMoney(options)), (opened) => opened.stop())
  return {
    money,
    simulator,
    simulatedAt: simulator ? url + mount : isSimulated ? base : null,
    isLive: secretKey?.includes('_live_') ?? false,
    pay: isSimulated ? (session) => payAtSimulator(base!, session) : null,
    prepare: (say) => prepare(options, isSimulated, say),
  }
}

/** It goes by Headroom's clock, and tells Headroom what happened as Stripe would. */
async function openSimulator(site: PaymentsSite, secret: string): Promise<Simulator> {
  const { config, engine, databaseUrl, url, ownUrl, log } = site
  const { createSimulator } = await import('@headroom/stripe-simulator')
  const simulator = await createSimulator({
    databaseUrl,
    publicUrl: url + mount,
    mount,
    clock: {
      now: () => engine.now(),
      advance: (duration) => engine.setTestClock({ advance: duration }),
      moving: config.testClock,
    },
    webhook: { url: `${ownUrl}/stripe/webhook`, secret },
    log,
  })
  simulator.start()
  return simulator
}

async function payAtSimulator(base: string, checkoutSession: string): Promise<void> {
  const response = await fetch(`${base}/_sim/checkout/sessions/${checkoutSession}/complete`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ outcome: 'paid' }),
  })
  if (!response.ok) throw new Error(`The simulator at ${base} did not take the payment: ${response.status}.`)
}

const againMs = 2_000

/** A simulator gets the prices before anybody buys; at Stripe they are somebody's decision: what is missing is said, and how to bring it. */
async function prepare(options: MoneyOptions, isSimulated: boolean, say: (line: string) => void): Promise<void> {
  const { engine, secretKey, apiBase, webhookSecrets, log } = options
  if (webhookSecrets.length === 0) {
    say('STRIPE_WEBHOOK_SECRET is not set: webhooks are refused, and what was paid is found by asking Stripe, later.')
  }
  const stripe = { secretKey, apiBase, catalog: engine.catalog }
  try {
    const { pushCatalog } = await import('@headroom/stripe')
    const steps = await pushCatalog(isSimulated ? 'apply' : 'verify', stripe)
    if (isSimulated || steps.length === 0) return
    say(`Stripe has not got the whole catalog (${steps[0]}; ${steps.length} in all): npm run catalog -- apply`)
  } catch (fault) {
    log('warn', 'the prices of the catalog could not be looked at', { err: fault })
    say(`The prices at ${apiBase ?? 'Stripe'} could not be looked at: ${(fault as Error).message.split('\n')[0]}`)
    // At a simulator nobody pushes them by hand: half a catalog would stay so until the next start.
    if (isSimulated) setTimeout(() => void prepare(options, isSimulated, () => {}), againMs).unref()
  }
}
