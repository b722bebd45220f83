/** The demo workspace's plan: bought and paid for as any customer would, where payments are simulated; else set by key. */
import { SubscriptionExists, type PurchaseWire } from '@headroom/sdk'
import type { Context } from '../context.ts'

const plan = { plan: 'starter', contacts: 1_000, interval: 'month' } as const

/** A checkout that nobody paid for in time is followed by another; this many in a row are not chance. */
const mostCheckouts = 5

/**
 * Buys the plan once in the life of the workspace: what a person does with it afterwards, also to cancel it, stays as it is. Killed at
 * any step it goes on where it was: each checkout has a key of its own, so a repeat finds the one that was made.
 */
export async function subscribeDemo(context: Context, workspace: string): Promise<void> {
  const { headroom, log, payForDemo } = context
  if (payForDemo === null) return
  const { plan: now } = await headroom.usage(workspace)
  // Set to something else by key: a demo is to be played with.
  const isOurs = now.subscribed || now.id === plan.plan || now.id === 'free'
  if (!now.subscribed && isOurs && !(await buy(context, workspace, payForDemo))) {
    log('warn', { workspace }, 'the demo workspace could not be subscribed; the next start tries again')
    return
  }
  await context.database.query(
    'update ken.workspaces set demo_paid_at = now() where id = $1 and demo_paid_at is null',
    [workspace],
  )
}

/** True when it is paid and booked. */
async function buy(
  { headroom }: Context,
  workspace: string,
  pay: (checkoutSession: string) => Promise<void>,
): Promise<boolean> {
  let key = 'demo-subscription'
  for (let checkouts = 0; checkouts < mostCheckouts; checkouts += 1) {
    const purchase = await checkout({ headroom }, workspace, key)
    if (purchase === null) return true
    if (purchase.state === 'pending' && purchase.checkoutSession !== null) await pay(purchase.checkoutSession)
    const { state } = await headroom.purchases.reconcile(workspace, purchase.id)
    if (state !== 'expired' && state !== 'failed') return state === 'paid'
    key = `demo-subscription-after-${purchase.id}`
  }
  return false
}

/** The purchase of this key, or null where a subscription is there already. */
async function checkout(
  { headroom }: Pick<Context, 'headroom'>,
  workspace: string,
  idempotencyKey: string,
): Promise<PurchaseWire | null> {
  try {
    const { purchaseId } = await headroom.purchases.checkout(workspace, plan, { idempotencyKey })
    return await headroom.purchases.get(workspace, purchaseId)
  } catch (error) {
    if (error instanceof SubscriptionExists) return null
    throw error
  }
}
