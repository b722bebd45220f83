import { useMutation, useQuery } from '@tanstack/react-query'
import type { Criteria, Upload } from '../api.ts'
import { directoryApi } from '../directory/api.ts'
import { CriteriaFields } from '../directory/CriteriaFields.tsx'
import { FoundPeople, mostPeople } from '../directory/FoundPeople.tsx'
import { searchQuery } from '../directory/queries.ts'
import { count, counted } from '../numbers.ts'

/** Filters, whom they bring, and taking them as a list. */
export function DatabaseSource({
  criteria,
  campaign,
  onCriteria,
  onChosen,
  onBack,
}: {
  criteria: Criteria
  /** The campaign the list is for, with these criteria; made or changed when it is asked for. */
  campaign: () => Promise<string>
  onCriteria: (criteria: Criteria) => void
  onChosen: (list: Upload) => void
  /** To the step before, where there is one. */
  onBack?: () => void
}) {
  const { data, isPlaceholderData } = useQuery(searchQuery(criteria))
  const take = useMutation({
    mutationFn: async () => (await directoryApi.takeList(await campaign(), criteria)).upload,
    onSuccess: onChosen,
  })
  const ready = data?.ready === true && data.found > 0 && !isPlaceholderData
  const people = Math.min(data?.found ?? 0, mostPeople)

  return (
    <div className="stack is-loose">
      <CriteriaFields
        criteria={criteria}
        onChange={(changed) => {
          take.reset()
          onCriteria(changed)
        }}
      />
      <FoundPeople criteria={criteria} />
      {take.isError && (
        <p className="notice is-danger" role="alert">
          The list was not taken. {take.error.message}
        </p>
      )}
      <div className="import-actions">
        {onBack !== undefined && (
          <button type="button" className="button" onClick={onBack}>
            Back
          </button>
        )}
        <button
          type="button"
          className="button is-primary"
          aria-disabled={!ready || take.isPending}
          aria-describedby={ready ? undefined : 'found-title'}
          onClick={() => ready && !take.isPending && take.mutate()}
        >
          {take.isPending
            ? `Taking ${count(people)} people…`
            : ready
              ? `Continue with ${counted(people, 'person', 'people')}`
              : 'Continue'}
        </button>
      </div>
    </div>
  )
}
