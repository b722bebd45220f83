import { useState } from 'react'
import { useNavigate } from '@tanstack/react-router'
import { api, type Campaign, type Criteria, type Import, type Source } from '../api.ts'
import { nobodyAsked, sameCriteria } from '../directory/CriteriaFields.tsx'
import { ChosenContacts, type Chosen } from '../import/ChosenContacts.tsx'
import { CsvSource } from '../import/CsvSource.tsx'
import { DatabaseSource } from '../import/DatabaseSource.tsx'
import { campaignQuery, importKey, queryClient } from '../queries.ts'
import { CriteriaStep } from './CriteriaStep.tsx'
import { ImportSteps } from './ImportSteps.tsx'
import { Rail } from './Rail.tsx'
import { SourceStep } from './SourceStep.tsx'
import { StepButtons, StepCard } from './StepCard.tsx'
import { isOpen, type Step } from './steps.ts'
import { useDraft } from './use-draft.ts'

/** From a name to a running import. Everything that was said stays said, however one goes back and forth. */
export function CampaignWizard({ draft, onMade }: { draft: Campaign | null; onMade: (id: string) => void }) {
  const navigate = useNavigate()
  const [name, setName] = useState(draft?.name ?? '')
  const [criteria, setCriteria] = useState<Criteria>(draft?.criteria ?? nobodyAsked)
  const [chosen, setChosen] = useState<Chosen | null>(() => lastOf(draft))
  const [source, setSource] = useState<Source | null>(chosen?.source ?? null)
  const [target, setTarget] = useState<number | null>(draft?.target ?? null)
  const [fits, setFits] = useState(false)
  const [step, setStep] = useState<Step>(() => firstStep(draft, chosen))
  const save = useDraft(draft, onMade)
  const campaign = () => save(name.trim(), criteria)
  const kept = chosen !== null && chosen.source === source ? chosen : null
  const progress = { name, source, hasContacts: kept !== null && kept.upload.usable > 0, fits }

  const choose = (taken: Chosen) => {
    setChosen(taken)
    setFits(false)
    if (taken.upload.usable > 0 && taken.source === 'directory') setStep('target')
  }

  // A list is of those who were searched for: with other criteria it is taken anew.
  const ask = (changed: Criteria) => {
    setCriteria(changed)
    if (chosen?.source === 'directory' && !sameCriteria(chosen.upload.criteria ?? nobodyAsked, changed)) setChosen(null)
  }

  // Its page opens whole: what it shows first is read before one goes there.
  const started = async (made: Import) => {
    queryClient.setQueryData(importKey(made.id), made)
    const known = await api.campaign(made.campaignId).catch(() => undefined)
    if (known !== undefined) queryClient.setQueryData(campaignQuery(made.campaignId).queryKey, known)
    await navigate({ to: '/campaigns/$campaignId', params: { campaignId: made.campaignId } })
  }

  return (
    <div className="stack is-loose">
      <Rail shown={step} source={source} progress={progress} onShow={setStep} />
      {step === 'criteria' && (
        <CriteriaStep {...{ name, criteria }} onName={setName} onCriteria={ask} onNext={() => setStep('source')} />
      )}
      {step === 'source' && (
        <SourceStep
          source={source}
          onSource={setSource}
          onBack={() => setStep('criteria')}
          onNext={() => setStep('contacts')}
        />
      )}
      {step === 'contacts' && source !== null && (
        <StepCard title={source === 'csv' ? 'CSV Upload' : 'Leads Database'}>
          {kept?.source === 'csv' ? (
            <>
              <ChosenContacts chosen={kept} />
              <div>
                <button type="button" className="button is-small" onClick={() => setChosen(null)}>
                  Choose another file
                </button>
              </div>
            </>
          ) : source === 'csv' ? (
            <CsvSource campaign={campaign} onChosen={(upload) => choose({ source: 'csv', upload })} />
          ) : (
            <DatabaseSource
              criteria={criteria}
              campaign={campaign}
              onCriteria={ask}
              onChosen={(upload) => choose({ source: 'directory', upload })}
              onBack={() => setStep('source')}
            />
          )}
          {source === 'csv' && (
            <StepButtons
              onBack={() => setStep('source')}
              {...(isOpen('target', progress) && { onNext: () => setStep('target') })}
            />
          )}
        </StepCard>
      )}
      {(step === 'target' || step === 'review') && kept !== null && (
        <ImportSteps
          {...{ step, name, criteria, target, campaign, chosen: kept }}
          onTarget={setTarget}
          onFits={setFits}
          onStep={setStep}
          onStarted={started}
        />
      )}
    </div>
  )
}

function firstStep(draft: Campaign | null, chosen: Chosen | null): Step {
  if (draft === null) return 'criteria'
  if (chosen === null) return 'source'
  return chosen.upload.usable > 0 ? 'target' : 'contacts'
}

/** What was chosen for a draft last; a list only where it is still the one that is searched for. */
function lastOf(draft: Campaign | null): Chosen | null {
  const upload = draft?.uploads[0]
  if (draft === null || upload === undefined) return null
  if (upload.source === 'csv') return { source: 'csv', upload }
  const isCurrent = sameCriteria(upload.criteria ?? nobodyAsked, draft.criteria)
  return isCurrent ? { source: 'directory', upload } : null
}
