/** Everything in the end: each workspace played again, and held against what its clients were told. Knows nothing of the product's rules but the pages that state them. */
import { cast, workspaceOfId } from '../cast.ts'
import type { Call, History } from '../history.ts'
import type { States } from '../states.ts'
import { checkAnswers } from './answered.ts'
import { checkEndings } from './endings.ts'
import { checkBalances, checkReservations } from './held.ts'
import { checkInstants } from './instants.ts'
import { checkMoney, checkSubscription } from './money.ts'
import { checkOrder } from './order.ts'
import { checkPeriods, type Allowances } from './periods.ts'
import { replay } from './replay.ts'
import type { Books, Snapshot } from './rows.ts'
import type { Violations } from './violations.ts'

export interface CatalogBody {
  plans: { id: string; prices: { contacts: number | null; allowances: Record<string, number | null> }[] }[]
}

export interface Found {
  snapshot: Snapshot
  /** Who pays for which workspace, at Stripe. */
  customers: ReadonlyMap<string, string>
}

export function checkAll(
  { snapshot, customers }: Found,
  history: History,
  catalog: CatalogBody,
  violations: Violations,
  states: States,
): void {
  const allowances = allowancesOf(catalog)
  const calls = new Map<string, Call[]>()
  for (const call of history.calls) {
    if (call.workspace === null) continue
    const list = calls.get(call.workspace)
    if (list) list.push(call)
    else calls.set(call.workspace, [call])
  }
  for (const { id } of cast)
    violations.hold(snapshot.books.has(id), 'I12', id, () => 'a workspace that was made is not there')
  checkInstants(history, violations)
  for (const books of snapshot.books.values()) {
    const mine = calls.get(books.id) ?? []
    const member = cast.find(({ id }) => id === books.id)
    const played = replay(books, violations)
    checkReservations(books, played, violations)
    checkBalances(books, played, violations)
    checkPeriods(books, member, allowances, violations)
    const matches = checkAnswers(mine, books, { violations, states })
    checkEndings(mine, books, played.reservations, violations)
    checkOrder(mine, matches, books, played.reservations, violations)
    checkMoney(books, snapshot.stripe, violations, states)
    if (member?.role === 'subscriber') checkSubscription(books, snapshot.stripe, customers, violations)
    checkStored(mine, books, violations)
    checkOwn(books, violations)
    checkOverdue(books, snapshot.now, violations)
  }
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
