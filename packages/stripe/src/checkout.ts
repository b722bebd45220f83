/** From the click to Stripe's checkout. Nothing is granted here: a browser that comes back proves no payment. */
import { refusal, type Answer, type CheckoutWire } from '@headroom/core'
import { mint, unavailable, type PurchaseRow } from '@headroom/engine'
import { hash } from 'node:crypto'
import { createSession } from './checkout-session.ts'
import { isRefused, isStillAsked, within } from './client.ts'
import type { Context } from './context.ts'
import type { ForgetLost } from './customer.ts'
import type { Asking, Bought } from './interface.ts'
import { quote, subscribed, type Priced } from './quote.ts'
import type { Settling } from './settle-purchase.ts'
import { unpaid } from './unpaid.ts'

/** Nobody looks at a button that does nothing for longer. */
const patienceMs = 6_000

export type Checkout = (asking: Asking, bought: Bought) => Promise<Answer>

/** See Money.checkout. The row stands before Stripe is asked; its id is in the session's key, so that a lost answer is found again. */
export function createCheckout(context: Context, { settlePurchase }: Settling, forgetLost: ForgetLost): Checkout {
  const { engine, stripe, alarms } = context

  return async (asking, bought) => {
    const request = requestOf(bought)
    const known = asking.key === null ? undefined : await engine.purchases.byKey(asking.workspace, asking.key)
    if (known && known.request !== request) return mismatch(asking.requestId)
    if (known?.url) return within(patienceMs, () => handOut(known, asking.requestId, true))
    const priced = await quote(context, asking, bought)
    if ('status' in priced) return priced
    const { purchase, isNew } = known
      ? { purchase: known, isNew: false }
      : await engine.purchases.create(await rowOf(asking, priced, request))
    if (purchase.request !== request) return mismatch(asking.requestId)
    if (purchase.url !== null) return within(patienceMs, () => handOut(purchase, asking.requestId, true))
    try {
      return await within(patienceMs, () => open(purchase, priced, asking.requestId, !isNew))
    } catch (error) {
      if (asking.key === null || !isStillAsked(error)) throw error
      return stillRuns(asking.requestId)
    }
  }

  async function open(row: PurchaseRow, priced: Priced, requestId: string, replayed: boolean): Promise<Answer> {
    if (!(await isOpenable(row))) return hasEnded(requestId)
    if (row.plan !== null && (await isPaidMeanwhile(row))) {
      await fail(row, 'Another checkout of a plan was paid.')
      return subscribed(requestId)
    }
    // The plan may have changed since this key was first sent: what was quoted then is not sold any more.
    const made = priced.totalCents === row.total ? await createSession(context, row, priced, forgetLost) : 'no_price'
    if (made === 'no_price' || made.amount_total !== row.total || made.currency !== row.currency) {
      if (made !== 'no_price') await stripe.checkout.sessions.expire(made.id)
      const why = `Stripe's price of ${priced.lookupKey} is not the catalog's: push the catalog`
      alarms.raise('catalog_mismatch', `Purchase ${row.id} was not offered. ${why}.`, { purchase: row.id })
      await fail(row, why)
      throw unavailable('nothing_happened', 'This cannot be bought at the moment.')
    }
    const { id: session, url, expires_at: expiresAt } = made
    const change = { session, url, expiresAt: expiresAt * 1000 }
    const after = await engine.purchases.open(row.workspace, row.id, change)
    // Another one of this purchase is stored already, or it has ended: nobody is to pay in this one.
    if (!after) await close(session)
    const stands = after ?? (await engine.purchases.get(row.workspace, row.id))!
    return stands.url === null ? hasEnded(requestId) : handOut(stands, requestId, replayed)
  }

  /** The page to pay at. Looked at each time: whoever lost an answer may come back when another checkout has been paid. */
  async function handOut(row: PurchaseRow, requestId: string, replayed: boolean): Promise<Answer> {
    const isOpen = row.plan !== null && row.state === 'pending'
    return isOpen && (await isSoldAlready(row)) ? subscribed(requestId) : opened(row, replayed)
  }

  /** What failed before anything was offered may be tried again under its key. */
  async function isOpenable(row: PurchaseRow): Promise<boolean> {
    if (row.state === 'pending') return true
    const change = { state: 'pending', note: null } as const
    const again = row.session === null && (await engine.purchases.change(row.workspace, row.id, ['failed'], change))
    return again !== false && again !== undefined
  }

  async function fail(row: PurchaseRow, note: string): Promise<void> {
    await engine.purchases.change(row.workspace, row.id, ['pending'], { state: 'failed', note })
  }

  /** Two tabs must not pay twice: whatever was open is closed, and what was paid a moment ago counts. */
  async function isPaidMeanwhile(row: PurchaseRow): Promise<boolean> {
    const others = (await engine.purchases.pendingPlans(row.workspace)).filter(({ id }) => id !== row.id)
    for (const other of others) if (await endOther(other)) return true
    return false
  }

  /**
   * Both tabs at the same moment: the later one stays, unless the earlier one was paid while this one was being opened. Whether it
   * was; this one is closed then.
   */
  async function isSoldAlready(row: PurchaseRow): Promise<boolean> {
    let isPaid = false
    for (const other of await engine.purchases.pendingPlans(row.workspace)) {
      if (other.id < row.id && (await endOther(other))) isPaid = true
      if (other.id > row.id) {
        await endOther(row)
        throw unavailable('nothing_happened', 'Another checkout of a plan was opened at the same moment.')
      }
    }
    // A payment that was settled before we looked is not pending any more, and stands in the books.
    isPaid ||= (await engine.look(row.workspace, ({ subscription }) => subscription.reference !== null)) === true
    // What was paid may be this one itself, when its key is sent again.
    return isPaid && !(await endOther(row))
  }

  /** Whether it was paid before it could be closed. */
  async function endOther({ workspace, id, session }: PurchaseRow): Promise<boolean> {
    // Where it is not open any more, the reading says what it is.
    await close(session!)
    const after = await settlePurchase(workspace, id)
    return after?.state === 'paid' || after?.state === 'pending'
  }

  async function close(session: string): Promise<void> {
    try {
      await stripe.checkout.sessions.expire(session)
    } catch (error) {
      if (!isRefused(error)) throw error
    }
  }

  async function rowOf(asking: Asking, priced: Priced, request: string): Promise<PurchaseRow> {
    const { lookupKey: _lookupKey, totalCents: total, ...what } = priced
    const { workspace, key, actor } = asking
    const createdAt = await engine.now()
    return { workspace, id: mint('pur'), createdAt, ...what, total, state: 'pending', key, request, actor, ...unpaid }
  }
}

/** Same content, same text. */
function requestOf(bought: Bought): string {
  const content = 'addOn' in bought ? [bought.addOn, bought.blocks] : [bought.plan, bought.contacts, bought.interval]
  return hash('sha256', JSON.stringify(content), 'base64url').slice(0, 22)
}

function opened({ id: purchaseId, url, total, currency }: PurchaseRow, replayed: boolean): Answer {
  return {
    status: 201,
    body: { purchaseId, url: url!, total, currency } satisfies CheckoutWire,
    ...(replayed && { replayed }),
  }
}

/** No fault, so that nobody asks again under the same key. */
function hasEnded(requestId: string): Answer {
  const detail = 'This purchase has ended. Ask again with a new Idempotency-Key.'
  return refusal('invalid_request', detail, requestId, {
    errors: [{ path: 'Idempotency-Key', message: 'names a purchase that has ended' }],
  })
}

const mismatch = (requestId: string): Answer =>
  refusal(
    'idempotency_mismatch',
    'This Idempotency-Key was sent before with another request. Use a new key for a new request.',
    requestId,
  )

const stillRuns = (requestId: string): Answer =>
  refusal(
    'in_progress',
    'The same request, or another one on this workspace, is still running. Ask again with the same key.',
    requestId,
  )
