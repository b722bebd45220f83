import { useEffect, useEffectEvent } from 'react'
import type { PurchaseWire } from '@headroom/sdk'
import { isFirstWord } from './announced-payments.ts'
import { awaitPurchase, awaitSession, forgetAwaited } from './awaited-payments.ts'
import { useUsage } from './HeadroomProvider.tsx'
import { isNewlyPaid, outcomeOf, useCheckoutReturn, type CheckoutReturn } from './use-checkout-return.ts'

export interface PaymentReturnOptions {
  /** What it was at the end; null where there is no such checkout. */
  onKnown: (purchase: PurchaseWire | null) => void
  /** A payment has arrived. Said once for each purchase in this browser, and not of one that is more than a day old. */
  onReceived?: ((purchase: PurchaseWire) => void) | undefined
}

/**
 * Asks about a checkout somebody came back from until there is an answer, says what was received, and remembers what is still on its
 * way, also for the pages one goes on to: <PaymentsOnTheirWay> shows it there.
 */
export function usePaymentReturn(
  session: string | null,
  { onKnown, onReceived }: PaymentReturnOptions,
): CheckoutReturn {
  const state = useCheckoutReturn(session)
  const usage = useUsage()
  const { status } = state
  const purchase = status === 'known' ? state.purchase : null
  // Whether a payment is news is told by Headroom's clock; where it cannot be read, an unsaid "received" would be worse than a late one.
  const isReady = status === 'unknown' || (purchase !== null && usage.status !== 'loading')

  useEffect(() => {
    if (status === 'unreachable' && session !== null) awaitSession(session)
  }, [status, session])

  const end = useEffectEvent(() => {
    const outcome = purchase && outcomeOf(purchase)
    if (purchase !== null && outcome === 'confirming') awaitPurchase(purchase.id, session ?? purchase.id)
    if (purchase !== null && outcome === 'received') {
      const isNews = usage.usage === null || isNewlyPaid(purchase, usage.usage.asOf)
      if (isNews && isFirstWord(purchase.id)) onReceived?.(purchase)
    }
    if (session !== null) forgetAwaited(session)
    onKnown(purchase)
  })

  useEffect(() => {
    if (isReady) end()
  }, [isReady, purchase])

  return state
}
