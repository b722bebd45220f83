/** Money in: what a workspace buys, through Stripe's own pages. For an Admin's token or a full key. */
import type { CheckoutWire, Interval, Page, PurchaseWire } from '@headroom/core'
import type { Connection } from './connection.ts'
import { path, query } from './path.ts'
import type { CallOptions, PageRequest } from './requests.ts'

export type NewCheckout =
  { addOn: string; blocks: number } | { plan: string; contacts?: number | null; interval?: Interval }

export interface PortalRequest {
  plan?: string
  contacts?: number | null
  interval?: Interval
}

export class Purchases {
  readonly #connection: Connection

  constructor(connection: Connection) {
    this.#connection = connection
  }

  /**
   * Opens a checkout; the server prices it. Send the person to `url`; nothing is granted before it is paid. Each call is a purchase of
   * its own (its retries are not). Throws SubscriptionExists for a plan while there is one: change it in the portal.
   */
  checkout(workspace: string, request: NewCheckout, options?: CallOptions): Promise<CheckoutWire> {
    const key = { idempotencyKey: crypto.randomUUID() }
    const at = path`/v1/workspaces/${workspace}/checkout`
    return this.#connection.ask({ ...key, ...options, method: 'POST', path: at, body: request })
  }

  /** A link into Stripe's customer portal; with a plan, to the page that confirms the change to it. */
  portal(workspace: string, request: PortalRequest = {}, options?: CallOptions): Promise<{ url: string }> {
    const at = path`/v1/workspaces/${workspace}/portal`
    return this.#connection.ask({ ...options, method: 'POST', path: at, body: request })
  }

  /** One page, newest first; `nextCursor` is null on the last. */
  list(workspace: string, { cursor, limit }: PageRequest = {}, options?: CallOptions): Promise<Page<PurchaseWire>> {
    const at = path`/v1/workspaces/${workspace}/purchases` + query({ cursor, limit })
    return this.#connection.ask({ ...options, method: 'GET', path: at })
  }

  /** By its id, or its Checkout Session's. */
  get(workspace: string, id: string, options?: CallOptions): Promise<PurchaseWire> {
    return this.#connection.ask({ ...options, method: 'GET', path: path`/v1/workspaces/${workspace}/purchases/${id}` })
  }

  /** Asks Stripe now and books what follows; for the page people come back to. A repeat changes nothing. */
  reconcile(workspace: string, id: string, options?: CallOptions): Promise<PurchaseWire> {
    const at = path`/v1/workspaces/${workspace}/purchases/${id}/reconcile`
    return this.#connection.ask({ ...options, method: 'POST', path: at })
  }

  /** Which purchases a receipt number, payment intent, charge or Checkout Session names; for a full key of no workspace. */
  byReceipt(receipt: string, options?: CallOptions): Promise<{ data: PurchaseWire[] }> {
    return this.#connection.ask({ ...options, method: 'GET', path: '/v1/purchases' + query({ receipt }) })
  }
}
