import { useEffect, useEffectEvent, useRef, useState } from 'react'
import type { PurchaseWire } from '@headroom/sdk'
import { isFirstWord } from './announced-payments.ts'
import { awaitedPurchase, awaitedSessions, awaitPurchase, forgetAwaited } from './awaited-payments.ts'
import { ConfirmingPayment } from './ConfirmingPayment.tsx'
import { FailedPayment } from './FailedPayment.tsx'
import { useCatalog } from './HeadroomProvider.tsx'
import { isConfirming, whatText } from './purchase-words.ts'
import { usePaymentReturn } from './use-payment-return.ts'

export interface PaymentsOnTheirWayProps {
  /** As usePurchases gives them. */
  purchases: PurchaseWire[] | null
  retry: () => void
  /** One that was awaited in this browser has arrived; said once. */
  onReceived?: ((purchase: PurchaseWire) => void) | undefined
  /** A notice was dismissed: the button that had the focus is gone, so give it to what comes next. */
  onDismissed?: (() => void) | undefined
}

/**
 * The payments on their way, above the meters they will raise. Says once that one which was awaited here has arrived; one that did not
 * go through is told of until it is dismissed or the page is left. Stands within a HeadroomProvider.
 */
export function PaymentsOnTheirWay({ purchases, retry, onReceived, onDismissed }: PaymentsOnTheirWayProps) {
  const { catalog } = useCatalog()
  const [openedMs] = useState(() => Date.now())
  const [sessions, setSessions] = useState(awaitedSessions)
  const [failed, forget] = useEnds(purchases, onReceived)

  const onKnown = (session: string) => {
    setSessions((all) => all.filter((other) => other !== session))
    retry()
  }
  const dismiss = (id: string) => {
    forget(id)
    onDismissed?.()
  }
  return (
    <>
      {sessions.map((session) => (
        <Unasked key={session} {...{ session, openedMs, onKnown, onReceived }} />
      ))}
      {purchases?.map((purchase) => {
        const { id, receipt } = purchase
        const what = whatText(purchase, catalog)
        if (failed.includes(id)) return <FailedPayment key={id} what={what} onDismiss={() => dismiss(id)} />
        if (!isConfirming(purchase)) return null
        const awaited = awaitedPurchase(id)
        const sinceMs = awaited?.sinceMs ?? openedMs
        return <ConfirmingPayment key={id} {...{ what, sinceMs }} receipt={receipt?.number ?? awaited?.session ?? id} />
      })}
    </>
  )
}

interface UnaskedProps extends Pick<PaymentsOnTheirWayProps, 'onReceived'> {
  session: string
  openedMs: number
  onKnown: (session: string) => void
}

/** A checkout somebody came back from while Stripe or Headroom did not answer: asked about on, here too. */
function Unasked({ session, openedMs, onKnown, onReceived }: UnaskedProps) {
  const [sinceMs] = useState(() => awaitedPurchase(session)?.sinceMs ?? openedMs)
  const { status } = usePaymentReturn(session, {
    onReceived,
    onKnown(purchase) {
      // So that the list, when it has it, leads to the words for it.
      if (purchase?.state === 'failed') awaitPurchase(purchase.id, session)
      onKnown(session)
    },
  })
  return status === 'unreachable' && <ConfirmingPayment unreachable sinceMs={sinceMs} receipt={session} />
}

/** What became of the payments that were on their way: says "received", and gives those that failed and the way to forget one. */
function useEnds(purchases: PurchaseWire[] | null, onReceived: PaymentsOnTheirWayProps['onReceived']) {
  const [failed, setFailed] = useState<readonly string[]>([])
  // Also those somebody else has paid, or another browser: their notice stood here too.
  const shown = useRef(new Set<string>())

  const look = useEffectEvent(() => {
    for (const purchase of purchases ?? []) {
      const { id, state } = purchase
      if (isConfirming(purchase)) shown.current.add(id)
      if (state === 'pending') continue
      const isAwaited = awaitedPurchase(id) !== null
      const wasShown = shown.current.delete(id)
      forgetAwaited(id)
      if (isAwaited && state === 'paid' && isFirstWord(id)) onReceived?.(purchase)
      if ((isAwaited || wasShown) && state === 'failed') setFailed((all) => [...all, id])
    }
  })

  useEffect(() => look(), [purchases])

  return [failed, (id: string) => setFailed((all) => all.filter((other) => other !== id))] as const
}
