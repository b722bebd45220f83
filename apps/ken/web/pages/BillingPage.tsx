import { PlanCard, ReservationList } from '@headroom/react'
import { Page } from '../parts/Page.tsx'

/** For Admins: the plan with its live meters on top, then the work that holds some of them. */
export function BillingPage() {
  return (
    <Page title="Billing">
      <PlanCard />
      <section className="stack" aria-labelledby="work-title">
        <h2 id="work-title" className="section-title">
          Work in progress
        </h2>
        <ReservationList />
      </section>
    </Page>
  )
}
