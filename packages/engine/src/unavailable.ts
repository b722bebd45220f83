import type { UnavailableFault } from './interface.ts'

/** Nothing can be said: either nothing happened, or the outcome is unknown and the same key or id tells. */
export function unavailable(outcome: UnavailableFault['outcome'], why: string): UnavailableFault {
  const detail =
    outcome === 'unknown'
      ? 'The outcome is unknown: ask again with the same id or Idempotency-Key.'
      : 'Nothing happened.'
  return Object.assign(new Error(`${why} ${detail}`), { code: 'unavailable' as const, retryAfterSeconds: 1, outcome })
}
