import { useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { Empty } from '../parts/Empty.tsx'
import { Failure } from '../parts/Failure.tsx'
import { Loading } from '../parts/Loading.tsx'
import type { SequenceStep } from './api.ts'
import { PersonChoice, personOf, usePeople } from './PersonChoice.tsx'
import { sequenceQuery } from './queries.ts'
import { SequenceEditor } from './SequenceEditor.tsx'
import { draftOf, usualSequence, withStep, type DraftStep } from './sequence-draft.ts'
import { StepPreview } from './StepPreview.tsx'

/** What the campaign sends: to be written, or to be read where it may not be changed. */
export function SequencePanel({ campaignId, mayWork }: { campaignId: string; mayWork: boolean }) {
  const sequence = useQuery(sequenceQuery(campaignId))
  const [begun, setBegun] = useState<DraftStep[] | null>(null)

  if (sequence.data === undefined) {
    return sequence.isError ? (
      <Failure what="The sequence" error={sequence.error} onRetry={sequence.refetch} />
    ) : (
      <Loading what="the sequence" rows={2} height={320} />
    )
  }
  const { steps, editable } = sequence.data
  if (!mayWork || !editable) {
    const why = !mayWork
      ? 'Your role is View only: you can read the sequence. An Editor or Member can change it.'
      : 'Mails of this campaign are going out. Pause it under Sending to change the sequence.'
    return <Reading campaignId={campaignId} steps={steps} why={why} />
  }
  if (steps.length === 0 && begun === null) {
    return (
      <Empty
        title="No sequence yet"
        action={
          <div className="choices">
            <button type="button" className="button is-primary" onClick={() => setBegun(draftOf(usualSequence))}>
              Start with four mails
            </button>
            <button type="button" className="button" onClick={() => setBegun(withStep([]))}>
              Start from scratch
            </button>
          </div>
        }
      >
        A sequence is up to four mails, each some days after the one before. Start with the usual four and make them
        yours.
      </Empty>
    )
  }
  return (
    <SequenceEditor campaignId={campaignId} sequence={sequence.data} begun={begun} onDiscard={() => setBegun(null)} />
  )
}

function Reading({ campaignId, steps, why }: { campaignId: string; steps: SequenceStep[]; why: string }) {
  const [chosen, setChosen] = useState(0)
  const people = usePeople(campaignId)
  return (
    <div className="stack is-loose">
      <p className="notice">{why}</p>
      {steps.length === 0 ? (
        <Empty title="No sequence yet">Nobody has written the mails of this campaign yet.</Empty>
      ) : (
        <PersonChoice people={people} chosen={chosen} onChoose={setChosen} />
      )}
      {steps.map((step, index) => (
        <section key={index} className="card stack" aria-labelledby={`reading-${index}`}>
          <div className="card-top">
            <h2 id={`reading-${index}`} className="card-title">
              Mail {index + 1}
            </h2>
            <span className="quiet">
              {index === 0
                ? 'As soon as the schedule allows'
                : `${step.waitDays} ${step.waitDays === 1 ? 'day' : 'days'} after mail ${index}`}
            </span>
          </div>
          <StepPreview subject={step.subject} body={step.body} person={personOf(people, chosen)} />
        </section>
      ))}
    </div>
  )
}
