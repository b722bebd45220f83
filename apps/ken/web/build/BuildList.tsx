import { useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { toast } from 'sonner'
import { ApiProblem } from '../ask.ts'
import { Badge } from '../parts/Badge.tsx'
import { Moment } from '../parts/Moment.tsx'
import { mayImport, useSession } from '../session.ts'
import '../styles/build.css'
import { buildsApi, type BuildSummary } from './api.ts'
import { DiscardDraft } from './DiscardDraft.tsx'
import { buildsQuery, keepBuild } from './queries.ts'
import { buildSteps, indexOf, stepOf } from './steps.ts'

/** The drafts and the builds that go on, each with the way back into it. Nothing at all where there is none. */
export function BuildList() {
  const { role } = useSession()
  const heading = useRef<HTMLHeadingElement>(null)
  const { data: open = [] } = useQuery(buildsQuery)
  if (open.length === 0) return null
  return (
    <section className="stack" aria-labelledby="builds-title">
      <h2 id="builds-title" ref={heading} tabIndex={-1} className="section-title">
        Builds to go on with
      </h2>
      <ul className="build-list">
        {open.map((build) => (
          <li key={build.id} className="build-row">
            <div className="build-row-words">
              <Link
                id={`build-${build.id}`}
                to="/campaigns/build"
                search={{ build: build.id }}
                className="link is-strong breakable"
              >
                {build.name}
              </Link>
              <p className="quiet">
                <Badge tone={build.state === 'active' ? 'accent' : 'neutral'}>
                  {build.state === 'active' ? 'Building' : 'Draft'}
                </Badge>{' '}
                Step {indexOf(build.step) + 1} of {buildSteps.length}, {stepOf(build.step).label} ·{' '}
                <Moment at={build.updatedAt} />
              </p>
            </div>
            {mayImport(role) && build.state === 'draft' && (
              <div className="build-buttons">
                <ResumeButton build={build} />
                <DiscardDraft
                  build={build}
                  describedBy={`build-${build.id}`}
                  onDiscarded={() => heading.current?.focus()}
                />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Goes on with a draft. Where a credit is wanting, the draft's own page says so and what helps. */
function ResumeButton({ build: { id } }: { build: BuildSummary }) {
  const navigate = useNavigate()
  const [busy, setBusy] = useState(false)

  const resume = async () => {
    setBusy(true)
    try {
      keepBuild(await buildsApi.resume(id))
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.verdict === null) {
        toast.error(`The build was not resumed. ${(error as Error).message}`)
        setBusy(false)
        return
      }
    }
    await navigate({ to: '/campaigns/build', search: { build: id } })
  }

  return (
    <button
      type="button"
      className="button"
      aria-describedby={`build-${id}`}
      aria-disabled={busy}
      onClick={() => {
        if (!busy) void resume()
      }}
    >
      Resume
    </button>
  )
}
