import { useEffect, useState } from 'react'
import { ConfirmingPayment, isConfirming, useCatalog, whatText } from '@headroom/react'
import type { PurchaseWire } from '@headroom/sdk'
import { awaitedPurchase, forgetAwaited } from './awaited.ts'
import { paymentReceived } from './toasts.ts'

/** The payments on their way, above the meters they will raise. Says once that one which was awaited here has arrived. */
export function Confirming({ purchases }: { purchases: PurchaseWire[] | null }) {
  const { catalog } = useCatalog()
  const [openedMs] = useState(() => Date.now())

  useEffect(() => {
    for (const { id, state } of purchases ?? []) {
      if (state === 'pending' || awaitedPurchase(id) === null) continue
      forgetAwaited(id)
      if (state === 'paid') paymentReceived(id)
    }
  }, [purchases])

  return purchases?.filter(isConfirming).map((purchase) => {
    const awaited = awaitedPurchase(purchase.id)
    return (
      <ConfirmingPayment
        key={purchase.id}
        what={whatText(purchase, catalog)}
        sinceMs={awaited?.sinceMs ?? openedMs}
        receipt={purchase.receipt?.number ?? awaited?.session ?? purchase.id}
      />
    )
  })
}
