import { useId } from 'react'
import type { CatalogWire, Interval } from '@headroom/sdk'
import { CheckIcon, NewTabIcon } from './icons.tsx'
import { money } from './money.ts'
import { counted } from './numbers.ts'
import { monthlyCentsOf, type CatalogPlan, type CatalogPrice, type Step } from './offers.ts'
import { contactsText } from './plan-words.ts'

export interface PlanOfferProps {
  plan: CatalogPlan
  /** The one of the chosen volume. */
  price: CatalogPrice
  interval: Interval
  currency: string
  meters: CatalogWire['meters']
  /** Null while it is not known which plan one is on. */
  step: Step | null
  /** This offer's way to the checkout or portal is being opened. */
  busy: boolean
  onVolume: (contacts: number | null) => void
  onTake: () => void
}

/** One plan: what it costs for the chosen volume, what it allows for a month, and how to get it. */
export function PlanOffer({ plan, price, interval, currency, meters, step, busy, onVolume, onTake }: PlanOfferProps) {
  const titleId = useId()
  return (
    <section className="hr-offer" aria-labelledby={titleId}>
      <h3 id={titleId} className="hr-offer-name">
        {plan.name}
      </h3>
      <p className="hr-offer-description">{plan.description}</p>
      <p className="hr-offer-price">{money(monthlyCentsOf(price, interval), currency)} / month</p>
      <p className="hr-offer-billed">
        {interval === 'year' && price.yearCents > 0 && `billed ${money(price.yearCents, currency)} yearly`}
      </p>
      <VolumeSlider plan={plan} price={price} onVolume={onVolume} />
      <ul className="hr-offer-allowances" aria-label="Each month">
        {meters.map((meter) => (
          <li key={meter.id}>
            <CheckIcon />
            {allowanceText(price.allowances[meter.id], meter)}
          </li>
        ))}
      </ul>
      <StepTo step={step} busy={busy} onTake={onTake} />
    </section>
  )
}

/** The volumes as stops of a slider. A plan with one volume only says it. */
function VolumeSlider({ plan, price, onVolume }: Pick<PlanOfferProps, 'plan' | 'price' | 'onVolume'>) {
  const id = useId()
  const volumes = plan.prices.map(({ contacts }) => contacts)
  if (price.contacts === null) return <div className="hr-volume" />
  const inWords = contactsText(price.contacts)
  if (volumes.length === 1) return <div className="hr-volume">{inWords}</div>
  return (
    <div className="hr-volume">
      <label htmlFor={id}>Contacts</label>
      <output htmlFor={id}>{inWords}</output>
      <input
        id={id}
        type="range"
        min={0}
        max={volumes.length - 1}
        step={1}
        value={volumes.indexOf(price.contacts)}
        aria-valuetext={inWords}
        onChange={(event) => onVolume(volumes[Number(event.target.value)] ?? null)}
      />
    </div>
  )
}

function StepTo({ step, busy, onTake }: Pick<PlanOfferProps, 'step' | 'busy' | 'onTake'>) {
  const noteId = useId()
  if (step === null) return <div className="hr-offer-step" />
  if (!('label' in step)) {
    return (
      <div className="hr-offer-step">
        {step.text !== '' && (
          <p className="hr-offer-state" data-kind={step.kind}>
            {step.text}
          </p>
        )}
      </div>
    )
  }
  return (
    <div className="hr-offer-step">
      <button
        type="button"
        className="hr-button"
        aria-describedby={noteId}
        aria-disabled={busy}
        aria-busy={busy}
        onClick={onTake}
      >
        {step.label}
        {step.kind !== 'start' && <NewTabIcon />}
      </button>
      <p id={noteId} className="hr-offer-note">
        {step.text}
      </p>
    </div>
  )
}

/** "1,000 leads", "Unlimited emails". A plan that does not name a meter has none of it. */
function allowanceText(
  allowance: number | null | undefined,
  { counted: words }: CatalogWire['meters'][number],
): string {
  return allowance === null ? `Unlimited ${words.many}` : counted(allowance ?? 0, words)
}
