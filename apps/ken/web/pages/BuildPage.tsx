import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { ApiProblem } from '../ask.ts'
import { BuildList } from '../build/BuildList.tsx'
import { BuildView } from '../build/BuildView.tsx'
import { buildQuery } from '../build/queries.ts'
import { StartBuild } from '../build/StartBuild.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { mayImport, useSession } from '../session.ts'
import '../styles/build.css'

const route = getRouteApi('/app/campaigns/build')

/** "Create with AI": the start of a build, or the one the address names. */
export function BuildPage() {
  const { build } = route.useSearch()
  return build === undefined ? <Start /> : <OneBuild key={build} id={build} />
}

function Start() {
  const { role } = useSession()
  return (
    <Page
      title="Create with AI"
      lead="Ken finds out whom to write to and what to say, in eight steps. You check each one and change what you like."
    >
      {mayImport(role) ? (
        <StartBuild />
      ) : (
        <p className="notice">Your role is View only. Ask an Admin to change it if you need to build campaigns.</p>
      )}
      <BuildList />
    </Page>
  )
}

function OneBuild({ id }: { id: string }) {
  const build = useQuery(buildQuery(id))

  if (build.data !== undefined) return <BuildView first={build.data} />
  if (build.error instanceof ApiProblem && build.error.status === 404) {
    return (
      <Page title="Build not found">
        <p>There is no build at this address in your workspace. A draft that was discarded is gone.</p>
        <p>
          <Link to="/campaigns/build" search={{}} className="link">
            Create with AI
          </Link>
        </p>
      </Page>
    )
  }
  return (
    <Page title="Create with AI">
      {build.isError ? (
        <Failure what="The build" error={build.error} onRetry={build.refetch} />
      ) : (
        <>
          <Loading what="the steps" rows={1} height={64} />
          <Loading what="the build" rows={1} height={360} />
        </>
      )}
    </Page>
  )
}
