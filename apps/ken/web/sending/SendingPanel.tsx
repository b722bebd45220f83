import { useState } from 'react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { toast } from 'sonner'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { sendingApi, type Schedule, type Sending } from './api.ts'
import { LeaveGuard } from './LeaveGuard.tsx'
import { sendingQuery, takeSending } from './queries.ts'
import { RecipientsTable } from './RecipientsTable.tsx'
import { faultOf, ScheduleFields } from './ScheduleFields.tsx'
import { SendingCard } from './SendingCard.tsx'
import { hasBegun, instant, scheduleInWords } from './words.ts'

/** From the schedule to the last reply: launching, watching and holding a campaign. */
export function SendingPanel({ campaignId, mayWork }: { campaignId: string; mayWork: boolean }) {
  const sending = useQuery(sendingQuery(campaignId))
  const [edited, setEdited] = useState<Schedule | null>(null)
  const [ran, setRan] = useState(false)

  if (sending.data === undefined) {
    return sending.isError ? (
      <Failure what="Sending" error={sending.error} onRetry={sending.refetch} />
    ) : (
      <Loading what="sending" rows={2} height={220} />
    )
  }
  const { data } = sending
  const runs = hasBegun(data.state)
  // A launch has taken the schedule along: from then on what is shown is what runs.
  if (ran !== runs) {
    setRan(runs)
    setEdited(null)
  }
  const schedule = edited ?? data.schedule
  return (
    <div className="stack is-loose">
      {sending.isError && (
        <p className="notice is-warn">These figures cannot be read right now. Sending itself goes on.</p>
      )}
      <SendingCard campaignId={campaignId} sending={data} schedule={schedule} mayWork={mayWork} />
      <ScheduleCard
        campaignId={campaignId}
        sending={data}
        edited={edited}
        onEdit={setEdited}
        mayWork={mayWork && data.state !== 'completed'}
      />
      <RecipientsTable campaignId={campaignId} steps={data.steps.length} live={data.state === 'sending'} />
    </div>
  )
}

function ScheduleCard({
  campaignId,
  sending: { schedule, state },
  edited,
  onEdit,
  mayWork,
}: {
  campaignId: string
  sending: Sending
  edited: Schedule | null
  onEdit: (edited: Schedule | null) => void
  mayWork: boolean
}) {
  const runs = hasBegun(state)
  const dirty = edited !== null && JSON.stringify(edited) !== JSON.stringify(schedule)
  const save = useMutation({
    mutationFn: (changed: Schedule) => sendingApi.saveSchedule(campaignId, changed),
    onSuccess: (now) => {
      takeSending(campaignId, now)
      onEdit(null)
      toast.success('Schedule saved.')
    },
  })
  return (
    <section className="card stack" aria-labelledby="schedule-title">
      <h2 id="schedule-title" className="section-title">
        Schedule
      </h2>
      {mayWork ? (
        <>
          <LeaveGuard dirty={dirty} what="the schedule" />
          <ScheduleFields schedule={edited ?? schedule} asksStart={!runs} onChange={onEdit} />
          {save.isError && (
            <p className="notice is-danger breakable" role="alert">
              The schedule was not saved. {save.error.message}
            </p>
          )}
          {dirty && (
            <div className="import-actions">
              <button
                type="button"
                className="button"
                disabled={save.isPending || faultOf(edited) !== null}
                onClick={() => save.mutate(edited)}
              >
                Save schedule
              </button>
              <button type="button" className="button is-quiet" onClick={() => onEdit(null)}>
                Discard changes
              </button>
              {!runs && <p className="quiet">A launch saves it too.</p>}
            </div>
          )}
        </>
      ) : (
        <p>
          {scheduleInWords(schedule)}
          {schedule.startAt !== null && `, from ${instant(schedule.startAt)} on`}.
        </p>
      )}
    </section>
  )
}
