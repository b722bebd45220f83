import { useCallback, useRef, useState } from 'react'
import type { AddOnWire, MeterUsageWire } from '@headroom/sdk'
import { useUsage } from './HeadroomProvider.tsx'
import { PurchaseDialog } from './PurchaseDialog.tsx'
import type { CheckoutOptions } from './use-checkout.ts'

export interface PurchaseButtonProps extends CheckoutOptions {
  /** As the plan card hands it to its `meterAction`. */
  meter: MeterUsageWire
  /** The button's words; "Purchase Leads", "Purchase Emails" and "Purchase AI Credits" for those meters. */
  label?: string
}

/** Opens the dialog that tops up a meter. Renders nothing where the plan sells no more of it, as on unlimited meters. */
export function PurchaseButton({ meter, label = labelOf(meter), ...options }: PurchaseButtonProps) {
  const { usage, retry } = useUsage()
  const [open, setOpen] = useState(false)
  const [known, setKnown] = useState<AddOnWire | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const close = useCallback(() => {
    setOpen(false)
    button.current?.focus()
  }, [])
  if (usage === null || meter.addOn === null || meter.limit === null) return null

  // After a change of plan the prices come a moment later than the figures: an open dialog stands meanwhile, and sells nothing.
  const current = usage.addOns?.find(({ id }) => id === meter.addOn) ?? null
  const addOn = current ?? known
  const show = () => {
    setKnown(current)
    setOpen(current !== null)
  }
  return (
    <>
      <button
        ref={button}
        type="button"
        className="hr-button"
        aria-haspopup="dialog"
        aria-disabled={current === null}
        {...(current === null && { title: 'Prices are being loaded' })}
        onClick={show}
      >
        {label}
      </button>
      {open && addOn !== null && (
        <PurchaseDialog
          {...{ usage, meter, addOn, ...options }}
          isCurrent={current !== null}
          onPriceChanged={retry}
          onClose={close}
        />
      )}
    </>
  )
}

/** The labels of the help page (acceptance R); meters of another catalog by their units. */
const labels: Record<string, string> = {
  leads: 'Purchase Leads',
  email_sends: 'Purchase Emails',
  ai_campaigns: 'Purchase AI Credits',
}

const labelOf = ({ meter, units }: MeterUsageWire): string =>
  labels[meter] ?? `Purchase ${units.charAt(0).toUpperCase()}${units.slice(1)}`
