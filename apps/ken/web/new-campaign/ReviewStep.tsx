import type { ReactNode } from 'react'
import { LimitNotice } from '@headroom/react'
import { useRouter } from '@tanstack/react-router'
import type { Criteria, Plan } from '../api.ts'
import { criteriaInWords } from '../directory/CriteriaFields.tsx'
import type { Chosen } from '../import/ChosenContacts.tsx'
import type { ImportPlanning } from '../import/use-plan.ts'
import type { Starting } from '../import/use-start.ts'
import { count, counted } from '../numbers.ts'
import { StepCard } from './StepCard.tsx'
import type { Step } from './steps.ts'

/** All that was said, each to be changed again, and the start. */
export function ReviewStep({
  name,
  criteria,
  chosen,
  target,
  planning,
  starting,
  onStep,
  onStart,
}: {
  name: string
  criteria: Criteria
  chosen: Chosen
  target: number | null
  planning: ImportPlanning
  starting: Starting
  onStep: (step: Step) => void
  onStart: () => void
}) {
  const router = useRouter()
  const { plan, short, stopped } = planning
  const notice = stopped ? short : starting.refused
  return (
    <StepCard title="Review">
      <dl className="review">
        <Line label="Campaign name" step="criteria" onStep={onStep}>
          {name.trim()}
        </Line>
        <Line label="Who counts as a lead" step="criteria" onStep={onStep}>
          {criteriaInWords(criteria) ?? 'Everyone with a verified email address'}
        </Line>
        <Line label="Data source" step="contacts" onStep={onStep}>
          {chosen.source === 'csv' ? `${chosen.upload.fileName}: ` : 'Leads Database (sample data): '}
          {chosen.source === 'csv'
            ? counted(chosen.upload.rows, 'row')
            : counted(chosen.upload.rows, 'person', 'people')}
          , {count(chosen.upload.usable)} with an email address
        </Line>
        <Line label="How many contacts" step="target" onStep={onStep}>
          {target === null ? 'As many as count' : `Up to ${count(target)}`}
          {plan.data !== undefined && <p className="quiet">{reservedInWords(plan.data)}</p>}
        </Line>
      </dl>
      {notice !== null && <LimitNotice verdict={notice} onNavigate={(href) => void router.navigate({ href })} />}
      {starting.problem !== null && (
        <p className="notice is-danger" role="alert">
          The import was not started. {starting.problem}
        </p>
      )}
      <div className="import-actions">
        <button type="button" className="button" onClick={() => onStep('target')}>
          Back
        </button>
        <button
          type="button"
          className="button is-primary"
          aria-disabled={stopped || starting.pending}
          onClick={() => !stopped && !starting.pending && onStart()}
        >
          Start import
        </button>
      </div>
    </StepCard>
  )
}

function Line({
  label,
  step,
  onStep,
  children,
}: {
  label: string
  step: Step
  onStep: (step: Step) => void
  children: ReactNode
}) {
  return (
    <div>
      <dt>{label}</dt>
      <dd className="breakable">{children}</dd>
      <dd>
        <button type="button" className="button is-small" aria-label={`Change: ${label}`} onClick={() => onStep(step)}>
          Change
        </button>
      </dd>
    </div>
  )
}

/** What is set aside when it starts. */
function reservedInWords({ available, reserve }: Plan): string {
  if (reserve === 0) return 'No lead is reserved: nobody in it could still count in this period.'
  const rest = available === null ? '' : ` of the ${count(available)} left`
  return `${counted(reserve, 'lead')}${rest} ${reserve === 1 ? 'is' : 'are'} reserved; what does not count returns when the import ends.`
}
