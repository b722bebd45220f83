/** Compares the books with Stripe, workspace by workspace; repairs where it is told to. */
import { instantText, type PendingChange, type SubscriptionRow } from '@headroom/core'
import type { Customer } from '@headroom/engine'
import { createContext } from './create-money.ts'
import { isPaid } from './checkout-outcome.ts'
import type { Context } from './context.ts'
import type { MoneyOptions } from './interface.ts'
import { Pace } from './pace.ts'
import { readCheckout } from './read-checkout.ts'
import { createSettling } from './settle-purchase.ts'
import { createSyncing, type Syncing } from './sync-workspace.ts'
import type { Statement } from './translate.ts'

const page = 100
/** A person waits for the list, customers for their pages: half of what the reconciler may. */
const requestsPerSecond = 8

export type DriftOptions = Pick<MoneyOptions, 'engine' | 'secretKey' | 'apiBase' | 'log'>

/** The differences, one line each, as they are found. With `repair` each is then brought to what Stripe says. */
export async function* findDrift(options: DriftOptions, { repair }: { repair: boolean }): AsyncGenerator<string> {
  const context = createContext({ ...options, publicUrl: '' })
  const pace = new Pace(requestsPerSecond)
  const syncing = createSyncing(context, () => {})
  yield* subscriptions(context, syncing, pace, repair)
  yield* purchases(context, syncing, pace, repair)
}

async function* subscriptions(
  { engine }: Context,
  { readSubscription, syncWorkspace }: Syncing,
  pace: Pace,
  repair: boolean,
): AsyncGenerator<string> {
  for await (const { workspace, customer } of customersOf(engine.customers)) {
    const here = await engine.look(workspace, (draft) => draft.subscription)
    if (!here || customer === null) continue
    await pace.turn()
    const differences = await readSubscription(customer, here).then(
      (there) => differencesOf(here, there),
      (error: Error) => [error.message],
    )
    for (const difference of differences) yield `${workspace}: ${difference}`
    if (repair && differences.length > 0) yield* repaired(workspace, () => syncWorkspace(workspace))
  }
}

async function* purchases(
  context: Context,
  { syncWorkspace }: Syncing,
  pace: Pace,
  repair: boolean,
): AsyncGenerator<string> {
  const { engine, stripe } = context
  const { settlePurchase } = createSettling(context, syncWorkspace)
  for (let after = { workspace: '', id: '' }; ;) {
    const rows = await engine.purchases.pending(after, page)
    for (const { workspace, id, session } of rows) {
      if (session === null) continue
      await pace.turn()
      const reading = await readCheckout(stripe, session)
      if (!isPaid(reading)) continue
      yield `${workspace}: purchase ${id} is paid at Stripe and pending here`
      if (repair) yield* repaired(id, () => settlePurchase(workspace, id))
    }
    const last = rows.at(-1)
    if (!last || rows.length < page) return
    after = { workspace: last.workspace, id: last.id }
  }
}

async function* repaired(what: string, work: () => Promise<unknown>): AsyncGenerator<string> {
  try {
    await work()
    yield `${what}: repaired`
  } catch (error) {
    yield `${what}: could not be repaired: ${(error as Error).message}`
  }
}

async function* customersOf(customers: Context['engine']['customers']): AsyncGenerator<Customer> {
  for (let after = ''; ;) {
    const rows = await customers.page(after, page)
    yield* rows
    if (rows.length < page) return
    after = rows.at(-1)!.workspace
  }
}

/** What is here and there, field by field; a plan that a key has set without a subscription is nobody's drift. */
function differencesOf(here: SubscriptionRow, there: Statement | null): string[] {
  if (there === null) return here.reference === null ? [] : [`follows ${here.reference}, which has ended at Stripe`]
  const shown = (row: SubscriptionRow | Statement): Record<string, string> => ({
    subscription: String(row.reference),
    plan: [row.plan, row.contacts ?? 'no contacts', row.interval].join(', '),
    status: row.status,
    anchor: instantText(row.anchor),
    pending: pendingText(row.pending),
  })
  const [ours, theirs] = [shown(here), shown(there)]
  return Object.keys(ours)
    .filter((field) => ours[field] !== theirs[field])
    .map((field) => `${field} is ${ours[field]} here and ${theirs[field]} at Stripe`)
}

const pendingText = (pending: PendingChange | null): string =>
  pending === null
    ? 'none'
    : `${pending.plan}, ${pending.contacts ?? 'no contacts'}, ${pending.interval} at ${instantText(pending.at)}`
