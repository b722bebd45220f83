import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import '../styles/new-campaign.css'
import { CampaignWizard } from '../new-campaign/CampaignWizard.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { campaignQuery } from '../queries.ts'
import { mayImport, useSession } from '../session.ts'

const route = getRouteApi('/app/campaigns/new')

/** A new campaign, step by step. Once it is a draft the address names it, so that a reload goes on from there. */
export function NewCampaignPage() {
  const { role } = useSession()
  const { campaign: named } = route.useSearch()
  const navigate = route.useNavigate()
  /** The draft this page has made itself: being named then is no reason to begin anew. */
  const [made, setMade] = useState<{ id: string; isNamed: boolean } | null>(null)
  const [round, setRound] = useState(0)

  if (made !== null && !made.isNamed && named === made.id) setMade({ ...made, isNamed: true })
  // "New campaign" was asked for again.
  if (made?.isNamed === true && named === undefined) {
    setMade(null)
    setRound(round + 1)
  }

  if (!mayImport(role)) {
    return (
      <Page title="New campaign">
        <p className="notice">Your role is View only. Ask an Admin to change it if you need to create campaigns.</p>
      </Page>
    )
  }
  if (named !== undefined && named !== made?.id) return <Draft key={named} id={named} />
  return (
    <Page title="New campaign">
      <CampaignWizard
        key={round}
        draft={null}
        onMade={(id) => {
          setMade({ id, isNamed: false })
          void navigate({ search: { campaign: id }, replace: true })
        }}
      />
    </Page>
  )
}

/** Goes on with a draft; one that has imported something stands on its own page. */
function Draft({ id }: { id: string }) {
  const draft = useQuery(campaignQuery(id))
  if (draft.data !== undefined && draft.data.imports.length > 0)
    return <Navigate to="/campaigns/$campaignId" params={{ campaignId: id }} replace />
  return (
    <Page title="New campaign">
      {draft.data !== undefined ? (
        <CampaignWizard draft={draft.data} onMade={() => undefined} />
      ) : draft.isError ? (
        <Failure what="The draft" error={draft.error} onRetry={draft.refetch} />
      ) : (
        <Loading what="the draft" rows={3} height={120} />
      )}
    </Page>
  )
}
