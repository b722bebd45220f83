import type { Source } from '../api.ts'
import { SourceChoice } from '../import/SourceChoice.tsx'
import { StepButtons, StepCard } from './StepCard.tsx'

/** Where the contacts come from. */
export function SourceStep({
  source,
  onSource,
  onBack,
  onNext,
}: {
  source: Source | null
  onSource: (source: Source) => void
  onBack: () => void
  onNext: () => void
}) {
  return (
    <StepCard title="Choose Data Source">
      <SourceChoice chosen={source} onChange={onSource} />
      <StepButtons onBack={onBack} {...(source !== null && { onNext })} />
    </StepCard>
  )
}
