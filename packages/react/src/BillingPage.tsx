import { useCallback, useId, useRef, useState, type ReactNode, type RefObject } from 'react'
import type { MeterId, MeterUsageWire, PurchaseWire } from '@headroom/sdk'
import { billingFaq, Faq, type FaqItem } from './Faq.tsx'
import { useCatalog, useUsage } from './HeadroomProvider.tsx'
import { ManagePlanButton } from './ManagePlanButton.tsx'
import { MeterExplanation } from './MeterExplanation.tsx'
import { PaymentsOnTheirWay } from './PaymentsOnTheirWay.tsx'
import { PlanCard, type PlanCardSlots } from './PlanCard.tsx'
import { PricingTable } from './PricingTable.tsx'
import { PurchaseButton } from './PurchaseButton.tsx'
import { PurchaseListView } from './PurchaseList.tsx'
import { ReservationList } from './ReservationList.tsx'
import { UsageHistory } from './UsageHistory.tsx'
import type { CheckoutOptions } from './use-checkout.ts'
import { usePurchases } from './use-purchases.ts'

type Fault = (error: unknown) => void

export interface BillingPageProps extends Pick<PlanCardSlots, 'details' | 'notes'> {
  /** An add-on's checkout could not be opened; nothing was bought. The dialog stays as it is. */
  onPurchaseFailure?: Fault
  /** A plan's checkout could not be opened. */
  onCheckoutFailure?: Fault
  /** The customer portal could not be opened. */
  onPortalFailure?: Fault
  /** A payment that was awaited in this browser has arrived; said once for each purchase. */
  onPaymentReceived?: (purchase: PurchaseWire) => void
  /** Where to go with a checkout's address; the browser goes there unless you say otherwise. */
  go?: (url: string) => void
  /** Where the ledger of a meter can be read. */
  ledgerHref?: (meter: MeterId) => string
  /** Your router's way to a page of yours; without it links are followed by the browser. */
  onNavigate?: (href: string) => void
  /** Above everything, such as a NewVersionNotice. */
  notices?: ReactNode
  /** Beside the heading of the usage history, such as a link to the ledger. */
  historyAside?: ReactNode
  /** Instead of the questions that hold for every product; an empty list leaves the section out. */
  faq?: readonly FaqItem[]
}

/**
 * Everything an Admin needs about plan, credits and payments, in one column: payments on their way, the plan with its live meters,
 * pricing, purchases, work in progress, usage history, questions. The title above it is yours. Stands within a HeadroomProvider.
 */
export function BillingPage({ faq = billingFaq, ...props }: BillingPageProps) {
  const { onPurchaseFailure, onCheckoutFailure, onPortalFailure, onPaymentReceived, go, notices } = props
  const page = useRef<HTMLDivElement>(null)
  const { catalog } = useCatalog()
  const purchases = usePurchases()
  const explanation = useExplained(props)

  return (
    <div ref={page} className="hr-billing">
      {notices}
      <PaymentsOnTheirWay
        {...purchases}
        onReceived={onPaymentReceived}
        onDismissed={() => page.current?.querySelector<HTMLElement>('.hr-plan')?.focus({ preventScroll: true })}
      />
      <PlanCard
        catalog={catalog}
        manage={<ManagePlanButton {...(onPortalFailure && { onFailure: onPortalFailure })} />}
        meterAction={purchaseButton({ ...(onPurchaseFailure && { onFailure: onPurchaseFailure }), ...(go && { go }) })}
        onExplain={explanation.open}
        {...(props.details && { details: props.details })}
        {...(props.notes && { notes: props.notes })}
      />
      {explanation.dialog}
      <Section title="Pricing">
        <PricingTable
          {...(onCheckoutFailure && { onCheckoutFailure })}
          {...(onPortalFailure && { onPortalFailure })}
          {...(go && { go })}
        />
      </Section>
      <Section title="Purchases">
        <PurchaseListView catalog={catalog} {...purchases} />
      </Section>
      <Section title="Work in progress">
        <ReservationList />
      </Section>
      <Section title="Usage history" aside={props.historyAside}>
        <UsageHistory />
      </Section>
      {faq.length > 0 && (
        <Section title="FAQ">
          <Faq items={faq} />
        </Section>
      )}
    </div>
  )
}

function Section({ title, aside, children }: { title: string; aside?: ReactNode; children: ReactNode }) {
  const id = useId()
  return (
    <section className="hr-section" aria-labelledby={id}>
      <div className="hr-section-top">
        <h2 id={id} className="hr-section-title">
          {title}
        </h2>
        {aside}
      </div>
      {children}
    </section>
  )
}

const purchaseButton = (options: CheckoutOptions) => (meter: MeterUsageWire) => (
  <PurchaseButton meter={meter} {...options} />
)

/** Which meter is being explained: its dialog, with the figures of now, and the button that takes the focus back. */
function useExplained({ ledgerHref, onNavigate }: Pick<BillingPageProps, 'ledgerHref' | 'onNavigate'>) {
  const { usage } = useUsage()
  const [opened, setOpened] = useState<MeterUsageWire | null>(null)
  const button: RefObject<HTMLElement | null> = useRef(null)
  const open = useCallback((meter: MeterUsageWire, pressed: HTMLElement) => {
    button.current = pressed
    setOpened(meter)
  }, [])
  const close = useCallback(() => {
    setOpened(null)
    button.current?.focus()
  }, [])
  const meter = opened && (usage?.meters.find(({ meter: id }) => id === opened.meter) ?? opened)
  const dialog = meter && (
    <MeterExplanation
      {...{ meter, onNavigate }}
      {...(ledgerHref && { ledgerHref: ledgerHref(meter.meter) })}
      onClose={close}
    />
  )
  return { open, dialog }
}
