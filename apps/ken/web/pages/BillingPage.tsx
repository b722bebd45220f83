import { PlanCard, ReservationList, useUsage } from '@headroom/react'
import { Page } from '../parts/Page.tsx'

/** For Admins: the plan with its live meters on top, then the work that holds some of it. */
export function BillingPage() {
  const { usage } = useUsage()
  return (
    <Page title="Billing">
      <PlanCard />
      <section className="stack" aria-labelledby="work-title">
        <h2 id="work-title" className="section-title">
          Work in progress
        </h2>
        <ReservationList />
      </section>
      {usage !== null && usage !== undefined && null}
    </Page>
  )
}
