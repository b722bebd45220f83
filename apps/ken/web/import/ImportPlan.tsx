import { useId, useState } from 'react'
import type { Import, Upload } from '../api.ts'
import { reasonId, TargetField } from './TargetField.tsx'
import { usePlan } from './use-plan.ts'
import { useStart } from './use-start.ts'

/** How many to find, and the start. */
export function ImportPlan({
  upload,
  campaignId,
  target: wanted,
  onStarted,
}: {
  upload: Pick<Upload, 'id' | 'source'>
  campaignId: string
  /** What the field begins with. */
  target: number | null
  onStarted: (started: Import) => void
}) {
  const id = useId()
  const [target, setTarget] = useState(wanted)
  const planning = usePlan(upload.id, target)
  const { plan, stopped, mayStart } = planning
  const { start, pending, refused, problem, reset } = useStart({
    uploadId: upload.id,
    campaign: () => Promise.resolve(campaignId),
    onStarted,
    onFailed: () => void plan.refetch(),
  })

  const begin = async () => {
    if (!stopped && (await mayStart())) start(target)
  }

  return (
    <div className="stack">
      <TargetField
        id={id}
        source={upload.source}
        target={target}
        planning={planning}
        refused={refused}
        onTarget={(typed) => {
          setTarget(typed)
          reset()
        }}
        onLower={start}
      />
      {problem !== null && (
        <p className="notice is-danger" role="alert">
          The import was not started. {problem}
        </p>
      )}
      {plan.data !== undefined && (
        <div className="import-actions">
          <button
            type="button"
            className="button is-primary"
            aria-disabled={stopped || pending}
            aria-describedby={stopped ? reasonId(id, planning) : undefined}
            onClick={() => void begin().catch(() => plan.refetch())}
          >
            Start import
          </button>
        </div>
      )}
    </div>
  )
}
