import { useState } from 'react'
import {
  SubscriptionExists,
  type CatalogWire,
  type Interval,
  type NewCheckout,
  type PortalRequest,
  type UsageWire,
} from '@headroom/sdk'
import { ChoiceSwitch } from './ChoiceSwitch.tsx'
import { useCatalog, useUsage } from './HeadroomProvider.tsx'
import { stepTo, yearlyDiscount, type CatalogPlan, type StepKind, type Target } from './offers.ts'
import { PlanOffer } from './PlanOffer.tsx'
import { useCheckout, type CheckoutOptions } from './use-checkout.ts'
import { usePortal } from './use-portal.ts'

export interface PricingTableProps {
  /** The checkout of a new plan could not be opened. */
  onCheckoutFailure?: (error: unknown) => void
  /** The portal's page for a change of plan could not be opened. */
  onPortalFailure?: (error: unknown) => void
  go?: CheckoutOptions['go']
}

/** The plans of the catalog, and the way to each. Stands within a HeadroomProvider. */
export function PricingTable({ onCheckoutFailure, onPortalFailure, go }: PricingTableProps) {
  const { catalog, status, retry } = useCatalog()
  const { usage, status: usageStatus, retry: loadUsage } = useUsage()
  const onFailure = (error: unknown) => {
    // Bought in another tab: what is shown here is old.
    if (error instanceof SubscriptionExists) loadUsage()
    onCheckoutFailure?.(error)
  }
  const checkout = useCheckout({ onFailure, ...(go && { go }) })
  const portal = usePortal(onPortalFailure && { onFailure: onPortalFailure })
  const [taken, setTaken] = useState('')

  if (status === 'error') return <PricingTrouble onRetry={retry} />
  // The first view is the one of now: shown before it is known, the switches would jump.
  if (catalog === null || usageStatus === 'loading') return <PricingSkeleton />
  const isBusy = checkout.starting || portal.opening
  const take = (target: Target, kind: StepKind) => {
    if (isBusy) return
    setTaken(target.plan.id)
    if (kind === 'start') void checkout.start(requestOf(target))
    else void portal.open(kind === 'change' ? requestOf(target) : {})
  }
  return <PricingTableView {...{ catalog, usage }} busyPlan={isBusy ? taken : null} onTake={take} />
}

function requestOf({ plan, price: { contacts }, interval }: Target): NewCheckout & PortalRequest {
  return { plan: plan.id, interval, ...(contacts !== null && { contacts }) }
}

export interface PricingTableViewProps {
  catalog: CatalogWire
  /** Null while it cannot be loaded: prices without a way to them. */
  usage: UsageWire | null
  /** The plan whose checkout or portal page is being opened. */
  busyPlan: string | null
  onTake: (target: Target, kind: StepKind) => void
}

/** The same section from what you hand in. Which volume is looked at is its own. */
export function PricingTableView({ catalog, usage, busyPlan, onTake }: PricingTableViewProps) {
  const now = catalog.plans.find(({ id }) => id === usage?.plan.id)
  const families = [...new Set(catalog.plans.map(({ family }) => family))]
  const [interval, setInterval] = useState<Interval>(usage?.plan.interval ?? 'month')
  const [family, setFamily] = useState(now?.family ?? families[0] ?? '')
  const [volumes, setVolumes] = useState<Record<string, number | null>>({})

  const targetOf = (plan: CatalogPlan): Target => {
    const contacts = volumes[plan.id] ?? (plan === now ? usage?.plan.contacts : undefined)
    const price = plan.prices.find((known) => known.contacts === contacts) ?? plan.prices[0]!
    return { plan, price, interval }
  }
  return (
    <div className="hr-pricing">
      <div className="hr-pricing-top">
        <ChoiceSwitch
          legend="Billing interval"
          choices={intervalsOf(catalog)}
          value={interval}
          onChange={setInterval}
        />
        {families.length > 1 && (
          <ChoiceSwitch
            legend="Kind of plan"
            choices={families.map((value) => ({ value, label: familyText(value) }))}
            value={family}
            onChange={setFamily}
          />
        )}
      </div>
      <div className="hr-offers">
        {catalog.plans
          .filter((plan) => plan.family === family)
          .map((plan) => {
            const target = targetOf(plan)
            const step = usage && stepTo(target, usage, catalog)
            return (
              <PlanOffer
                key={plan.id}
                {...target}
                {...{ step, meters: catalog.meters }}
                currency={catalog.currency}
                busy={busyPlan === plan.id}
                onVolume={(contacts) => setVolumes((others) => ({ ...others, [plan.id]: contacts }))}
                onTake={() => step && 'label' in step && onTake(target, step.kind)}
              />
            )
          })}
      </div>
      {usage === null && <p className="hr-pricing-note">Plans can be chosen as soon as your usage is loaded.</p>}
    </div>
  )
}

function intervalsOf(catalog: CatalogWire): { value: Interval; label: string }[] {
  const discount = yearlyDiscount(catalog)
  return [
    { value: 'month', label: 'Pay monthly' },
    { value: 'year', label: discount === 0 ? 'Pay yearly' : `Pay yearly −${discount} %` },
  ]
}

/** "self-serve" → "Self-serve", "done-for-you" → "Done for you". */
function familyText(family: string): string {
  const words = family === 'self-serve' ? family : family.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function PricingTrouble({ onRetry }: { onRetry: () => void }) {
  return (
    <div className="hr-notice" data-kind="danger" role="alert">
      <div>
        <p className="hr-notice-title">Prices could not be loaded</p>
        <p>Your plan stays as it is. Manage Plan works without them.</p>
      </div>
      <button type="button" className="hr-button" onClick={onRetry}>
        Retry
      </button>
    </div>
  )
}

function PricingSkeleton() {
  return (
    <div className="hr-pricing is-loading" aria-busy="true">
      <p className="hr-hidden" role="status">
        Loading prices
      </p>
      <div className="hr-pricing-top" aria-hidden="true" />
      <div className="hr-offers" aria-hidden="true">
        {['one', 'two', 'three'].map((key) => (
          <div key={key} className="hr-offer" />
        ))}
      </div>
    </div>
  )
}
