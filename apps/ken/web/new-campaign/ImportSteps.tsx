import { useEffect, useId } from 'react'
import type { Criteria, Import } from '../api.ts'
import type { Chosen } from '../import/ChosenContacts.tsx'
import { reasonId, TargetField } from '../import/TargetField.tsx'
import { usePlan } from '../import/use-plan.ts'
import { useStart } from '../import/use-start.ts'
import { ReviewStep } from './ReviewStep.tsx'
import { StepCard } from './StepCard.tsx'
import type { Step } from './steps.ts'

/** The last two steps: how many, and one more look before the import starts. */
export function ImportSteps({
  step,
  name,
  criteria,
  target,
  chosen,
  campaign,
  onTarget,
  onFits,
  onStep,
  onStarted,
}: {
  step: 'target' | 'review'
  name: string
  criteria: Criteria
  target: number | null
  chosen: Chosen
  campaign: () => Promise<string>
  onTarget: (target: number | null) => void
  /** Whether what is asked for can be started. */
  onFits: (fits: boolean) => void
  onStep: (step: Step) => void
  onStarted: (started: Import) => void | Promise<void>
}) {
  const id = useId()
  const planning = usePlan(chosen.upload.id, target)
  const { plan, stopped, mayStart } = planning
  const starting = useStart({ uploadId: chosen.upload.id, campaign, onStarted, onFailed: () => void plan.refetch() })

  useEffect(() => onFits(!stopped), [onFits, stopped])

  const field = (
    <TargetField
      id={id}
      source={chosen.source}
      target={target}
      planning={planning}
      refused={starting.refused}
      onTarget={(typed) => {
        onTarget(typed)
        starting.reset()
      }}
      onLower={(quantity) => {
        onTarget(quantity)
        starting.reset()
        onStep('review')
      }}
    />
  )

  if (step === 'review') {
    return (
      <ReviewStep
        {...{ name, criteria, chosen, target, planning, starting, onStep }}
        onStart={() => {
          void mayStart().then(
            (may) => may && starting.start(target),
            () => plan.refetch(),
          )
        }}
      />
    )
  }

  const next = async () => {
    if (!stopped && (await mayStart())) onStep('review')
  }

  return (
    <StepCard title="How many contacts">
      {field}
      <div className="import-actions">
        <button type="button" className="button" onClick={() => onStep('contacts')}>
          Back
        </button>
        <button
          type="button"
          className="button is-primary"
          aria-disabled={stopped}
          aria-describedby={stopped ? reasonId(id, planning) : undefined}
          onClick={() => void next().catch(() => plan.refetch())}
        >
          Continue
        </button>
      </div>
    </StepCard>
  )
}
