import type { WorkspaceId } from '@headroom/core'
import { isKept } from './client.ts'
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
