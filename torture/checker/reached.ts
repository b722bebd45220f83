/** Which states a run has come through, as far as the books and the answers tell. */
import { meters } from '../cast.ts'
import type { History } from '../history.ts'
import type { States } from '../states.ts'
import type { Books, Entry, Snapshot } from './rows.ts'

export function reachedInBooks({ books, stripe }: Snapshot, { calls }: History, states: States): void {
  for (const one of books.values()) reachedIn(one, states)
  for (const { sends, answer, isNothing, asked } of calls) {
    if (sends > 1 && answer !== null) states.reach('an answer that was lost and asked for again')
    if (isNothing && asked.method === 'POST') states.reach('nothing happened, and said so')
  }
  const servers = new Map<string, Set<number>>()
  for (const { workspace, kind, answer, server } of calls) {
    if (workspace === null || kind !== 'reserve' || answer?.status !== 201) continue
    servers.set(workspace, (servers.get(workspace) ?? new Set()).add(server))
  }
  states.reach('a workspace written by both servers', [...servers.values()].filter((both) => both.size > 1).length)
  const delivered = new Map<string, number>()
  for (const { event, state } of stripe.deliveries) {
    if (state === 'dropped') states.reach('an event lost')
    if (state === 'delivered') delivered.set(event, (delivered.get(event) ?? 0) + 1)
  }
  states.reach('an event delivered twice', [...delivered.values()].filter((times) => times > 1).length)
}

function reachedIn(books: Books, states: States): void {
  const ends = new Map(books.balances.map(({ period, periodEnd }) => [period, periodEnd]))
  const parts = new Set<string>()
  for (const entry of books.entries) {
    const { kind, at, period, limit, used, reserved, source, quantity, overageChange, sourceId } = entry
    const isWork = kind === 'reserve' || kind === 'use'
    if (isWork && at === period) states.reach('work at the very start of a period')
    if (isWork && limit === null) states.reach('an unlimited meter used')
    if (isWork && limit !== null && used + reserved === limit) states.reach('a limit reached exactly')
    if (kind === 'use' && overageChange > 0) states.reach('use recorded above the limit')
    if (kind === 'refund' && overageChange > 0) states.reach('a refund of what was spent')
    if (kind === 'late') states.reach('a late commit that still fitted')
    const isLater = at >= ends.get(period)!
    if (kind === 'commit' && isLater) states.reach('a commit in a period after its own')
    if ((kind === 'commit' || kind === 'release' || kind === 'expire') && isLater)
      states.reach('a hold across the end of its period')
    if (kind === 'commit') parts.add(sourceId)
    if (kind === 'expire' && parts.has(sourceId)) states.reach('a reservation that expired with a part used')
    if (kind === 'adjust' && source === 'plan' && quantity !== 0) states.reach('a plan raised within its period')
  }
  for (const { lines } of books.reservations.values()) {
    if (lines.some(({ requested, reserved }) => reserved < requested))
      states.reach('a partial reservation that got less')
  }
  reachedByPeriods(books, states)
}

function reachedByPeriods(books: Books, states: States): void {
  const day = (instant: number) => new Date(instant).getUTCDate()
  const periods = [...new Map(books.balances.map(({ period, periodEnd }) => [period, periodEnd]))].sort(
    (a, b) => a[0] - b[0],
  )
  for (const [start] of periods)
    if (day(books.anchor) > 28 && day(start) < day(books.anchor)) states.reach('a month end clamped to a shorter month')
  periods.forEach(([start], index) => {
    const before = periods[index - 1]
    if (!before) return
    if (before[1] < start) states.reach('whole periods missed')
    const limits = (period: number) => meters.map((meter) => planGrant(books.entries, period, meter))
    const [was, is] = [limits(before[0]), limits(start)]
    if (was.some((limit, at) => limit !== undefined && limit !== null && (is[at] ?? limit) < limit))
      states.reach('a plan lowered at the end of its period')
    const isRestart = start - before[0] < 27 * 86_400_000
    if (books.reference === null && isRestart && books.id.startsWith('moved'))
      states.reach('an interval changed, the period begun anew')
  })
  if (
    books.id.startsWith('subscriber') &&
    books.purchases.some(({ plan, state }) => plan !== null && state === 'paid')
  ) {
    states.reach('a subscription begun')
    const paid = books.entries.filter(
      ({ kind, source, sourceId }) => kind === 'grant' && source === 'plan' && sourceId !== 'free',
    )
    if (new Set(paid.map(({ period }) => period)).size > 1) states.reach('a subscription renewed')
  }
}

const planGrant = (entries: readonly Entry[], period: number, meter: string): number | null | undefined =>
  entries.find(
    (entry) => entry.period === period && entry.meter === meter && entry.kind === 'grant' && entry.source === 'plan',
  )?.quantity
