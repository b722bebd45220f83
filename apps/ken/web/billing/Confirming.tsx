import { useEffect, useRef, useState } from 'react'
import { ConfirmingPayment, FailedPayment, isConfirming, useCatalog, whatText } from '@headroom/react'
import type { PurchaseWire } from '@headroom/sdk'
import { awaitedPurchase, awaitedSessions, awaitPurchase, forgetAwaited } from './awaited.ts'
import { paymentReceived } from './toasts.ts'
import { useReturn } from './use-return.ts'

/**
 * The payments on their way, above the meters they will raise. Says once that one which was awaited here has arrived; one that did not
 * go through is told of until it is dismissed or the page is left.
 */
export function Confirming({ purchases, retry }: { purchases: PurchaseWire[] | null; retry: () => void }) {
  const { catalog } = useCatalog()
  const [openedMs] = useState(() => Date.now())
  const [sessions, setSessions] = useState(awaitedSessions)
  const [failed, dismiss] = useEnds(purchases)

  const onKnown = (session: string) => {
    setSessions((all) => all.filter((other) => other !== session))
    retry()
  }
  return (
    <>
      {sessions.map((session) => (
        <Unasked key={session} {...{ session, openedMs, onKnown }} />
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

/** A checkout somebody came back from while Stripe or Headroom did not answer: asked about on, here too. */
function Unasked({
  session,
  openedMs,
  onKnown,
}: {
  session: string
  openedMs: number
  onKnown: (session: string) => void
}) {
  const [sinceMs] = useState(() => awaitedPurchase(session)?.sinceMs ?? openedMs)
  const { status } = useReturn(session, (purchase) => {
    // So that the list, when it has it, leads to the words for it.
    if (purchase?.state === 'failed') awaitPurchase(purchase.id, session)
    onKnown(session)
  })
  return status === 'unreachable' && <ConfirmingPayment unreachable sinceMs={sinceMs} receipt={session} />
}

/** What became of the payments that were on their way: says "received", and gives those that failed and the way to dismiss one. */
function useEnds(purchases: PurchaseWire[] | null) {
  const [failed, setFailed] = useState<readonly string[]>([])
  // Also those somebody else has paid, or another browser: their notice stood here too.
  const shown = useRef(new Set<string>())

  useEffect(() => {
    for (const purchase of purchases ?? []) {
      const { id, state } = purchase
      if (isConfirming(purchase)) shown.current.add(id)
      if (state === 'pending') continue
      const isAwaited = awaitedPurchase(id) !== null
      const wasShown = shown.current.delete(id)
      forgetAwaited(id)
      if (isAwaited && state === 'paid') paymentReceived(id)
      if ((isAwaited || wasShown) && state === 'failed') setFailed((all) => [...all, id])
    }
  }, [purchases])

  const dismiss = (id: string) => {
    setFailed((all) => all.filter((other) => other !== id))
    // The button that had the focus is gone: the page's title takes it.
    document.querySelector<HTMLElement>('.page-title')?.focus({ preventScroll: true })
  }
  return [failed, dismiss] as const
}
