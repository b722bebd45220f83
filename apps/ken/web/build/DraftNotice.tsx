import { useId } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { useMutation } from '@tanstack/react-query'
import { ApiProblem } from '../ask.ts'
import { queryClient } from '../queries.ts'
import { buildsApi, type Build } from './api.ts'
import { BlockedNotice } from './BlockedNotice.tsx'
import { DiscardDraft } from './DiscardDraft.tsx'
import { keepBuild } from './queries.ts'
import { Refusal } from './Refusal.tsx'
import { stands, stepOf } from './steps.ts'
import { useAiCredits } from './use-ai-credits.ts'
import { useFinish } from './use-finish.ts'

/** A build that holds no credit: what it was, and the way on, which asks for one again; without one the way to one. */
export function DraftNotice({ build, allowed }: { build: Build; allowed: boolean }) {
  const id = useId()
  const navigate = useNavigate()
  const { left, block } = useAiCredits()
  const resume = useMutation({
    mutationFn: () => buildsApi.resume(build.id),
    onSuccess: keepBuild,
    onError: () => queryClient.invalidateQueries({ queryKey: ['builds', 'check'] }),
  })
  // The work was done while a credit was held: whoever is satisfied with it need not hold another one first.
  const finishable = build.notice?.kind === 'credit_ended' && build.step === 'email_copy' && stands(build, 'email_copy')
  const finish = useFinish(build.id)
  const refused = resume.error instanceof ApiProblem ? resume.error.verdict : null
  const blocked = block ?? refused

  return (
    <div className="stack">
      <div className="notice">
        <div className="build-draft-words">
          <p className="notice-title">A draft, at {stepOf(build.step).label}</p>
          <p id={`${id}-words`} className="quiet">
            {build.notice?.text ?? 'Its AI credit was returned.'} Going on reserves one again
            {left !== null && blocked === null ? ` (${left}).` : '.'}
          </p>
        </div>
        {allowed && (
          <div className="build-buttons">
            <button
              type="button"
              className="button is-primary"
              aria-disabled={blocked !== null || resume.isPending}
              aria-describedby={blocked === null ? `${id}-words` : `${id}-block`}
              onClick={() => {
                if (blocked === null && !resume.isPending) resume.mutate()
              }}
            >
              Resume
            </button>
            {finishable && (
              <button
                type="button"
                className="button"
                aria-disabled={finish.isPending}
                onClick={() => !finish.isPending && finish.mutate()}
              >
                {finish.isPending ? 'Finishing…' : 'Finish'}
              </button>
            )}
            <DiscardDraft build={build} onDiscarded={() => void navigate({ to: '/campaigns/build', search: {} })} />
          </div>
        )}
      </div>
      {allowed && blocked !== null && <BlockedNotice id={`${id}-block`} verdict={blocked} />}
      {resume.isError && refused === null && <Refusal what="The build was not resumed." error={resume.error} />}
      {finish.isError && <Refusal what="The build was not finished." error={finish.error} />}
    </div>
  )
}
