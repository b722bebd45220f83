/** The room's parts put together. */
import type { PurchaseRow } from '@headroom/engine'
import { Alarms } from './alarms.ts'
import { BilledPrices } from './billed-price.ts'
import { createCheckout } from './checkout.ts'
import { createClient, isMissing, orUnavailable, within } from './client.ts'
import type { Context } from './context.ts'
import { createForgetLost } from './customer.ts'
import { createInboxWorker } from './inbox-worker.ts'
import type { Asking, Money, MoneyOptions } from './interface.ts'
import { createPortal, type Change } from './portal.ts'
import { Prices } from './prices.ts'
import { purchasePage } from './purchase-page.ts'
import { purchaseWire } from './purchase-wire.ts'
import { createReconciler, usualTimes } from './reconciler.ts'
import { signer } from './signed-quote.ts'
import { createSettling } from './settle-purchase.ts'
import { createSyncing } from './sync-workspace.ts'
import { createWebhook } from './webhook.ts'

/** The return page waits for it, with a spinner; and a button for its page. */
const patienceMs = 6_000
const usualInboxMs = 1_000

export function createContext(
  options: Pick<MoneyOptions, 'engine' | 'secretKey' | 'apiBase' | 'publicUrl' | 'log'>,
): Context {
  const { engine, secretKey, apiBase, publicUrl, log } = options
  const stripe = createClient(secretKey, apiBase)
  const live = secretKey.includes('_live_')
  return {
    stripe,
    engine,
    prices: new Prices(stripe),
    alarms: new Alarms(log),
    log,
    publicUrl,
    live,
    sign: signer(secretKey),
  }
}

/** Money in, against the Stripe that the key and the base name. Nothing is asked of it before somebody asks for something, or `start`. */
export function createMoney(options: MoneyOptions): Money {
  const { engine, log, times = {} } = options
  const context = createContext(options)
  const billed = new BilledPrices(context)
  const syncing = createSyncing(context, (workspace) => billed.forget(workspace))
  const settling = createSettling(context, syncing.syncWorkspace)
  const forgetLost = createForgetLost(context, syncing.endSubscription)
  const checkout = createCheckout(context, settling, forgetLost)
  const portal = createPortal(context)
  const webhook = createWebhook(context, options.webhookSecrets)
  const inbox = createInboxWorker(context, settling, syncing, times.inboxMs ?? usualInboxMs)
  const reconcilers = createReconciler(context, settling, syncing, () => inbox.wake(), { ...usualTimes, ...times })
  const loops = [inbox, ...reconcilers]
  const asked = <T>(work: Promise<T>): Promise<T> => orUnavailable(work, log, 'unknown')
  const looked = <T>(work: Promise<T>): Promise<T> => orUnavailable(work, log, 'nothing_happened')
  const wire = (row: PurchaseRow | undefined, full: boolean) => row && purchaseWire(row, full)
  /** The portal of a customer whom Stripe has lost is asked for once more: they are another one then. */
  const portalOfSomebody = async (asking: Asking, change: Change | null) => {
    try {
      return await portal(asking, change)
    } catch (error) {
      if (!isMissing(error) || !(await forgetLost(asking.workspace))) throw error
      return portal(asking, change)
    }
  }

  return {
    checkout: (asking, bought) => asked(checkout(asking, bought)),
    portal: (asking, change) => asked(within(patienceMs, () => portalOfSomebody(asking, change))),
    purchase: async (workspace, id, full) => wire(await looked(engine.purchases.get(workspace, id)), full),
    purchases: (workspace, query, full) => looked(purchasePage(engine, workspace, query, full)),
    async byReceipt(receipt) {
      const rows = await looked(engine.purchases.byReceipt(receipt))
      return rows.map((row) => purchaseWire(row, true))
    },
    async reconcile(workspace, id, full) {
      const row = await looked(engine.purchases.get(workspace, id))
      if (!row) return undefined
      const settle = () => settling.settlePurchase(row.workspace, row.id)
      return wire(await asked(within(patienceMs, settle)), full)
    },
    async webhook(body, signature) {
      const { status, detail, isNew } = await asked(webhook.receive(body, signature))
      if (isNew) inbox.wake()
      return { status, detail }
    },
    price: (usage) => billed.price(usage),
    async metrics() {
      const [purchases, events] = await Promise.all([engine.purchases.counts(), engine.inbox.counts()])
      return {
        purchases_pending: purchases.pending ?? 0,
        purchases_parked: purchases.parked ?? 0,
        purchases_disputed: purchases.disputed ?? 0,
        stripe_inbox_waiting: events.waiting,
        stripe_inbox_parked: events.parked,
        stripe_inbox_oldest_seconds: events.oldestSeconds,
        ...billed.figures(),
        ...context.alarms.figures(),
      }
    },
    start: () => loops.forEach((loop) => loop.start()),
    stop: async () => void (await Promise.all(loops.map((loop) => loop.stop()))),
  }
}
