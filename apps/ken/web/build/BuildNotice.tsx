import { Link } from '@tanstack/react-router'
import type { Build } from './api.ts'
import { DraftNotice } from './DraftNotice.tsx'
import { stepOf } from './steps.ts'
import { TryAgain } from './TryAgain.tsx'

/** What a person has to know before going on: a failed step, a draft, a finished build, a stream that is down, a role that only reads. */
export function BuildNotice({ build, stale, allowed }: { build: Build; stale: boolean; allowed: boolean }) {
  const { state, notice, campaignId } = build
  return (
    <>
      {!allowed && (
        <p className="notice">Your role is View only: you can read this build. Ask an Admin to change it to go on.</p>
      )}
      {stale && (
        <p className="notice is-warn" role="status">
          Ken cannot be reached right now. What is shown may be old; the build goes on as soon as it answers again.
        </p>
      )}
      {notice?.kind === 'step_failed' && state === 'active' && (
        <div id="build-failed" className="notice is-danger" role="alert">
          <div>
            <p className="notice-title">{stepOf(build.step).label} did not succeed</p>
            <p className="breakable">{notice.text}</p>
          </div>
          {allowed && <TryAgain build={build} />}
        </div>
      )}
      {state === 'draft' && <DraftNotice build={build} allowed={allowed} />}
      {state === 'completed' && (
        <div className={`notice${notice === null ? '' : ' is-warn'}`}>
          <p>{notice?.text ?? 'This build is finished: its campaign can import leads now. 1 AI credit was used.'}</p>
          {campaignId !== null && (
            <Link to="/campaigns/$campaignId" params={{ campaignId }} className="button">
              Open the campaign
            </Link>
          )}
        </div>
      )}
    </>
  )
}
