/** Reads what a workspace's customer subscribes to, whole, and hands it to the books under the reading's number (decisions 0019). */
import type { Instant, SubscriptionRow, WorkspaceId } from '@headroom/core'
import { mint, unavailable } from '@headroom/engine'
import type Stripe from 'stripe'
import { isMissing } from './client.ts'
import { coalesce } from './coalesce.ts'
import type { Context } from './context.ts'
import { candidates, isLive, isOurs, nextPhase, translate, UnknownPrice, type Statement } from './translate.ts'

const patienceMs = 5_000

export interface Syncing {
  /** Throws `unavailable` when somebody else reads for too long, UnknownPrice when it is subscribed to what is not ours. */
  syncWorkspace: (workspace: WorkspaceId) => Promise<void>
  /** Books that nobody subscribes any more, without asking Stripe: for a customer whom a person has found to be gone. */
  endSubscription: (workspace: WorkspaceId) => Promise<void>
  /** The same without booking it, for the drift check: null where there is no live subscription. */
  readSubscription: (customer: string, before: SubscriptionRow) => Promise<Statement | null>
}

export function createSyncing(context: Context, onSynced: (workspace: WorkspaceId) => void): Syncing {
  const { engine, stripe, prices, alarms } = context
  async function sync(
    workspace: WorkspaceId,
    read: (customer: string, before: SubscriptionRow) => Promise<Statement | null> = readSubscription,
  ): Promise<void> {
    const { customer } = (await engine.customers.get(workspace)) ?? { customer: null }
    if (customer === null) return
    const reading = await beginReading(workspace)
    try {
      const before = await engine.look(workspace, (draft) => draft.subscription)
      if (!before) return
      const subscription = await read(customer, before)
      const by = { key: null, requestId: mint('req'), actor: 'stripe', viewer: 'admin' } as const
      const answer = await engine.submit({ op: 'sync-subscription', workspace, reading, subscription, ...by })
      if (answer.status !== 200) throw new UnknownPrice((answer.body as { detail: string }).detail)
      alarms.ended('unknown_price', workspace)
      onSynced(workspace)
    } catch (error) {
      if (error instanceof UnknownPrice) {
        const message = `Workspace ${workspace} gets nothing new of its subscription: ${error.message}.`
        alarms.stands('unknown_price', workspace, message, { workspace, customer })
      }
      throw error
    } finally {
      await engine.customers.endReading(workspace, reading)
    }
  }

  async function beginReading(workspace: WorkspaceId): Promise<number> {
    const until = Date.now() + patienceMs
    for (let pauseMs = 20; ; pauseMs = Math.min(pauseMs * 2, 500)) {
      const reading = await engine.customers.beginReading(workspace)
      if (reading !== undefined) return reading
      if (Date.now() + pauseMs > until) {
        throw unavailable('nothing_happened', `The subscription of ${workspace} is being read by somebody else.`)
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
    }
  }

  async function readSubscription(customer: string, before: SubscriptionRow): Promise<Statement | null> {
    const all = await subscriptionsOf(customer, before)
    await Promise.all(all.filter(isLive).map(completeItems))
    const found = candidates(all, before.reference)
    const [followed] = found
    sayWhereSeveral(before.workspace, customer, found)
    if (!followed) return null
    return translate(followed, {
      nextPrice: await nextPrice(followed),
      free: freeChoice(),
      graceUntil: excusedUntil(before, followed.id),
    })
  }

  function sayWhereSeveral(workspace: WorkspaceId, customer: string, found: Stripe.Subscription[]): void {
    const ids = found.filter(isOurs).map(({ id }) => id)
    if (ids.length < 2) return alarms.ended('several_subscriptions', workspace)
    const message = `${customer} pays for ${ids.length} subscriptions at once: ${ids.join(', ')}; ${found[0]!.id} is followed.`
    alarms.stands('several_subscriptions', workspace, message, { workspace, customer, subscriptions: ids })
  }

  /**
   * Whom Stripe does not know subscribes to nothing, where we follow nothing. Where we do, nothing is changed and somebody has to look:
   * with a key of another account or mode every customer would be unknown.
   */
  async function subscriptionsOf(customer: string, before: SubscriptionRow): Promise<Stripe.Subscription[]> {
    const all: Stripe.Subscription[] = []
    const expand = ['data.schedule', 'data.latest_invoice']
    try {
      for await (const one of stripe.subscriptions.list({ customer, status: 'all', limit: 100, expand })) all.push(one)
      alarms.ended('customer_lost', before.workspace)
      return all
    } catch (error) {
      if (!isMissing(error)) throw error
      const { workspace, reference } = before
      if (reference === null) return []
      const message = `Stripe does not know ${customer}, whose ${reference} ${workspace} follows: is STRIPE_SECRET_KEY the right one? Nothing is changed.`
      alarms.stands('customer_lost', workspace, message, { workspace, customer })
      throw error
    }
  }

  /** A subscription shows its first items only. */
  async function completeItems({ id, items }: Stripe.Subscription): Promise<void> {
    if (!items.has_more) return
    items.data = []
    for await (const item of stripe.subscriptionItems.list({ subscription: id, limit: 100 })) items.data.push(item)
  }

  async function nextPrice(subscription: Stripe.Subscription): Promise<Stripe.Price | undefined> {
    const next = nextPhase(subscription)
    if (next === undefined || next === 'ends') return undefined
    const ids = next.items.map(({ price }) => (typeof price === 'string' ? price : price.id))
    const all = await Promise.all(ids.map((id) => prices.byId(id)))
    return all.find(({ metadata }) => metadata['headroom_plan'] !== undefined) ?? all[0]
  }

  function freeChoice() {
    const { freePlan, plans } = engine.catalog
    const { contacts } = plans.find(({ id }) => id === freePlan)!.prices[0]!
    return { plan: freePlan, contacts, interval: 'month' } as const
  }

  const endSubscription = (workspace: WorkspaceId) => sync(workspace, () => Promise.resolve(null))

  return { syncWorkspace: coalesce((workspace) => sync(workspace)), endSubscription, readSubscription }
}

function excusedUntil(before: SubscriptionRow, reference: string): Instant | null {
  return before.status === 'past_due' && before.reference === reference ? before.graceUntil : null
}
