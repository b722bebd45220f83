/** What money in offers the server. Stripe's words stop here: in and out go ours. */
import type { Answer, Interval, Page, PriceWire, PurchaseWire, UsageWire, WorkspaceId } from '@headroom/core'
import type { EngineInterface } from '@headroom/engine'

export type Bought = { addOn: string; blocks: number } | { plan: string; contacts: number | null; interval: Interval }

export interface Asking {
  workspace: WorkspaceId
  /** Idempotency key in its full scope, or null: every asking is then a new purchase. */
  key: string | null
  requestId: string
  /** Who clicked; the ledger's actor. */
  actor: string
}

export interface Money {
  /**
   * Prices what is asked for, stores the purchase, and opens Stripe's checkout for it. 201 with CheckoutWire; 404 no such workspace;
   * 409 `subscription_exists` for a plan while there is a live subscription; 422 for what cannot be bought, and for a key that was sent
   * with another request. A repeat under a key resumes its purchase (`replayed`). Throws an `unavailable` fault when Stripe does not
   * answer in time: nothing was paid, and the same key goes on from there.
   */
  checkout(asking: Asking, bought: Bought): Promise<Answer>
  /**
   * A link into Stripe's customer portal, with a plan: into the page that confirms the change to it. 201 {url}; 404; 422 for a plan or
   * volume that is not sold, or a change without a live subscription. Throws `unavailable` when Stripe does not answer in time.
   */
  portal(
    asking: Asking,
    change: { plan: string; contacts: number | null; interval: Interval | null } | null,
  ): Promise<Answer>
  /** By its id or its Checkout Session's. `full`: with the session's id, for a full key. */
  purchase(workspace: WorkspaceId, id: string, full: boolean): Promise<PurchaseWire | undefined>
  /** Newest first; undefined where there is no such workspace. */
  purchases(
    workspace: WorkspaceId,
    query: { cursor?: string; limit: number },
    full: boolean,
  ): Promise<Page<PurchaseWire> | 'bad_cursor' | undefined>
  /** Of any workspace: by a receipt number, payment intent, charge or Checkout Session id. */
  byReceipt(receipt: string): Promise<PurchaseWire[]>
  /** Reads the purchase at Stripe now and books what follows: the return page's caller of the one grant function. Throws `unavailable`. */
  reconcile(workspace: WorkspaceId, id: string, full: boolean): Promise<PurchaseWire | undefined>
  /**
   * Takes one delivery: checked (raw bytes, signature, age, mode), stored, and only then 200. 400 for what Stripe did not send; throws
   * `unavailable` when it could not be stored, so that Stripe sends it again.
   */
  webhook(body: string, signature: string | null): Promise<{ status: 200 | 400; detail: string }>
  /**
   * What is billed a month: confirmed in the last 60 s at once, else Stripe's answer within 1.2 s, else `predicted` (decisions §6).
   * Never rejects and never takes longer.
   */
  price(usage: UsageWire): Promise<PriceWire>
  /** Figures for /metrics. */
  metrics(): Promise<Record<string, number>>
  /** Starts to work off the inbox and to look after purchases nobody has told us about. */
  start(): void
  /** Lets what runs end; the engine is its owner's to stop. */
  stop(): Promise<void>
}

/** How often is looked, in milliseconds of real time. Tests look more often. */
export interface MoneyTimes {
  /** The inbox, where no webhook has woken it. */
  inboxMs?: number
  /** Pending purchases, and how long one is left alone after a look. */
  purchasesMs?: number
  unlookedMs?: number
  /** Stripe's own list of events. */
  eventsMs?: number
  /** All customers. */
  customersMs?: number
}

export interface MoneyOptions {
  engine: EngineInterface
  secretKey: string
  /** Instead of Stripe's own: where the simulator stands, with its path, e.g. http://127.0.0.1:3000/stripe-simulator. */
  apiBase: string | null
  /** Several while one is being replaced. */
  webhookSecrets: readonly string[]
  /** Where people reach the app: they come back from Stripe to pages below it. */
  publicUrl: string
  log: (level: 'info' | 'warn' | 'error', message: string, fields?: Record<string, unknown>) => void
  times?: MoneyTimes
}
