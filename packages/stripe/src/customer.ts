import type { WorkspaceId } from '@headroom/core'
import { isKept, isMissing } from './client.ts'
import type { Context } from './context.ts'

/**
 * Stripe's customer for a workspace, made where there is none. Two who make it at once make one: its key is stored before. A fault
 * that Stripe keeps under that key is thrown once: the next asking has another key.
 */
export async function ensureCustomer({ engine, stripe }: Context, workspace: WorkspaceId): Promise<string> {
  const known = await engine.customers.ensure(workspace)
  if (known.customer !== null) return known.customer
  const made = await make(known.key)
  await engine.customers.name(workspace, made.id)
  return (await engine.customers.get(workspace))!.customer!

  async function make(key: string) {
    const { name } = (await engine.workspace(workspace))!
    try {
      return await stripe.customers.create({ name, metadata: { workspace } }, { idempotencyKey: key })
    } catch (error) {
      if (isKept(error)) await engine.customers.renew(workspace, key)
      throw error
    }
  }
}

/** Whether Stripe has lost the workspace's customer. They are forgotten then, with what they subscribed to: ensureCustomer makes another. */
export type ForgetLost = (workspace: WorkspaceId) => Promise<boolean>

export function createForgetLost(
  { engine, stripe, log }: Context,
  endSubscription: (workspace: WorkspaceId) => Promise<void>,
): ForgetLost {
  return async (workspace) => {
    const { customer } = (await engine.customers.get(workspace)) ?? { customer: null }
    if (customer === null || !(await isLost(customer))) return false
    // First the books, while the customer still leads to them: a crash in between leaves no subscription that nobody looks after.
    await endSubscription(workspace)
    await engine.customers.forget(workspace, customer)
    log('warn', `Stripe has no customer ${customer}: ${workspace} gets a new one`, { workspace, customer })
    return true
  }

  async function isLost(customer: string): Promise<boolean> {
    try {
      return (await stripe.customers.retrieve(customer)).deleted === true
    } catch (error) {
      if (isMissing(error)) return true
      throw error
    }
  }
}
