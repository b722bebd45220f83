import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { api, type Campaign, type Import, type Source, type Upload } from '../api.ts'
import { nobodyAsked, sameCriteria } from '../directory/CriteriaFields.tsx'
import { campaignQuery, queryClient } from '../queries.ts'
import { ChosenContacts, type Chosen } from './ChosenContacts.tsx'
import { CsvSource } from './CsvSource.tsx'
import { DatabaseSource } from './DatabaseSource.tsx'
import { ImportPlan } from './ImportPlan.tsx'
import { SourceChoice, sourceNames } from './SourceChoice.tsx'

/**
 * From a source to a running import: the Leads Database or a file, see what is in it, say how many, start. Where it was opened on request
 * it can be closed again (`onClose`), and takes the focus.
 */
export function ImportWizard({
  campaignId,
  uploads,
  onStarted,
  onClose,
}: {
  campaignId: string
  uploads: Upload[]
  onStarted: (started: Import) => void
  onClose: (() => void) | null
}) {
  const { data: campaign } = useQuery(campaignQuery(campaignId))
  const [chosen, setChosen] = useState(() => waiting(campaign))
  const [source, setSource] = useState<Source | null>(chosen?.source ?? uploads[0]?.source ?? null)
  const [criteria, setCriteria] = useState(campaign?.criteria ?? nobodyAsked)
  const heading = useRef<HTMLHeadingElement>(null)
  const closable = onClose !== null

  const choose = (taken: Chosen) => {
    setChosen(taken)
    void queryClient.invalidateQueries({ queryKey: ['campaign', campaignId] })
    void queryClient.invalidateQueries({ queryKey: ['uploads'] })
  }

  /** Whoever is found must qualify: the campaign is for those who are searched for. */
  const forThese = async () => {
    if (campaign === undefined || !sameCriteria(campaign.criteria, criteria))
      await api.setCriteria(campaignId, criteria)
    return campaignId
  }

  useEffect(() => {
    if (closable || chosen !== null) heading.current?.focus()
  }, [closable, chosen])

  return (
    <section className="card stack is-loose" aria-labelledby="wizard-title">
      <div className="card-top">
        <h2 id="wizard-title" ref={heading} tabIndex={-1} className="section-title">
          {chosen === null ? 'Choose Data Source' : sourceNames[chosen.source]}
        </h2>
        {chosen !== null ? (
          <button type="button" className="button is-small" onClick={() => setChosen(null)}>
            {chosen.source === 'csv' ? 'Choose another file' : 'Change the filters'}
          </button>
        ) : (
          onClose !== null && (
            <button type="button" className="button is-small" onClick={onClose}>
              Close
            </button>
          )
        )}
      </div>
      {chosen === null ? (
        <>
          <SourceChoice chosen={source} onChange={setSource} />
          {source === 'csv' && (
            <CsvSource
              campaign={() => Promise.resolve(campaignId)}
              onChosen={(upload) => choose({ source: 'csv', upload })}
            />
          )}
          {source === 'directory' && (
            <DatabaseSource
              criteria={criteria}
              campaign={forThese}
              onCriteria={setCriteria}
              onChosen={(upload) => choose({ source: 'directory', upload })}
            />
          )}
        </>
      ) : (
        <>
          <ChosenContacts chosen={chosen} />
          {chosen.upload.usable > 0 && (
            <ImportPlan
              upload={{ id: chosen.upload.id, source: chosen.source }}
              campaignId={campaignId}
              target={campaign?.imports.length === 0 ? campaign.target : null}
              onStarted={onStarted}
            />
          )}
        </>
      )}
    </section>
  )
}

/** What an AI build has found for a campaign that has imported nothing yet. */
function waiting(campaign: Campaign | undefined): Chosen | null {
  const upload = campaign?.uploads[0]
  const isWaiting = campaign?.imports.length === 0 && campaign.buildId !== null && upload?.source === 'directory'
  return isWaiting ? { source: 'directory', upload } : null
}
