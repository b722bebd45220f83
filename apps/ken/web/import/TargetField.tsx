import type { VerdictWire } from '@headroom/sdk'
import { LimitNotice } from '@headroom/react'
import { NumberField } from '@base-ui/react/number-field'
import { useRouter } from '@tanstack/react-router'
import type { Upload } from '../api.ts'
import { count, counted } from '../numbers.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { useUnread } from '../parts/use-unread.ts'
import { most, type ImportPlanning } from './use-plan.ts'

/**
 * How many to find, what that comes to with what is left, and when it does not fit what can be done instead. `id` names the field; what
 * stops the start stands at `<id>-wrong` or `<id>-notice`.
 */
export function TargetField({
  id,
  source,
  target,
  planning,
  refused,
  onTarget,
  onLower,
}: {
  id: string
  source: Upload['source']
  target: number | null
  planning: ImportPlanning
  /** What the start was refused with. */
  refused: VerdictWire | null
  onTarget: (target: number | null) => void
  onLower: (quantity: number) => void
}) {
  const router = useRouter()
  const { unread, clear, control } = useUnread()
  const { plan, wrong, asking, short } = planning
  if (plan.data === undefined) {
    return plan.isError ? (
      <Failure what="The estimate" error={plan.error} onRetry={plan.refetch} />
    ) : (
      <Loading what="the estimate" rows={3} height={52} />
    )
  }
  const { estimate, available, sentence } = plan.data
  const notice = wrong ? null : (short ?? refused)

  return (
    <>
      <NumberField.Root
        id={id}
        className="field import-target"
        value={target}
        onValueChange={(typed) => {
          clear()
          onTarget(typed)
        }}
      >
        <label htmlFor={id} className="field-label">
          How many contacts should Ken find?
        </label>
        <NumberField.Input
          className="input"
          placeholder={count(estimate)}
          aria-invalid={wrong || undefined}
          {...control}
          onBlur={clear}
          aria-describedby={wrong || unread ? `${id}-wrong` : `${id}-left ${id}-sentence`}
        />
        {(wrong || unread) && (
          <p id={`${id}-wrong`} className="field-error" role="alert">
            Type a whole number from 1 to {count(most)}.
          </p>
        )}
        <p id={`${id}-left`} className="field-help">
          {available === null ? 'Unlimited leads' : `${counted(available, 'lead')} left`} · estimate: up to{' '}
          {count(estimate)} in this {source === 'csv' ? 'file' : 'list'}
        </p>
      </NumberField.Root>

      <div className="plan" aria-live="polite" aria-busy={asking}>
        {!wrong && <p id={`${id}-sentence`}>{sentence}</p>}
      </div>

      {notice !== null && (
        <div id={`${id}-notice`}>
          <LimitNotice
            verdict={notice}
            onNavigate={(href) => void router.navigate({ href })}
            {...(target !== null && { onLowerQuantity: onLower })}
          />
        </div>
      )}
    </>
  )
}

/** Where it says why an import cannot start. */
export const reasonId = (id: string, { wrong }: ImportPlanning) => `${id}-${wrong ? 'wrong' : 'notice'}`
