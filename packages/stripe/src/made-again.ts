/** After a copy of the database was restored, Stripe tells of purchases and customers that are younger than it: what we signed is made again. */
import type { PurchaseRow } from '@headroom/engine'
import type { WorkspaceId } from '@headroom/core'
import type { Context } from './context.ts'
import { readQuote } from './signed-quote.ts'

/** As an event has it, or as Stripe answers. */
export interface Checkout {
  id?: string
  client_reference_id?: string | null
  metadata?: Record<string, string> | null
  customer?: string | { id: string } | null
}

/** The row of a session's purchase, opened in this session; undefined where we have signed no such thing. */
export async function madeAgain({ engine, sign, log }: Context, session: Checkout): Promise<PurchaseRow | undefined> {
  const { id } = session
  const lost = readQuote(session.metadata, sign)
  if (!id || !lost || lost.id !== session.client_reference_id) return undefined
  if (!(await engine.workspace(lost.workspace))) return undefined
  await nameCustomer({ engine }, lost.workspace, idOf(session.customer))
  log('warn', `Purchase ${lost.id} was not in the database and is made again as it was quoted`, {
    workspace: lost.workspace,
    purchase: lost.id,
    session: id,
  })
  const { purchase } = await engine.purchases.create(lost)
  return (await engine.purchases.change(lost.workspace, lost.id, ['pending'], { session: id })) ?? purchase
}

/** Whose customer it is, by a checkout of theirs that we signed; undefined where there is none. */
export async function workspaceAgain(context: Context, customer: string): Promise<WorkspaceId | undefined> {
  const { engine, stripe, sign } = context
  const { data } = await stripe.checkout.sessions.list({ customer, limit: 100 })
  for (const { metadata } of data) {
    const lost = readQuote(metadata, sign)
    if (!lost || !(await engine.workspace(lost.workspace))) continue
    await nameCustomer(context, lost.workspace, customer)
    return engine.customers.workspaceOf(customer)
  }
  return undefined
}

/** A workspace that has one keeps them. */
async function nameCustomer(
  { engine }: Pick<Context, 'engine'>,
  workspace: WorkspaceId,
  customer: string | null,
): Promise<void> {
  await engine.customers.ensure(workspace)
  if (customer !== null) await engine.customers.name(workspace, customer)
}

const idOf = (named: string | { id: string } | null | undefined): string | null =>
  typeof named === 'object' ? (named?.id ?? null) : (named ?? null)
