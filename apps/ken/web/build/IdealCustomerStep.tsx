import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import type { Criteria } from '../api.ts'
import { CriteriaPicker } from './CriteriaPicker.tsx'
import { directoryQuery } from './directory.ts'
import { LeadsFound } from './LeadsFound.tsx'
import { TargetField } from './TargetField.tsx'
import type { Edits } from './use-edits.ts'

/** Whom Ken looks for: filters, the people they bring, and how many of them the campaign should find. */
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
  const options = useQuery(directoryQuery)

  const change = (now: Criteria) => {
    setCriteria(now)
    edits?.edit('criteria', now)
  }

  return (
    <div className="stack is-loose">
      <CriteriaPicker criteria={criteria} options={options.data} onChange={edits === null ? null : change} />
      <LeadsFound criteria={criteria} />
      <TargetField criteria={criteria} target={target} edits={edits} />
    </div>
  )
}
