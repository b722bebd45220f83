/** The nouns every room shares. One word for one thing: see docs/glossary.md. */

/** Milliseconds since 1970-01-01T00:00:00Z. Periods, expiries and grace are half-open: the start counts, the end does not. */
export type Instant = number

/** A whole number of a meter's units, 0 … 2^53 − 1. */
export type Quantity = number

/** A limit or an allowance; null means unlimited and nothing else does. */
export type Limit = Quantity | null

export type MeterId = string
export type WorkspaceId = string

export type Role = 'admin' | 'editor' | 'member' | 'viewer'
export const roles: readonly Role[] = ['admin', 'editor', 'member', 'viewer']

export type Interval = 'month' | 'year'
export type Status = 'active' | 'trialing' | 'past_due' | 'overdue' | 'suspended'

export interface Line {
  meter: MeterId
  quantity: Quantity
}

/** The most one line may ask for (decisions §3). */
export const maxQuantity = 1_000_000_000

/** The most a balance may ever count: every figure stays an exact JSON integer. */
export const maxFigure = Number.MAX_SAFE_INTEGER
