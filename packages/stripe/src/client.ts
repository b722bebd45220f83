/** How we ask Stripe: Stripe's own SDK, short patience, and a budget that ends the request itself. */
import { isLostConnection, unavailable, type UnavailableFault } from '@headroom/engine'
import { AsyncLocalStorage } from 'node:async_hooks'
import Stripe from 'stripe'
import type { MoneyOptions } from './interface.ts'
import { Pace } from './pace.ts'

/** One request, and it may be tried once more: checkout and portal stay within 6 s. */
const requestMs = 2_500

/** Of one client, for all that nobody waits for. Stripe's own limit is 25 a second in a sandbox; people come first. */
const backgroundPerSecond = 15
const backgroundBurst = 5

const budget = new AsyncLocalStorage<AbortSignal>()
const background = new AsyncLocalStorage<true>()

/** What this work asks of Stripe waits for its turn. The waiting counts for no request's patience. */
export const inBackground = <T>(work: () => Promise<T>): Promise<T> => background.run(true, work)

/** `apiBase` may have a path, which the SDK cannot be told: it is put before every request's own. */
export function createClient(secretKey: string, apiBase: string | null): Stripe {
  const base = apiBase === null ? null : new URL(apiBase)
  const prefix = base === null ? '' : base.pathname.replace(/\/$/, '')
  const send: typeof fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input)
    url.pathname = prefix + url.pathname
    const signals = [init?.signal, budget.getStore()].filter((signal) => signal != null)
    return fetch(url, { ...init, signal: AbortSignal.any(signals) })
  }
  return new Stripe(secretKey, {
    httpClient: inTurns(Stripe.createFetchHttpClient(send)),
    maxNetworkRetries: 1,
    timeout: requestMs,
    telemetry: false,
    ...(base && {
      host: base.hostname,
      port: base.port || (base.protocol === 'http:' ? 80 : 443),
      protocol: base.protocol === 'http:' ? 'http' : 'https',
    }),
  })
}

/** Before the SDK begins to count how long an answer takes. */
function inTurns(client: ReturnType<typeof Stripe.createFetchHttpClient>): typeof client {
  const pace = new Pace(backgroundPerSecond, backgroundBurst)
  const ask = client.makeRequest.bind(client)
  client.makeRequest = async (...request) => {
    if (background.getStore()) await pace.turn()
    return ask(...request)
  }
  return client
}

class OutOfTime extends Error {
  override name = 'OutOfTime'
}

/** The work, or OutOfTime after so long: what it has asked Stripe is then broken off. Real time, whatever the test clock says. */
export async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const fault = new OutOfTime(`Stripe did not answer within ${ms} ms.`)
      ended.abort(fault)
      reject(fault)
    }, ms)
  })
  try {
    const working = budget.run(ended.signal, work)
    working.catch(() => {})
    return await Promise.race([working, tooLate])
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Whether it is worth asking again: Stripe, the network or the database was away, or the key does not work (yet). The rest is about
 * what was asked.
 */
export function isOutage(error: unknown): boolean {
  if (error instanceof OutOfTime) return true
  if (error instanceof Stripe.errors.StripeError) {
    const { statusCode = 0 } = error
    return !(error instanceof Stripe.errors.StripeInvalidRequestError) || statusCode === 409 || statusCode >= 500
  }
  const { code = '', message = '' } = error as { code?: string; message?: string }
  return code === 'unavailable' || isLostConnection(code, message)
}

/** Stripe has understood the request and will not do it: no such thing, or not in this state. */
export const isRefused = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && [400, 404].includes(error.statusCode ?? 0)

/** Stripe has no such thing: it was deleted, or it is another Stripe, or another mode of it, than the one it was made at. */
export const isMissing = (error: unknown): boolean => isRefused(error) && stripeCode(error) === 'resource_missing'

/** The code of Stripe's own error, where it is one. */
export const stripeCode = (error: unknown): string | undefined =>
  error instanceof Stripe.errors.StripeError ? error.code : undefined

/** Whether this is what Stripe answered to the same key before: it shows what was made as it was then. */
export function wasReplayed({ lastResponse }: Stripe.Response<unknown>): boolean {
  // With an HTTP client that fetches, the SDK hands on the fetched Headers themselves.
  return new Headers(lastResponse.headers).get('idempotent-replayed') === 'true'
}

/** Whether Stripe keeps this answer under the key it was asked with: whoever asks under it again, hears it again for a day. */
export function isKept(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError) || isStillAsked(error)) return false
  return error instanceof Stripe.errors.StripeIdempotencyError || (error.statusCode ?? 0) >= 500
}

/** Somebody else asks under the same key at this moment. */
export const isStillAsked = (error: unknown): boolean => stripeCode(error) === 'idempotency_key_in_use'

/**
 * Runs what a caller waits for: whatever is wrong with Stripe or the database is the fault `unavailable` with this outcome, and is said
 * in the log.
 */
export async function orUnavailable<T>(
  work: Promise<T>,
  log: MoneyOptions['log'],
  outcome: UnavailableFault['outcome'],
): Promise<T> {
  try {
    return await work
  } catch (error) {
    const isStripes = error instanceof OutOfTime || error instanceof Stripe.errors.StripeError
    if ((error as { code?: string }).code === 'unavailable' || !(isStripes || isOutage(error))) throw error
    log(isOutage(error) ? 'warn' : 'error', `Could not be done: ${(error as Error).message}`, {
      fault: stripeCode(error),
    })
    throw unavailable(outcome, isStripes ? 'Stripe does not answer as it should.' : 'The database is out of reach.')
  }
}
