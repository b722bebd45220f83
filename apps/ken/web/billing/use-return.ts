import { useEffect, useEffectEvent } from 'react'
import { isNewlyPaid, outcomeOf, useCheckoutReturn, useUsage, type CheckoutReturn } from '@headroom/react'
import type { PurchaseWire } from '@headroom/sdk'
import { awaitPurchase, awaitSession, forgetAwaited } from './awaited.ts'
import { paymentReceived } from './toasts.ts'

/**
 * Asks about a checkout somebody came back from until there is an answer, says what was received, and remembers what is still on its
 * way, also for the pages one goes on to. `onKnown` hears what it was at the end; null where there is no such checkout.
 */
export function useReturn(session: string | null, onKnown: (purchase: PurchaseWire | null) => void): CheckoutReturn {
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
      if (usage.usage === null || isNewlyPaid(purchase, usage.usage.asOf)) paymentReceived(purchase.id)
    }
    if (session !== null) forgetAwaited(session)
    onKnown(purchase)
  })

  useEffect(() => {
    if (isReady) end()
  }, [isReady, purchase])

  return state
}
