/** Looks after what nobody has told us about: webhooks get lost, browsers are closed, servers are killed. */
import type { WorkspaceId } from '@headroom/core'
import { inBackground } from './client.ts'
import type { Context } from './context.ts'
import { handledEvents } from './event-subject.ts'
import { Loop } from './loop.ts'
import type { Settling } from './settle-purchase.ts'
import type { Syncing } from './sync-workspace.ts'
import { entryOf } from './webhook.ts'

export interface ReconcilerTimes {
  /** How often pending purchases are looked through, and how long one is left alone after a look. */
  purchasesMs: number
  unlookedMs: number
  /** How often Stripe's list of events is read. */
  eventsMs: number
  /** How long after one round of all customers the next begins. */
  customersMs: number
}

export const usualTimes: ReconcilerTimes = {
  purchasesMs: 15_000,
  unlookedMs: 20_000,
  eventsMs: 60_000,
  customersMs: 300_000,
}

/** An event may become visible in the list a little after its time, and after younger ones. */
const overlapMs = 600_000
/** Where the list was never read whole: all that Stripe still lists, which is 30 days. */
const listedMs = 30 * 86_400_000
/** Stripe takes so many types in one question. */
const mostTypes = 20
const page = 50
/** Stripe sends an event again for days, somebody by hand for weeks. */
const keptDays = 90

export function createReconciler(
  context: Context,
  { settlePurchase }: Settling,
  { syncWorkspace }: Syncing,
  onEvents: () => void,
  times: ReconcilerTimes,
): Loop[] {
  const { engine, stripe, log } = context
  let after: WorkspaceId = ''

  async function purchases(): Promise<boolean> {
    const rows = await engine.purchases.unlooked(times.unlookedMs, page)
    for (const { workspace, id } of rows) {
      await attempt(`Purchase ${id}`, () => settlePurchase(workspace, id))
    }
    return rows.length === page
  }

  async function events(): Promise<boolean> {
    const from = (await engine.inbox.listedTo()) ?? (await engine.now()) - listedMs
    const since = Math.floor(from / 1000)
    let newest = from
    let found = 0
    for (let first = 0; first < handledEvents.length; first += mostTypes) {
      const types = handledEvents.slice(first, first + mostTypes)
      for await (const event of stripe.events.list({ created: { gte: since }, types, limit: 100 })) {
        newest = Math.max(newest, event.created * 1000)
        if (event.livemode !== context.live) continue
        const stored = await engine.inbox.put({ ...entryOf(event), content: null, body: JSON.stringify(event) })
        if (stored === 'new') found += 1
      }
    }
    // Only now: what ends before has read a part of it, the newest first.
    await engine.inbox.listed(Math.max(from, newest - overlapMs))
    if (found > 0) {
      log('info', `Found ${found} events at Stripe that had not been delivered`)
      onEvents()
    }
    return false
  }

  async function customers(): Promise<boolean> {
    const rows = await engine.customers.page(after, page)
    for (const { workspace } of rows) {
      await attempt(`The subscription of ${workspace}`, () => syncWorkspace(workspace))
    }
    after = rows.at(-1)?.workspace ?? ''
    await engine.inbox.tidy(keptDays)
    return rows.length === page
  }

  /** One that cannot be read must not keep the others from being looked at. */
  async function attempt(what: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      log('warn', `${what} could not be looked at: ${(error as Error).message}`)
    }
  }

  return [
    new Loop('Pending purchases', () => inBackground(purchases), times.purchasesMs, log),
    new Loop("Stripe's list of events", () => inBackground(events), times.eventsMs, log),
    new Loop('The customers', () => inBackground(customers), times.customersMs, log),
  ]
}
