import { useState, type ReactNode } from 'react'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { ConfirmingPayment, outcomeOf, usePaymentReturn } from '@headroom/react'
import type { PurchaseWire } from '@headroom/sdk'
import { paymentReceived } from '../billing/toasts.ts'
import { Page } from '../parts/Page.tsx'

const route = getRouteApi('/app/settings/billing/return')

/** Where Stripe's checkout leads back to. Coming back proves nothing: Stripe is asked, and what was paid is booked, before anything is said. */
export function CheckoutReturnPage() {
  const { session_id: session = null } = route.useSearch()
  const navigate = useNavigate()
  const state = usePaymentReturn(session, {
    onReceived: paymentReceived,
    onKnown(purchase) {
      if (purchase !== null && leadsToBilling(purchase)) void navigate({ to: '/settings/billing', replace: true })
    },
  })
  const [openedMs] = useState(() => Date.now())
  const purchase = state.status === 'known' ? state.purchase : null

  if (state.status === 'unknown') {
    return (
      <Ended title="Checkout not found">
        There is no checkout at this address in your workspace. If you have paid, it is in the list of purchases.
      </Ended>
    )
  }
  if (state.status === 'unreachable') {
    return (
      <Page title="Confirming your payment">
        <ConfirmingPayment unreachable sinceMs={openedMs} receipt={session ?? ''} />
        <BackToBilling />
      </Page>
    )
  }
  if (purchase !== null && !leadsToBilling(purchase)) return <NotReceived {...purchase} />
  return (
    <Page title="Confirming your payment…">
      <p role="status" className="quiet">
        Stripe is being asked. This takes a moment.
      </p>
    </Page>
  )
}

/** The money is there or on its way: Billing says the rest. */
const leadsToBilling = (purchase: PurchaseWire) => ['received', 'confirming'].includes(outcomeOf(purchase))

function NotReceived({ id, state, checkoutUrl, receipt }: PurchaseWire) {
  if (state === 'parked') {
    return (
      <Ended title="Your payment is on hold">
        Somebody has to look at it. Contact support with this receipt: <code>{receipt?.number ?? id}</code>
      </Ended>
    )
  }
  if (state === 'pending') {
    return (
      <Ended
        title="Not paid yet"
        action={
          checkoutUrl !== null && (
            <a className="button is-primary" href={checkoutUrl}>
              Continue checkout
            </a>
          )
        }
      >
        This checkout is still open. Nothing was charged and nothing was credited.
      </Ended>
    )
  }
  if (state === 'refunded' || state === 'disputed') {
    return <Ended title="This payment was taken back">The list of purchases says what became of it.</Ended>
  }
  return <Ended title="Not paid">This checkout has ended. Nothing was charged and nothing was credited.</Ended>
}

function Ended({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <Page title={title}>
      <p>{children}</p>
      <div className="page-aside">
        {action}
        <BackToBilling />
      </div>
    </Page>
  )
}

function BackToBilling() {
  return (
    <p>
      <Link to="/settings/billing" className="link">
        Back to Billing
      </Link>
    </p>
  )
}
