import { useEffect, useId, useRef, useState } from 'react'
import { NumberField } from '@base-ui/react/number-field'
import { useUsage } from '@headroom/react'
import { useQuery } from '@tanstack/react-query'
import type { Criteria } from '../api.ts'
import { searchQuery } from '../directory/queries.ts'
import { headroom } from '../headroom.ts'
import { count, counted } from '../numbers.ts'
import { useUnread } from '../parts/use-unread.ts'
import { useSession } from '../session.ts'
import { BlockedNotice } from './BlockedNotice.tsx'
import { capInWords, capOf, mostPeople, withinCap } from './target.ts'
import type { Edits } from './use-edits.ts'

/** "How many contacts should Ken find?", the leads left under it, and what it is capped at and why. A number that is too high is lowered. */
export function TargetField({ criteria, target, edits }: { criteria: Criteria; target: number; edits: Edits | null }) {
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const { usage } = useUsage()
  const available = usage?.meters.find(({ meter }) => meter === 'leads')?.available
  const { data } = useQuery(searchQuery(criteria))
  const [value, setValue] = useState<number | null>(target)
  const [lowered, setLowered] = useState<number | null>(null)
  const { unread, clear, control } = useUnread()
  const cap = capOf(data?.ready === true ? data.estimate : undefined, available)
  const wanted = Math.max(lowered ?? 0, value ?? 0)

  const settle = () => {
    const fitting = withinCap(value ?? target, cap)
    if (fitting === value) return
    if (value !== null && value > fitting) setLowered(value)
    setValue(fitting)
    edits?.edit('target', fitting)
  }

  useEffect(() => {
    // What was proposed, or stood before a filter or the balance changed, is not left above what can be found; typing is not disturbed.
    const isOver = cap !== null && cap.most > 0 && value !== null && value > cap.most
    if (isOver && edits !== null && document.activeElement !== input.current) settle()
  })

  return (
    <div className="stack build-target">
      <NumberField.Root
        id={`${id}-target`}
        className="field import-target"
        value={value}
        min={1}
        disabled={edits === null}
        onValueChange={(typed) => {
          clear()
          setLowered(null)
          setValue(typed)
          if (typed !== null && typed === withinCap(typed, cap)) edits?.edit('target', typed)
        }}
      >
        <label htmlFor={`${id}-target`} className="field-label">
          How many contacts should Ken find?
        </label>
        <NumberField.Input
          ref={input}
          className="input"
          {...control}
          onBlur={() => {
            clear()
            settle()
          }}
          aria-describedby={unread ? `${id}-wrong` : `${id}-left ${id}-cap`}
        />
        {unread && (
          <p id={`${id}-wrong`} className="field-error" role="alert">
            Type a whole number from 1 to {count(mostPeople)}.
          </p>
        )}
        <p id={`${id}-left`} className="field-help">
          {leftInWords(available)}
        </p>
      </NumberField.Root>
      <p id={`${id}-cap`} className="quiet build-cap" aria-live="polite">
        {lowered !== null && `${count(lowered)} was changed to ${count(value ?? 0)}. `}
        {cap !== null && capInWords(cap)}
      </p>
      {available !== undefined && available !== null && wanted > available && (
        <LeadsShort quantity={wanted} available={available} />
      )}
    </div>
  )
}

function leftInWords(available: number | null | undefined): string {
  if (available === undefined) return 'Counting the leads left…'
  return available === null ? 'Unlimited leads' : `${counted(available, 'lead')} left`
}

/** "640 leads left - Upgrade plan": what helps to find more than that. */
function LeadsShort({ quantity, available }: { quantity: number; available: number }) {
  const { workspace } = useSession()
  const { data } = useQuery({
    queryKey: ['check', 'leads', workspace.id, quantity, available],
    queryFn: () => headroom.check(workspace.id, [{ meter: 'leads', quantity }]),
    placeholderData: (before) => before,
  })
  return data === undefined ? null : <BlockedNotice verdict={data} />
}
