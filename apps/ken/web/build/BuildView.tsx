import { useEffect, useRef, useState } from 'react'
import { Page } from '../parts/Page.tsx'
import { mayImport, useSession } from '../session.ts'
import type { Build, BuildStepName } from './api.ts'
import { BuildActions } from './BuildActions.tsx'
import { BuildNotice } from './BuildNotice.tsx'
import { CreditBadge } from './CreditBadge.tsx'
import { Rail } from './Rail.tsx'
import { StepContent } from './StepContent.tsx'
import { stands, stepOf } from './steps.ts'
import { useEdits } from './use-edits.ts'
import { useIsFinishing } from './use-finish.ts'
import { useLiveBuild } from './use-live-build.ts'

/** One build: the rail, the step it stands at or one looked at again, and what can be done there. */
export function BuildView({ first }: { first: Build }) {
  const { build, stale } = useLiveBuild(first)
  const { role } = useSession()
  const allowed = mayImport(role)
  const edits = useEdits(build.id)
  const [lookedAt, setLookedAt] = useState<BuildStepName | null>(null)
  const shown = lookedAt !== null && stands(build, lookedAt) ? lookedAt : build.step
  const step = stepOf(shown)
  const finishing = useIsFinishing(build.id)
  const closing = finishing && build.state === 'completed'
  const working = build.working === shown
  const current = shown === build.step && build.state !== 'completed'
  const heading = useFocusOnChange(shown)

  const show = (name: BuildStepName) => setLookedAt(name === build.step ? null : name)

  return (
    <Page title={build.name} lead="Create with AI" aside={<CreditBadge build={build} />}>
      <Rail build={build} shown={shown} onShow={show} />
      {!closing && <BuildNotice build={build} stale={stale} allowed={allowed} />}
      <section
        // The mails are cards of their own.
        className={`${shown === 'email_copy' && !working ? '' : 'card '}stack is-loose build-step`}
        aria-labelledby="step-title"
        aria-busy={working}
      >
        <div>
          <h2 id="step-title" ref={heading} tabIndex={-1} className="section-title">
            {step.label}
          </h2>
          <p className="quiet">{step.lead}</p>
        </div>
        {finishing && (
          <p className="notice">Ken is finishing the build: it makes the campaign with its list, then opens it.</p>
        )}
        {/* What stands there stays as it is: should the build not be finished, one goes on where one was. */}
        <div inert={finishing} className={finishing ? 'is-finishing' : undefined}>
          <StepContent
            // What the builder has made anew, or what may no longer be edited, is shown as it stands now.
            key={`${shown} ${working} ${current} ${build.state}`}
            build={build}
            step={shown}
            edits={allowed && current && build.state === 'active' && !working ? edits : null}
          />
        </div>
      </section>
      <p className="visually-hidden" role="status">
        {finishing ? 'Ken is finishing the build.' : announcement(build)}
      </p>
      {allowed && (build.state === 'active' || closing) && (
        <BuildActions build={build} shown={shown} edits={edits} onShow={show} />
      )}
    </Page>
  )
}

/** Heard, not seen: what the builder is doing, and that it is done. */
function announcement({ state, step, working, notice }: Build): string {
  if (state !== 'active') return ''
  const { label } = stepOf(step)
  if (working !== null) return `${label}: Ken is working on it.`
  return notice?.kind === 'step_failed' ? `${label} did not succeed.` : `${label} is ready.`
}

/** The heading takes the focus when another step is shown; not when the page opens, and not from who is elsewhere on the page. */
function useFocusOnChange(shown: BuildStepName) {
  const heading = useRef<HTMLHeadingElement>(null)
  const before = useRef(shown)
  useEffect(() => {
    if (before.current === shown) return
    before.current = shown
    const at = document.activeElement
    if (at !== null && at !== document.body && at.closest('main') === null) return
    heading.current?.focus({ preventScroll: true })
    heading.current?.scrollIntoView({ block: 'nearest' })
  }, [shown])
  return heading
}
