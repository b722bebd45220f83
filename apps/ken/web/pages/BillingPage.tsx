import {
  ManagePlanButton,
  PlanCard,
  Pricing,
  PurchaseButton,
  PurchaseListView,
  ReservationList,
  useCatalog,
  usePurchases,
} from '@headroom/react'
import type { MeterUsageWire } from '@headroom/sdk'
import { Confirming } from '../billing/Confirming.tsx'
import { checkoutFailed, portalFailed, purchaseFailed } from '../billing/toasts.ts'
import { Page } from '../parts/Page.tsx'

const purchaseButton = (meter: MeterUsageWire) => <PurchaseButton meter={meter} onFailure={purchaseFailed} />

/** For Admins: the plan with its live meters on top and the ways to more, then plans, purchases, and the work that holds credits. */
export function BillingPage() {
  const { catalog } = useCatalog()
  const purchases = usePurchases()
  return (
    <Page title="Billing">
      <Confirming {...purchases} />
      <PlanCard catalog={catalog} manage={<ManagePlanButton onFailure={portalFailed} />} meterAction={purchaseButton} />
      <section className="stack" aria-labelledby="pricing-title">
        <h2 id="pricing-title" className="section-title">
          Pricing
        </h2>
        <Pricing onCheckoutFailure={checkoutFailed} onPortalFailure={portalFailed} />
      </section>
      <section className="stack" aria-labelledby="purchases-title">
        <h2 id="purchases-title" className="section-title">
          Purchases
        </h2>
        <PurchaseListView catalog={catalog} {...purchases} />
      </section>
      <section className="stack" aria-labelledby="work-title">
        <h2 id="work-title" className="section-title">
          Work in progress
        </h2>
        <ReservationList />
      </section>
    </Page>
  )
}
