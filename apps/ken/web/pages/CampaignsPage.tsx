import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Plus, Sparkles } from 'lucide-react'
import type { CampaignSummary } from '../api.ts'
import { BuildList } from '../build/BuildList.tsx'
import { count, percent } from '../numbers.ts'
import { Badge } from '../parts/Badge.tsx'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Moment } from '../parts/Moment.tsx'
import { Page } from '../parts/Page.tsx'
import { campaignsQuery } from '../queries.ts'
import { mayImport, useSession } from '../session.ts'
import { CampaignState } from '../parts/CampaignState.tsx'

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
              : 'Create a campaign, say who should count as a lead, and import a CSV of contacts.'}
          </Empty>
        ) : (
          <CampaignTable campaigns={campaigns.data} />
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

function CampaignTable({ campaigns }: { campaigns: CampaignSummary[] }) {
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">State</th>
            <th scope="col" className="is-number">
              Leads
            </th>
            <th scope="col" className="wide-only">
              Created
            </th>
          </tr>
        </thead>
        <tbody>
          {campaigns.map((campaign) => (
            <tr key={campaign.id}>
              <td className="breakable">
                <Link to="/campaigns/$campaignId" params={{ campaignId: campaign.id }} className="link is-strong">
                  {campaign.name}
                </Link>
              </td>
              <td>
                {campaign.activeImport === null ? (
                  <CampaignState state={campaign.state} />
                ) : (
                  <Badge tone="accent">
                    Importing {percent(campaign.activeImport.rowsRead, campaign.activeImport.rowsTotal)} %
                  </Badge>
                )}
              </td>
              <td className="is-number">{count(campaign.contacts)}</td>
              <td className="wide-only">
                <Moment at={campaign.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
