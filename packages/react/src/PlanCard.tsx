import type { ReactNode } from 'react'
import type { CatalogWire, MeterId, MeterUsageWire, PeriodWire, PriceWire, UsageWire } from '@headroom/sdk'
import { emptyUsage } from './empty-usage.ts'
import { useUsage } from './HeadroomProvider.tsx'
import { pressureOf } from './meter-words.ts'
import { changeText, paymentTrouble, renewalText, statusWords } from './plan-words.ts'
import { inPageOrder } from './page-order.ts'
import { BlankPrice, PlanCardSkeleton } from './PlanCardSkeleton.tsx'
import { PlanPrice } from './PlanPrice.tsx'
import { useFreshPrice } from './use-fresh-price.ts'
import type { UsageState } from './usage-feed.ts'
import { UsageMeter } from './UsageMeter.tsx'
import { UsageTrouble } from './UsageTrouble.tsx'

/** What a meter says once it is near its limit, and once nothing is left. */
export type MeterNotes = Record<MeterId, { near: string; full: string }>

export interface PlanCardSlots {
  /** Top right, such as a ManagePlanButton; there in every state of the card. */
  manage?: ReactNode
  /** Beside a meter that has a limit, such as a PurchaseButton. */
  meterAction?: (meter: MeterUsageWire) => ReactNode
  /** A meter's "Why this number?" was pressed, such as to open a MeterExplanation; the button takes the focus back afterwards. */
  onExplain?: (meter: MeterUsageWire, button: HTMLElement) => void
  notes?: MeterNotes
  /** Under the meters, such as a PlanDetail. Its line is kept while the usage loads. */
  details?: (usage: UsageWire) => ReactNode
  /** Names the plan that a pending change leads to; without it stands its id. */
  catalog?: CatalogWire | null
}

/** The plan with its price and live meters, in whatever state the usage is. Stands within a HeadroomProvider. */
export function PlanCard(slots: PlanCardSlots) {
  const usage = useUsage()
  useFreshPrice(usage)
  return <PlanCardView {...usage} {...slots} />
}

/** The same card from a state you hand in. */
export function PlanCardView({ retry, ...props }: UsageState & PlanCardSlots & { retry: () => void }) {
  const { status, usage, error, stale, busy, ...slots } = props
  if (status === 'loading') return <PlanCardSkeleton {...slots} />
  const trouble = usage && paymentTrouble(usage.plan)
  return (
    <div className="hr-plan-frame">
      {(status === 'error' || stale) && (
        <UsageTrouble asOf={usage?.asOf ?? null} error={error} busy={busy} onRetry={retry} />
      )}
      {trouble && (
        <div className="hr-notice" data-kind={trouble.kind} role="status">
          <div>
            <p className="hr-notice-title">{trouble.title}</p>
            <p>{trouble.text}</p>
          </div>
        </div>
      )}
      <Card usage={usage ?? emptyUsage} known={usage} retry={retry} {...slots} />
    </div>
  )
}

/** A usage, or the empty one that stands in for it. */
interface Shown {
  plan: Pick<UsageWire['plan'], 'name' | 'description' | 'interval' | 'status' | 'pendingChange'>
  price: PriceWire | null
  period: PeriodWire | null
  meters: readonly MeterUsageWire[]
}

interface CardProps extends PlanCardSlots {
  usage: Shown
  /** The usage that is shown, or null where it is the empty one. */
  known: UsageWire | null
  retry: () => void
}

function Card({ usage, known, retry, ...slots }: CardProps) {
  const { manage, meterAction, onExplain, details, notes = defaultNotes, catalog = null } = slots
  const { plan, price, period, meters } = usage
  const change = changeText(plan, catalog)
  return (
    <section
      className="hr-card hr-plan"
      data-empty={known === null || undefined}
      aria-label="Current plan"
      // Takes the focus of what stood above it and is gone.
      tabIndex={-1}
    >
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
          {price !== null && <PlanPrice price={price} onCheckAgain={retry} />}
          {/* After a change of plan, until the new price is known: Manage Plan stays where it is. */}
          {price === null && manage !== undefined && <BlankPrice />}
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
              {...(onExplain && known && { onExplain: (button) => onExplain(meter, button) })}
            />
          )
        })}
      </div>
      {details && <div className="hr-plan-details">{known && details(known)}</div>}
      <div className="hr-plan-renews">
        {change !== null && <p className="hr-plan-change">{change}</p>}
        <p>{period !== null && renewalText(plan, period.end, catalog)}</p>
      </div>
    </section>
  )
}

const defaultNotes: MeterNotes = {
  email_sends: {
    near: 'Running campaigns are not interrupted.',
    full: 'Running campaigns are not interrupted.',
  },
  leads: { near: 'New imports are capped at this.', full: 'New imports wait until there are more.' },
  ai_campaigns: { near: 'Each completed AI build takes one.', full: 'New AI builds wait until there are more.' },
}
