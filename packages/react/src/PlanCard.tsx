import type { ReactNode } from 'react'
import type { MeterId, MeterUsageWire, PeriodWire, PriceWire, Status, UsageWire } from '@headroom/sdk'
import { emptyUsage } from './empty-usage.ts'
import { useUsage } from './HeadroomProvider.tsx'
import { instant } from './instants.ts'
import { pressureOf } from './meter-words.ts'
import { PlanCardSkeleton } from './PlanCardSkeleton.tsx'
import { PlanPrice } from './PlanPrice.tsx'
import type { UsageState } from './usage-feed.ts'
import { UsageMeter } from './UsageMeter.tsx'
import { UsageTrouble } from './UsageTrouble.tsx'

/** What a meter says once it is near its limit, and once nothing is left. */
export type MeterNotes = Record<MeterId, { near: string; full: string }>

export interface PlanCardSlots {
  /** Top right, such as a "Manage Plan" button. */
  manage?: ReactNode
  /** Beside a meter that has a limit, such as a button to purchase more. */
  meterAction?: (meter: MeterUsageWire) => ReactNode
  notes?: MeterNotes
}

/** The plan with its price and live meters, in whatever state the usage is. Stands within a HeadroomProvider. */
export function PlanCard(slots: PlanCardSlots) {
  return <PlanCardView {...useUsage()} {...slots} />
}

/** The same card from a state you hand in. */
export function PlanCardView({ retry, ...props }: UsageState & PlanCardSlots & { retry: () => void }) {
  const { status, usage, error, stale, busy, ...slots } = props
  if (status === 'loading') return <PlanCardSkeleton />
  return (
    <div className="hr-plan-frame">
      {(status === 'error' || stale) && (
        <UsageTrouble asOf={usage?.asOf ?? null} error={error} busy={busy} onRetry={retry} />
      )}
      <Card usage={usage ?? emptyUsage} isEmpty={usage === null} {...slots} />
    </div>
  )
}

/** A usage, or the empty one that stands in for it. */
interface Shown {
  plan: Pick<UsageWire['plan'], 'name' | 'description' | 'status' | 'pendingChange'>
  price: PriceWire | null
  period: PeriodWire | null
  meters: readonly MeterUsageWire[]
}

function Card({ usage, isEmpty, ...slots }: { usage: Shown; isEmpty: boolean } & PlanCardSlots) {
  const { manage, meterAction, notes = defaultNotes } = slots
  const { plan, price, period, meters } = usage
  return (
    <section className="hr-card hr-plan" data-empty={isEmpty || undefined} aria-label="Current plan">
      <header className="hr-plan-top">
        <div className="hr-plan-who">
          <h2 className="hr-plan-name">
            {plan.name}
            <span className="hr-chip" data-status={plan.status}>
              {statusWords[plan.status]}
            </span>
          </h2>
          <p className="hr-plan-description">{plan.description}</p>
        </div>
        <div className="hr-plan-side">
          {price !== null && <PlanPrice price={price} />}
          {manage}
        </div>
      </header>
      <div className="hr-plan-meters">
        {inPageOrder(meters).map((meter) => {
          const pressure = pressureOf(meter)
          const note = pressure === 'calm' ? undefined : notes[meter.meter]?.[pressure]
          const action = meter.limit === null ? undefined : meterAction?.(meter)
          const { label, counted, used, reserved, limit, available, overage } = meter
          const figures = { used, reserved, limit, available, overage }
          return (
            <UsageMeter
              key={meter.meter}
              {...{ label, counted, ...figures }}
              {...(note !== undefined && { note })}
              {...(action !== undefined && { action })}
            />
          )
        })}
      </div>
      <p className="hr-plan-renews">
        {period !== null && `Renews ${instant(period.end)} · unused credits do not carry over`}
        {plan.pendingChange && ` · changes to ${plan.pendingChange.plan} on ${instant(plan.pendingChange.at)}`}
      </p>
    </section>
  )
}

const statusWords: Record<Status, string> = {
  active: 'active',
  trialing: 'trial',
  past_due: 'payment due',
  overdue: 'payment overdue',
  suspended: 'suspended',
}

const defaultNotes: MeterNotes = {
  email_sends: {
    near: 'Running campaigns are not interrupted.',
    full: 'Running campaigns are not interrupted.',
  },
  leads: { near: 'New imports are capped at this.', full: 'New imports wait until there are more.' },
  ai_campaigns: { near: 'Each completed AI build takes one.', full: 'New AI builds wait until there are more.' },
}

const pageOrder: MeterId[] = ['email_sends', 'leads', 'ai_campaigns']

/** Emails sent, Leads, AI campaigns created; meters of another catalog follow in its order. */
function inPageOrder(meters: readonly MeterUsageWire[]): MeterUsageWire[] {
  const place = ({ meter }: MeterUsageWire) => (pageOrder.includes(meter) ? pageOrder.indexOf(meter) : pageOrder.length)
  return meters.toSorted((one, other) => place(one) - place(other))
}
