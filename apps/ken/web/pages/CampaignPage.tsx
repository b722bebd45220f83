import { useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Campaign, Criteria, Import } from '../api.ts'
import { ApiProblem } from '../ask.ts'
import { ContactsTable } from '../import/ContactsTable.tsx'
import { ImportCard } from '../import/ImportCard.tsx'
import { ImportWizard } from '../import/ImportWizard.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { CampaignState } from '../parts/CampaignState.tsx'
import { active, campaignQuery, importKey, queryClient } from '../queries.ts'
import { mayImport, useSession } from '../session.ts'

const route = getRouteApi('/app/campaigns/$campaignId')

export function CampaignPage() {
  const { campaignId } = route.useParams()
  const campaign = useQuery(campaignQuery(campaignId))

  if (campaign.data !== undefined) return <CampaignView key={campaignId} campaign={campaign.data} />
  if (campaign.error instanceof ApiProblem && campaign.error.status === 404) {
    return (
      <Page title="Campaign not found">
        <p>There is no campaign at this address in your workspace.</p>
        <p>
          <Link to="/campaigns" className="link">
            All campaigns
          </Link>
        </p>
      </Page>
    )
  }
  return (
    <Page title="Campaign">
      {campaign.isError ? (
        <Failure what="The campaign" error={campaign.error} onRetry={campaign.refetch} />
      ) : (
        <Loading what="the campaign" rows={3} height={120} />
      )}
    </Page>
  )
}

function CampaignView({ campaign }: { campaign: Campaign }) {
  const { role } = useSession()
  const [asked, setAsked] = useState(false)
  const [startedId, setStartedId] = useState<string | null>(null)
  const more = useRef<HTMLButtonElement>(null)
  const allowed = mayImport(role)
  const none = campaign.imports.length === 0
  const growing = campaign.imports.some(({ state }) => active(state))

  const started = (made: Import) => {
    queryClient.setQueryData(importKey(made.id), made)
    queryClient.setQueryData(campaignQuery(campaign.id).queryKey, (before) =>
      before === undefined
        ? before
        : { ...before, imports: [made, ...before.imports.filter(({ id }) => id !== made.id)] },
    )
    setStartedId(made.id)
    setAsked(false)
    void queryClient.invalidateQueries({ queryKey: ['campaign', campaign.id] })
  }

  const close = () => {
    setAsked(false)
    requestAnimationFrame(() => more.current?.focus())
  }

  return (
    <Page
      title={campaign.name}
      lead={criteriaInWords(campaign.criteria)}
      aside={
        <div className="page-aside">
          <CampaignState state={campaign.state} />
          {allowed && !none && !asked && (
            <button type="button" ref={more} className="button" onClick={() => setAsked(true)}>
              Import more contacts
            </button>
          )}
        </div>
      }
    >
      {allowed && (asked || none) && (
        <ImportWizard
          campaignId={campaign.id}
          uploads={campaign.uploads}
          onStarted={started}
          onClose={none ? null : close}
        />
      )}
      {!allowed && none && (
        <p className="notice">Your role is View only. Ask an Editor or Admin to import contacts here.</p>
      )}

      {!none && (
        <section className="stack" aria-labelledby="imports-title">
          <h2 id="imports-title" className="section-title">
            Imports
          </h2>
          {campaign.imports.map((item) => (
            <ImportCard key={item.id} first={item} mayCancel={allowed} focused={item.id === startedId} />
          ))}
        </section>
      )}

      {!none && <ContactsTable campaignId={campaign.id} growing={growing} />}
    </Page>
  )
}

function criteriaInWords({ titles, countries, industries, companySizes = [] }: Criteria): string {
  const parts = [
    { name: 'Job titles', values: titles },
    { name: 'countries', values: countries },
    { name: 'industries', values: industries },
    { name: 'company sizes', values: companySizes },
  ].filter(({ values }) => values.length > 0)
  if (parts.length === 0) return 'Every contact with a verified email address counts as a lead.'
  return `Leads: ${parts.map(({ name, values }) => `${name.toLowerCase()} ${values.join(', ')}`).join(' · ')}`
}
