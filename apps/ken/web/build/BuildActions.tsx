import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { toast } from 'sonner'
import { buildsApi, type Build, type BuildStepName } from './api.ts'
import { keepBuild } from './queries.ts'
import { RedoStep } from './RedoStep.tsx'
import { Refusal } from './Refusal.tsx'
import { SavedWords, SavingFailed } from './SavedWords.tsx'
import { stands, stepAfter, stepOf } from './steps.ts'
import type { Edits } from './use-edits.ts'
import { useFinish, useIsFinishing } from './use-finish.ts'

/** What can be done with an active build: go on, have a step done again, finish, or leave it as a draft. */
export function BuildActions({
  build,
  shown,
  edits,
  onShow,
}: {
  build: Build
  shown: BuildStepName
  edits: Edits
  onShow: (step: BuildStepName) => void
}) {
  const { go, finish, leave, finishing, busy } = useMoves(build, edits)
  const back = shown !== build.step
  const ready = build.working === null && stands(build, build.step)
  const after = stepAfter(build.step)
  const failed = [
    { move: go, what: 'Ken did not go on.' },
    { move: finish, what: 'The build was not finished.' },
    { move: leave, what: 'The build was not left.' },
  ].find(({ move }) => move.isError)

  return (
    <div className="stack build-actions">
      <SavingFailed state={edits.state} onRetry={() => void edits.flush().catch(() => undefined)} />
      {failed?.move.error != null && <Refusal what={failed.what} error={failed.move.error} />}
      <div className="build-buttons">
        {back ? (
          <button type="button" className="button is-primary" onClick={() => onShow(build.step)}>
            Back to {stepOf(build.step).label}
          </button>
        ) : after === null ? (
          <button
            type="button"
            className="button is-primary"
            aria-disabled={!ready || busy}
            aria-describedby="build-leaving"
            onClick={() => ready && !busy && finish.mutate()}
          >
            {finishing ? 'Finishing…' : 'Finish'}
          </button>
        ) : (
          <button
            type="button"
            className="button is-primary"
            aria-disabled={!ready || busy}
            aria-describedby={ready ? undefined : build.working === null ? 'build-failed' : 'build-working'}
            onClick={() => ready && !busy && go.mutate()}
          >
            Continue to {after.label}
          </button>
        )}
        {shown !== 'files' && stands(build, shown) && build.working === null && !finishing && (
          <RedoStep build={build} step={shown} edits={edits} />
        )}
        <SavedWords state={edits.state} />
        <button
          type="button"
          className="button build-leave"
          aria-describedby="build-leaving"
          aria-disabled={busy}
          onClick={() => !busy && leave.mutate()}
        >
          Save as draft and leave
        </button>
      </div>
      <p id="build-leaving" className="quiet">
        {after === null && !back ? 'Finishing uses the reserved AI credit and makes the campaign. ' : ''}
        Saving as a draft returns the AI credit. If you only go elsewhere, the build keeps it for 15 minutes, then
        becomes a draft and the credit returns.
      </p>
    </div>
  )
}

/** The ways on from here. What was typed is kept first: none of them may read a build that lacks it. */
function useMoves(build: Build, edits: Edits) {
  const navigate = useNavigate()
  const go = useMutation({
    mutationFn: async () => {
      await edits.flush()
      return buildsApi.next(build.id, build.step)
    },
    onSuccess: keepBuild,
  })
  const finish = useFinish(build.id, edits.flush)
  const finishing = useIsFinishing(build.id)
  const leave = useMutation({
    mutationFn: async () => {
      await edits.flush()
      return buildsApi.leave(build.id)
    },
    onSuccess: async (left) => {
      keepBuild(left)
      const returned = left.credit.state === 'returned'
      toast.success(
        `“${left.name}” is kept as a draft. ${returned ? '1 AI credit was returned.' : 'Its AI credit is being returned.'}`,
      )
      await navigate({ to: '/campaigns' })
    },
  })
  return { go, finish, leave, finishing, busy: go.isPending || finishing || leave.isPending }
}
