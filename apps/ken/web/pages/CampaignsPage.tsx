import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, Sparkles } from 'lucide-react'
import '../styles/sending.css'
import { BuildList } from '../build/BuildList.tsx'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { campaignsQuery } from '../queries.ts'
import { CampaignList } from '../sending/CampaignList.tsx'
import { mayImport, useSession } from '../session.ts'

export function CampaignsPage() {
  const { role } = useSession()
  const campaigns = useQuery(campaignsQuery)
  const create = mayImport(role) ? (
    <div className="page-aside">
      <Link to="/campaigns/build" search={{}} className="button">
        <Sparkles size={16} aria-hidden />
        Create with AI
      </Link>
      <Link to="/campaigns/new" className="button is-primary">
        <Plus size={16} aria-hidden />
        New campaign
      </Link>
    </div>
  ) : null

  return (
    <Page title="Campaigns" aside={campaigns.data?.length === 0 ? null : create}>
      {campaigns.data !== undefined ? (
        campaigns.data.length === 0 ? (
          <Empty title="No campaigns yet" action={create}>
            {create === null
              ? 'An Editor or Member of this workspace can create the first one.'
              : 'Create a campaign, say who should count as a lead, import contacts, write the mails they get, and launch.'}
          </Empty>
        ) : (
          <CampaignList campaigns={campaigns.data} />
        )
      ) : campaigns.isError ? (
        <Failure what="The campaigns" error={campaigns.error} onRetry={campaigns.refetch} />
      ) : (
        <Loading what="campaigns" rows={4} height={49} />
      )}
      {campaigns.data !== undefined && <BuildList />}
    </Page>
  )
}
