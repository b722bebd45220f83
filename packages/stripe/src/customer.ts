import type { WorkspaceId } from '@headroom/core'
import type { Context } from './context.ts'

/** Stripe's customer for a workspace, made where there is none. Two who make it at once make one: its key is stored before. */
export async function ensureCustomer({ engine, stripe }: Context, workspace: WorkspaceId): Promise<string> {
  const known = await engine.customers.ensure(workspace)
  if (known.customer !== null) return known.customer
  const { name } = (await engine.workspace(workspace))!
  const made = await stripe.customers.create({ name, metadata: { workspace } }, { idempotencyKey: known.key })
  await engine.customers.name(workspace, made.id)
  return (await engine.customers.get(workspace))!.customer!
}
