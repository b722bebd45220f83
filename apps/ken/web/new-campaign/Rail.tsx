import { Check } from 'lucide-react'
import type { Source } from '../api.ts'
import { isOpen, stepName, steps, type Progress, type Step } from './steps.ts'

/** Where one is. What is open can be gone to, also back: nothing is lost on the way. */
export function Rail({
  shown,
  source,
  progress,
  onShow,
}: {
  shown: Step
  source: Source | null
  progress: Progress
  onShow: (step: Step) => void
}) {
  const here = steps.indexOf(shown)
  return (
    <nav aria-label="Steps" className="steps">
      <ol>
        {steps.map((step, index) => {
          const inside = (
            <>
              <span className="steps-dot" aria-hidden>
                {index < here ? <Check size={14} strokeWidth={3} /> : index + 1}
              </span>
              <span className="steps-label">{stepName(step, source)}</span>
            </>
          )
          return (
            <li key={step} className={index < here ? 'is-done' : index === here ? 'is-here' : undefined}>
              {isOpen(step, progress) ? (
                <button
                  type="button"
                  className="steps-place"
                  aria-current={step === shown ? 'step' : undefined}
                  onClick={() => onShow(step)}
                >
                  {inside}
                </button>
              ) : (
                <span className="steps-place">{inside}</span>
              )}
            </li>
          )
        })}
      </ol>
      <p className="steps-short quiet" aria-hidden>
        Step {here + 1} of {steps.length}: {stepName(shown, source)}
      </p>
    </nav>
  )
}
