import { useId, useState } from 'react'
import { NumberField } from '@base-ui/react/number-field'
import { useUsage } from '@headroom/react'
import { useQuery } from '@tanstack/react-query'
import type { Criteria } from '../api.ts'
import { count, counted } from '../numbers.ts'
import { searchQuery } from './directory.ts'
import { capInWords, capOf, withinCap } from './target.ts'
import type { Edits } from './use-edits.ts'

/** "How many contacts should Ken find?", the leads left under it, and what it is capped at and why. A number that is too high is lowered. */
export function TargetField({
  criteria,
  target,
  edits,
}: {
  criteria: Criteria
  target: number | null
  edits: Edits | null
}) {
  const id = useId()
  const { usage } = useUsage()
  const leads = usage?.meters.find(({ meter }) => meter === 'leads')
  const { data } = useQuery(searchQuery(criteria))
  const [value, setValue] = useState(target)
  const [lowered, setLowered] = useState<number | null>(null)
  const cap = capOf(data?.ready === true ? data.estimate : undefined, leads?.available)
  const over = value !== null && cap !== null && value > cap.most

  const settle = () => {
    const fitting = withinCap(value, cap)
    if (fitting === value) return
    setLowered(value)
    setValue(fitting)
    edits?.edit('target', fitting)
  }

  return (
    <div className="stack build-target">
      <NumberField.Root
        id={`${id}-target`}
        className="field import-target"
        value={value}
        disabled={edits === null}
        onValueChange={(typed) => {
          setLowered(null)
          setValue(typed)
          if (typed === null || (typed >= 1 && typed <= (cap?.most ?? typed))) edits?.edit('target', typed)
        }}
      >
        <label htmlFor={`${id}-target`} className="field-label">
          How many contacts should Ken find?
        </label>
        <NumberField.Input
          className="input"
          placeholder={cap === null ? '' : count(cap.most)}
          aria-describedby={`${id}-left ${id}-cap`}
          onBlur={settle}
        />
        <p id={`${id}-left`} className="field-help">
          {leads === undefined
            ? 'Counting the leads left…'
            : leads.available === null
              ? 'Unlimited leads'
              : `${counted(leads.available, 'lead')} left`}
        </p>
      </NumberField.Root>
      <p id={`${id}-cap`} className="quiet build-cap" aria-live="polite">
        {lowered !== null && `${count(lowered)} was changed to ${count(value ?? 0)}. `}
        {over && 'That is more than can be found now. '}
        {cap !== null &&
          (cap.most === 0 ? 'Nothing can be imported now; the build can be finished all the same.' : capInWords(cap))}
      </p>
    </div>
  )
}
