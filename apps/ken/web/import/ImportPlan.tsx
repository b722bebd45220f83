import { useEffect, useId, useState } from 'react'
import { NumberField } from '@base-ui/react/number-field'
import { LimitNotice, useUsage } from '@headroom/react'
import type { VerdictWire } from '@headroom/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api, ApiProblem, type Import, type Upload } from '../api.ts'
import { count, counted } from '../numbers.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { planQuery } from '../queries.ts'

/** How many to find, what that comes to with what is left, and the start; when it does not fit, what can be done instead. */
export function ImportPlan({ upload, onStarted }: { upload: Upload; onStarted: (started: Import) => void }) {
  const id = useId()
  const [target, setTarget] = useState<number | null>(upload.estimate > 0 ? upload.estimate : null)
  const settled = useSettled(target)
  const { usage } = useUsage()
  const leads = usage?.meters.find(({ meter }) => meter === 'leads')
  const plan = useQuery(planQuery(upload.id, settled, leads?.available))
  const start = useMutation({
    mutationFn: (quantity: number | null) => api.startImport(upload.id, quantity),
    onSuccess: onStarted,
    onError: () => plan.refetch(),
  })

  if (plan.data === undefined) {
    return plan.isError ? (
      <Failure what="The estimate" error={plan.error} onRetry={plan.refetch} />
    ) : (
      <Loading what="the estimate" rows={3} height={52} />
    )
  }

  const { estimate, available, sentence } = plan.data
  const wanted = Math.min(target ?? estimate, estimate)
  const refused = start.error instanceof ApiProblem ? start.error.verdict : null
  const blocked: VerdictWire | null = plan.data.verdict.allowed ? refused : plan.data.verdict
  const asking = settled !== target || plan.isPlaceholderData
  const reason = blocked !== null ? `${id}-blocked` : estimate === 0 ? `${id}-sentence` : undefined

  return (
    <div className="stack">
      <NumberField.Root
        id={`${id}-target`}
        className="field import-target"
        value={target}
        onValueChange={setTarget}
        min={1}
        max={50_000}
        format={{ maximumFractionDigits: 0 }}
      >
        <label htmlFor={`${id}-target`} className="field-label">
          How many contacts should Ken find?
        </label>
        <NumberField.Input className="input" aria-describedby={`${id}-left ${id}-sentence`} />
        <p id={`${id}-left`} className="field-help">
          {available === null ? 'Unlimited leads' : `${counted(available, 'lead')} left`} · estimate: up to{' '}
          {count(estimate)} in this file
        </p>
      </NumberField.Root>

      <div className="plan" aria-live="polite" aria-busy={asking}>
        <p id={`${id}-sentence`}>{sentence}</p>
      </div>

      {blocked !== null && (
        <div id={`${id}-blocked`}>
          <LimitNotice verdict={blocked} />
        </div>
      )}
      {start.isError && refused === null && (
        <p className="notice is-danger" role="alert">
          The import was not started. {start.error.message}
        </p>
      )}

      <div className="import-actions">
        {blocked !== null && available !== null && available > 0 && (
          <button
            type="button"
            className="button"
            disabled={start.isPending || asking}
            onClick={() => start.mutate(available)}
          >
            Import {count(available)} of {count(wanted)}
          </button>
        )}
        <button
          type="button"
          className="button is-primary"
          aria-disabled={reason !== undefined || start.isPending || asking}
          aria-describedby={reason}
          onClick={() => {
            if (reason === undefined && !start.isPending && !asking) start.mutate(target)
          }}
        >
          Start import
        </button>
      </div>
    </div>
  )
}

/** The number once typing has paused, so that half a number is never asked about. */
function useSettled(value: number | null): number | null {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 250)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
