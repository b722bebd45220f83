import { useEffect, useId, useState, type MouseEvent } from 'react'
import { NumberField } from '@base-ui/react/number-field'
import { LimitNotice, useUsage } from '@headroom/react'
import type { VerdictWire } from '@headroom/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { api, type Import, type Plan, type Upload } from '../api.ts'
import { ApiProblem } from '../ask.ts'
import { count, counted } from '../numbers.ts'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { planQuery, queryClient } from '../queries.ts'

/** As many rows as a file may have. */
const most = 50_000

/** How many to find, what that comes to with what is left, and the start; when it does not fit, what can be done instead. */
export function ImportPlan({ upload, onStarted }: { upload: Upload; onStarted: (started: Import) => void }) {
  const id = useId()
  const router = useRouter()
  const [target, setTarget] = useState<number | null>(null)
  const wrong = target !== null && !(Number.isInteger(target) && target >= 1 && target <= most)
  const settled = useSettled(wrong ? null : target)
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
  const refused = start.error instanceof ApiProblem ? start.error.verdict : null
  const notice: VerdictWire | null = wrong ? null : (shortOf(plan.data) ?? refused)
  const asking = !wrong && plan.data.target !== target
  const stopped = wrong || (!asking && isStopped(plan.data))

  const begin = async () => {
    if (stopped || start.isPending) return
    // A press before the answer for the number just typed waits for it: it is neither lost nor ahead of the block.
    const now = asking ? await queryClient.fetchQuery(planQuery(upload.id, target, leads?.available)) : plan.data
    if (!isStopped(now)) start.mutate(target)
  }

  const lower = (quantity: number) => {
    if (!start.isPending) start.mutate(quantity)
  }

  // The notice's links are plain ones: followed here, they do not load the whole app again.
  const followInside = (event: MouseEvent<HTMLElement>) => {
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const href = link?.getAttribute('href')
    if (!href?.startsWith('/') || event.metaKey || event.ctrlKey || event.shiftKey) return
    event.preventDefault()
    void router.navigate({ href })
  }

  return (
    <div className="stack">
      <NumberField.Root
        id={`${id}-target`}
        className="field import-target"
        value={target}
        onValueChange={(typed) => {
          setTarget(typed)
          start.reset()
        }}
      >
        <label htmlFor={`${id}-target`} className="field-label">
          How many contacts should Ken find?
        </label>
        <NumberField.Input
          className="input"
          placeholder={count(estimate)}
          aria-invalid={wrong || undefined}
          aria-describedby={wrong ? `${id}-wrong` : `${id}-left ${id}-sentence`}
        />
        {wrong && (
          <p id={`${id}-wrong`} className="field-error" role="alert">
            Type a whole number from 1 to {count(most)}.
          </p>
        )}
        <p id={`${id}-left`} className="field-help">
          {available === null ? 'Unlimited leads' : `${counted(available, 'lead')} left`} · estimate: up to{' '}
          {count(estimate)} in this file
        </p>
      </NumberField.Root>

      <div className="plan" aria-live="polite" aria-busy={asking}>
        {!wrong && <p id={`${id}-sentence`}>{sentence}</p>}
      </div>

      {notice !== null && (
        <div id={`${id}-notice`} onClick={followInside}>
          <LimitNotice verdict={notice} {...(target !== null && { onLowerQuantity: lower })} />
        </div>
      )}
      {start.isError && refused === null && (
        <p className="notice is-danger" role="alert">
          The import was not started. {start.error.message}
        </p>
      )}

      <div className="import-actions">
        <button
          type="button"
          className="button is-primary"
          aria-disabled={stopped || start.isPending}
          aria-describedby={stopped ? `${id}-${wrong ? 'wrong' : 'notice'}` : undefined}
          onClick={() => void begin().catch(() => plan.refetch())}
        >
          Start import
        </button>
      </div>
    </div>
  )
}

/** What the server says when this import does not fit; one that counts nobody always does. */
const shortOf = ({ estimate, verdict }: Plan): VerdictWire | null => (estimate > 0 && !verdict.allowed ? verdict : null)

/** Without a number of one's own an import takes what is left; a number that is more than what is left has to be lowered first. */
function isStopped(plan: Plan): boolean {
  const short = shortOf(plan)
  return short !== null && (plan.target !== null || plan.available === 0 || short.reason !== 'limit_reached')
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
