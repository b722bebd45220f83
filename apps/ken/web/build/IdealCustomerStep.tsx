import { useState } from 'react'
import type { Criteria } from '../api.ts'
import { CriteriaFields, criteriaInWords } from '../directory/CriteriaFields.tsx'
import { FoundPeople } from '../directory/FoundPeople.tsx'
import { TargetField } from './TargetField.tsx'
import type { Edits } from './use-edits.ts'

/** Whom Ken looks for: filters, how many of those found the campaign should find, and the first of them. */
export function IdealCustomerStep({
  criteria: proposed,
  target,
  edits,
}: {
  criteria: Criteria
  target: number
  edits: Edits | null
}) {
  const [criteria, setCriteria] = useState(proposed)

  const change = (now: Criteria) => {
    setCriteria(now)
    edits?.edit('criteria', now)
  }

  return (
    <div className="stack is-loose">
      {edits === null ? (
        <p className="breakable">{criteriaInWords(criteria) ?? 'Everyone in the Leads Database.'}</p>
      ) : (
        <CriteriaFields criteria={criteria} onChange={change} />
      )}
      <TargetField criteria={criteria} target={target} edits={edits} />
      <FoundPeople criteria={criteria} />
    </div>
  )
}
