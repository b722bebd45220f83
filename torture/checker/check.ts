/**
 * All the books: each workspace played again, and held against what its clients were told. Knows nothing of the product's rules but the
 * pages that state them.
 */
import { cast, workspaceOfId } from '../cast.ts'
import type { Call } from '../history.ts'
import { States } from '../states.ts'
import { checkAnswers, checkForms } from './answered.ts'
import { checkEndings } from './endings.ts'
import { checkBalances, checkReservations } from './held.ts'
import { checkBookedAt, checkInstants, clockOf, type Clock } from './instants.ts'
import { checkMoney, checkSubscription } from './money.ts'
import { checkOrder } from './order.ts'
import { checkPeriods, type Allowances } from './periods.ts'
import { replay } from './replay.ts'
import type { Books, Snapshot } from './rows.ts'
import type { Violations } from './violations.ts'

export interface CatalogBody {
  plans: { id: string; prices: { contacts: number | null; allowances: Record<string, number | null> }[] }[]
}

export interface Told {
  calls: readonly Call[]
  catalog: CatalogBody
}

/** In the end, when nothing is on its way any more: everything that was to come about has. `customers`: who pays at Stripe for which workspace. */
export function checkAtRest(
  snapshot: Snapshot,
  told: Told,
  customers: ReadonlyMap<string, string>,
  violations: Violations,
  states: States,
): void {
  checkAll(snapshot, told, { isAtRest: true, violations, states })
  for (const books of snapshot.books.values()) {
    const isSubscriber = cast.some(({ id, role }) => id === books.id && role === 'subscriber')
    if (isSubscriber) checkSubscription(books, snapshot.stripe, customers, violations)
    checkOverdue(books, snapshot.now, violations)
  }
  for (const kept of snapshot.inbox)
    violations.hold(kept.state === 'done', 'I7', null, () => `an event was not worked off: ${JSON.stringify(kept)}`)
}

/** At any moment: all that holds already. The calls are as they were known before the snapshot was taken. */
export const checkMeanwhile = (snapshot: Snapshot, told: Told, violations: Violations): void =>
  checkAll(snapshot, told, { isAtRest: false, violations, states: new States() })

interface Judge {
  isAtRest: boolean
  violations: Violations
  states: States
}

function checkAll(snapshot: Snapshot, { calls, catalog }: Told, judge: Judge): void {
  const { violations } = judge
  const allowances = allowancesOf(catalog)
  const clock = clockOf(calls)
  const byWorkspace = new Map<string | null, Call[]>()
  for (const call of calls) {
    const list = byWorkspace.get(call.workspace)
    if (list) list.push(call)
    else byWorkspace.set(call.workspace, [call])
  }
  for (const { id } of cast)
    violations.hold(snapshot.books.has(id), 'I12', id, () => 'a workspace that was made is not there')
  checkForms(byWorkspace.get(null) ?? [], violations)
  checkInstants(calls, clock, violations)
  for (const books of snapshot.books.values())
    checkWorkspace(books, byWorkspace.get(books.id) ?? [], snapshot, { allowances, clock }, judge)
}

function checkWorkspace(
  books: Books,
  calls: readonly Call[],
  { stripe }: Snapshot,
  { allowances, clock }: { allowances: Allowances; clock: Clock },
  judge: Judge,
): void {
  const { violations } = judge
  const member = cast.find(({ id }) => id === books.id)
  const played = replay(books, violations)
  checkReservations(books, played, violations)
  checkBalances(books, played, violations)
  checkPeriods(books, member, allowances, violations)
  const matches = checkAnswers(calls, books, judge)
  checkBookedAt(matches, clock, violations)
  checkEndings(calls, books, played.reservations, violations)
  checkOrder(calls, matches, books, played.reservations, { ...judge, clock })
  checkMoney(books, stripe, calls, judge)
  checkStored(calls, books, violations)
  checkOwn(books, violations)
}

const allowancesOf =
  ({ plans }: CatalogBody): Allowances =>
  (plan, meter) =>
    (plans.find(({ id }) => id === plan)?.prices ?? []).map(({ contacts, allowances }) => ({
      contacts,
      allowance: allowances[meter]!,
    }))

/** What is stored under a key is what was answered. */
function checkStored(calls: readonly Call[], books: Books, violations: Violations): void {
  const stored = new Map([...books.answers].map(([key, answer]) => [key.split(' ').at(-1)!, answer]))
  for (const call of calls) {
    const key = call.asked.key ?? (call.asked.body as { idempotencyKey?: string } | undefined)?.idempotencyKey
    if (
      key === undefined ||
      call.answer === null ||
      !['reserve', 'part', 'final', 'release', 'use', 'grant'].includes(call.kind)
    )
      continue
    const kept = stored.get(key)
    const same = kept !== undefined && kept.status === call.answer.status && kept.body === call.answer.text
    const isForm = call.answer.text.includes('"invalid_request"')
    violations.hold(
      same || isForm,
      'I9',
      books.id,
      () => `what is stored under a key is not what was answered: ${JSON.stringify({ call, kept })}`,
    )
  }
}

/** Each id carries the name of the workspace it was made for. */
function checkOwn(books: Books, violations: Violations): void {
  const names = [
    ...books.entries.map(({ sourceId }) => sourceId),
    ...books.reservations.keys(),
    ...books.grants.map(({ reason }) => reason ?? ''),
  ]
  for (const name of names) {
    const owner = workspaceOfId(name)
    violations.hold(
      owner === undefined || owner === books.id,
      'I11',
      books.id,
      () => `${name} has come here from another workspace`,
    )
  }
}

/** Called when the sweeper has had its time: nothing overdue is held any more. */
function checkOverdue(books: Books, now: number, violations: Violations): void {
  for (const { id, state, expiresAt } of books.reservations.values()) {
    violations.hold(
      state !== 'held' || expiresAt > now,
      'I6',
      books.id,
      () => `${id} expired at ${new Date(expiresAt).toISOString()} and is still held`,
    )
  }
}
