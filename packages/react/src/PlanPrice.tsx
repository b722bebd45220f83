import { useEffect, useRef } from 'react'
import type { PriceWire } from '@headroom/sdk'
import { money } from './money.ts'

/**
 * What the plan costs a month: "$99 / month", after discounts, as Stripe bills it. Where that could not be read it is the catalog's
 * figure and says "Predicted". Nothing to pay is not a prediction: "$0 / month" stands alone.
 */
export function PlanPrice({ price, onCheckAgain }: { price: PriceWire; onCheckAgain?: () => void }) {
  const isPredicted = price.source === 'predicted' && price.monthlyCents > 0
  const figure = useRef<HTMLParagraphElement>(null)
  const hasFocus = useRef(false)

  useEffect(() => {
    if (isPredicted || !hasFocus.current) return
    // What was focused is gone with the label: the figure it was asked about takes the focus, and is read out.
    hasFocus.current = false
    figure.current?.focus({ preventScroll: true })
  }, [isPredicted])

  return (
    <div className="hr-price">
      <p ref={figure} className="hr-price-figure" tabIndex={-1}>
        {money(price.monthlyCents, price.currency)} / month
      </p>
      {price.billed === 'yearly' && <p className="hr-price-billed">billed yearly</p>}
      {isPredicted && (
        <details
          className="hr-predicted"
          onFocus={() => (hasFocus.current = true)}
          onBlur={() => (hasFocus.current = false)}
        >
          <summary>Predicted</summary>
          <p>
            An estimate from the plan’s catalog price and contact volume: what is really billed could not be read from
            Stripe. Your invoice may differ if discounts, prorations or add-ons are in effect.
          </p>
          {onCheckAgain && (
            <button type="button" className="hr-link" onClick={onCheckAgain}>
              Check again
            </button>
          )}
        </details>
      )}
    </div>
  )
}
