/** The workspaces that are tortured. What each is for says what the checker may expect of it. */

export interface Member {
  id: string
  /**
   * fixed: one plan and one anchor for ever, so that every period can be foretold · shop: the same, and it buys add-ons ·
   * moved: its plan is changed by a key · subscriber: what is paid at Stripe decides its plan.
   */
  role: 'fixed' | 'shop' | 'moved' | 'subscriber'
  plan: string
  contacts: number | null
  anchor: string
}

/** The end of a short month lies an hour ahead, of a leap year too. */
export const firstInstant = '2028-02-28T22:50:00.000Z'

export const meters = ['leads', 'email_sends', 'ai_campaigns'] as const
export type Meter = (typeof meters)[number]

const member = (id: string, role: Member['role'], plan: string, contacts: number | null, anchor: string): Member => ({
  id,
  role,
  plan,
  contacts,
  anchor,
})

export const cast: readonly Member[] = [
  member('fixed-hot', 'fixed', 'growth', 5_000, '2027-12-31T00:00:00.000Z'),
  member('fixed-tight', 'fixed', 'starter', 1_000, '2027-10-30T23:59:59.999Z'),
  member('fixed-free', 'fixed', 'free', null, '2028-01-29T12:00:00.000Z'),
  member('fixed-mid', 'fixed', 'starter', 2_000, '2026-03-15T06:30:00.000Z'),
  member('fixed-dfy', 'fixed', 'dfy', 10_000, '2028-01-31T08:00:00.000Z'),
  member('shop-one', 'shop', 'starter', 1_000, '2027-08-31T10:00:00.000Z'),
  member('shop-two', 'shop', 'growth', 5_000, '2028-01-01T00:00:00.000Z'),
  member('shop-three', 'shop', 'free', null, '2027-05-20T20:20:20.200Z'),
  member('moved-one', 'moved', 'starter', 1_000, '2027-11-30T00:00:00.000Z'),
  member('moved-two', 'moved', 'growth', 5_000, '2027-07-31T12:00:00.000Z'),
  member('subscriber-one', 'subscriber', 'free', null, '2028-01-10T00:00:00.000Z'),
  member('subscriber-two', 'subscriber', 'free', null, '2028-01-29T00:00:00.000Z'),
]

/** Each workspace's own name stands in every id that is made for it, so that what strays into another one is seen. */
export const idFor = (workspace: string, letter: string, client: string, n: number): string =>
  `${workspace}_${letter}_${client}_${n}`

export const workspaceOfId = (id: string): string | undefined => /^([a-z-]+)_[a-z]_/.exec(id)?.[1]
