import { useId, useRef } from 'react'
import { useMutation } from '@tanstack/react-query'
import { sendingApi, type Schedule, type Sending } from './api.ts'
import { CapacityNotice } from './CapacityNotice.tsx'
import { LaunchDialog } from './LaunchDialog.tsx'
import { takeSending } from './queries.ts'
import { faultOf } from './ScheduleFields.tsx'
import { SendingFigures } from './SendingFigures.tsx'
import { SendsNotice } from './SendsNotice.tsx'
import { hasBegun, instant } from './words.ts'

/** How the campaign stands, what it has sent, and the button that moves it on: Launch, Pause or Resume. */
export function SendingCard({
  campaignId,
  sending,
  schedule,
  mayWork,
}: {
  campaignId: string
  sending: Sending
  /** As it is filled in now: a launch takes it along. */
  schedule: Schedule
  mayWork: boolean
}) {
  const id = useId()
  const heading = useRef<HTMLHeadingElement>(null)
  const launch = useMutation({
    mutationFn: () => sendingApi.launch(campaignId, schedule),
    onSuccess: (now) => takeSending(campaignId, now),
  })
  const { state } = sending
  const turn = useMutation({
    mutationFn: () => (state === 'sending' ? sendingApi.pause(campaignId) : sendingApi.resume(campaignId)),
    onSuccess: (now) => takeSending(campaignId, now),
  })
  const runs = hasBegun(state)
  const fault = faultOf(schedule)
  const whyNot = sending.launchable ? fault : sending.whyNot
  const problem = launch.error ?? turn.error

  return (
    <section className="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`} ref={heading} tabIndex={-1} className="section-title">
        Sending
      </h2>
      {sending.notice !== null && sending.notice.kind !== 'capacity' && (
        <p className="notice is-warn breakable">{sending.notice.text}</p>
      )}
      {state !== 'completed' && <CapacityNotice capacity={sending.capacity} />}
      <SendsNotice sends={sending.sends} />
      <SendingFigures sending={sending} />
      {sending.nextAt !== null && (
        <p className="quiet">
          Next mail due{' '}
          <time dateTime={sending.nextAt} className="figure">
            {instant(sending.nextAt)}
          </time>
        </p>
      )}
      {problem !== null && (
        <p className="notice is-danger breakable" role="alert">
          {problem.message}
        </p>
      )}
      {mayWork ? (
        <div className="import-actions">
          {runs ? (
            <button
              type="button"
              className={state === 'sending' ? 'button' : 'button is-primary'}
              aria-disabled={turn.isPending}
              onClick={() => !turn.isPending && turn.mutate()}
            >
              {state === 'sending' ? 'Pause sending' : 'Resume sending'}
            </button>
          ) : (
            <LaunchDialog
              sending={sending}
              schedule={schedule}
              blocked={whyNot !== null || !sending.launchable || launch.isPending}
              describedBy={whyNot === null ? undefined : `${id}-why`}
              onLaunch={() => launch.mutateAsync().catch(() => undefined)}
              after={heading}
            />
          )}
          {!runs && whyNot !== null && (
            <p id={`${id}-why`} className="quiet">
              {whyNot}
            </p>
          )}
        </div>
      ) : (
        <p className="quiet">Your role is View only: an Editor or Member can launch, pause and resume.</p>
      )}
      <p className="visually-hidden" role="status">
        {runs ? `This campaign is ${state}.` : ''}
      </p>
    </section>
  )
}
