import { useEffect, type ReactNode } from 'react'
import type { Build, BuildStepName } from './api.ts'
import { EmailCopyStep } from './EmailCopyStep.tsx'
import { FilesStep } from './FilesStep.tsx'
import { IdealCustomerStep } from './IdealCustomerStep.tsx'
import { PlanningStep } from './PlanningStep.tsx'
import { QualifyStep } from './QualifyStep.tsx'
import { ResearchStep } from './ResearchStep.tsx'
import { SegmentStep } from './SegmentStep.tsx'
import { stands } from './steps.ts'
import { StrategyStep } from './StrategyStep.tsx'
import type { Edits } from './use-edits.ts'
import { Working } from './Working.tsx'

/** What stands at a step; while the builder makes it, that it does. `edits`: where a person may change it, null where it is only read. */
export function StepContent({
  build,
  step,
  edits,
}: {
  build: Build
  step: BuildStepName
  edits: Edits | null
}): ReactNode {
  const forgetWrong = edits?.forgetWrong
  useEffect(() => forgetWrong, [forgetWrong])
  if (build.working === step) return <Working build={build} step={step} />
  if (!stands(build, step)) return <NothingYet build={build} />
  const { research, planning, criteria, qualify, segments, strategy, sequence } = build
  switch (step) {
    case 'files':
      return <FilesStep build={build} changeable={edits !== null} />
    case 'research':
      return research && <ResearchStep build={build} research={research} />
    case 'planning':
      return planning && <PlanningStep planning={planning} edits={edits} />
    case 'ideal_customer':
      return criteria && <IdealCustomerStep criteria={criteria} target={build.target ?? 1} edits={edits} />
    case 'qualify':
      return qualify && <QualifyStep qualify={qualify} />
    case 'segment':
      return segments && <SegmentStep segments={segments} edits={edits} />
    case 'strategy':
      return strategy && <StrategyStep strategy={strategy} edits={edits} />
    case 'email_copy':
      return sequence && <EmailCopyStep sequence={sequence} person={qualify?.passed[0] ?? null} edits={edits} />
  }
}

/** The step was under way when the build became a draft, or did not succeed: what is above says how it goes on. */
function NothingYet({ build }: { build: Build }) {
  return (
    <p className="quiet">
      {build.state === 'draft'
        ? 'Nothing stands here yet. Ken does this step when the build is resumed.'
        : 'Nothing stands here yet.'}
    </p>
  )
}
