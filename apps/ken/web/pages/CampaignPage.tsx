import { useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import '../styles/sending.css'
import type { Campaign, Import } from '../api.ts'
import { ApiProblem } from '../ask.ts'
import { ContactsTable } from '../import/ContactsTable.tsx'
import { ImportCard } from '../import/ImportCard.tsx'
import { ImportWizard } from '../import/ImportWizard.tsx'
import { CampaignState } from '../parts/CampaignState.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import { Page } from '../parts/Page.tsx'
import { active, campaignQuery, campaignsQuery, importKey, queryClient } from '../queries.ts'
import { CriteriaInFull, criteriaInWords } from '../sending/CriteriaInFull.tsx'
import { CampaignTabs } from '../sending/CampaignTabs.tsx'
import { NextStep } from '../sending/NextStep.tsx'
import { sendingQuery, sequenceQuery } from '../sending/queries.ts'
import { RenameCampaign } from '../sending/RenameCampaign.tsx'
import { SendingPanel } from '../sending/SendingPanel.tsx'
import { SequencePanel } from '../sending/SequencePanel.tsx'
import { mayImport, useSession } from '../session.ts'

const route = getRouteApi('/app/campaigns/$campaignId')

export function CampaignPage() {
  const { campaignId } = route.useParams()
  const { tab = 'contacts' } = route.useSearch()
  const { data: listed } = useQuery({ ...campaignsQuery, enabled: false })
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
  const name = listed?.find(({ id }) => id === campaignId)?.name ?? 'Campaign'
  // As high as what comes, so that nothing jumps when it is there.
  return campaign.isError ? (
    <Page title={name}>
      <Failure what="The campaign" error={campaign.error} onRetry={campaign.refetch} />
    </Page>
  ) : (
    <Page title={name} lead="Reading the campaign…">
      <CampaignTabs campaignId={campaignId} current={tab} />
      <Loading what="the campaign" rows={1} height={240} />
    </Page>
  )
}

function CampaignView({ campaign }: { campaign: Campaign }) {
  const { role, user } = useSession()
  const { tab = 'contacts' } = route.useSearch()
  const sending = useQuery(sendingQuery(campaign.id))
  const sequence = useQuery(sequenceQuery(campaign.id))
  const mayWork = mayImport(role)
  const owner = campaign.owner.id === user.id ? '' : `Of ${campaign.owner.name} · `

  return (
    <Page
      title={campaign.name}
      lead={owner + criteriaInWords(campaign.criteria)}
      aside={
        <div className="page-aside">
          <CampaignState state={sending.data?.state ?? campaign.state} />
          {mayWork && <RenameCampaign campaign={campaign} />}
        </div>
      }
    >
      <NextStep
        campaign={campaign}
        sending={sending.data}
        hasSequence={sequence.data && sequence.data.steps.length > 0}
        current={tab}
        mayWork={mayWork}
      />
      <CampaignTabs campaignId={campaign.id} current={tab} />
      {tab === 'contacts' && <Contacts campaign={campaign} mayWork={mayWork} />}
      {tab === 'sequence' && <SequencePanel campaignId={campaign.id} mayWork={mayWork} />}
      {tab === 'sending' && <SendingPanel campaignId={campaign.id} mayWork={mayWork} />}
    </Page>
  )
}

function Contacts({ campaign, mayWork }: { campaign: Campaign; mayWork: boolean }) {
  const [asked, setAsked] = useState(false)
  const [startedId, setStartedId] = useState<string | null>(null)
  const more = useRef<HTMLButtonElement>(null)
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
    <>
      <CriteriaInFull criteria={campaign.criteria} />
      {mayWork && (asked || none) && (
        <ImportWizard
          campaignId={campaign.id}
          uploads={campaign.uploads}
          onStarted={started}
          onClose={none ? null : close}
        />
      )}
      {!mayWork && none && (
        <p className="notice">Your role is View only. Ask an Editor or Admin to import contacts here.</p>
      )}

      {!none && (
        <section className="stack" aria-labelledby="imports-title">
          <div className="section-top">
            <h2 id="imports-title" className="section-title">
              Imports
            </h2>
            {mayWork && !asked && (
              <button type="button" ref={more} className="button" onClick={() => setAsked(true)}>
                Import more contacts
              </button>
            )}
          </div>
          {campaign.imports.map((item) => (
            <ImportCard key={item.id} first={item} mayCancel={mayWork} focused={item.id === startedId} />
          ))}
        </section>
      )}

      {!none && <ContactsTable campaignId={campaign.id} growing={growing} />}
    </>
  )
}
