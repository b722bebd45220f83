/** What the commands that go to Stripe need to know: the server's own environment, and a line each for what is wrong with it. */
import { ConfigError, readConfig, type Config } from '@headroom/server'

export interface StripeSettings {
  config: Config
  secretKey: string
  apiBase: string | null
}

export function stripeSettings(): StripeSettings {
  const config = readConfig(process.env)
  const { secretKey, apiBase } = config.stripe
  if (secretKey === null) throw new ConfigError('STRIPE_SECRET_KEY is not set: the simulator needs no such command.')
  return { config, secretKey, apiBase }
}

/** Runs a command; its number is the exit code, 2 for a fault of the environment. */
export async function command(work: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await work()
  } catch (error) {
    const isPlain = error instanceof ConfigError || (error instanceof Error && 'exitCode' in error)
    console.error(isPlain || isStripes(error) ? (error as Error).message : error)
    process.exitCode = isPlain ? 2 : 1
  }
}

/** What Stripe refuses or the network loses is told in Stripe's own words, without our stack. */
const isStripes = (error: unknown): boolean =>
  error instanceof Error && 'type' in error && String(error.type).startsWith('Stripe')
