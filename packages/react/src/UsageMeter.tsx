import { useId, useRef, type ReactNode } from 'react'
import { countText, leftText, pressureOf, reservedText, sentenceOf, type MeterFigures } from './meter-words.ts'
import { counted as countedText, type Counted } from './numbers.ts'

export interface UsageMeterProps extends MeterFigures {
  label: string
  /** What the bar counts: "1,200 of 5,000 leads". */
  counted: Counted
  /** What happens next, once it is near or at the limit; it follows "160 left." */
  note?: string
  /** Beside the count, such as a button to purchase more. Not shown where there is no limit to raise. */
  action?: ReactNode
  /** Opens what explains the figures: by the button "Why this number?", or a click on the bar. Handed the button, which had the focus. */
  onExplain?: (button: HTMLElement) => void
}

/**
 * One meter: how much of the limit is used, how much is reserved by work in progress, how much is left. Without a limit it is the raw
 * count alone. It shows what it is given and computes no balance.
 */
export function UsageMeter({ label, counted, note, action, onExplain, ...figures }: UsageMeterProps) {
  const labelId = useId()
  const explain = useRef<HTMLButtonElement>(null)
  const { limit, used, reserved, available } = figures
  const name = {
    role: 'progressbar',
    'aria-labelledby': labelId,
    'aria-valuetext': sentenceOf(figures, counted),
  } as const
  const text = countText(figures, counted)
  const ask = () => explain.current !== null && onExplain?.(explain.current)
  const why = onExplain && (
    <button ref={explain} type="button" className="hr-link hr-meter-why" aria-describedby={labelId} onClick={ask}>
      Why this number?
    </button>
  )

  if (limit === null) {
    // There is no end to measure against: no maximum, no bar, only the count.
    return (
      <div className="hr-meter" data-pressure="calm">
        <div className="hr-meter-top">
          <span id={labelId} className="hr-meter-label">
            {label}
          </span>
          <span className="hr-meter-count" {...name}>
            {text}
          </span>
        </div>
        <Notes figures={figures} why={why} />
      </div>
    )
  }

  const whole = Math.max(limit, 1)
  return (
    <div className="hr-meter" data-pressure={pressureOf(figures)}>
      <div className="hr-meter-top">
        <span id={labelId} className="hr-meter-label">
          {label}
        </span>
        <span className="hr-meter-count">{text}</span>
        {action !== undefined && <span className="hr-meter-action">{action}</span>}
      </div>
      <div
        className="hr-bar"
        {...name}
        aria-valuemin={0}
        aria-valuemax={limit}
        aria-valuenow={Math.min(used, limit)}
        data-explained={onExplain !== undefined || undefined}
        onClick={ask}
      >
        <Segment kind="used" share={used / whole} title={`${countedText(used, counted)} used`} />
        <Segment kind="reserved" share={reserved / whole} title={`${countedText(reserved, counted)} reserved`} />
        <Segment kind="left" share={(available ?? 0) / whole} title={`${countedText(available ?? 0, counted)} left`} />
      </div>
      <Notes figures={figures} why={why} {...(note !== undefined && { note })} />
    </div>
  )
}

/** A share of nothing has no segment. Segments grow in proportion, so above the limit they still fit the bar. */
function Segment({ kind, share, title }: { kind: 'used' | 'reserved' | 'left'; share: number; title: string }) {
  if (share === 0) return null
  return <span className={`hr-bar-segment is-${kind}`} style={{ flexGrow: share }} title={title} />
}

/** The line under the bar is there even when it has nothing to say, so that nothing moves when work starts. */
function Notes({ figures, note, why }: { figures: MeterFigures; note?: string; why: ReactNode }) {
  const isPressing = pressureOf(figures) !== 'calm'
  const reserved = reservedText(figures)
  return (
    <div className="hr-meter-notes">
      {reserved !== null && <span className="hr-meter-reserved">{reserved}</span>}
      {isPressing && (
        <span className="hr-meter-left">
          {[`${leftText(figures)}.`, note].filter((part) => part !== undefined).join(' ')}
        </span>
      )}
      {why}
    </div>
  )
}
