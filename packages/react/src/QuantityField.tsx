import { useId, type KeyboardEvent, type Ref } from 'react'

export interface QuantityFieldProps {
  ref: Ref<HTMLInputElement>
  /** What stands in the field, as it was typed. */
  text: string
  /** The quantity it comes to and in words; null while it is no number. */
  quantity: number | null
  inWords: string | null
  /** How many units a step is, in words: "1,000 leads". */
  stepInWords: string
  least: number
  most: number
  /** What was done to the number, or what is wrong with it. */
  note: string | null
  onType: (text: string) => void
  /** Done typing. Answers whether that changed the number. */
  onDone: () => boolean
  onStep: (by: 1 | -1) => void
}

/** A quantity by "−" and "+", by the arrow keys, or typed in units. Beside it what it comes to. */
export function QuantityField({ ref, text, quantity, inWords, ...props }: QuantityFieldProps) {
  const { stepInWords, least, most, note, onType, onDone, onStep } = props
  const id = useId()
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowUp' ? 1 : event.key === 'ArrowDown' ? -1 : null
    if (by !== null) onStep(by)
    // A number that just became another one is looked at before it is bought: Enter sends the form only when nothing changed.
    if (by !== null || (event.key === 'Enter' && onDone())) event.preventDefault()
  }
  return (
    <div className="hr-quantity">
      <label htmlFor={id} className="hr-quantity-label">
        Quantity
      </label>
      <div className="hr-quantity-row">
        <div className="hr-stepper">
          <button
            type="button"
            className="hr-step"
            title={`${stepInWords} less`}
            aria-disabled={quantity === least}
            onClick={() => onStep(-1)}
          >
            −
          </button>
          <input
            ref={ref}
            id={id}
            className="hr-step-field"
            inputMode="numeric"
            autoComplete="off"
            role="spinbutton"
            aria-valuemin={least}
            aria-valuemax={most}
            {...(quantity !== null && { 'aria-valuenow': quantity })}
            {...(inWords !== null && { 'aria-valuetext': inWords })}
            aria-invalid={quantity === null}
            aria-describedby={`${id}-note`}
            value={text}
            onChange={(event) => onType(event.target.value)}
            onFocus={(event) => event.target.select()}
            onBlur={onDone}
            onKeyDown={onKey}
          />
          <button
            type="button"
            className="hr-step"
            title={`${stepInWords} more`}
            aria-disabled={quantity === most}
            onClick={() => onStep(1)}
          >
            +
          </button>
        </div>
        <output className="hr-quantity-words" htmlFor={id}>
          {inWords}
        </output>
      </div>
      <p id={`${id}-note`} className="hr-quantity-note" role="status">
        {note}
      </p>
    </div>
  )
}
