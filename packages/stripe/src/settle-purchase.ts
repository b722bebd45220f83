/**
 * Brings a purchase to what Stripe says of it now. All callers come here: webhook, return page, reconciler. Safe to repeat, at the same
 * time and in any order; what a crash has left half done, the next caller finishes.
 */
import type { WorkspaceId } from '@headroom/core'
import { unavailable, type PurchaseChange, type PurchaseRow } from '@headroom/engine'
import { book, NotGranted } from './book-purchase.ts'
import { booking, disputeOf, isPaid, paidState, unpaidState, whyAnother, whyForeign } from './checkout-outcome.ts'
import { isMissing } from './client.ts'
import { coalesce } from './coalesce.ts'
import type { Context } from './context.ts'
import { readCheckout, type Reading } from './read-checkout.ts'

/** How often somebody else may be faster before we give up for now. */
const mostRounds = 10
/** A purchase whose checkout was never opened is given up after so long. */
const openedWithinMs = 3_600_000

export interface Settling {
  /** `hasFailed`: an event said that a slow payment failed; the session alone does not tell. Undefined: there is no such purchase. */
  settlePurchase: (workspace: WorkspaceId, id: string, hasFailed?: boolean) => Promise<PurchaseRow | undefined>
}

export function createSettling(context: Context, syncWorkspace: (workspace: WorkspaceId) => Promise<void>): Settling {
  const { engine, stripe, alarms, log, live } = context

  async function settle(workspace: WorkspaceId, id: string, hasFailed: boolean): Promise<PurchaseRow | undefined> {
    for (let round = 0; round < mostRounds; round++) {
      const begun = await engine.purchases.beginReading(workspace, id)
      if (!begun) return undefined
      const { purchase, reading: number } = begun
      if (purchase.session === null) return unopened(purchase)
      const reading = await read(purchase.session)
      const change = reading === 'lost' ? lost(purchase) : await follow(purchase, reading, hasFailed)
      const after = await engine.purchases.applyReading(workspace, id, number, change)
      if (after) return after
    }
    throw unavailable('nothing_happened', `Purchase ${id} is being looked at by others.`)
  }

  async function read(session: string): Promise<Reading | 'lost'> {
    try {
      return await readCheckout(stripe, session)
    } catch (error) {
      if (isMissing(error)) return 'lost'
      throw error
    }
  }

  /** Nobody can pay in a checkout that Stripe does not have; what was paid before stays as it is. */
  function lost({ workspace, id, session, state }: PurchaseRow): PurchaseChange {
    log('warn', `Stripe has no checkout ${session}: purchase ${id} is not asked for any more`, {
      workspace,
      purchase: id,
    })
    return state === 'pending' ? { state: 'expired', note: 'Stripe does not have its checkout any more.' } : {}
  }

  /** Books first, then says what the row is to show: never the other way round (decisions 0020). */
  async function follow(row: PurchaseRow, reading: Reading, hasFailed: boolean): Promise<PurchaseChange> {
    const foreign = whyForeign(reading, row, live)
    if (foreign !== null) return park(row, 'not_ours', foreign)
    if (!isPaid(reading)) {
      const state = unpaidState(reading, hasFailed || row.state === 'failed')
      const isOnItsWay = state === 'pending' && reading.session.status === 'complete'
      return { ...(state !== row.state && { state }), ...(isOnItsWay && onItsWay(row, reading)) }
    }
    const another = whyAnother(reading, row)
    if (another !== null) return { ...payment(row, reading), ...park(row, 'amount_mismatch', another) }
    if (row.addOn !== null) {
      try {
        await book(context, row, booking(row.brings, reading))
      } catch (error) {
        if (error instanceof NotGranted) return { ...payment(row, reading), ...park(row, 'not_granted', error.message) }
        throw error
      }
    } else if (row.paidAt === null) {
      await syncWorkspace(row.workspace)
    }
    return shown(row, reading)
  }

  /** Gone through and not paid yet: from here on it has a number by which support finds it, and nothing to go on with. */
  function onItsWay(row: PurchaseRow, { intent }: Reading): PurchaseChange {
    const reference = intent?.id ?? row.paymentIntent
    return { paymentIntent: reference, receiptNumber: reference ?? row.session }
  }

  async function shown(row: PurchaseRow, reading: Reading): Promise<PurchaseChange> {
    return {
      ...payment(row, reading),
      state: paidState(reading, disputeOf(reading)),
      paidAt: row.paidAt ?? (await engine.now()),
      note: null,
    }
  }

  /** What it was paid with: by it the receipt leads here, whatever became of the purchase. */
  function payment(row: PurchaseRow, { intent, charge }: Reading): PurchaseChange {
    return {
      refunded: charge?.amount_refunded ?? row.refunded,
      paymentIntent: intent?.id ?? row.paymentIntent,
      charge: charge?.id ?? row.charge,
      receiptNumber: charge?.receipt_number ?? intent?.id ?? row.receiptNumber,
      receiptUrl: charge?.receipt_url ?? row.receiptUrl,
    }
  }

  /** Nothing is granted until somebody has looked. */
  function park(row: PurchaseRow, alarm: 'not_ours' | 'amount_mismatch' | 'not_granted', why: string): PurchaseChange {
    if (row.state !== 'parked' || row.note !== why) {
      alarms.raise(alarm, `Purchase ${row.id} is parked and nothing is granted: ${why}.`, {
        workspace: row.workspace,
        purchase: row.id,
        session: row.session,
      })
    }
    return { state: 'parked', note: why }
  }

  async function unopened(row: PurchaseRow): Promise<PurchaseRow> {
    if (row.state !== 'pending' || row.createdAt + openedWithinMs > (await engine.now())) return row
    const note = 'Its checkout was never opened.'
    return (await engine.purchases.change(row.workspace, row.id, ['pending'], { state: 'expired', note })) ?? row
  }

  const settling = coalesce((key) => settle(...(JSON.parse(key) as Parameters<typeof settle>)))
  return {
    settlePurchase: (workspace, id, hasFailed = false) => settling(JSON.stringify([workspace, id, hasFailed])),
  }
}
